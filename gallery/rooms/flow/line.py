"""The act "line" of the flow room: the theorem of the change of variables, with the lecture's numbers."""

from __future__ import annotations

from gallery.rooms.flow import line_ask as asks
from gallery.rooms.flow import line_fit_ask as fits
from gallery.rooms.flow import notebook
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real
from gallery.shell.markup import segments
from gallery.shell.source import Code
from gallery.widgets.base import Widget
from gallery.widgets.training import WAIT
from models.flow.vocabulary import FORMS

NAME = "line"
ANSWERS = ("a", "b", "c")
TRUE = "a"
"""Where f is steep, p_x is high."""


def knots(*places: tuple[float, float]) -> dict[str, float]:
    """Places (x, z) of the knots, as knobs."""
    return {f"{axis}{k}": v for k, place in enumerate(places, 1) for axis, v in zip("xz", place, strict=True)}


def _knot(name: str, default: float) -> Knob:
    low, high = (asks.FIRST, asks.LAST) if name[0] == "x" else (-asks.DEEP, asks.DEEP)
    return real(default, low, high, digits=2, act=NAME)


KNOBS = {
    "form": choice(*FORMS, act=NAME),
    "a": real(0.5, -asks.STEEPEST, asks.STEEPEST, digits=3, act=NAME),
    "b": real(-2.5, -asks.HIGHEST, asks.HIGHEST, digits=3, act=NAME),
    "at": real(3.5, asks.LEFT, asks.RIGHT, digits=2, act=NAME),
    **{name: _knot(name, value) for name, value in knots(*asks.KNOTS).items()},
    "sample": choice(*fits.CHOICES, act=NAME),
    "guess": choice("none", *ANSWERS, act=NAME),
}
STEEP = knots((2.0, -0.9), (3.5, -0.6), (5.0, 0.0), (5.3, 1.4), (7.4, 1.9))
FORM_WORDS = [(form, f"flow.line.form.{form}") for form in FORMS]
ACT = Act(
    NAME,
    formula=r"p_x(x) = p_z\bigl(f(x)\bigr)\,\bigl|f'(x)\bigr|",
    tries=(
        Try("flow.line.try.lecture", {"form": "affine", "a": 0.5, "b": -2.5, "at": 3.5}, emit="line.fall"),
        Try("flow.line.try.mirror", {"form": "affine", "a": -0.5, "b": 2.5, "at": 3.5}),
        Try("flow.line.try.bend", {"form": "spline", **STEEP, "at": 5.3}),
        Try("flow.line.try.fit", {"form": "fit", "sample": "bumps"}, emit="line.learn"),
    ),
    code=(
        Code("models/flow/line.py", "log_density"),
        Code("models/flow/line.py", "area_x"),
        Code("models/flow/line.py", "area_z"),
        Code("models/flow/line.py", "through"),
        Code("models/flow/line_fit.py", "Fit.step"),
    ),
    notebook=notebook.line,
)


class Line(Widget):
    """f between its two densities, points that fall through it, and an interval whose area is the same on both axes."""

    kind = "flow-line"
    EMITS = ("line.seen", "line.drawn")
    HEARS = ("line.fit",)
    TAKES = ("line.fall", "line.clear")
    KNOBS = ("form", "a", "b", "at", "sample")

    def __init__(self, room: str) -> None:
        box = {"left": asks.LEFT, "right": asks.RIGHT, "top": asks.TOP, "wide": asks.WIDE, "steepest": asks.STEEPEST}
        knot = {"knots": len(asks.KNOTS), "first": asks.FIRST, "last": asks.LAST, "deep": asks.DEEP, "near": asks.NEAR}
        drawing = {"most": fits.MOST, "low": fits.LOW, "high": fits.HIGH}
        super().__init__({"room": room, **box, **knot, **drawing}, {"look": asks.look}, knobs=list(knots(*asks.KNOTS)))


class Beside(Widget):
    """The formula with today's numbers, both areas, a question; or the fit to a sample."""

    kind = "flow-line_side"
    EMITS = ("line.fit", "line.clear")
    HEARS = ("line.seen", "line.drawn")
    TAKES = ("line.learn",)
    KNOBS = ("form", "a", "b", "sample", "guess")

    def __init__(self, room: str) -> None:
        props = {
            "room": room,
            "right": TRUE,
            "samples": list(fits.CHOICES),
            "least": fits.FEWEST,
            "most": fits.MOST,
            **WAIT,
        }
        super().__init__(props, {"begin": fits.begin, "more": fits.more})


def build(frame: Frame) -> None:
    """The picture in the middle, its numbers on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            static(segments("form", FORM_WORDS, "flow.line.form.label"))
            Line(room)
        with frame.outcome():
            Beside(room)
