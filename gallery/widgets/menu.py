"""Menu: a choice of many for which buttons would take too much place."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.markup import Choice
from gallery.widgets.base import Widget


class Menu(Widget):
    """A labelled list bound to a choice knob. choices: a knob's value, and its words key (or, after "=", the text)."""

    kind = "menu"

    def __init__(self, room: str, knob: str, label: str, choices: Sequence[Choice]) -> None:
        super().__init__({"room": room, "knob": knob, "label": label, "choices": [list(each) for each in choices]})
