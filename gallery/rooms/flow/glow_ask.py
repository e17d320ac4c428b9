"""What the act "glow" asks of the models: z of a face and the way back, faces led along z, sheets of new ones, bits."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.shell.calls import Answer, Part, Refusal, Said, call, choice, field, integer, number, text, values
from gallery.shell.later import later
from gallery.widgets import faces as photo
from gallery.widgets.answers import Facts, Strip, facts, jpeg_url, numbers_text, png_url, sheet, source_of, stops
from gallery.widgets.answers import strip as film
from gallery.widgets.portraits import LAST_SHEET, SIDE
from models.faces.vocabulary import DIRECTIONS
from models.flow.vocabulary import FURTHEST, SWITCHES

if TYPE_CHECKING:
    from models.flow import portraits, surprise
    from models.pictures import pictures
else:
    pictures = later("models.pictures.pictures")
    portraits = later("models.flow.portraits")
    surprise = later("models.flow.surprise")

LEVELS = ("glow_z1", "glow_z2", "glow_z3")
FILM_WORDS = {"smile": "flow.glow.film.smile", "age": "flow.glow.film.age", "gender": "flow.glow.film.gender"}
SMALL = 32
"""Pixels of a side of what Glow makes."""
MOST_CODE = 20_000
"""Characters of a z that the browser kept."""
ABSURD = 1000.0
"""No z is longer in any of its numbers."""
WARMEST, WARM = 1.2, 13
"""The highest temperature, and the steps of the film from 0 to it."""
MIXED, GONE = 25, 13
"""Frames of the films."""
BINS, MOST_BITS = 60, 6.0
"""Of the histograms of bits per dimension."""
EXPONENTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def code(z: object) -> portraits.Tensor:
    """The z that the browser kept, (3072,). Raises Refusal for what is none."""
    model = portraits.portraits()
    try:
        numbers = np.frombuffer(base64.b64decode(text(z, MOST_CODE, "z"), validate=True), "<f4")
    except (binascii.Error, ValueError) as error:
        raise error if isinstance(error, Refusal) else Refusal("input.list") from error
    if len(numbers) != model.dimensions or not (np.abs(numbers) <= ABSURD).all():
        raise Refusal("input.list")
    return model.code(numbers)


@dataclass(frozen=True)
class Made(Part):
    """What the plaque says of a call: the model, and how many milliseconds it took."""

    facts: Facts
    ms: float


def made(start: float) -> Made:
    """What the plaque says of a call that began then."""
    model = facts(portraits.portraits().params / 1e6, source_of("glow"))
    return Made(model, (time.perf_counter() - start) * 1000)


def power(x: float) -> dict[str, Any]:
    """A small number as a sentence takes it: 4.2e-07 is {"m": 4.2, "e": "·10⁻⁷"}."""
    mantissa, exponent = f"{x:.1e}".split("e")
    return {"m": float(mantissa), "e": "·10" + str(int(exponent)).translate(EXPONENTS) if x else ""}


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A face as Glow sees it and as it comes back from z (data URLs). z: float32 as base64; bits: per dimension; faces,
    histograms: those of held-out faces, by Glow and by each pixel's histogram; missed: the largest difference."""

    original: str
    again: str
    z: str
    bits: float
    faces: float
    histograms: float
    missed: Said
    made: Made


@call
def encode(args: list[Any]) -> Encoded:
    """[{knobs}, {face}] -> z = f(x), x again, and the bits of x."""
    _, data = values(args, 2)
    face = np.array(photo.square(field(data, "face"), photo.SIDE, SMALL))
    start = time.perf_counter()
    model = portraits.portraits()
    found = model.there_and_back(face)
    return Encoded(
        original=png_url(found.seen),
        again=png_url(found.again),
        z=numbers_text(found.z.numpy()),
        bits=float(model.bits(face[None])[0]),
        faces=float(model.quality["bits_per_dimension"]),
        histograms=float(model.quality["bits_per_dimension_histograms"]),
        missed=Said("flow.glow.plaque.missed", power(found.miss), {"m": 1}),
        made=made(start),
    )


def how_of(knobs: object) -> list[str]:
    """What becomes of each level. Raises Refusal."""
    return [choice(field(knobs, name), SWITCHES, name) for name in LEVELS]


def gone(how: Sequence[str]) -> str:
    """What the levels become, as it is read: "z₁ → 0, z₃ → ε"."""
    ends = {"zero": "0", "noise": "ε"}
    return ", ".join(f"z{'₁₂₃'[i]} → {ends[each]}" for i, each in enumerate(how) if each in ends)


@call
def levels(args: list[Any]) -> Strip:
    """[{knobs}, {z}] -> the face while the levels that are switched off go."""
    knobs, data = values(args, 2)
    how, seed, z = how_of(knobs), seed_of(knobs), code(field(data, "z"))
    marks = np.linspace(0, 1, GONE).round(3).tolist()
    model = portraits.portraits()
    frames = model.pictures(model.switched(z, how, marks, seed))
    named = gone(how)
    said = [
        Said("flow.glow.film.gone", {"gone": named, "percent": 100 * mark}, {"percent": 0})
        if named
        else Said("flow.glow.film.whole")
        for mark in marks
    ]
    return replace(film(frames), values=marks, captions=said)


