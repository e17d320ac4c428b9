"""The act "plane" of the CycleGAN room: two clouds of points, translated into each other live; and its museum."""

from __future__ import annotations

from gallery.rooms.cyclegan import notebook
from gallery.rooms.cyclegan import plane_ask as asks
from gallery.rooms.cyclegan.plane_films import recorded
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, whole
from gallery.shell.source import Code
from gallery.widgets import training
from models.cyclegan.vocabulary import PIECES

NAME = "plane"
DRAWN = 2.5
"""How far out points may be drawn: within what is shown."""
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
    formula=r"|F(G(x)) - x| + |G(F(y)) - y|",
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
    notebook=notebook.plane,
)


class Bench(training.Bench):
    """Two squares of the plane in which a CycleGAN is trained; on the second one draws a cloud."""

    kind = "cyclegan-plane"

    def __init__(self, room: str) -> None:
        calls = {"begin": asks.begin, "more": asks.more, "piece": asks.piece, "noise": asks.noise, "recorded": recorded}
        super().__init__(room, [*asks.CHOICES, "plane_seed"], "plane_piece", calls, reach=DRAWN)


class Readings(training.Beside):
    """The numbers of the plane and its museum's card."""

    kind = "cyclegan-plane_side"


def build(frame: Frame) -> None:
    """Both squares in the middle, the numbers on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            Bench(room)
        with frame.outcome():
            Readings(room, "plane_piece")
