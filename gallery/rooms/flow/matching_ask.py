"""What the act "matching" asks of the models: a matched flow over time, its pairs, and the score's ODE beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gallery.rooms.flow.plane_ask import truth_of
from gallery.rooms.flow.plane_told import Shades
from gallery.shell.calls import call, choice, field, values
from gallery.shell.later import later
from gallery.widgets.answers import numbers_text
from models.flow.vocabulary import EULER, MATCHED, MOMENTS, PAIRINGS, PARTICLES, TARGETS

if TYPE_CHECKING:
    from models.diffusion import score
    from models.flow import matching_views as views
    from models.flow import pairings, plane_views
    from models.plane import toys
else:
    score = later("models.diffusion.score")
    views = later("models.flow.matching_views")
    pairings = later("models.flow.pairings")
    plane_views = later("models.flow.plane_views")
    toys = later("models.plane.toys")

CHOICES = {"match_on": TARGETS, "match_pairs": PAIRINGS, "match_steps": EULER, "match_show": MATCHED}
"""What each knob may be; the first is where it begins."""
LAST = PARTICLES - 1


@dataclass(frozen=True)
class Row:
    """What the card says of a pairing on the target. straightness: S. distances: by Euler's steps, the Wasserstein
    distance of samples to data over that of data to other data."""

    pairing: str
    straightness: float
    distances: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A matched flow. field: arrows (int8) on cells x cells at each of moments + 1 times; ways, beside: by Euler's
    steps, the states of all particles (int16 pairs) on the flow's way and on that of the score's ODE, whose angles are
    as told; apart: how far their ends lie from each other, on average; noise, paired: the pairs that are learned."""

    span: float
    count: int
    moments: int
    cells: int
    field: str
    ways: dict[str, str]
    beside: dict[str, str]
    angles: dict[str, list[float]]
    apart: dict[str, float]
    noise: str
    paired: str
    truth: Shades
    straightness: float
    rows: list[Row]
    parameters: int


def text_of(places: views.Places) -> str:
    """Places for the page."""
    return numbers_text(plane_views.packed(places).numpy())


@lru_cache(maxsize=8)
def beside(target: str) -> dict[str, views.Places]:
    """The probability-flow ODE by the exact score, from the same noise: (steps + 1, PARTICLES, 2) for each number of
    Euler's steps. Raises DeviceBusy."""
    exact, z = score.Exact(toys.target(target)), views.start().double()
    return {steps: score.in_turns(score.euler(exact, exact.schedule, int(steps), z)) for steps in EULER}


@lru_cache(maxsize=1)
def angles() -> dict[str, list[float]]:
    """The angles theta at which the states of `beside` stand, pi / 2 at the noise."""
    schedule = score.cosine()
    every = score.angles(schedule)
    return {steps: every[:: -(schedule.steps // int(steps))] for steps in EULER}


def rows(target: str) -> list[Row]:
    """What the card says."""
    quality = pairings.pairings().quality
    return [
        Row(
            each,
            float(quality[f"straightness_{each}_{target}"]),
            {steps: float(quality[f"transport_{each}_{target}_{steps}"]) for steps in sorted(EULER, key=int)},
        )
        for each in PAIRINGS
    ]


@lru_cache(maxsize=24)
def seen(target: str, pairing: str) -> Seen:
    """All of it. Raises WeightsError, DeviceBusy."""
    network = pairings.pairings()[pairing, target]
    ways, others = views.ways(pairing, target), beside(target)
    return Seen(
        span=plane_views.SPAN,
        count=PARTICLES,
        moments=MOMENTS,
        cells=views.ARROWS,
        field=numbers_text(views.arrows(network).numpy()),
        ways={steps: text_of(way) for steps, way in ways.items()},
        beside={steps: text_of(way) for steps, way in others.items()},
        angles=angles(),
        apart={steps: round(float((ways[steps][-1] - others[steps][-1]).norm(dim=1).mean()), 4) for steps in EULER},
        noise=text_of(views.start()),
        paired=text_of(views.partners(pairing, target)),
        truth=truth_of(target),
        straightness=pairings.straightness(views.finest(pairing, target)),
        rows=rows(target),
        parameters=sum(p.numel() for p in network.parameters()),
    )


@call
def look(args: list[Any]) -> Seen:
    """[{knobs}] -> the matched flow that the knobs name."""
    (knobs,) = values(args, 1)
    target, pairing = (choice(field(knobs, name), CHOICES[name], name) for name in ("match_on", "match_pairs"))
    return seen(target, pairing)
