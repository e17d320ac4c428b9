"""What the camera of the act "translate" asks: frames translated at once, for a few visitors at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.shell.calls import call, choice, field, number, values
from gallery.shell.later import later
from gallery.shell.places import Places
from gallery.widgets.answers import jpeg_url
from models.cyclegan.vocabulary import PAIRS, WAYS
from models.runtime.gate import opening, visitor

if TYPE_CHECKING:
    from models.cyclegan import cyclegan
    from models.faces import faces
    from models.pictures import pictures
else:
    cyclegan = later("models.cyclegan.cyclegan")
    faces = later("models.faces.faces")
    pictures = later("models.pictures.pictures")

SIDE = {"monet": 128, "emoji": 64, "smile": 192}
"""Pixels of a frame's side, by the pair: a face is cut out of it."""
MOST, SILENT, LONGEST = 3, 3.0, 60.0
"""Cameras at once; seconds after which a silent one has given its place away, and after which any does where others
wait."""
places = Places(MOST, SILENT, LONGEST)


@dataclass(frozen=True)
class Square:
    """Of a face: its corner and side, fractions of the frame's."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Alive:
    """A frame's translation as a data URL; or `turn`, the number in the line, where all `most` places are taken."""

    turn: int
    most: int = MOST
    translated: str = ""
    width: int = 0
    height: int = 0
    face: Square | None = None
    """Where a face was found, for the next frames: looking for it takes ten times as long as translating it."""


WHOLE = Square(0.0, 0.0, 1.0)


def looked(image: Image.Image) -> Square:
    """Where the one face of a frame is; the whole frame where there is none, or only a small one."""
    found = faces.only_face(faces.find_faces(image))
    place = faces.square_of(image, found) if found else WHOLE
    return Square(place.x, place.y, place.size) if place.size * image.width >= faces.MIN_SIDE else WHOLE


def told(face: object) -> Square:
    """A square that the browser kept. Raises Refusal."""
    return Square(*(number(field(face, name), 0.0, 1.0, name) for name in ("x", "y", "size")))


@call
def live(args: list[Any]) -> Alive:
    """[{knobs}, data URL, square] -> the frame, translated one way. Nothing is kept of it.

    square: where a face was found in a frame before, or None. Raises Refusal, PictureError.
    """
    knobs, url, face = values(args, 3)
    pair = choice(field(knobs, "pair"), PAIRS, "pair")
    way = choice(field(knobs, "direction"), WAYS, "direction")
    k = number(field(knobs, "strength"), 0.0, 1.5, "strength")
    turn = places.ask(str(visitor.get()))
    if turn:
        return Alive(turn)
    with opening.turn():
        image = pictures.centre_square(asks.opened(url)).resize((SIDE[pair], SIDE[pair]), Image.Resampling.LANCZOS)
        square = None
        if pair == "smile":
            square = looked(image) if face is None else told(face)
            image = faces.crop(image, square.x, square.y, square.size)
        frame = np.array(image)
    made = cyclegan.translate(pair, asks.direction(way), frame)
    height, width = made.shape[:2]
    return Alive(0, MOST, jpeg_url(cyclegan.strengthened(frame, made, k), 85), width, height, square)
