"""A piece of a museum of failures: a training that fails in a known way, and the one change that mends it.

    piece.verdict(piece.settings, found)        # "failed", where `found` is what was measured of such a run

Whether a run failed is told by a rule that reads what was measured of it; the museums lie beside their models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import torch

END = 4
"""Measurements at the end of a run of which the rules read the median."""
S = TypeVar("S")
F = TypeVar("F")


@dataclass(frozen=True)
class Piece(Generic[S, F]):
    """A failure. settings, steps: the run that fails; change: what mends it, one setting; failed, mended: the rules,
    which read what was measured of a run."""

    settings: S
    steps: int
    change: Mapping[str, Any]
    failed: Callable[[F], bool]
    mended: Callable[[F], bool]

    @property
    def mending(self) -> S:
        """The same settings but for the one change."""
        return replace(self.settings, **self.change)  # type: ignore[type-var]

    def verdict(self, settings: S, found: F) -> str:
        """What the rules say of a run of such settings: "failed", "mended", or ""."""
        changed = all(getattr(settings, name) == value for name, value in self.change.items())
        if changed:
            return "mended" if self.mended(found) else ""
        return "failed" if self.failed(found) else ""


def at_end(found: Sequence[object], name: str) -> float:
    """The median of one number over the last measurements."""
    return float(torch.tensor([getattr(each, name) for each in found[-END:]]).median())
