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
from models.cyclegan.vocabulary import SIDES, WAYS

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
    trip = cyclegan.round_trip(wish.pair, asks.direction(wish.way), wish.picture)
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
    translated = cyclegan.known(wish.pair, asks.direction(wish.way), wish.picture)
    both = [cyclegan.verdicts(wish.pair, target(wish.way), each) for each in (wish.picture, translated)]
    found = [each for each in both if each]
    if not found:
        return Judged(patches=None, means=None, field=0, step=0)
    maps = [png_url(patches.shown(each.values, *translated.shape[:2])) for each in found]
    return Judged(patches=maps, means=[each.mean for each in found], field=found[0].field, step=found[0].step)
