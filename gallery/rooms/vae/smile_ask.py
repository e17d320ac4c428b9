"""What the act "smile" asks of the models: a face's code, its sum with k v, films between faces, sheets of new ones."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.shell.calls import Answer, Part, Refusal, Said, call, choice, field, integer, number, values
from gallery.shell.later import later
from gallery.widgets import faces as photo
from gallery.widgets.answers import Facts, Strip, facts, jpeg_url, png_url, source_of, stops
from gallery.widgets.answers import strip as film
from gallery.widgets.portraits import LAST_SHEET, SIDE
from models.faces.vocabulary import DIRECTIONS
from models.vae.vocabulary import PRIORS, REACH

if TYPE_CHECKING:
    from models.pictures import pictures
    from models.vae import smile
else:
    pictures = later("models.pictures.pictures")
    smile = later("models.vae.smile")

FILM_WORDS = {"smile": "vae.film.smile", "age": "vae.film.age", "gender": "vae.film.gender"}
WARMEST = 1.5
MIXED = 25
WALK_FACES, WALK_STEPS = 6, 10


def code(z: object) -> pictures.Tensor:
    """The z that the browser kept, as the model takes it: finite, of the right length, not absurdly long."""
    model = smile.faces()
    if not isinstance(z, list) or len(z) != model.latent:
        raise Refusal("input.list")
    return model.code([number(value, -model.limit, model.limit, "z") for value in z])


def amounts(knobs: object) -> list[float]:
    """k of smile, age and gender. Raises Refusal."""
    return [number(field(knobs, name), -REACH, REACH, name) for name in DIRECTIONS]


@dataclass(frozen=True)
class Made(Part):
    """What the plaque says of a call: the model, and how many milliseconds it took."""

    facts: Facts
    ms: float


def made(start: float) -> Made:
    """What the plaque says of a call that began then."""
    model = facts(smile.faces().params / 1e6, source_of("vae-faces"))
    return Made(model, (time.perf_counter() - start) * 1000)


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A face and its reconstruction (data URLs), the mean squared error between them, z = mu, and KL of q(z | x) in
    nats. from_where: what kind of picture x is; missed: what the plaque says of how near they are."""

    original: str
    from_where: Said
    missed: Said
    reconstruction: str
    mse: float
    z: list[float]
    kl: float
    made: Made


def is_ours(knobs: object) -> bool:
    """Whether x is a draw of the model itself, which it gives back ten times nearer than a photo. Raises Refusal."""
    return choice(field(knobs, "face"), photo.FACES, "face") in (*photo.SEEDS, photo.DRAWN)


@call
def encode(args: list[Any]) -> Encoded:
    """[{knobs}, {face}] -> its code."""
    knobs, data = values(args, 2)
    face = photo.framed(field(data, "face"))
    start = time.perf_counter()
    model = smile.faces()
    point = model.encode(face)
    again = model.picture(point.mu)
    error = float(np.square((face.astype(float) - again) / 255).mean())
    z = [round(value, 4) for value in point.mu.tolist()]
    ours, plaque = is_ours(knobs), made(start)
    said = {"mse": error, "kl": point.kl, "params": plaque.facts.params, "photos": model.quality["mse"]}
    return Encoded(
        original=png_url(face),
        from_where=Said("vae.smile.ours" if ours else "vae.smile.original"),
        missed=Said(
            "vae.plaque.ours" if ours else "vae.plaque.face", said, {"mse": 4, "photos": 4, "kl": 0, "params": 1}
        ),
        reconstruction=jpeg_url(again),
        mse=error,
        z=z,
        kl=point.kl,
        made=plaque,
    )


@dataclass(frozen=True)
class Terms(Part):
    """Of the sum z' = z + sum_i k_i v_i the length of each v_i."""

    v_smile: float
    v_age: float
    v_gender: float


@dataclass(frozen=True)
class Edited:
    """The face decoded at z' (a data URL), the lengths of z and z', and the sum that leads from one to the other."""

    image: str
    z: float
    moved: float
    terms: Terms
    made: Made


