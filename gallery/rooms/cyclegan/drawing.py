"""Of the act "translate": an emoji drawn by hand, translated while the hand draws."""

from __future__ import annotations

from gallery.widgets import faces
from gallery.widgets.base import Widget

COLOURS = [
    ("#ffcc4d", "cyclegan.drawing.ink.yellow"),
    ("#292f33", "cyclegan.drawing.ink.black"),
    ("#664500", "cyclegan.drawing.ink.brown"),
    ("#dd2e44", "cyclegan.drawing.ink.red"),
    ("#77b255", "cyclegan.drawing.ink.green"),
    ("#3b88c3", "cyclegan.drawing.ink.blue"),
    ("#f4900c", "cyclegan.drawing.ink.orange"),
    ("#ffffff", "cyclegan.drawing.ink.white"),
]
"""Of the brush, with their names: colours that emoji are made of, and that of the sheet."""


class Drawing(Widget):
    """A sheet to draw on in the photo's place, of the pair of emoji: emits the photo's event with {face, drawn}.

    What is drawn is the visitor's own picture, as a photo is: in this browser, not in a link.
    """

    kind = "cyclegan-drawing"
    EMITS = ("{photo}",)
    HEARS = ("{photo}", "{photo}.forgotten")
    TAKES = ("drawing.start",)
    KNOBS = ("{photo}",)

    def __init__(self, room: str, photo: str) -> None:
        """photo: the event and the knob of the room's photo."""
        super().__init__({"room": room, "photo": photo, "own": faces.OWN, "colours": COLOURS})
