"""What a lecturer does first in each act of the CycleGAN room."""

from __future__ import annotations

from gallery.rooms.cyclegan import losses_ask, plane_ask, training_ask, translate_ask, ways_ask
from gallery.shell.trials import Trial, Trying


def translate(act: Trying) -> None:
    """A picture translated by each pair, and a smile in three ways."""
    for pair, sample in (("monet", "collins"), ("emoji", "noto1"), ("smile", "1")):
        act.ask(translate_ask.travel, act.knobs | {"pair": pair}, {"face": None, "sample": sample})
    face = act.ask(ways_ask.cut, {"face": None, "sample": "1"})["face"]
    act.ask(ways_ask.compare, act.knobs, {"face": face, "code": None})


def losses(act: Trying) -> None:
    """One emoji by every network that is offered."""
    act.ask(losses_ask.compare, act.knobs)


def training(act: Trying) -> None:
    """The film of a pair."""
    act.ask(training_ask.film, act.knobs)


def plane(act: Trying) -> None:
    """A pair of steps of a CycleGAN of points."""
    token = act.ask(plane_ask.begin, act.knobs, None)["token"]
    act.ask(plane_ask.more, token, "both", 1, act.knobs)


TRIALS: dict[str, Trial] = {"translate": translate, "losses": losses, "training": training, "plane": plane}
