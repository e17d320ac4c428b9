"""What the widgets do in Python: packing a scatter, saving a film, and refusing what is neither."""

from __future__ import annotations

import asyncio
import base64
import io
import math
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.shell.calls import Refusal, call
from gallery.shell.words import all_words
from gallery.widgets import Film, Plane, scatter
from gallery.widgets.film import HOLD, export

COLOURS = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0), (0, 250, 250), (250, 0, 250)]
OPTIONS = {"n": 6, "w": 16, "h": 8, "columns": 3, "fps": 10, "bounce": False, "pixelated": True}


def sprite(width: int = 48, height: int = 16) -> str:
    """Six plain frames of 16x8, three in a row, as a PNG data URL."""
    image = Image.new("RGB", (48, 16))
    for index, colour in enumerate(COLOURS):
        left, top = index % 3 * 16, index // 3 * 8
        image.paste(colour, (left, top, left + 16, top + 8))
    out = io.BytesIO()
    image.resize((width, height)).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def opened(answer: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer["file"].partition(",")[2])))


def test_scatter_unpacks_to_what_was_packed() -> None:
    rng = np.random.default_rng(0)
    xy, label = rng.uniform(-5, 5, (1000, 2)), rng.integers(0, 10, 1000)
    packed = scatter(xy, label, 4.0)
    back = np.frombuffer(base64.b64decode(packed["xy"]), "<i2").reshape(-1, 2) / 32767 * 4.0
    assert np.abs(back - np.clip(xy, -4, 4)).max() <= 4 / 32767
    assert (np.frombuffer(base64.b64decode(packed["label"]), np.uint8) == label).all()


@pytest.mark.parametrize(
    ("xy", "label", "lim"),
    [
        (np.zeros((3, 3)), np.zeros(3, int), 1.0),
        (np.zeros((3, 2)), np.zeros(4, int), 1.0),
        (np.zeros((3, 2)), np.array([0, 1, 10]), 1.0),
        (np.zeros((3, 2)), np.array([0, 1, -1]), 1.0),
        (np.full((3, 2), np.nan), np.zeros(3, int), 1.0),
        (np.zeros((3, 2)), np.zeros(3, int), 0.0),
    ],
)
def test_scatter_refuses_what_is_no_scatter(xy: np.ndarray, label: np.ndarray, lim: float) -> None:
    with pytest.raises(ValueError, match=r"expected|labels|finite"):
        scatter(xy, label, lim)


@pytest.mark.parametrize("kind", ["gif", "webp"])
@pytest.mark.parametrize("bounce", [False, True])
def test_saved_film_has_the_frames_in_their_order_and_time(kind: str, bounce: bool) -> None:
    film = opened(export([sprite(), OPTIONS | {"bounce": bounce}, kind]))
    order = [0, 1, 2, 3, 4, 5] + ([4, 3, 2, 1] if bounce else [])
    assert getattr(film, "n_frames", 1) == len(order)
    assert film.size == (256, 128), "enlarged by 16"
    for place, index in enumerate(order):
        film.seek(place)
        film.load()
        assert film.info["duration"] == 100 + (HOLD if index == 5 else 0), "it stands where it ends"
        pixel = np.array(film.convert("RGB").getpixel((128, 64)))
        assert np.abs(pixel - COLOURS[index]).max() < 12


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["x", OPTIONS, "gif"],
        [sprite(), OPTIONS, "exe"],
        [sprite(), None, "gif"],
        [sprite(), [], "gif"],
        [sprite(47, 16), OPTIONS, "gif"],
        ["data:image/svg+xml;base64,PHN2Zy8+", OPTIONS, "gif"],
        ["data:image/png;base64,AAAA", OPTIONS, "gif"],
        ["data:image/png;base64,%%%%", OPTIONS, "gif"],
        *(
            [sprite(), OPTIONS | {name: value}, "gif"]
            for name in ("n", "w", "h", "columns", "fps")
            for value in (0, -1, math.nan, math.inf, 2**63, True, "1", None, [1])
        ),
        [sprite(), OPTIONS | {"n": 400, "w": 2048, "h": 2048}, "gif"],
    ],
)
def test_export_refuses_anything_else_with_a_sentence(args: list[Any]) -> None:
    with pytest.raises(Refusal):
        export(args)
    assert call(export)(args)["error"]["key"] in all_words()


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [13300, 20000])
def test_a_sprite_that_unpacks_to_gigabytes_is_never_decoded(side: int) -> None:
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    bomb = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    with pytest.raises(Refusal):
        export([bomb, OPTIONS, "gif"])


def test_server_functions_are_called_by_the_widgets_names_and_keep_their_own() -> None:
    def decode(args: list[Any]) -> dict[str, Any]:
        return {"got": args}

    plane = Plane("vae", ask=decode)
    config = plane.get_config()
    assert config["props"]["room"] == "vae" and decode.__name__ == "decode"
    assert [fn.__name__ for fn in plane.server_fns] == ["ask"]
    assert asyncio.run(plane.ask([1, 2])) == {"got": [1, 2]}
    assert [fn.__name__ for fn in Film("vae").server_fns] == ["export"]
