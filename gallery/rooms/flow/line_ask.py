"""What the act "line" asks of the models: curves, densities and areas as small arrays for the browser."""

from __future__ import annotations

from dataclasses import dataclass
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
STEEPEST, HIGHEST = 2.0, 5.0
"""Bounds of a and of b."""
WIDE = 1.0
"""Of the interval on x."""
CELLS = 281
"""Points of a curve, evenly over x."""
DOTS = 160
"""Points that fall through f."""


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
    slope = number(a, -STEEPEST, STEEPEST, "a")
    if slope == 0:
        raise Refusal("flow.line.flat")
    return line.Line(slope, number(b, -HIGHEST, HIGHEST, "b"))


def function_of(knobs: object) -> line.Function:
    """f as the knobs say. Raises Refusal."""
    choice(field(knobs, "form"), FORMS, "form")
    return line_of(field(knobs, "a"), field(knobs, "b"))


@call
def look(args: list[Any]) -> Seen:
    """[{knobs}] -> f, p_x, the points that fall, and both areas of the interval."""
    (knobs,) = values(args, 1)
    f = function_of(knobs)
    at = number(field(knobs, "at"), LEFT, RIGHT, "at")
    low, high = at - WIDE / 2, at + WIDE / 2
    curve, dots = line.curve(f, LEFT, RIGHT, CELLS), line.dots(f, DOTS)
    return Seen(
        z=numbers_text(curve.z.float().numpy()),
        p=numbers_text(curve.p.float().numpy()),
        dots_z=numbers_text(dots[0].float().numpy()),
        dots_x=numbers_text(dots[1].float().numpy()),
        ends=line.ends(f, low, high),
        area_x=line.area_x(f, low, high),
        area_z=line.area_z(f, low, high),
        here=line.terms(f, at),
    )
