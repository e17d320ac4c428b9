"""Picture: what comes out, big and crisp on paper, with its plaque."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from gallery.widgets.base import Widget


@dataclass(frozen=True)
class Sheet:
    """One picture of the widget: the `field` of the event's data, words keys of its alt text and its caption
    ("@field": the sentence that the event's data brings)."""

    field: str = "image"
    alt: str = "widgets.picture.alt"
    caption: str | None = None


class Picture(Widget):
    """Shows the picture of the newest of the room's `events`: a data URL, or the frame of a Film.

    events: for instance "plane.answer" and "film.frame"; the old picture stays, and dims a little if its
        ".answer" takes longer than 160 ms.
    sheets: one picture, or several side by side (original and reconstruction).
    plaque: words keys of the lines below, **bold** allowed, filled from the room's knobs and the event's data;
        a value may itself be {"key", "args"}; "@field" is a whole line that the data brings.
    digits: decimals of the numbers by name.
    pixelated: keep the pixels visible when enlarged. enlarge: draw so many times larger, smoothly (small faces).
    save: offer the picture as a PNG.
    The time from the hand's event to the drawn picture is a performance measure named "plane.frame".
    """

    kind = "picture"
    HEARS = ("{events}",)

    def __init__(
        self,
        room: str,
        events: Sequence[str],
        *,
        sheets: Sequence[Sheet] = (Sheet(),),
        plaque: Sequence[str] = (),
        digits: Mapping[str, int] | None = None,
        pixelated: bool = False,
        enlarge: int = 1,
        save: bool = True,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {
            "room": room,
            "events": list(events),
            "sheets": [asdict(sheet) for sheet in sheets],
            "plaque": list(plaque),
            "digits": dict(digits or {}),
            "pixelated": pixelated,
            "enlarge": enlarge,
            "save": save,
        }
        super().__init__(props, elem_id=elem_id, elem_classes=elem_classes)
