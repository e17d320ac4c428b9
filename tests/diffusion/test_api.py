"""The diffusion room's endpoints over the wire, as a program meets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from tests.browser.conftest import serve

PORTRAIT = handle_file(str(Path(__file__).parents[2] / "gallery" / "widgets" / "samples" / "astronaut.jpg"))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A caller of the room by itself, as `python -m gallery.rooms.diffusion.room` starts it."""
    for address in serve("-m", "gallery.rooms.diffusion.room"):
        caller = Client(address, verbose=False)
        # The first picture of the room itself is over then: beside it one is the same to 1 of 255 only.
        caller.predict("faces", 0, 6, "dpm++", 1.0, "", api_name="/diffusion_denoise")
        yield caller


def pixels(path: str) -> np.ndarray:
    return np.asarray(Image.open(path)).astype(float)


def test_a_picture_and_its_strip_are_the_same_every_time(client: Client) -> None:
    asked = ("faces", 11, 6, "dpm++", 2.0, "smile,woman")
    results = [client.predict(*asked, api_name="/diffusion_denoise") for _ in range(2)]
    assert [Path(path).read_bytes() for path in results[0]] == [Path(path).read_bytes() for path in results[1]]
    picture, strip = map(pixels, results[0])
    assert picture.shape == (64, 64, 3) and strip.shape == (64, 7 * 64, 3)
    assert np.array_equal(strip[:, -64:], picture)
    assert np.abs(np.diff(strip[:, :64], axis=1)).mean() > 2 * np.abs(np.diff(picture, axis=1)).mean()


def test_lanes_come_with_their_times(client: Client) -> None:
    pictures, strip, times = client.predict("fashion", 3, "ddim:8,heun:5", api_name="/diffusion_lanes")
    assert pixels(pictures).shape[:2] == (28, 56) and pixels(strip).shape[:2] == (56, 16 * 28)
    assert [(lane["sampler"], lane["steps"], lane["passes"]) for lane in times] == [("ddim", 8, 8), ("heun", 5, 9)]
    assert all(lane["seconds"] > 0 for lane in times)


def test_noise_grows_with_t(client: Client) -> None:
    faces = [pixels(client.predict(PORTRAIT, t, "cosine", 1, api_name="/diffusion_noise")) for t in (0, 300, 1000)]
    assert all(face.shape == (64, 64, 3) for face in faces)
    grain = [float(np.abs(np.diff(face, axis=1)).mean()) for face in faces]
    assert grain == sorted(grain) and grain[2] > 4 * grain[0]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("denoise", ("faces", 1, 3, "ddim", 1, "")),
        ("denoise", ("faces", 1, 10, "plms", 1, "")),
        ("denoise", ("faces", -1, 10, "ddim", 1, "")),
        ("denoise", ("faces", 1, 10, "ddim", 9, "")),
        ("denoise", ("faces", 1, 10, "ddim", 1, "7")),
        ("denoise", ("cat", 1, 10, "ddim", 1, "")),
        ("lanes", ("faces", 1, "ddim:10")),
        ("lanes", ("faces", 1, "ddim:x,ddpm:10")),
        ("noise", (PORTRAIT, 1001, "cosine", 1)),
        ("noise", (PORTRAIT, 10, "sigmoid", 1)),
        ("noise", (None, 10, "cosine", 1)),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(client: Client, name: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(AppError) as told:
        client.predict(*args, api_name=f"/diffusion_{name}")
    assert str(told.value).endswith(".") and "Traceback" not in str(told.value)