@call
def edit(args: list[Any]) -> Edited:
    """[{knobs}, {z}] -> the edited face."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    start = time.perf_counter()
    model = smile.faces()
    moved = model.edit(z, k)
    image = jpeg_url(model.picture(moved))
    terms = Terms(*model.directions.norm(dim=1).tolist())
    return Edited(image, float(z.norm()), float(moved.norm()), terms, made(start))


@call
def strip(args: list[Any]) -> Strip:
    """[{knobs}, {z}] -> the face with k = -3 ... 3 of the slider that was moved last."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    name = choice(field(knobs, "along"), DIRECTIONS, "along")
    frames, marks = smile.faces().strip(z, k, name)
    return stops(frames, marks, FILM_WORDS[name], "k", 1, name)


@call
def mix(args: list[Any]) -> Strip:
    """[{knobs}, {za, zb}] -> the film from face A to face B: z = (1 - t) z_a + t z_b."""
    _, data = values(args, 2)
    marks = np.linspace(0, 1, MIXED).round(3).tolist()
    frames = smile.faces().mix(code(field(data, "za")), code(field(data, "zb")), marks)
    return stops(frames, marks, "vae.film.mix", "t", 2)


def drawing(knobs: object) -> tuple[int, float, str]:
    """Seed, temperature and prior of the knobs. Raises Refusal."""
    seed = integer(field(knobs, "seed"), 0, LAST_SHEET, "seed")
    temperature = number(field(knobs, "temperature"), 0.0, WARMEST, "temperature")
    return seed, temperature, choice(field(knobs, "prior"), PRIORS, "prior")


def drawn(knobs: object, count: int) -> pictures.Tensor:
    """z of `count` faces from the prior, each sheet with numbers of its own."""
    seed, temperature, prior = drawing(knobs)
    return smile.faces().draw(seed * SIDE * SIDE, count, temperature, prior)


@dataclass(frozen=True)
class Drawn:
    """A sheet of new faces (a data URL), and what the plaque says of their prior."""

    image: str
    prior: Said
    made: Made


@call
def sheet(args: list[Any]) -> Drawn:
    """[{knobs}, None] -> 6 x 6 new faces in one picture."""
    knobs, _ = values(args, 2)
    seed, temperature, prior = drawing(knobs)
    start = time.perf_counter()
    grid = pictures.grid(smile.faces().sheet(drawn(knobs, SIDE * SIDE)), SIDE)
    plaque = made(start)
    parts = len(smile.faces().prior.log_weights)
    said = {"seed": seed, "temperature": temperature, "params": plaque.facts.params, "k": parts}
    key = "vae.plaque.new" if prior == "learned" else "vae.plaque.normal"
    return Drawn(jpeg_url(grid, 90), Said(key, said), plaque)


@call
def take(args: list[Any]) -> Answer:
    """[{knobs}, cell] -> one face of the sheet, to be edited."""
    knobs, cell = values(args, 2)
    place = integer(cell, 0, SIDE * SIDE - 1, "cell")
    return {"face": png_url(smile.faces().picture(drawn(knobs, place + 1)[place]))}


@call
def walk(args: list[Any]) -> Strip:
    """[{knobs}, None] -> a round trip through the first faces of the sheet, straight lines in z."""
    knobs, _ = values(args, 2)
    model, z = smile.faces(), drawn(knobs, WALK_FACES)
    steps = [i / WALK_STEPS for i in range(WALK_STEPS)]
    legs = [model.mix(z[i], z[(i + 1) % WALK_FACES], steps) for i in range(WALK_FACES)]
    pairs = [{"n": i + 1, "m": (i + 1) % WALK_FACES + 1} for i in range(WALK_FACES) for _ in steps]
    captions = [Said("vae.film.walk", pair) for pair in pairs]
    return replace(film(np.concatenate(legs)), captions=captions)
