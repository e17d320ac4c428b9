"""What a lecturer does first in each act of the flow room."""

from __future__ import annotations

from gallery.rooms.flow import glow_ask, line_ask, line_fit_ask, matching_ask, plane_ask
from gallery.shell.trials import Trial, Trying
from gallery.widgets import faces


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


def matching(act: Trying) -> None:
    """A matched flow over time, with its pairs and the score's ODE."""
    act.ask(matching_ask.look, act.knobs)


def glow(act: Trying) -> None:
    """A face there and back, without a level, with a smile, mixed; new faces; what else is scored."""
    face = act.ask(faces.samples)["samples"][0]["image"]
    z = act.ask(glow_ask.encode, act.knobs, {"face": face})["z"]
    for film in (glow_ask.levels, glow_ask.edit, glow_ask.strip):
        act.ask(film, act.knobs, {"z": z})
    act.ask(glow_ask.mix, act.knobs, {"za": z, "zb": z})
    act.ask(glow_ask.new, act.knobs, None)
    act.ask(glow_ask.odd, act.knobs, {})


TRIALS: dict[str, Trial] = {"line": line, "plane": plane, "matching": matching, "glow": glow}
