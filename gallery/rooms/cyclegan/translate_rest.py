"""What is asked of a translation that is on the screen: the way back, and the discriminator's verdicts if wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.shell.calls import call
from gallery.shell.later import later
from gallery.widgets.answers import jpeg_url, png_url
from models.cyclegan.vocabulary import SIDES, WAYS, WITHOUT_IDENTITY

if TYPE_CHECKING:
    from models.cyclegan import cyclegan, patches, seen
else:
    cyclegan = later("models.cyclegan.cyclegan")
    patches = later("models.cyclegan.patches")
    seen = later("models.cyclegan.seen")


@dataclass(frozen=True, kw_only=True)
class Back:
    """The translation translated back. Pictures are data URLs; map: the cycle error, black is 0, white 0.2 and more.

    cycle: mean |F(G(x)) - x|, pixels in [0, 1]; already: whether the judge sees in the input what it is to become.
    """

    returned: str
    map: str
    cycle: float
    already: bool


@dataclass(frozen=True, kw_only=True)
class Judged:
    """patches: the discriminator's verdicts over input and translation, None where this pair's were not kept.

    means: of both; field, step: of a patch, pixels.
    """

    patches: Sequence[str] | None
    means: Sequence[float] | None
    field: int
    step: int


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a generator does to a picture that is of its target: y, G(y) and their difference, mapped as the cycle's.

    change: mean |G(y) - y|, pixels in [0, 1]; chosen: whether y is the visitor's choice, or one of ours in its place;
    taught: whether the pair was trained with the identity term.
    """

    input: str
    translated: str
    map: str
    change: float
    width: int
    height: int
    chosen: bool
    taught: bool


def heat(lost: np.ndarray) -> np.ndarray:
    """A difference (H, W) in [0, 1] as greys: white from 0.2 on."""
    return np.clip(lost * 5 * 255, 0, 255).round().astype(np.uint8)


def target(way: str) -> str:
    """The collection that a translation is to be of."""
    return SIDES[1 - WAYS.index(way)]


@call
def back(args: list[Any]) -> Back:
    """[{knobs}, {face, sample}] -> what the way back makes of the translation."""
    wish = asks.asked(args)
    asks.one_way(wish.name, asks.direction(WAYS[1 - WAYS.index(wish.way)]))
    trip = cyclegan.round_trip(wish.name, wish.direction, wish.picture)
    return Back(
        returned=jpeg_url(trip.returned, 95),
        map=jpeg_url(heat(trip.lost)),
        cycle=trip.cycle_error,
        already=seen.side_of(wish.pair, wish.picture) == target(wish.way),
    )


@call
def judge(args: list[Any]) -> Judged:
    """[{knobs}, {face, sample}] -> what the discriminator of the other collection says of input and translation."""
    wish = asks.asked(args)
    translated = cyclegan.known(wish.name, wish.direction, wish.picture)
    both = [cyclegan.verdicts(wish.name, target(wish.way), each) for each in (wish.picture, translated)]
    found = [each for each in both if each]
    if not found:
        return Judged(patches=None, means=None, field=0, step=0)
    maps = [png_url(patches.shown(each.values, *translated.shape[:2])) for each in found]
    return Judged(patches=maps, means=[each.mean for each in found], field=found[0].field, step=found[0].step)


OF_TARGET = {"a2b": ("painting", "twemoji"), "b2a": (asks.photo.PORTRAIT, "noto")}
"""How the names of our pictures begin that are of the second collection, and of the first."""


def belongs(wish: asks.Asked, sample: object) -> bool:
    """Whether a picture is of its target: one of ours by its name, a visitor's by the judge."""
    if isinstance(sample, str) and wish.pair != "smile":
        return sample.startswith(OF_TARGET[wish.way])
    return seen.side_of(wish.pair, wish.picture) == target(wish.way)


@call
def identity(args: list[Any]) -> Identity:
    """[{knobs}, {face, sample}] -> what the generator does to a picture that needs no translation."""
    wish = asks.asked(args)
    chosen = belongs(wish, args[1]["sample"])
    first = asks.FIRST[wish.pair][SIDES.index(target(wish.way))]
    picture = wish.picture if chosen else asks.bundled(first)
    made = cyclegan.known(wish.name, wish.direction, picture)
    lost = cyclegan.difference(picture, made)
    return Identity(
        input=jpeg_url(picture, 95),
        translated=jpeg_url(made, 95),
        map=jpeg_url(heat(lost)),
        change=float(lost.mean()),
        width=picture.shape[1],
        height=picture.shape[0],
        chosen=chosen,
        taught=wish.name not in WITHOUT_IDENTITY,
    )
