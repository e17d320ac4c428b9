"""The living picture: each frame is what the model makes of it, a face is kept track of, places are few."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.rooms.cyclegan import living_ask as living
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.shell.places import Places
from gallery.widgets.answers import png_url
from models.cyclegan import cyclegan
from models.pictures.pictures import from_data_url
from models.runtime.gate import visitor

KNOBS = {"pair": "monet", "direction": "a2b", "strength": 1}


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> Places:
    """Places that nobody has taken."""
    places = Places(living.MOST, living.SILENT, living.LONGEST)
    monkeypatch.setattr(living, "places", places)
    return places


def frame(width: int = 160, height: int = 120) -> Image.Image:
    """A picture of the portrait, as a camera gives it."""
    return Image.fromarray(asks.bundled("collins")).resize((width, height))


def live(knobs: dict[str, Any], image: Image.Image, face: object = None) -> dict[str, Any]:
    return living.live([KNOBS | knobs, png_url(np.asarray(image)), face])


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_a_frame_is_its_centre_square_translated_so_strongly(strength: float) -> None:
    image = frame()
    answer = live({"strength": strength}, image)
    x = np.array(image.crop((20, 0, 140, 120)).resize((128, 128), Image.Resampling.LANCZOS))
    y = cyclegan.translate("monet", "there", x)
    wanted = x + strength * (y.astype(float) - x)
    made = np.asarray(from_data_url(answer["translated"]), float)
    assert (answer["width"], answer["height"], answer["turn"]) == (128, 128, 0)
    assert abs(made - wanted).mean() < 4, "but for the JPEG"


def test_a_face_is_found_once_and_taken_from_its_square_then() -> None:
    image = frame(256, 256)
    first = live({"pair": "smile"}, image)
    assert 0.2 < first["face"]["size"] < 0.9 and (first["width"], first["height"]) == (64, 64)
    again = live({"pair": "smile"}, image, first["face"])
    assert again["face"] == first["face"] and again["translated"] == first["translated"]
    nobody = live({"pair": "smile"}, Image.new("RGB", (256, 256), "green"))
    assert nobody["face"] == {"x": 0.0, "y": 0.0, "size": 1.0}


def test_who_comes_when_all_places_are_taken_is_told_his_turn() -> None:
    for who in range(living.MOST + 1):
        before = visitor.set(f"visitor {who}")
        answer = live({"pair": "emoji"}, frame())
        visitor.reset(before)
        assert answer["turn"] == (1 if who == living.MOST else 0) and bool(answer["translated"]) == (who < living.MOST)


@pytest.mark.parametrize(
    ("knobs", "face"),
    [({"pair": "zebra"}, None), ({"direction": "c"}, None), ({"strength": float("nan")}, None), ({"strength": 9}, None)]
    + [({"pair": "smile"}, face) for face in (7, {"x": 0}, {"x": 0, "y": 0, "size": 0}, {"x": 2, "y": 0, "size": 1})],
)
def test_nonsense_is_one_sentence(knobs: dict[str, Any], face: object) -> None:
    assert set(live(knobs, frame(), face)) == {"error"}
    assert set(living.live([KNOBS, "data:image/png;base64,AAAA", None])) == {"error"}
