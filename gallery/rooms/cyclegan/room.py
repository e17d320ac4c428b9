"""The CycleGAN room: two collections that nobody has paired, translated into each other and back."""

from __future__ import annotations

from gallery.rooms.cyclegan import losses, plane, training, translate, translate_api
from gallery.shell.frame import Frame
from gallery.shell.knobs import choice, together

NAME = "cyclegan"
ACTS = (translate, losses, training, plane)
KNOBS = together({"act": choice(*(act.ACT.name for act in ACTS))}, *(act.KNOBS for act in ACTS))


def build() -> None:
    """The acts."""
    frame = Frame(NAME, [act.ACT for act in ACTS])
    for act in ACTS:
        act.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    translate_api.publish()


def warm() -> None:
    """Nothing is heavy here: a plane's networks are made when its act is opened."""


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.cyclegan.room")
