"""The film of a network's training, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from gallery.shell.calls import ServerFunction
from gallery.widgets.base import Widget


class Learning(Widget):
    """Fetches the film when the act "training" is first shown; a room's own script extends _learning.js.

    knobs: that its question and its film depend on; film: the server function, [{knobs}] -> the film and what belongs
    to it.
    """

    EMITS: ClassVar[tuple[str, ...]] = ("film", "training.shown")
    HEARS: ClassVar[tuple[str, ...]] = ("training.frame",)
    TAKES: ClassVar[tuple[str, ...]] = ("training.again",)
    KNOBS: ClassVar[tuple[str, ...]] = ("{knobs}",)

    def __init__(self, room: str, knobs: Iterable[str], film: ServerFunction) -> None:
        super().__init__({"room": room, "knobs": list(knobs)}, {"film": film})
