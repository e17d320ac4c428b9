"""The act "plane" of the flow room: coupling layers one by one, flows that are trained live, and their museum."""

from __future__ import annotations

from typing import ClassVar

from gallery.rooms.flow import notebook
from gallery.rooms.flow import plane_ask as asks
from gallery.rooms.flow import plane_own as own
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, real, whole
from gallery.shell.source import Code
from gallery.widgets import Film, training
from models.flow.vocabulary import GROUNDS, PIECES, WAYS

NAME = "plane"
KNOBS = {
    **{name: choice(*choices, act=NAME) for name, choices in asks.CHOICES.items()},
    "flow_seed": whole(0, 0, asks.LAST_SEED, act=NAME),
    "flow_mixture": own.KNOB,
    "flow_piece": choice("none", *PIECES, act=NAME),
    "flow_layer": whole(0, 0, asks.MOST_LAYERS, act=NAME),
    "flow_way": choice(*WAYS, act=NAME),
    "flow_ground": choice(*GROUNDS, act=NAME),
    "flow_net": choice("off", "on", act=NAME),
    "flow_u": real(0.6, -asks.REACH, asks.REACH, digits=3, act=NAME),
    "flow_v": real(-0.9, -asks.REACH, asks.REACH, digits=3, act=NAME),
}
FRESH = [*asks.CHOICES, "flow_seed"]
SHIPPED = {"flow_depth": "12", "flow_width": "16", "flow_masks": "alternate", "flow_points": "0", "flow_bound": "4.5"}
TRIES = {
    "layers": "flow.piece.layers.name",
    "masks": "flow.piece.masks.name",
    "parts": "flow.piece.parts.name",
    "tails": "flow.piece.tails.name",
    "copies": "flow.piece.copies.name",
    "volume": "flow.piece.volume.name",
}
FINISHED = SHIPPED | {"flow_model": "realnvp", "flow_target": "moons", "flow_seed": 0, "flow_piece": "none"}
ACT = Act(
    NAME,
    formula={
        "v-flow-of v-flow-of-realnvp": r"z_1 = x_1, \quad z_2 = x_2\,e^{s(x_1)} + t(x_1)",
        "v-flow-of v-flow-of-nice": r"z_1 = x_1, \quad z_2 = x_2 + t(x_1)",
        "v-flow-of v-flow-of-spline": r"z_1 = x_1, \quad z_2 = \mathrm{spline}_{\theta(x_1)}(x_2)",
        "v-flow-of v-flow-of-matching": r"\tfrac{dx_t}{dt} = v(x_t, t)",
    },
    tries=(
        Try("flow.plane.try.layers", FINISHED | {"flow_layer": 0}, emit="layers.play"),
        Try("flow.plane.try.stretch", FINISHED | {"flow_ground": "stretch", "flow_layer": 2}),
        *(Try(TRIES[name], {"flow_piece": name}) for name in PIECES),
        Try("flow.plane.try.mixture", {"flow_piece": "none", "flow_target": "mixture", "flow_layer": 0}),
    ),
    code=(
        Code("models/flow/coupling.py", "AffineCoupling"),
        Code("models/flow/flow.py", "Flow.forward"),
        Code("models/flow/density.py", "Bijection.log_density"),
        Code("models/flow/layers.py", "Layers.way"),
        Code("models/flow/plane_training.py", "Run.step"),
    ),
    cards=("flow-2d",),
    notebook=notebook.plane,
)


class Bench(training.Bench):
    """The plane: a flow that ships or one that is trained, at the layer of the film, and the point under the mouse."""

    kind = "flow-plane"
    EMITS: ClassVar[tuple[str, ...]] = (*training.Bench.EMITS, "film", "layers.seen", "layers.point", "layers.clouds")
    KNOBS: ClassVar[tuple[str, ...]] = (
        *training.Bench.KNOBS,
        "flow_layer",
        "flow_way",
        "flow_ground",
        "flow_net",
        "flow_u",
        "flow_v",
        "flow_mixture",
    )

    def __init__(self, room: str) -> None:
        calls = {"look": asks.look, "layer": asks.layer, "point": asks.point, "begin": asks.begin, "more": asks.more}
        super().__init__(room, FRESH, "flow_piece", calls | {"piece": asks.piece, "aim": own.aim}, reach=own.DRAWN)


class Beside(training.Beside):
    """What is shown; data and samples; the point's formula; the numbers of a training."""

    kind = "flow-plane_side"
    HEARS: ClassVar[tuple[str, ...]] = ("lab.seen", "lab.run", "layers.seen", "layers.point", "layers.clouds")
    KNOBS: ClassVar[tuple[str, ...]] = ("flow_way", "flow_ground", "flow_net", "flow_layer")

    def __init__(self, room: str) -> None:
        super().__init__(room, "flow_piece")


def build(frame: Frame) -> None:
    """The plane in the middle, what it means on the right, its layers along the bottom."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            Bench(room)
        with frame.outcome():
            Beside(room)
        with frame.film():
            Film(room, id="layers", knob="flow_layer", mode="once", fps=5, fit="contain", name="flow.plane.film")
