"""Of the act "translate": a smile put on or taken off in three ways, side by side."""

from __future__ import annotations

from gallery.rooms.cyclegan import ways_ask as asks
from gallery.shell.frame import static
from gallery.shell.knobs import choice
from gallery.shell.markup import segments
from gallery.widgets.base import Widget

KNOBS = {"compare": choice("off", "on", act="translate")}
WORDS = [("off", "cyclegan.ways.off"), ("on", "cyclegan.ways.on")]


class Ways(Widget):
    """The translator, the VAE's vector and the GAN's direction on one face, with what the judge says of each.

    It takes the place of the round trip in the pair "smile", where the knob `compare` is on.
    """

    kind = "cyclegan-ways"
    EMITS = ("ways.told",)
    HEARS = ("picture",)
    KNOBS = ("pair", "direction", "strength", "look", "compare")

    def __init__(self, room: str) -> None:
        server = {"cut": asks.cut, "compare": asks.compare, "begin": asks.begin, "more": asks.more}
        super().__init__({"room": room}, server)


class Side(Widget):
    """What each of the three can and cannot, below the controls."""

    kind = "cyclegan-ways_side"
    HEARS = ("ways.told",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room})


def switch() -> None:
    """One way with the way back, or the three beside one another."""
    static(segments("compare", WORDS, "cyclegan.ways.label"), "v-ways-switch")
