"""What the act "score" asks of the models: densities, fields and paths as small arrays for the browser."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gallery.rooms.diffusion import ask
from gallery.shell.calls import Answer, Refusal, choice, field, number, values
from gallery.shell.later import later
from gallery.widgets.answers import numbers_text, strip
from models.diffusion.vocabulary import WAYS, T
from models.plane.vocabulary import TARGETS

if TYPE_CHECKING:
    from models.diffusion import score
    from models.diffusion import score_views as views
    from models.plane import toys
else:
    score = later("models.diffusion.score")
    views = later("models.diffusion.score_views")
    toys = later("models.plane.toys")

DENSITIES = (*TARGETS[:4], "drawn")
PATHS = ("both", "sde", "ode")
FIELDS = ("exact", "learned")
TIMES = list(range(0, T + 1, 10))
"""The t that are shown, a frame of the film for each."""
SIDE = 64
"""Cells along a side of the density that is shown; of arrows, and of the difference."""
ARROWS, CELLS = 17, 32
COUNT = 300
"""Particles."""
MOST_POINTS, REACH = 160, 3.0
"""Points of a drawing, and how far out they may lie."""


def points_of(points: object) -> tuple[tuple[float, float], ...]:
    """The points that a visitor drew. Raises Refusal for none, too many, and anything else."""
    if not isinstance(points, list) or not 1 <= len(points) <= MOST_POINTS:
        raise Refusal("diffusion.score.points", most=MOST_POINTS)
    pairs = [values(point, 2) for point in points]
    return tuple((number(x, -REACH, REACH, "x"), number(y, -REACH, REACH, "y")) for x, y in pairs)


def asked(args: list[Any]) -> tuple[str, tuple[tuple[float, float], ...]]:
    """[{knobs}, points | None] -> the density's name, and its points where it was drawn. Raises Refusal."""
    knobs, points = values(args, 2)
    name = choice(field(knobs, "density"), DENSITIES, "density")
    return name, points_of(points) if name == "drawn" else ()


def exact_of(name: str, points: tuple[tuple[float, float], ...]) -> score.Exact:
    """p_t and its score."""
    return score.Exact(toys.drawn(points) if name == "drawn" else toys.target(name))


@lru_cache(maxsize=16)
def field_of(name: str, points: tuple[tuple[float, float], ...]) -> Answer:
    """Density, arrows and SNR at every t that is shown; at t = 0 the SNR is infinite: None."""
    exact = exact_of(name, points)
    cells = [each[..., None] for each in views.densities(exact, TIMES, SIDE)]
    noise = [round(exact.schedule.snr[time].item(), 6) if time else None for time in TIMES]
    return {
        "times": TIMES,
        "snr": noise,
        "side": SIDE,
        "density": strip(cells, quality=ask.QUALITY).sprite,
        "cells": ARROWS,
        "arrows": numbers_text(views.fields(exact, TIMES, ARROWS)),
        "span": views.SPAN,
    }


@lru_cache(maxsize=32)
def paths_of(name: str, points: tuple[tuple[float, float], ...], way: str, seed: int) -> Answer:
    """The particles' paths, by the exact score."""
    return told(score.drift(exact_of(name, points), way, COUNT, seed))


def told(paths: score.Paths) -> Answer:
    """Paths for the browser, in the order in which time runs."""
    sde, ode = views.packed(paths)
    both = {"sde": numbers_text(sde), "ode": numbers_text(ode)}
    return {"times": paths.times, "count": COUNT, **both, "span": views.SPAN}


def time_of(knobs: object) -> int:
    """The t that is shown. Raises Refusal."""
    return int(number(field(knobs, "time"), 0, T, "time"))


def way_of(knobs: object) -> str:
    """Which way time runs. Raises Refusal."""
    return choice(field(knobs, "way"), WAYS, "way")
