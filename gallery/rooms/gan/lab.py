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
MINIMISED = {
    "nonsaturating": (r"{-\log D(x)} - \log(1 - D(\hat x))", r"{-\log D(\hat x)}"),
    "minimax": (r"{-\log D(x)} - \log(1 - D(\hat x))", r"\log(1 - D(\hat x))"),
    "leastsquares": (r"\tfrac12 (D(x) - 1)^2 + \tfrac12 D(\hat x)^2", r"\tfrac12 (D(\hat x) - 1)^2"),
    "wasserstein": (r"D(\hat x) - D(x), \;\; |\theta_D| \le c", r"{-D(\hat x)}"),
    "penalty": (r"D(\hat x) - D(x) \\ & {+}\, \lambda (\|\nabla D\| - 1)^2", r"{-D(\hat x)}"),
    "relativistic": (
        r"{-\log}\,\sigma(D(x) - D(\hat x)) \\ & {+}\, \tfrac\gamma2 (\|\nabla D(x)\|^2 + \|\nabla D(\hat x)\|^2)",
        r"{-\log}\,\sigma(D(\hat x) - D(x))",
    ),
}
"""What D and G make small, loss by loss; the means over x and over x-hat = G(z) are left out."""
ACT = Act(
    NAME,
    formula={
        f"v-lab-of v-lab-of-{name}": rf"\begin{{aligned}} D: {{}} & {d} \\ G: {{}} & {g} \end{{aligned}}"
        for name, (d, g) in MINIMISED.items()
    },
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
