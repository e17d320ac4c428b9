"""The endpoint of the act "line"."""

from __future__ import annotations

from typing import Any

from gallery.rooms.flow import line_ask as asks
from gallery.shell.calls import endpoint
from gallery.widgets import endpoints
from gallery.widgets.endpoints import data, numeral


@endpoint
def flow_line(a: float, b: float) -> Any:
    """The density of x where z = a x + b is N(0, 1), as JSON: mean, deviation, and p_x at 57 points of x in [-2, 12].

    a: -2 ... 2, but not 0, which has no inverse; b: -24 ... 24. x, z and p are lists of equal length.
    """
    f = asks.line_of(a, b)
    curve = asks.line.curve(f, asks.LEFT, asks.RIGHT, 57)
    told = {name: [round(value, 6) for value in getattr(curve, name).tolist()] for name in ("x", "z", "p")}
    return {"mean": round(f.mean, 6), "deviation": round(f.deviation, 6), **told}


def publish() -> None:
    """The one of this act."""
    endpoints.publish(flow_line, [numeral("a"), numeral("b")], [data("density")])