@dataclass(frozen=True)
class Edited:
    """The face at z' (a data URL), and the lengths of z and z'."""

    image: str
    length: float
    moved: float
    made: Made


def amounts(knobs: object) -> list[float]:
    """k of smile, age and gender. Raises Refusal."""
    return [number(field(knobs, name), -FURTHEST, FURTHEST, name) for name in DIRECTIONS]


@call
def edit(args: list[Any]) -> Edited:
    """[{knobs}, {z}] -> the edited face."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    start = time.perf_counter()
    model = portraits.portraits()
    moved = model.edit(z, k)
    return Edited(jpeg_url(model.pictures(moved[None])[0]), float(z.norm()), float(moved.norm()), made(start))


@call
def strip(args: list[Any]) -> Strip:
    """[{knobs}, {z}] -> the face with k = -2 ... 2 of the slider that was moved last."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    name = choice(field(knobs, "along"), DIRECTIONS, "along")
    frames, marks = portraits.portraits().strip(z, k, name)
    return stops(frames, marks, FILM_WORDS[name], "k", 2, name)


@call
def mix(args: list[Any]) -> Strip:
    """[{knobs}, {za, zb}] -> the film from face A to face B: z = (1 - t) z_A + t z_B."""
    _, data = values(args, 2)
    marks = np.linspace(0, 1, MIXED).round(3).tolist()
    frames = portraits.portraits().mix(code(field(data, "za")), code(field(data, "zb")), marks)
    return stops(frames, marks, "flow.glow.film.mix", "t", 2)


def seed_of(knobs: object) -> int:
    """The sheet's number, and that of the noise of the levels. Raises Refusal."""
    return integer(field(knobs, "glow_seed"), 0, LAST_SHEET, "glow_seed")


def drawn(knobs: object, count: int) -> np.ndarray:
    """`count` new faces, each sheet with numbers of its own: (count, 32, 32, 3) uint8."""
    warmth = number(field(knobs, "glow_temperature"), 0.0, WARMEST, "glow_temperature")
    model = portraits.portraits()
    return model.pictures(model.draw(seed_of(knobs) * SIDE * SIDE, count, warmth))


@dataclass(frozen=True)
class Drawn:
    """A sheet of new faces (a data URL), and the numbers of the first and of the last."""

    image: str
    first: int
    last: int
    made: Made


@call
def new(args: list[Any]) -> Drawn:
    """[{knobs}, None] -> 6 x 6 new faces in one picture."""
    knobs, _ = values(args, 2)
    start, first = time.perf_counter(), seed_of(knobs) * SIDE * SIDE
    grid = pictures.grid(drawn(knobs, SIDE * SIDE), SIDE)
    return Drawn(png_url(grid), first, first + SIDE * SIDE - 1, made(start))


@call
def take(args: list[Any]) -> Answer:
    """[{knobs}, cell] -> one face of the sheet, to be edited."""
    knobs, cell = values(args, 2)
    place = integer(cell, 0, SIDE * SIDE - 1, "cell")
    return {"face": png_url(drawn(knobs, place + 1)[place])}


@call
def warm(args: list[Any]) -> Strip:
    """[{knobs}, {}] -> the first six faces of the sheet at each temperature."""
    knobs, _ = values(args, 2)
    model, first = portraits.portraits(), seed_of(knobs) * SIDE * SIDE
    marks = np.linspace(0, WARMEST, WARM).round(2).tolist()
    each = [model.pictures(model.draw(first, 6, mark)) for mark in marks]
    frames = [sheet([six[:3], six[3:]]) for six in each]
    return stops(frames, marks, "flow.glow.film.warm", "temperature", 1)


@dataclass(frozen=True)
class Scored:
    """A picture (a data URL), which of the sets it is of, and its bits per dimension, counted just now."""

    image: str
    of: str
    bits: float


@dataclass(frozen=True)
class Set:
    """A data set: how many pictures, their histogram and mean, the share of pairs in which one scores above a face."""

    name: str
    count: int
    bins: Sequence[float]
    mean: float
    share: float


@dataclass(frozen=True)
class Odd:
    """What Glow says of pictures that are no faces. most: bits at the right end of the histograms."""

    sets: Sequence[Set]
    scored: Sequence[Scored]
    most: float


def shown() -> list[tuple[str, np.ndarray]]:
    """The pictures that are scored: the portrait, what ships of the other sets, one even grey."""
    small = [(name, each) for name, some in surprise.surprise().pictures.items() for each in some]
    portrait = portraits.to_pictures(portraits.middles(photo.portrait()[None]))[0]
    return [("portrait", portrait), *small, ("grey", np.full((SMALL, SMALL, 3), 128, np.uint8))]


@call
def odd(args: list[Any]) -> Odd:
    """[{knobs}, {}] -> the histograms that were measured, and some pictures scored now."""
    values(args, 2)
    found, named = surprise.surprise(), shown()
    bits = portraits.portraits().bits(np.stack([picture for _, picture in named])).tolist()
    scored = [Scored(png_url(picture), name, each) for (name, picture), each in zip(named, bits, strict=True)]
    sets = [
        Set(name, len(bits), found.histogram(name, BINS, MOST_BITS), float(bits.mean()), found.share(name))
        for name, bits in found.bits.items()
    ]
    return Odd(sets, scored, MOST_BITS)
