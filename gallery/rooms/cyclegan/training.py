"""The act "training" of the CycleGAN room: pictures there and back while it learns, and which loss does not fall."""

from __future__ import annotations

from gallery.rooms.cyclegan import notebook
from gallery.rooms.cyclegan import training_ask as asks
from gallery.shell.frame import Act, Frame, Try, lacking
from gallery.shell.knobs import choice, whole
from gallery.shell.source import Code
from gallery.widgets import Film, Picture, Sheet
from gallery.widgets.learning import Learning
from models.cyclegan.vocabulary import FILMED, ROWS, TERMS

NAME = "training"
MOST = 800_000
"""Pairs seen at the last frame that a film can have."""
KNOBS = {
    "filmed": choice(*FILMED, act=NAME),
    "term": choice("none", *TERMS, act=NAME),
    "pairs_seen": whole(MOST, 0, MOST, act=NAME),
}
ALTS = {
    "x": "cyclegan.training.alt.x",
    "gx": "cyclegan.training.alt.gx",
    "fgx": "cyclegan.training.alt.fgx",
    "y": "cyclegan.training.alt.y",
    "fy": "cyclegan.training.alt.fy",
    "gfy": "cyclegan.training.alt.gfy",
}
ACT = Act(
    NAME,
    formula=r"L = L_{adv} + \lambda_c L_{cyc} + \lambda_i L_{id}",
    tries=(
        Try("cyclegan.training.try.play", {"pairs_seen": 0}, emit="training.play"),
        Try("cyclegan.training.try.early", {"filmed": "smile", "pairs_seen": 2_000}),
        Try("cyclegan.training.try.again", {}, emit="training.again"),
    ),
    code=(
        Code("training/cyclegan/recipe.py", "Trainer.translate"),
        Code("training/cyclegan/recipe.py", "Trainer.judge"),
        Code("training/cyclegan/losses.py", "generator_loss"),
        Code("training/cyclegan/losses.py", "discriminator_loss"),
    ),
    cards=tuple(card for card in (f"cyclegan-{pair}" for pair in FILMED) if not lacking(card)),
    notebook=notebook.training,
)


class Training(Learning):
    """The choice of a pair, the question, and the losses once it is answered."""

    kind = "cyclegan-training"


def build(frame: Frame) -> None:
    """Six rows of pictures in the middle, the question on the right, the film below."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            rows = [Sheet(row, ALTS[row], f"@name_{row}") for row in ROWS]
            Picture(room, ["training.shown"], sheets=rows, enlarge=2, save=False, elem_classes="v-cyclegan-rows")
        with frame.outcome():
            Training(room, KNOBS, asks.film)
        with frame.film():
            name = "cyclegan.training.film"
            Film(room, id="training", knob="pairs_seen", mode="once", fps=1.5, fit="contain", name=name)
