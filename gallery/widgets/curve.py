"""Curve: one or several curves over a common axis, with a line where one is, and points that the hand may move."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.widgets.base import Widget


class Curve(Widget):
    """Plots the curves of the newest `event`: {"curves": [{points, color, label, dash?, quiet?}]}.

    points: values in [0, 1], evenly spaced over the axis from `first` to `last`; color: "data", "accent", "ink" or
        "soft"; label: text as it is, {"key", "args"}, or "" for none; dash: drawn with gaps; quiet: without its dot.
    marker: an event whose number `at` places the line; without it the line follows the knob `at`, and the hand may
        move it. Without `at` there is no line.
    handles: knobs in [0, 1], heights of movable points at even distances inside the axis; they are shown while the
        knob that `handles_when` names first has the value that it names second, or always.
    alt: words key of the plot's description. axis: words key (or "=text") of the axis; digits:
        decimals of the place on it.
    """

    kind = "curve"
    HEARS = ("{event}", "{marker}")
    KNOBS = ("{handles}",)

    def __init__(
        self,
        room: str,
        event: str,
        *,
        at: str | None = None,
        first: float = 0,
        last: float,
        alt: str,
        marker: str | None = None,
        handles: Sequence[str] = (),
        handles_when: tuple[str, str] | None = None,
        handle: str = "widgets.curve.handle",
        axis: str = "=t",
        digits: int = 0,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {
            "room": room,
            "event": event,
            "at": at,
            "first": first,
            "last": last,
            "alt": alt,
            "marker": marker,
            "handles": list(handles),
            "handles_when": list(handles_when) if handles_when else None,
            "handle": handle,
            "axis": axis,
            "digits": digits,
        }
        bound = [*([at] if at and not marker else []), *(handles_when or ())[:1]]
        super().__init__(props, elem_classes=elem_classes, knobs=bound)
