"""What the acts share in which faces are encoded, edited, mixed, drawn anew; `_portraits.js` is their page's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from gallery.shell.calls import ServerFunction
from gallery.widgets.base import Widget

SIDE = 6
"""The sheet of new faces has 6 x 6."""
LAST_SHEET = 9999


class Portraits(Widget):
    """Which face, what is shown in which mode, the pair that is mixed, the sheet of new faces.

    names: of the knobs mode, face, cell and seed; draws: of those that make a sheet; words: keys of the sheet and of
    what its cells do. sheet: `[{knobs}, None] -> {"image"}`; take: `[{knobs}, cell] -> {"face"}`, one of the sheet.
    """

    EMITS: ClassVar[tuple[str, ...]] = ("smile.sum", "pair", "sheet.answer", "photo")
    HEARS: ClassVar[tuple[str, ...]] = ("face.answer", "face2.answer")
    TAKES: ClassVar[tuple[str, ...]] = ("again",)
    KNOBS: ClassVar[tuple[str, ...]] = ("along", "smile", "age", "gender")

    def __init__(
        self,
        room: str,
        sheet: ServerFunction,
        take: ServerFunction,
        *,
        names: Mapping[str, str],
        draws: Sequence[str],
        words: Mapping[str, str],
    ) -> None:
        props = {"room": room, "side": SIDE, "last_sheet": LAST_SHEET}
        props |= {"names": dict(names), "draws": list(draws), "words": dict(words)}
        super().__init__(props, {"sheet": sheet, "take": take}, knobs=[*names.values(), *draws])
