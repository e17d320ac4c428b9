"""The camera of the act "translate" as a living picture: what it sees and its translation, side by side."""

from __future__ import annotations

from gallery.rooms.cyclegan import living_ask as asks
from gallery.widgets.base import Widget


class Living(Widget):
    """Takes the place of the translated picture while the camera is on; starts at a prompt, ends at a press."""

    kind = "cyclegan-living"
    HEARS = ("picture",)
    TAKES = ("living.start",)
    KNOBS = ("pair", "direction", "strength")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "sides": asks.SIDE}, {"live": asks.live})
