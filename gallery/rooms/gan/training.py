"""The act "training" of the GAN room: two generators learning from the same pictures, and which of them is ours."""

from __future__ import annotations

from gallery.rooms.gan import notebook
from gallery.rooms.gan import training_ask as asks
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import Knob, choice, whole
from gallery.shell.source import Code
from gallery.widgets import Film, Picture, Sheet
from gallery.widgets.learning import Learning

KNOBS = {
    "ours": Knob("b", "choice", choices=asks.ROWS, act="training"),
    "guess": choice("none", *asks.ROWS, act="training"),
    "curves": choice("frechet", "losses", act="training"),
    "mark": whole(500_000, 0, 500_000, act="training"),
}
ACT = Act(
    "training",
    formula=(
        r"\begin{gathered} \min_G \max_D \;\mathbb{E}_x \log D(x) \\"
        r"{} + \mathbb{E}_z \log\bigl(1 - D(G(z))\bigr) \end{gathered}"
    ),
    tries=(
        Try("gan.training.try.play", {"mark": 0}, emit="training.play"),
        Try("gan.training.try.early", {"mark": 10_000}),
        Try("gan.training.try.again", {}, emit="training.again"),
    ),
    code=(
        Code("training/gan/steps.py", "discriminator_loss"),
        Code("training/gan/steps.py", "generator_share"),
        Code("training/gan/steps.py", "r1_penalty"),
        Code("training/gan/dcgan.py", "Reference.step"),
    ),
    cards=("gan-faces",),
    notebook=notebook.training,
)


class Training(Learning):
    """The question, and once it is answered both Frechet curves, or the losses where they were recorded."""

    kind = "gan-training"


def build(frame: Frame) -> None:
    """Both generators' pictures in the middle, the question on the right, the film of their training below."""
    room = frame.room
    with frame.act("training"):
        with frame.stage():
            rows = [Sheet(row, "gan.training.alt", f"@name_{row}") for row in asks.ROWS]
            Picture(room, ["training.shown"], sheets=rows, enlarge=2, save=False, elem_classes="v-gan-rows")
        with frame.outcome():
            Training(room, KNOBS, asks.film)
        with frame.film():
            names = {"name": "gan.training.film", "names": ["gan.training.row.a", "gan.training.row.b"]}
            Film(room, id="training", knob="mark", mode="once", fps=1.5, fit="contain", **names)  # type: ignore[arg-type]
