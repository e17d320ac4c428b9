"""The CycleGAN room: two collections that nobody has paired, translated into each other and back."""

from __future__ import annotations

from gallery.rooms.cyclegan import losses, plane, translate, translate_api
from gallery.shell.frame import Frame
from gallery.shell.knobs import choice, together

NAME = "cyclegan"
KNOBS = together({"act": choice("translate", "losses", "plane")}, translate.KNOBS, losses.KNOBS, plane.KNOBS)


def build() -> None:
    """The acts."""
    frame = Frame(NAME, [translate.ACT, losses.ACT, plane.ACT])
    translate.build(frame)
    losses.build(frame)
    plane.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    translate_api.publish()


def warm() -> None:
    """Nothing is heavy here: a plane's networks are made when its act is opened."""


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.cyclegan.room")
