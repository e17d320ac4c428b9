"""What the act "steer" asks of the models: a face steered, films of it, the same edit by the VAE, a walk, a mixture."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gallery.rooms.gan import ask
from gallery.shell.calls import Part, Said, call, choice, field, integer, number, values
from gallery.shell.later import later
from gallery.widgets import faces as photo
from gallery.widgets.answers import Facts, Strip, jpeg_url, stops, strip
from gallery.widgets.found import brought
from models.faces.vocabulary import DIRECTIONS
from models.gan.vocabulary import AXES, LAYERS, REACH

if TYPE_CHECKING:
    from models.gan import found, gan, steering
    from models.pictures import pictures
    from models.vae import smile
else:
    found = later("models.gan.found")
    gan = later("models.gan.gan")
    pictures = later("models.pictures.pictures")
    smile = later("models.vae.smile")
    steering = later("models.gan.steering")

NAMES = (*DIRECTIONS, *AXES)
"""The directions, in the order in which k stands in a row."""
WHO = ("seed", "found")
MARKS = [round(i / 24, 3) for i in range(25)]
"""Of a walk."""
FILM_WORDS = {
    "smile": "gan.steer.film.smile",
    "age": "gan.steer.film.age",
    "gender": "gan.steer.film.gender",
    "axis1": "gan.steer.film.axis1",
    "axis2": "gan.steer.film.axis2",
    "axis3": "gan.steer.film.axis3",
    "axis4": "gan.steer.film.axis4",
}


def amounts(knobs: object) -> list[float]:
    """k of every direction. Raises Refusal."""
    return [number(field(knobs, name), -REACH, REACH, name) for name in NAMES]


def face_of(knobs: object, code: object) -> found.Found:
    """The face that is steered: of the knobs' seed and psi, or the one that was found. Raises Refusal."""
    if choice(field(knobs, "who"), WHO, "who") == "found":
        return brought(code)
    return found.of_seed(gan.gan("faces"), ask.seed_of(knobs, "face"), ask.psi_of(knobs))


@dataclass(frozen=True)
class Made(Part):
    """What the plaque says of a call: the model, and how many milliseconds it took."""

    facts: Facts
    ms: float


@dataclass(frozen=True)
class Edited:
    """The steered face (a data URL), and how far it went: the lengths of w - E[w] before and after, a mean over the
    layers."""

    image: str
    length: float
    moved: float
    made: Made


@call
def edit(args: list[Any]) -> Edited:
    """[{knobs}, code | None] -> the steered face."""
    knobs, code = values(args, 2)
    k, start = amounts(knobs), time.perf_counter()
    face = face_of(knobs, code)
    moved = face.steered(k)
    image = jpeg_url(moved.picture())
    made = Made(ask.about("faces"), (time.perf_counter() - start) * 1000)
    return Edited(image, face.length(), moved.length(), made)


@call
def row(args: list[Any]) -> Strip:
    """[{knobs}, code | None] -> the face with k = -3 ... 3 of the slider that was moved last, a frame for each stop."""
    knobs, code = values(args, 2)
    k, face = amounts(knobs), face_of(knobs, code)
    name = choice(field(knobs, "along"), NAMES, "along")
    frames, marks = face.along(k, name)
    return stops(frames, marks, FILM_WORDS[name], "k", 2, name)


@dataclass(frozen=True)
class Beside:
    """The face before it was steered, and what the VAE makes of the same edit: data URLs."""

    before: str
    vae: str


@call
def beside(args: list[Any]) -> Beside:
    """[{knobs}, {code, face}] -> the face as it was, and the same k of smile, age and gender by the VAE.

    face: the photo that was looked for, None where the face is the generator's own: then the VAE encodes that.
    """
    knobs, data = values(args, 2)
    k, own = amounts(knobs)[: len(DIRECTIONS)], face_of(knobs, field(data, "code")).picture()
    given = field(data, "face")
    shown = own if given is None or field(knobs, "who") == "seed" else photo.framed(given)
    model = smile.faces()
    edited = model.picture(model.edit(model.encode(shown).mu, k))
    return Beside(jpeg_url(own), jpeg_url(edited))


@dataclass(frozen=True)
class Met:
    """A walk from the steered face to the partner, both as data URLs."""

    a: str
    b: str
    strip: Strip


@call
def walk(args: list[Any]) -> Met:
    """[{knobs}, code | None] -> the way from the steered face to the face of the knob `partner`, straight in w."""
    knobs, code = values(args, 2)
    first = face_of(knobs, code).steered(amounts(knobs))
    second = found.of_seed(gan.gan("faces"), ask.seed_of(knobs, "partner"), ask.psi_of(knobs))
    frames = first.walked(second, MARKS)
    captions = [Said("gan.steer.film.share", {"t": mark}, {"t": 2}) for mark in MARKS]
    film = replace(strip(frames), values=MARKS, captions=captions, knob="share")
    return Met(jpeg_url(frames[0]), jpeg_url(frames[-1]), film)


@call
def cross(args: list[Any]) -> dict[str, str]:
    """[{knobs}, code | None] -> the steered face below the layer of the knob `cross`, the partner from there on."""
    knobs, code = values(args, 2)
    layer = integer(field(knobs, "cross"), 0, LAYERS["faces"], "cross")
    first = face_of(knobs, code).steered(amounts(knobs))
    second = found.of_seed(gan.gan("faces"), ask.seed_of(knobs, "partner"), ask.psi_of(knobs))
    return {"image": jpeg_url(first.mixed(second, layer).picture())}
