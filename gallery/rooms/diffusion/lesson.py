"""Training a score while the visitor looks on: pulled a moment at a time, a few visitors at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gallery.rooms.diffusion import score_ask as plane
from gallery.shell.calls import Answer
from gallery.shell.later import later
from gallery.shell.places import Places
from gallery.shell.pulls import FIRST, MOMENT, Pulls
from gallery.shell.waits import waits
from gallery.widgets.answers import numbers_text
from gallery.widgets.training import LONGEST, MOST

if TYPE_CHECKING:
    from models.diffusion import score
    from models.diffusion import score_learning as learning
    from models.diffusion import score_views as views
else:
    score = later("models.diffusion.score")
    learning = later("models.diffusion.score_learning")
    views = later("models.diffusion.score_views")

SILENT = 5.0
"""Seconds after which a training that nobody asks for gives its place away."""
places = Places(MOST, SILENT, LONGEST)
pulls: Pulls[learning.Training] = Pulls(forgotten=5400.0, left=places.leave)
"""What was trained is asked again whenever a knob moves: it lasts a lecture."""


def begin(exact: score.Exact, seed: int, t: int) -> Answer:
    """Start a training: a token, and its first moment."""
    token = pulls.put(learning.Training(exact, seed=seed))
    return {"token": token, **moment(token, FIRST, t)}


def more(token: object, t: int) -> Answer:
    """Go on for a moment. Raises Refusal where the training is gone."""
    return moment(token, MOMENT, t)


def moment(token: object, seconds: float, t: int) -> Answer:
    """Train for that long: how far it is, and what is learned at t; or its turn, where all places are taken."""
    with pulls.turn(token) as training:
        if turn := places.ask(str(token)):
            return {"turn": turn, "done": False}
        with waits.moment():
            training.go_on(seconds)
        steps, figure = training.errors[-1]
        if training.done:
            places.leave(str(token))
        return {
            "taken": steps,
            "steps": training.steps,
            "done": training.done,
            "seconds": training.seconds,
            "loss": training.state.loss,
            "figure": figure,
            "time": t,
            **seen(training, [t]),
        }


def seen(training: learning.Training, times: list[int]) -> Answer:
    """The learned score and its difference from the exact one, at each of the times."""
    exact, network = training.exact, training.network
    return {
        "cells": plane.ARROWS,
        "arrows": numbers_text(views.fields(exact, times, plane.ARROWS, network)),
        "fine": plane.CELLS,
        "difference": numbers_text(views.differences(exact, network, times, plane.CELLS)),
    }


def learned(token: object, way: str, seed: int) -> Answer:
    """What a training that ended or was stopped has learned: at every t, and the paths that follow it."""
    with pulls.turn(token, whole=True) as training:
        places.leave(str(token))
        paths = score.drift(training.exact, way, plane.COUNT, seed, training.network.predict)
        return {**seen(training, plane.TIMES), "paths": plane.told(paths), "way": way, "seed": seed}
