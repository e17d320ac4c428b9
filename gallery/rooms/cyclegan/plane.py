"""The act "plane" of the CycleGAN room: two clouds of points, translated into each other live; and its museum."""

from __future__ import annotations

from gallery.rooms.cyclegan import plane_ask as asks
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, whole
from gallery.shell.source import Code
from gallery.widgets import training
from gallery.widgets.base import Widget
from models.cyclegan.vocabulary import PIECES

NAME = "plane"
KNOBS = {
    **{name: choice(*choices, act=NAME) for name, choices in asks.CHOICES.items()},
    "plane_seed": whole(0, 0, asks.LAST_SEED, act=NAME),
    "plane_piece": choice("none", *PIECES, act=NAME),
}
TRIES = {
    "nocycle": "cyclegan.piece.nocycle.name",
    "lambda": "cyclegan.piece.lambda.name",
    "noidentity": "cyclegan.piece.noidentity.name",
    "hidden": "cyclegan.piece.hidden.name",
}
TWO = {"cloud_x": "moons", "cloud_y": "moons", "plane_piece": "none", "lambda_identity": "0", "lambda_cycle": "1"}
ACT = Act(
    NAME,
    formula=r"\lambda\,\bigl(\mathbb{E}\,|F(G(x)) - x| + \mathbb{E}\,|G(F(y)) - y|\bigr)",
    tries=(
        Try("cyclegan.plane.try.two", TWO | {"plane_seed": 0}),
        *(Try(TRIES[name], {"plane_piece": name}) for name in PIECES),
    ),
    code=(
        Code("models/cyclegan/plane.py", "Plane.step_d"),
        Code("models/cyclegan/plane.py", "Plane.step_g"),
        Code("models/plane/nets.py", "Perceptron.backward"),
        Code("models/plane/measures.py", "wasserstein"),
    ),
)


class Bench(Widget):
    """Two squares of the plane in which a CycleGAN is trained, and what starts, steps and sets it."""

    kind = "cyclegan-plane"
    EMITS = ("lab.seen", "lab.run", "lab.piece")
    TAKES = ("lab.start", "lab.show", "lab.recording")
    KNOBS = ("{fresh}", "plane_piece")

    def __init__(self, room: str) -> None:
        props = {
            "room": room,
            "fresh": [*asks.CHOICES, "plane_seed"],
            "reach": 2.5,
            "most": training.MOST_POINTS,
            "piece": "plane_piece",
        }
        super().__init__(props, {"begin": asks.begin, "more": asks.more, "piece": asks.piece, "noise": asks.noise})


class Readings(Widget):
    """The numbers of a training with their curves, and the card of a piece of the museum."""

    kind = "cyclegan-plane_side"
    EMITS = ("lab.start", "lab.show", "lab.recording")
    HEARS = ("lab.seen", "lab.run", "lab.piece")
    KNOBS = ("plane_piece",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room})


def build(frame: Frame) -> None:
    """Both squares in the middle, the numbers on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            Bench(room)
        with frame.outcome():
            Readings(room)
