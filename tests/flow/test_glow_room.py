"""The act "glow" and its endpoints: what the browser is told, and what a program gets."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from gallery.rooms.flow import glow, room
from gallery.rooms.flow import glow_ask as asks
from gallery.widgets import faces
from gallery.widgets.answers import png_url
from models.flow.portraits import portraits
from tests.browser.conftest import serve

KNOBS: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()}
PORTRAIT = Path(faces.__file__).with_name("samples") / "astronaut.jpg"
LEVEL = 9
"""One level of colour, in grey values."""


def opened(url: str) -> np.ndarray:
    """The pixels of a data URL or of a file."""
    if not url.startswith("data:"):
        return np.asarray(Image.open(url)).astype(int)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))).astype(int)


@pytest.fixture(scope="module")
def face() -> dict[str, Any]:
    """What is told of the portrait."""
    return asks.encode([KNOBS, {"face": png_url(faces.portrait())}])


def test_a_photo_comes_back_and_the_error_is_a_number(face: dict[str, Any]) -> None:
    assert np.array_equal(opened(face["original"]), opened(face["again"]))
    said = face["missed"]["args"]
    assert 1 <= said["m"] < 10 and said["e"] in {f"·10⁻{each}" for each in "⁵⁶⁷"}, said
    assert 0.5 < face["bits"] < 5 and face["faces"] < face["histograms"] < 5


@pytest.mark.parametrize(
    ("x", "told"), [(4.16e-7, (4.2, "·10⁻⁷")), (9.96e-6, (1.0, "·10⁻⁵")), (2.0, (2.0, "·10⁰")), (0.0, (0.0, ""))]
)
def test_a_power_of_ten_is_written_as_it_is(x: float, told: tuple[float, str]) -> None:
    assert tuple(asks.power(x).values()) == told


def test_levels_go_from_what_they_are_to_0_or_to_noise() -> None:
    model = portraits()
    a, (b,) = model.draw(3, 1, 1.0)[0], model.draw(8, 1, 1.0)
    ends = model.switched(a, ["keep", "zero", "noise"], [0.0, 1.0], 8)
    torch.testing.assert_close(ends[0], a)
    parts = [each.split(model.network.sizes) for each in (ends[1], a, b)]
    for found, wanted in zip(parts[0], (parts[1][0], torch.zeros(768), parts[2][2]), strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)
    half = model.switched(a, ["noise"] * 3, [0.5], 8)[0]
    assert float(half.std()) == pytest.approx(1, abs=0.05), "on its way noise stays N(0, 1)"


def test_the_film_of_the_levels_begins_with_the_face(face: dict[str, Any]) -> None:
    knobs = KNOBS | {"glow_z1": "zero", "glow_z3": "noise"}
    film = asks.levels([knobs, {"z": face["z"]}])
    assert film["captions"][-1]["args"] == {"gone": "z₁ → 0, z₃ → ε", "percent": 100}
    frames = np.split(opened(film["sprite"]), film["n"], axis=1)
    assert np.abs(frames[0] - opened(face["original"])).mean() < 6 < np.abs(frames[-1] - frames[0]).mean()
    whole = asks.levels([KNOBS | dict.fromkeys(asks.LEVELS, "keep"), {"z": face["z"]}])
    assert {each["key"] for each in whole["captions"]} == {"flow.glow.film.whole"}


def test_the_smile_is_edited_filmed_and_mixed(face: dict[str, Any]) -> None:
    still, moved = (asks.edit([KNOBS | {"smile": k}, {"z": face["z"]}]) for k in (0.0, 2.0))
    assert still["length"] == pytest.approx(still["moved"]) != moved["moved"]
    film = asks.strip([KNOBS | {"smile": 1.0}, {"z": face["z"]}])
    assert film["knob"] == "smile" and film["values"][0] == -2 and film["values"][-1] == 2
    other = asks.encode([KNOBS, {"face": asks.take([KNOBS, 4])["face"]}])
    mixed = asks.mix([KNOBS, {"za": face["z"], "zb": other["z"]}])
    frames = np.split(opened(mixed["sprite"]), mixed["n"], axis=1)
    for frame, end in ((frames[0], face), (frames[-1], other)):
        assert np.abs(frame - opened(end["original"])).mean() < 6


def test_a_face_of_the_sheet_is_the_one_that_is_taken() -> None:
    knobs = KNOBS | {"glow_seed": 2}
    told = asks.new([knobs, None])
    assert (told["first"], told["last"]) == (72, 107)
    taken = opened(asks.take([knobs, 7])["face"])
    differs = np.abs(opened(told["image"])[32:64, 32:64] - taken)
    assert differs.max() <= LEVEL and (differs > 0).mean() < 0.01
    warm = asks.warm([knobs, {}])
    frames = np.split(opened(warm["sprite"]), warm["n"], axis=1)
    first = [frames[0][:32, 32 * i : 32 * i + 32] for i in (0, 1)]
    assert warm["values"][0] == 0 and np.abs(first[0] - first[1]).mean() < 2, "at T = 0 all faces are one"


def test_histograms_are_shares_and_pictures_are_scored_now() -> None:
    told = asks.odd([KNOBS, {}])
    assert [each["name"] for each in told["sets"]] == ["faces", "clothes", "digits", "emoji"]
    assert all(sum(each["bins"]) == pytest.approx(1) for each in told["sets"])
    clothes = next(each for each in told["sets"] if each["name"] == "clothes")
    assert (clothes["share"] > 0.5) is (glow.RIGHT == "a")
    of = [each["of"] for each in told["scored"]]
    assert of == ["portrait", *("clothes",) * 3, *("digits",) * 3, *("emoji",) * 3, "grey"]
    assert min(told["scored"], key=lambda each: each["bits"])["of"] == "grey"


@pytest.mark.parametrize("z", [None, 7, "", "?", "AAAA", base64.b64encode(b"\xff" * 12288).decode(), "A" * 30_000])
def test_a_z_that_is_none_gets_a_sentence(z: object) -> None:
    assert asks.edit([KNOBS, {"z": z}])["error"]["key"].startswith("input.")


@pytest.mark.parametrize("wrong", [{"smile": 3}, {"smile": "1"}, {"glow_z1": "off"}, {"glow_seed": -1}, {"along": "x"}])
def test_a_wrong_knob_gets_a_sentence(face: dict[str, Any], wrong: dict[str, Any]) -> None:
    answers = [ask([KNOBS | wrong, {"z": face["z"]}]) for ask in (asks.edit, asks.levels, asks.strip)]
    assert any(answer.get("error", {}).get("key", "").startswith("input.") for answer in answers)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The room by itself, as `python -m gallery.rooms.flow.room` starts it."""
    address = serve("-m", "gallery.rooms.flow.room")
    yield Client(next(address), verbose=False)
    next(address, None)


def test_a_program_draws_a_face_and_scores_a_photo(client: Client) -> None:
    path = client.predict(40, 0.7, api_name="/glow_sample")
    model = portraits()
    alone = model.pictures(model.draw(40, 1, 0.7))[0].astype(int)
    beside = model.pictures(model.draw(36, 36, 0.7))[4].astype(int)
    for other in (alone, beside):
        assert np.abs(opened(path) - other).max() <= LEVEL and (opened(path) != other).mean() < 0.01
    score = client.predict(handle_file(PORTRAIT), api_name="/glow_score")
    assert score["bits_per_dimension"] == pytest.approx(float(model.bits(faces.portrait()[None])[0]), abs=1e-3)
    assert 0 < score["reconstruction_error"] <= 1e-5
    for args in ((-1, 0.7), (1.5, 0.7), (1, 1.3), (1, None)):
        with pytest.raises(AppError) as told:
            client.predict(*args, api_name="/glow_sample")
        assert str(told.value).endswith(".")
