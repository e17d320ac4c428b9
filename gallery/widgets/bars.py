"""Bars: numbers of the room's last event as horizontal bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from gallery.widgets.base import Widget


@dataclass(frozen=True)
class Bar:
    """One number.

    field: its name in the event's data, "mu.0" for an element of a list. label: words key, or "=text" as it is.
    color: "data" blue or "accent" vermilion. full: the value that fills the bar; without it bars of the same
    `scale` share the largest seen so far. signed: grows from the middle to both sides. digits: decimals.
    """

    field: str
    label: str
    color: Literal["data", "accent"] = "data"
    full: float | None = None
    scale: str | None = None
    signed: bool = False
    digits: int = 1


class Bars(Widget):
    """Bars for the numbers of `event` (say "elbo.answer"); figures: width kept for the number, characters."""

    kind = "bars"
    HEARS = ("{event}",)

    def __init__(
        self,
        room: str,
        event: str,
        bars: Sequence[Bar],
        *,
        figures: int = 7,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {"room": room, "event": event, "numbers": [asdict(bar) for bar in bars], "figures": figures}
        super().__init__(props, elem_id=elem_id, elem_classes=elem_classes)
