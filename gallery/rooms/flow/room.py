"""The flow room: a known density, carried over by a function that can be walked back."""

from __future__ import annotations

from gallery.rooms.flow import glow, glow_api, glow_ask, line, line_api, matching, plane, plane_api
from gallery.shell.frame import Frame
from gallery.shell.knobs import choice, together

NAME = "flow"
KNOBS = together(
    {"act": choice("line", "plane", "matching", "glow")}, line.KNOBS, plane.KNOBS, matching.KNOBS, glow.KNOBS
)


def build() -> None:
    """The acts."""
    frame = Frame(NAME, [line.ACT, plane.ACT, matching.ACT, glow.ACT])
    line.build(frame)
    plane.build(frame)
    matching.build(frame)
    glow.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    line_api.publish()
    plane_api.publish()
    glow_api.publish()


def warm() -> None:
    """Load Glow; a line needs no weights."""
    glow_ask.portraits.portraits()


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.flow.room")
