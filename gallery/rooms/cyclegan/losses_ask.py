"""What the act "losses" asks: one emoji, or eight, by networks trained without a term, beside the full loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.shell.calls import call, choice, field, integer, values
from gallery.shell.later import later
from gallery.widgets.answers import Facts, facts, png_url, sheet, source_of
from models.cyclegan.vocabulary import CLAIMS, LOSSES, QUESTIONS, SHOWN, SIDES, WAYS
from models.weights.cardfile import WEIGHTS, load_card

if TYPE_CHECKING:
    from models.cyclegan import counterparts, cyclegan
else:
    counterparts = later("models.cyclegan.counterparts")
    cyclegan = later("models.cyclegan.cyclegan")

FULL = "full"
ROW = 8
"""Emoji in a row."""
SAYS = (
    *CLAIMS.values(),
    *("found_back", "nearest", "nearest_untouched", "difference", "difference_untouched"),
    *("judged_counterpart", "grain_counterpart"),
)
"""Figures of the cards that stand in the table."""


def pair_of(name: str) -> str:
    """The pair of a column: "emoji-full", "emoji-nocycle", ..."""
    return f"emoji-{name}"


@cache
def offered() -> tuple[str, ...]:
    """The losses whose weights are here."""
    return tuple(name for name in LOSSES if (WEIGHTS / f"cyclegan-{pair_of(name)}.toml").is_file())


@dataclass(frozen=True, kw_only=True)
class Column:
    """One network and one emoji. made, back: G(x) and F(G(x)), data URLs; differences are means of pixels in [0, 1].

    cycle: |F(G(x)) - x|; apart: |G(x) - y|; same: |G(y) - y|; place: y's among all held-out ones by their distance to
    G(x), 1 is the nearest; found: x's by their distance to F(G(x)). figures: means over all held-out emoji, from the
    card, in this direction.
    """

    name: str
    made: str
    back: str
    cycle: float
    apart: float
    same: float
    place: int
    found: int
    figures: Mapping[str, float]


@dataclass(frozen=True)
class Claim:
    """What may be lost, its figure with the full loss and without the term, and whether it counts as lost."""

    name: str
    full: float
    other: float
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One emoji by every network. given, wanted: x and y; row: the eight emoji among which x stands, from `first` on.

    untouched: |x - y|; place: y's by its distance to x itself; claims: of each loss but the full one.
    """

    given: str
    wanted: str
    row: str
    first: int
    untouched: float
    place: int
    columns: Sequence[Column]
    claims: Mapping[str, Sequence[Claim]]
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Eight:
    """Eight emoji by one network. made, back: rows of G(x) and F(G(x)), data URLs; found: the places of their own x.

    spread: the mean distance between two of the translations over that between two of the inputs.
    """

    made: str
    back: str
    found: Sequence[int]
    spread: float


@dataclass(frozen=True)
class Many:
    """The same eight by the full loss and by another, and what the cards say of all."""

    full: Eight
    other: Eight
    found_back: Sequence[float]
    spread: Sequence[float]


def figures(name: str, direction: str) -> dict[str, float]:
    """What a card has measured in one direction: "nearest_there" becomes "nearest"."""
    quality = load_card(f"cyclegan-{pair_of(name)}").quality
    found = {key.removesuffix(f"_{direction}"): value for key, value in quality.items() if key.endswith(direction)}
    return {key: float(value) for key, value in found.items()}


def asked(knobs: object) -> tuple[int, int, str]:
    """The emoji, the side it is of (0 Noto, 1 Twemoji), and the direction. Raises Refusal."""
    way = choice(field(knobs, "loss_way"), WAYS, "loss_way")
    side = WAYS.index(way)
    return integer(field(knobs, "emoji"), 0, SHOWN - 1, "emoji"), side, cyclegan.DIRECTIONS[side]


def places(pictures: np.ndarray, side: int, own: Sequence[int]) -> list[int]:
    """Which place the own emoji takes among all held-out ones of a side."""
    among = counterparts.held_out(SIDES[side]).all
    return [int(place) for place in counterparts.places(counterparts.pooled(pictures), among, np.array(own))]


def column(name: str, i: int, side: int, direction: str) -> Column:
    """One emoji by one network."""
    model = cyclegan.translators(pair_of(name))
    x, y = (counterparts.held_out(SIDES[each]).shown[i] for each in (side, 1 - side))
    trip = model.round_trip(direction, x)
    return Column(
        name=name,
        made=png_url(trip.translated),
        back=png_url(trip.returned),
        cycle=trip.cycle_error,
        apart=counterparts.mean_difference(trip.translated, y),
        same=counterparts.mean_difference(model.translate(direction, y), y),
        place=places(trip.translated[None], 1 - side, [i])[0],
        found=places(trip.returned[None], side, [i])[0],
        figures={key: value for key, value in figures(name, direction).items() if key in SAYS},
    )


def claims(name: str, direction: str) -> list[Claim]:
    """What is asked of a loss, answered by the cards' figures."""
    full, other = figures(FULL, direction), figures(name, direction)
    asked = [(claim, CLAIMS[claim]) for claim in QUESTIONS[name]]
    return [Claim(claim, full[key], other[key], counterparts.holds(claim, full, other)) for claim, key in asked]


@call
def compare(args: list[Any]) -> Compared:
    """[{knobs}] -> one held-out emoji by every network that is here, beside its true counterpart."""
    (knobs,) = values(args, 1)
    i, side, direction = asked(knobs)
    given, wanted = (counterparts.held_out(SIDES[each]).shown for each in (side, 1 - side))
    first = i - i % ROW
    params = cyclegan.translators(pair_of(FULL)).params / 1e6
    return Compared(
        given=png_url(given[i]),
        wanted=png_url(wanted[i]),
        row=png_url(sheet([given[first : first + ROW]])),
        first=first,
        untouched=counterparts.mean_difference(given[i], wanted[i]),
        place=places(given[i][None], 1 - side, [i])[0],
        columns=[column(name, i, side, direction) for name in (FULL, *offered())],
        claims={name: claims(name, direction) for name in offered()},
        facts=facts(params, source_of(f"cyclegan-{pair_of(FULL)}")),
    )


def eight(name: str, first: int, side: int, direction: str) -> Eight:
    """A row of emoji by one network."""
    model, chosen = cyclegan.translators(pair_of(name)), slice(first, first + ROW)
    given = counterparts.held_out(SIDES[side]).shown[chosen]
    trips = [model.round_trip(direction, x) for x in given]
    made, back = (np.stack([getattr(trip, part) for trip in trips]) for part in ("translated", "returned"))
    return Eight(
        made=png_url(sheet([made])),
        back=png_url(sheet([back])),
        found=places(back, side, range(first, first + ROW)),
        spread=counterparts.spread(made) / counterparts.spread(given),
    )


@call
def many(args: list[Any]) -> Many:
    """[{knobs}] -> eight held-out emoji by the full loss and by the one that the knob `loss` names."""
    (knobs,) = values(args, 1)
    i, side, direction = asked(knobs)
    name = choice(field(knobs, "loss"), offered(), "loss")
    full, other = (eight(each, i - i % ROW, side, direction) for each in (FULL, name))
    told = [figures(each, direction) for each in (FULL, name)]
    return Many(full, other, *([each[key] for each in told] for key in ("found_back", "spread")))
