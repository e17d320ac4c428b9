"""Menu: a choice of many for which buttons would take too much place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gallery.shell.markup import Choice
from gallery.widgets.base import Widget


class Menu(Widget):
    """A labelled list bound to a choice knob. choices: a knob's value, and its words key (or, after "=", the text).

    groups: further choices, each list under a heading by its words key.
    """

    kind = "menu"
    KNOBS = ("{knob}",)

    def __init__(
        self,
        room: str,
        knob: str,
        label: str,
        choices: Sequence[Choice],
        groups: Mapping[str, Sequence[Choice]] | None = None,
    ) -> None:
        props = {"room": room, "knob": knob, "label": label, "choices": [list(each) for each in choices]}
        headed = {key: [list(each) for each in under] for key, under in groups.items()} if groups else None
        every = [*choices, *(each for under in (groups or {}).values() for each in under)]
        super().__init__({**props, "groups": headed}, sets=[(knob, value) for value, _ in every])
