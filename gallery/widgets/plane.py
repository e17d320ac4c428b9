"""Plane: a 2-D plane with a background, and a point that the visitor drags or moves with the arrow keys."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Literal

import numpy as np

from gallery.shell.calls import Answer, ServerFunction
from gallery.widgets.base import Widget

FULL_SCALE = 32767  # an int16 of this size lies on the edge of the plane


class Plane(Widget):
    """A point (u, v) of the room's two `knobs`, dragged over a background; v grows upwards.

    room: the room whose knobs these are, with bounds -a and a in latent units; events are emitted on it as
        `ID.ask`, `ID.answer`, `ID.failed`.
    ask: `[{knobs}, u, v] -> answer`, called when the point or a background knob changes, one request in
        flight. The answer is emitted as it is, with `trip` in ms and `since`, the time of the hand's event.
    background: `[{background knobs}] -> {mapping, lim?, alt?, axes?, image}` with a data URL, or with `points` from
        `scatter()` and `legend: [{"label": str} | {"key": words key}]` and `rings`, radii in latent units.
        axes: the names of both; then numbers stand along them.
        mapping "quantile" puts u at the fraction Phi(u) of the side, "linear" runs from -lim to lim.
    step, big_step: of an arrow key, and of an arrow key with Shift.
    name: words key of the plane's accessible name. legend_rows: rows kept free below for a legend.
    cover: an event of the room, "film.frame" say, whose picture covers the background until the point is moved.
    """

    kind = "plane"
    EMITS = ("{id}.ask", "{id}.answer", "{id}.failed", "{id}.background")
    HEARS = ("{cover}",)
    KNOBS = ("{knobs}", "{background_knobs}")

    def __init__(
        self,
        room: str,
        *,
        ask: ServerFunction | None = None,
        background: ServerFunction | None = None,
        id: str = "plane",
        knobs: Sequence[str] = ("u", "v"),
        background_knobs: Sequence[str] = (),
        mapping: Literal["quantile", "linear"] = "quantile",
        step: float = 0.05,
        big_step: float = 0.5,
        name: str = "widgets.plane.name",
        legend_rows: int = 0,
        cover: str | None = None,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {
            "room": room,
            "id": id,
            "knobs": list(knobs),
            "background_knobs": list(background_knobs),
            "mapping": mapping,
            "step": step,
            "big_step": big_step,
            "name": name,
            "legend_rows": legend_rows,
            "cover": cover,
        }
        server = {"ask": ask, "background": background}
        super().__init__(props, server, elem_id=elem_id, elem_classes=elem_classes)


def scatter(xy: np.ndarray, label: np.ndarray, lim: float) -> Answer:
    """Labelled points for a background, packed: 5 bytes a point before base64.

    xy: (N, 2) in latent units, clipped to [-lim, lim]. label: (N,) integers 0..9. Raises ValueError otherwise.
    """
    if xy.ndim != 2 or xy.shape[1] != 2 or label.shape != xy.shape[:1]:
        raise ValueError(f"expected xy (N, 2) and label (N,), got {xy.shape} and {label.shape}")
    if len(label) and not 0 <= label.min() <= label.max() <= 9:
        raise ValueError("labels must lie in 0..9")
    if not np.isfinite(xy).all() or not lim > 0:
        raise ValueError("points and lim must be finite, lim positive")
    steps = np.rint(np.clip(xy / lim, -1, 1) * FULL_SCALE).astype("<i2")
    return {"xy": _base64(steps.tobytes()), "label": _base64(label.astype(np.uint8).tobytes())}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
