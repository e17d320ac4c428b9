"""The act "line" of the flow room: the theorem of the change of variables, with the lecture's numbers."""

from __future__ import annotations

from gallery.rooms.flow import line_ask as asks
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, real
from gallery.shell.source import Code
from gallery.widgets.base import Widget

NAME = "line"
KNOBS = {
    "form": choice(*asks.FORMS, act=NAME),
    "a": real(0.5, -asks.STEEPEST, asks.STEEPEST, digits=3, act=NAME),
    "b": real(-2.5, -asks.HIGHEST, asks.HIGHEST, digits=3, act=NAME),
    "at": real(3.5, asks.LEFT, asks.RIGHT, digits=2, act=NAME),
}
ACT = Act(
    NAME,
    formula=r"p_x(x) = p_z\bigl(f(x)\bigr)\,\bigl|f'(x)\bigr|",
    tries=(
        Try("flow.line.try.steep", {"form": "affine", "a": 1, "b": -5}),
        Try("flow.line.try.mirror", {"form": "affine", "a": -0.5, "b": 2.5}),
    ),
    code=(
        Code("models/flow/line.py", "log_density"),
        Code("models/flow/line.py", "Line.forward"),
    ),
)


class Line(Widget):
    """f between its two densities, and an interval whose area stays the same on both sides."""

    kind = "flow-line"
    EMITS = ("line.seen",)
    KNOBS = ("form", "a", "b", "at")

    def __init__(self, room: str) -> None:
        shown = {"left": asks.LEFT, "right": asks.RIGHT, "top": asks.TOP, "wide": asks.WIDE}
        super().__init__({"room": room, **shown}, {"look": asks.look})


class Beside(Widget):
    """The formula with today's numbers, and both areas."""

    kind = "flow-line_side"
    HEARS = ("line.seen",)
    KNOBS = ("form", "a", "b")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room})


def build(frame: Frame) -> None:
    """The picture in the middle, its numbers on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            Line(room)
        with frame.outcome():
            Beside(room)
