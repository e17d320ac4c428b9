"""Plaque: lines of text that follow the newest answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gallery.widgets.base import Widget


class Plaque(Widget):
    """Says the newest of the room's `events`.

    lines: words keys, **bold** allowed, filled from the room's knobs and the event's data; "@field" says the
        {"key", "args"} that the data bring in that field. digits: decimals of the numbers by name.
    """

    kind = "plaque"
    HEARS = ("{events}",)

    def __init__(
        self,
        room: str,
        events: Sequence[str],
        lines: Sequence[str],
        *,
        digits: Mapping[str, int] | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {"room": room, "events": list(events), "lines": list(lines), "digits": dict(digits or {})}
        super().__init__(props, elem_classes=elem_classes)
