"""Sliders: a group of labelled sliders, each bound to a knob of the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from gallery.widgets.base import Widget


@dataclass(frozen=True)
class Slider:
    """One knob, which brings its own bounds and default: words key of its label (or "=text"), step, decimals.

    idle: knobs with values at which this one changes nothing; where all of one of them hold, the slider is dimmed and
    cannot be moved, and `why` (a words key) is its tooltip.
    """

    knob: str
    label: str
    step: float = 0.1
    digits: int = 1
    idle: Sequence[Mapping[str, str]] = ()
    why: str = ""


class Sliders(Widget):
    """Sets the knobs as the hand moves; a double click or the key 0 resets one, a button all."""

    kind = "sliders"
    KNOBS = ("{rows.knob}",)

    def __init__(
        self,
        room: str,
        sliders: Sequence[Slider],
        *,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {"room": room, "rows": [asdict(slider) for slider in sliders]}
        idle = [pair for slider in sliders for case in slider.idle for pair in case.items()]
        super().__init__(props, knobs=[knob for knob, _ in idle], sets=idle, elem_id=elem_id, elem_classes=elem_classes)
