"""What the act "line" asks of the models: curves, densities and areas as small arrays for the browser."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Refusal, call, choice, field, number, values
from gallery.shell.later import later
from gallery.widgets.answers import numbers_text
from models.flow.vocabulary import FORMS

if TYPE_CHECKING:
    from models.flow import line
else:
    line = later("models.flow.line")

LEFT, RIGHT, TOP = -2.0, 12.0, 4.0
"""What is seen: x from LEFT to RIGHT, z from -TOP to TOP."""
STEEPEST, HIGHEST = 2.0, 24.0
"""Bounds of a and of b: -b / a, the mean of x, stays in sight whatever a is."""
FIRST, LAST, DEEP, NEAR = -0.9, 10.9, 2.95, 0.05
"""Knots lie within x = FIRST ... LAST and z = -DEEP ... DEEP, and are at least NEAR apart in both."""
KNOTS = ((1.7, -1.65), (4.12, -0.08), (5.0, 0.0), (5.88, 0.08), (8.3, 1.65))
"""Where they begin: two bumps."""
WIDE = 1.0
"""Of the interval on x."""
CELLS, DOTS = 281, 160
"""Points of a curve, evenly over x, and points that fall through f."""


@dataclass(frozen=True)
class Seen:
    """f and p_x over the axis x, float32 as base64; dots: z and their x; ends: f at both ends of the interval; area_x,
    area_z: of the interval under p_x and of its image under p_z; here: f, p_z(f), |f'| and p_x at its middle."""

    z: str
    p: str
    dots_z: str
    dots_x: str
    ends: tuple[float, float]
    area_x: float
    area_z: float
    here: tuple[float, float, float, float]


def line_of(a: object, b: object) -> line.Line:
    """z = a x + b. Raises Refusal for a = 0, which has no inverse, and for what is out of bounds."""
    slope, height = number(a, -STEEPEST, STEEPEST, "a"), number(b, -HIGHEST, HIGHEST, "b")
    if slope == 0:
        raise Refusal("flow.line.flat")
    return line.Line(slope, height)


def bent_of(knobs: object) -> line.Bent:
    """The spline through the five knots. Raises Refusal where they do not increase."""
    knots = [
        (number(field(knobs, f"x{k}"), FIRST, LAST, f"x{k}"), number(field(knobs, f"z{k}"), -DEEP, DEEP, f"z{k}"))
        for k in range(1, len(KNOTS) + 1)
    ]
    if any(x >= next_x or z >= next_z for (x, z), (next_x, next_z) in pairwise(knots)):
        raise Refusal("flow.line.order")
    return line.Bent.at(knots)


def function_of(knobs: object) -> line.Function:
    """f as the knobs say. Raises Refusal."""
    form = choice(field(knobs, "form"), FORMS[:2], "form")
    return bent_of(knobs) if form == "spline" else line_of(field(knobs, "a"), field(knobs, "b"))


def shown(f: line.Function) -> dict[str, str]:
    """f, p_x and the points that fall, for the browser."""
    curve, (dots_z, dots_x) = line.curve(f, LEFT, RIGHT, CELLS), line.dots(f, DOTS)
    parts = {"z": curve.z, "p": curve.p, "dots_z": dots_z, "dots_x": dots_x}
    return {name: numbers_text(part.float().numpy()) for name, part in parts.items()}


@call
def look(args: list[Any]) -> Seen:
    """[{knobs}] -> f, p_x, the points that fall, and both areas of the interval."""
    (knobs,) = values(args, 1)
    f = function_of(knobs)
    at = number(field(knobs, "at"), LEFT, RIGHT, "at")
    low, high = at - WIDE / 2, at + WIDE / 2
    (first, *_), here, (last, *_) = line.terms(f, [low, at, high])
    return Seen(
        **shown(f),
        ends=(first, last),
        area_x=line.area_x(f, low, high),
        area_z=line.area_z(first, last),
        here=here,
    )
