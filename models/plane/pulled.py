"""A training of small networks that is pulled: it goes on only while somebody asks, in short turns, within bounds.

training.go_on("run", 0.05)      # for so many seconds; any other kind is a single step
training.done                    # whether it rests
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import torch

from models.runtime import device
from models.runtime.alone import alone
from models.runtime.turns import in_turns

MOST_STEPS, MOST_SECONDS = 30_000, 180.0
"""Of one run, in steps of what generates and in seconds of training."""
OFTEN = 0.7
"""Seconds between two measurements: each takes as long as some thirty steps."""


class Training(ABC):
    """A training under way. until: steps after which it rests; seconds: spent so far, without waiting."""

    def __init__(self, until: int = MOST_STEPS) -> None:
        self.until = until
        self.seconds, self._measured = 0.0, -math.inf

    @property
    @abstractmethod
    def taken(self) -> int:
        """Steps so far."""

    @property
    @abstractmethod
    def diverged(self) -> bool:
        """Whether the numbers have left all bounds: no step leads back."""

    @property
    def verdict(self) -> str:
        """What the rules of its piece say at its end: "failed", "mended", or "" for neither or none."""
        return ""

    @abstractmethod
    def kinds(self) -> Mapping[str, Callable[[], object]]:
        """What a step of each kind is; "both" is what a run takes."""

    @property
    def spent(self) -> bool:
        """Whether nothing more may come."""
        return self.diverged or self.taken >= MOST_STEPS or self.seconds >= MOST_SECONDS

    @property
    def done(self) -> bool:
        """Whether it rests."""
        return self.spent or self.taken >= self.until

    @torch.no_grad()
    def go_on(self, kind: str, seconds: float) -> None:
        """Train: "run" for that long, anything else a step. Raises DeviceBusy, Abandoned."""
        if kind == "run":
            self.seconds += in_turns(self.kinds()["both"], seconds, lambda: self.done, small=True)
        elif not self.spent:
            with device.gate.turn():
                alone(self.kinds()[kind])

    def due(self) -> bool:
        """Whether it is to be measured anew now; asked once for each time."""
        if not self.done and time.monotonic() - self._measured <= OFTEN:
            return False
        self._measured = time.monotonic()
        return True
