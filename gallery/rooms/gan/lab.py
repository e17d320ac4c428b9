"""The act "laboratory" of the GAN room: a GAN in the plane, trained live; and the museum of failures."""

from __future__ import annotations

from gallery.rooms.gan import lab_ask as asks
from gallery.rooms.gan import notebook
from gallery.rooms.gan.ask import LAST_SEED
from gallery.rooms.gan.lab_films import recorded
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, whole
from gallery.shell.source import Code
from gallery.widgets import training
from models.gan.vocabulary import PIECES

NAME = "laboratory"
KNOBS = {
    **{name: choice(*choices, act=NAME) for name, choices in asks.CHOICES.items()},
    "lab_seed": whole(0, 0, LAST_SEED, act=NAME),
    "piece": choice("none", *PIECES, act=NAME),
    "dstar": choice("off", "on", act=NAME),
}
TRIES = {
    "vanishing": "gan.piece.vanishing.name",
    "collapse": "gan.piece.collapse.name",
    "oscillation": "gan.piece.oscillation.name",
    "clipping": "gan.piece.clipping.name",
    "smoothing": "gan.piece.smoothing.name",
}
ACT = Act(
    NAME,
    formula=r"\max_G \min_D\; {-\log D(x)} - \log\bigl(1 - D(G(z))\bigr)",
    tries=tuple(Try(TRIES[name], {"piece": name}) for name in PIECES),
    code=(
        Code("models/gan/lab.py", "Lab.step_d"),
        Code("models/gan/lab.py", "Lab.step_g"),
        Code("models/plane/nets.py", "Perceptron.backward"),
        Code("models/plane/losses.py", "near_one"),
        Code("models/plane/measures.py", "told_apart"),
    ),
    notebook=notebook.laboratory,
)


class Bench(training.Bench):
    """The plane in which a GAN is trained, and a pad where one draws a target."""

    kind = "gan-lab"

    def __init__(self, room: str) -> None:
        calls = {"begin": asks.begin, "more": asks.more, "piece": asks.piece, "recorded": recorded}
        super().__init__(room, [*asks.CHOICES, "lab_seed"], "piece", calls)


class Readings(training.Beside):
    """The numbers of the laboratory and its museum's card."""

    kind = "gan-lab_side"


def build(frame: Frame) -> None:
    """The plane in the middle, its numbers on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            Bench(room)
        with frame.outcome():
            Readings(room, "piece")
