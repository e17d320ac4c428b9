"""The act "losses" of the CycleGAN room: the emoji pair without the cycle, without identity, without patches."""

from __future__ import annotations

from gallery.rooms.cyclegan import losses_ask as asks
from gallery.rooms.cyclegan import notebook
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, whole
from gallery.shell.markup import segments
from gallery.shell.source import Code
from gallery.widgets.base import Widget
from models.cyclegan.vocabulary import LOSSES, MUCH, POINTS, QUESTIONS, SHOWN, WAYS

NAME = "losses"
ANSWERS = ("a", "b", "c", "shown")
"""Of a question; the last one reveals without an answer."""
KNOBS = {
    "emoji": whole(31, 0, SHOWN - 1, act=NAME),
    "loss_way": choice(*WAYS, act=NAME),
    "loss": choice(*LOSSES, act=NAME),
    "loss_view": choice("one", "eight", act=NAME),
    **{f"said_{name}": choice("none", *ANSWERS, act=NAME) for name in LOSSES},
}
WORDS = {
    "nocycle": "cyclegan.losses.net.nocycle",
    "noidentity": "cyclegan.losses.net.noidentity",
    "whole": "cyclegan.losses.net.whole",
}
WAY_WORDS = [("a2b", "=Noto → Twemoji"), ("b2a", "=Twemoji → Noto")]
VIEW_WORDS = [("one", "cyclegan.losses.view.one"), ("eight", "cyclegan.losses.view.eight")]
ACT = Act(
    NAME,
    formula=r"\mathcal{L}_\text{GAN} + \lambda\,\mathcal{L}_\text{cyc} + \tfrac{\lambda}{2}\,\mathcal{L}_\text{id}",
    tries=(
        *(Try(WORDS[name], {"loss": name, "loss_view": "one"}) for name in asks.offered()),
        Try("cyclegan.losses.try.eight", {"loss": "nocycle", "loss_view": "eight"}),
    ),
    code=(
        Code("training/cyclegan/recipe.py", "Trainer.translate"),
        Code("models/cyclegan/counterparts.py", "places"),
        Code("models/cyclegan/counterparts.py", "holds"),
    ),
    cards=tuple(f"cyclegan-{asks.pair_of(name)}" for name in (asks.FULL, *asks.offered())),
    notebook=notebook.losses,
)


class Losses(Widget):
    """One emoji by all networks, with the figures of each; or eight by two of them."""

    kind = "cyclegan-losses"
    EMITS = ("losses.told",)
    KNOBS = ("emoji", "loss_way", "loss", "loss_view", "{said}")

    def __init__(self, room: str) -> None:
        said = [f"said_{name}" for name in asks.offered()]
        super().__init__({"room": room, "said": said}, {"compare": asks.compare, "many": asks.many})


class Question(Widget):
    """What is lost without a term: three answers, and what the figures say."""

    kind = "cyclegan-losses_side"
    HEARS = ("losses.told",)
    KNOBS = ("loss", "{said}")

    def __init__(self, room: str) -> None:
        asked = {name: list(QUESTIONS[name]) for name in asks.offered()}
        rule = {"much": round(100 * (MUCH - 1)), "points": round(100 * POINTS)}
        super().__init__({"room": room, "said": [f"said_{name}" for name in asked], "asked": asked, "rule": rule})


def build(frame: Frame) -> None:
    """The pictures in the middle, what is left out and the question on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            static(segments("loss_view", VIEW_WORDS, "cyclegan.losses.view.label"))
            Losses(room)
        with frame.outcome():
            static(segments("loss_way", WAY_WORDS, "cyclegan.translate.way.label"))
            static(segments("loss", [(name, WORDS[name]) for name in asks.offered()], "cyclegan.losses.label"))
            Question(room)
