"""The GAN room's endpoints, as a program meets them: files, laws, and sentences for what makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from tests.browser.conftest import serve


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The room by itself, as `python -m gallery.rooms.gan.room` starts it."""
    for address in serve("-m", "gallery.rooms.gan.room"):
        yield Client(address, verbose=False)


def picture(path: str) -> np.ndarray:
    return np.asarray(Image.open(path)).astype(int)


def test_a_picture_is_its_seeds_alone_and_among_others(client: Client) -> None:
    many = client.predict("faces", 3, 12, 0.7, "", api_name="/gan_sample")
    again = client.predict("faces", 3, 12, 0.7, "", api_name="/gan_sample")
    assert Path(many).read_bytes() == Path(again).read_bytes()
    sheet = picture(many)
    assert sheet.shape == (128, 512, 3)
    for j in (0, 9):
        alone = picture(client.predict("faces", 3 + j, 1, 0.7, "", api_name="/gan_sample"))
        row, column = divmod(j, 8)
        place = sheet[64 * row : 64 * row + 64, 64 * column : 64 * column + 64]
        assert alone.shape == (64, 64, 3) and np.abs(place - alone).max() <= 1
    assert np.abs(sheet[:64, :64] - sheet[:64, 64:128]).mean() > 5


def test_truncation_0_gives_one_face_and_clothes_follow_their_label(client: Client) -> None:
    flat = picture(client.predict("faces", 0, 2, 0, "", api_name="/gan_sample"))
    assert np.abs(flat[:, :64] - flat[:, 64:]).max() <= 1
    asked = picture(client.predict("fashion", 3, 1, 1, "7", api_name="/gan_sample"))
    other = picture(client.predict("fashion", 3, 1, 1, "", api_name="/gan_sample"))
    assert asked.shape[:2] == (28, 28) and np.abs(asked - other).mean() > 10, "seed 3 without a label is a dress"
    same = picture(client.predict("fashion", 3, 1, 1, "3", api_name="/gan_sample"))
    assert np.abs(same - other).max() <= 1


@pytest.mark.parametrize("model", ["faces", "fashion"])
def test_a_walk_has_two_rows_with_the_same_ends(client: Client, model: str) -> None:
    side = 64 if model == "faces" else 28
    strip = picture(client.predict(model, 1, 14, 5, api_name="/gan_walk"))
    assert strip.shape[:2] == (2 * side, 5 * side)
    above, below = strip[:side], strip[side:]
    for end in (slice(0, side), slice(4 * side, 5 * side)):
        assert np.abs(above[:, end] - below[:, end]).max() <= 1
    middle = slice(2 * side, 3 * side)
    assert np.abs(above[:, middle] - below[:, middle]).mean() > 0.5


def test_a_mix_goes_from_one_face_to_the_other(client: Client) -> None:
    mixes = [picture(client.predict(4, 9, layer, 0.7, api_name="/gan_mix")) for layer in (0, 4, 9)]
    a, b = (picture(client.predict("faces", seed, 1, 0.7, "", api_name="/gan_sample")) for seed in (4, 9))
    assert np.abs(mixes[2] - a).max() <= 1 and np.abs(mixes[0] - b).max() <= 1
    assert min(np.abs(mixes[1] - a).mean(), np.abs(mixes[1] - b).mean()) > 3


def test_a_gan_in_the_plane_has_a_picture_and_figures(client: Client) -> None:
    runs = [client.predict("vanishing-mended", steps, 7, api_name="/gan_lab") for steps in (0, 8, 8)]
    assert [run[1]["pairs"] for run in runs] == [0, 8, 8]
    assert runs[1][1] == runs[2][1] and Path(runs[1][0]).read_bytes() == Path(runs[2][0]).read_bytes()
    assert picture(runs[1][0]).shape == (480, 480, 3) and np.abs(picture(runs[0][0]) - picture(runs[1][0])).mean() > 1
    assert runs[1][1]["norm"] > 0 and runs[0][1]["auc"] > 0.99 and runs[0][1]["modes"] == [0, 8]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("/gan_lab", ("collapsed", 10, 0)),
        ("/gan_lab", ("default", 5001, 0)),
        ("/gan_lab", ("default", 10, 2**31)),
        ("/gan_lab", ("default", 0.5, 0)),
        ("/gan_sample", ("cats", 0, 1, 0.7, "")),
        ("/gan_sample", ("faces", 0, 65, 0.7, "")),
        ("/gan_sample", ("faces", 0, 0, 0.7, "")),
        ("/gan_sample", ("faces", 0, 1, 1.5, "")),
        ("/gan_sample", ("faces", 0, 1, 0.7, "3")),
        ("/gan_sample", ("fashion", 2**63, 1, 0.7, "3")),
        ("/gan_walk", ("faces", 0, 1, 1)),
        ("/gan_walk", ("faces", 0, 1, 51)),
        ("/gan_walk", ("faces", 0.5, 1, 5)),
        ("/gan_mix", (0, 1, 10, 0.7)),
        ("/gan_mix", (0, 1, 4, -0.1)),
    ],
)
def test_what_makes_no_sense_is_one_sentence(client: Client, name: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(AppError, match=r"\.$"):
        client.predict(*args, api_name=name)


def test_the_last_seed_is_followed_by_the_first(client: Client) -> None:
    sheet = picture(client.predict("faces", 2**31 - 1, 2, 0.7, "", api_name="/gan_sample"))
    first = picture(client.predict("faces", 0, 1, 0.7, "", api_name="/gan_sample"))
    assert np.abs(sheet[:, 64:] - first).max() <= 1
