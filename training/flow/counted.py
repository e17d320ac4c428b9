"""A run whose budget can be a number of samples instead of minutes."""

from __future__ import annotations

from dataclasses import dataclass

from training.recipe import Run


@dataclass
class CountedRun(Run):
    """Ends after `most` samples where that is not 0: two networks then see equally many on any machine."""

    most: int = 0

    @property
    def progress(self) -> float:
        return min(1.0, self.images / self.most) if self.most else super().progress
