"""What a lecturer does first in each act of the diffusion room."""

from __future__ import annotations

from gallery.rooms.diffusion import edit_ask, forward, lanes, reverse, score
from gallery.shell.trials import Trial, Trying


def backward(act: Trying) -> None:
    """A whole film from noise to a face."""
    act.ask(reverse.curves, act.knobs, None)
    act.pull(reverse.more, act.ask(reverse.begin, act.knobs))


def noised(act: Trying) -> None:
    """A face under noise, the schedules, and their film."""
    face = act.ask(forward.samples)["samples"][0]["image"]
    act.ask(forward.curves, act.knobs, None)
    act.ask(forward.noise, act.knobs, {"face": face})
    act.ask(forward.film, act.knobs, {"face": face})


def race(act: Trying) -> None:
    """The race of few steps."""
    quick = {"lanes": "2", "n1": 10, "n2": 10}
    act.pull(lanes.more, act.ask(lanes.begin, act.knobs | quick))


def edit(act: Trying) -> None:
    """A face noised and brought back."""
    face = act.ask(edit_ask.samples)["samples"][0]["image"]
    act.pull(edit_ask.more, act.ask(edit_ask.begin, act.knobs, {"face": face, "face2": None, "hole": None}))


def scored(act: Trying) -> None:
    """The score of a density, particles, and the first steps of a training."""
    act.ask(score.field, act.knobs, None)
    act.ask(score.paths, act.knobs, None)
    act.ask(score.begin, act.knobs, None)


TRIALS: dict[str, Trial] = {"reverse": backward, "forward": noised, "lanes": race, "edit": edit, "score": scored}
