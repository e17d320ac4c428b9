"""What a lecturer does first in each act of the flow room."""

from __future__ import annotations

from gallery.rooms.flow import line_ask, line_fit_ask, plane_ask
from gallery.shell.trials import Trial, Trying


def line(act: Trying) -> None:
    """The line with its densities, and a step of a fit."""
    act.ask(line_ask.look, act.knobs)
    token = act.ask(line_fit_ask.begin, act.knobs, None)["token"]
    act.ask(line_fit_ask.more, token, "both", 1, act.knobs)


def plane(act: Trying) -> None:
    """A finished flow, the way of a point, and a step of a training."""
    act.ask(plane_ask.look, act.knobs)
    act.ask(plane_ask.point, None, act.knobs, act.knobs["flow_layer"], [0.5, 0.5])
    token = act.ask(plane_ask.begin, act.knobs, None)["token"]
    act.ask(plane_ask.more, token, "both", 1, act.knobs)


TRIALS: dict[str, Trial] = {"line": line, "plane": plane}
