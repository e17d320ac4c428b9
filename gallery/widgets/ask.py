"""Ask: no picture of its own; asks the server when knobs or an event change, and emits the answer."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.shell.calls import ServerFunction
from gallery.widgets.base import Widget


class Ask(Widget):
    """Joins what the visitor does (sliders, a sketch, a photo) with what shows the answer (pictures, bars).

    ask: `[{knobs}, {fields of the event} | None] -> answer`, one request in flight, the latest wins; the answer
        is emitted on the room as `ID.answer` with `trip` in ms.
    knobs: those whose change asks anew. event: the room's event that does too, and whose `fields` are sent
    along; with `needs_event` nothing is asked before it came.
    """

    kind = "ask"
    EMITS = ("{id}.ask", "{id}.answer", "{id}.failed")
    HEARS = ("{event}",)
    KNOBS = ("{knobs}",)

    def __init__(
        self,
        room: str,
        ask: ServerFunction,
        *,
        id: str,
        knobs: Sequence[str] = (),
        event: str | None = None,
        fields: Sequence[str] = (),
        needs_event: bool = False,
    ) -> None:
        props = {
            "room": room,
            "id": id,
            "knobs": list(knobs),
            "event": event,
            "fields": list(fields),
            "needs_event": needs_event,
        }
        super().__init__(props, {"ask": ask})
