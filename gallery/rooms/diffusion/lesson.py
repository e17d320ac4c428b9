"""Training a score while the visitor looks on: pulled a moment at a time, a few visitors at once."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from gallery.rooms.diffusion import score_ask as plane
from gallery.shell.calls import Answer, Refusal
from gallery.shell.later import later
from gallery.shell.pulls import FIRST, MOMENT, Pulls

if TYPE_CHECKING:
    from models.diffusion import score
    from models.diffusion import score_learning as learning
    from models.diffusion import score_views as views
else:
    score = later("models.diffusion.score")
    learning = later("models.diffusion.score_learning")
    views = later("models.diffusion.score_views")

MOST = 3
"""Trainings that may be under way at once."""
SILENT = 5.0
"""Seconds after which a training that nobody asks for gives its place away."""
pulls: Pulls[learning.Training] = Pulls(forgotten=5400.0)
"""What was trained is asked again whenever a knob moves: it lasts a lecture."""


class Places:
    """Who trains now. A place is free again when it is left, or when its holder has been silent for a while."""

    def __init__(self, most: int = MOST, silent: float = SILENT) -> None:
        self.most, self.silent = most, silent
        self._heard: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, token: str) -> None:
        """Take a place or keep it. Raises Refusal where all are taken."""
        with self._lock:
            now = time.monotonic()
            self._heard = {name: at for name, at in self._heard.items() if now - at < self.silent}
            if token not in self._heard and len(self._heard) >= self.most:
                raise Refusal("diffusion.score.full", n=self.most)
            self._heard[token] = now

    def leave(self, token: str) -> None:
        """Give a place back."""
        with self._lock:
            self._heard.pop(token, None)


places = Places()


def begin(exact: score.Exact, seed: int, t: int) -> Answer:
    """Start a training: a token, and its first moment. Raises Refusal where too many train already."""
    training = learning.Training(exact, seed=seed)
    token = pulls.put(training)
    try:
        places.take(token)
    except Refusal:
        pulls.drop(token)
        raise
    return {"token": token, **moment(token, FIRST, t)}


def more(token: object, t: int) -> Answer:
    """Go on for a moment. Raises Refusal where the training is gone."""
    return moment(token, MOMENT, t)


def moment(token: object, seconds: float, t: int) -> Answer:
    """Train for that long: how far it is, and what is learned at t."""
    with pulls.turn(token) as training:
        places.take(str(token))
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
        "arrows": plane.text_of(views.fields(exact, times, plane.ARROWS, network)),
        "fine": plane.CELLS,
        "difference": plane.text_of(views.differences(exact, network, times, plane.CELLS)),
    }


def learned(token: object, way: str, seed: int) -> Answer:
    """What a training that ended or was stopped has learned: at every t, and the paths that follow it."""
    with pulls.turn(token) as training:
        places.leave(str(token))
        paths = score.drift(training.exact, way, plane.COUNT, seed, training.network.predict)
        return {**seen(training, plane.TIMES), "paths": plane.told(paths), "way": way, "seed": seed}
