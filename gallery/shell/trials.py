"""A trial of each act: what a lecturer would do first, done once by the server functions that the page asks.

A room with acts has a module `trial` beside its `room`, with TRIALS: an act's name -> what to ask, in order.

    def plane(act: Trying) -> None:
        act.ask(asks.decode, act.knobs, 0.6, -0.3)

    TRIALS = {"plane": plane}
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from gallery.shell.calls import Answer, Refusal, ServerFunction
from gallery.shell.contracts import Room

MOST_MOMENTS = 2000
"""Of one job; a film of fifty steps takes some twenty on a slow machine."""


class Trying:
    """An act that is tried. knobs: those of its room, with their defaults."""

    def __init__(self, room: Room, act: str) -> None:
        self.knobs: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()} | {"act": act}

    def ask(self, fn: ServerFunction, *args: Any) -> Answer:
        """What a server function answers. Raises Refusal with its sentence where it answers with an error."""
        answer = fn(list(args))
        if "error" in answer:
            raise Refusal(answer["error"]["key"], **answer["error"]["args"])
        return answer

    def pull(self, more: ServerFunction, first: Answer) -> Answer:
        """The last moment of a job that has begun. Raises Refusal, also where it comes to no end."""
        moment = first
        for _ in range(MOST_MOMENTS):
            if moment.get("done"):
                return moment
            moment = self.ask(more, first["token"])
        raise Refusal("check.endless")


Trial = Callable[[Trying], object]


def trials(room: Room, name: str) -> Mapping[str, Trial]:
    """The trials of a room's acts. name: of its module, "gallery.rooms.vae.room". Raises ImportError where none are."""
    found: Mapping[str, Trial] = importlib.import_module(f"{name.rpartition('.')[0]}.trial").TRIALS
    return found
