"""Notebooks in a real kernel, as Jupyter runs them: offline, in the folder of the code, one for each room."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from models.pictures import pictures
from tests.notebooks.answers import SHORT, STATES
from tests.notebooks.running import changed, made, state

ROOT = Path(__file__).parents[2]
ROOMS = {
    "vae": "room=vae&act=plane",
    "gan": "room=gan&act=sample&seed=5&psi=0.5",
    "cyclegan": "room=cyclegan&act=translate&pair=emoji&direction=b2a&picture=twemoji1",
    "diffusion": "room=diffusion&act=reverse&steps=4&mood=smile&w=2",
    "flow": "room=flow&act=glow&glow_gone=0.5",
}


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the gallery sends as JPEG is sent without loss."""
    monkeypatch.setattr(pictures, "jpeg", lambda picture, quality=90: pictures.png(picture))


@pytest.fixture(scope="module")
def kernel() -> Iterator[NotebookClient]:
    """One kernel for all of them: torch is imported once."""
    client = NotebookClient(nbformat.v4.new_notebook(), timeout=120, kernel_name="python3")
    client.resources = {"metadata": {"path": str(ROOT)}}
    with client.setup_kernel():
        yield client


def pictured(notebook: Any) -> list[np.ndarray]:
    """The pictures among a notebook's outputs."""
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", ())]
    shown = [each["data"]["image/png"] for each in outputs if "image/png" in each.get("data", {})]
    return [np.squeeze(np.asarray(Image.open(io.BytesIO(base64.b64decode(each))))) for each in shown]


@pytest.mark.parametrize("room", ROOMS)
def test_a_kernel_shows_the_picture_of_the_state(room: str, kernel: NotebookClient) -> None:
    document = made(ROOMS[room], "ru")
    nbformat.validate(document)
    notebook = nbformat.from_dict(document)
    kernel.nb = notebook
    for place, cell in enumerate(notebook.cells):
        cell.source = changed(cell.source, SHORT) if cell.cell_type == "code" else cell.source
        kernel.execute_cell(cell, place)
    wanted = STATES[ROOMS[room]](state(ROOMS[room])[1], None)  # type: ignore[arg-type]
    shown = pictured(notebook)
    assert len(shown) == len(wanted)
    for seen, answered in zip(shown, wanted, strict=True):
        assert answered is not None and seen.shape == answered.shape
        assert abs(seen.astype(int) - answered).max() <= 1
