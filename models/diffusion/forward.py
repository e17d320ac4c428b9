"""Forward time: a picture gets noise, by the closed form and by the chain of single steps, under any schedule.

Ho, Jain & Abbeel 2020: x_t = sqrt(alpha-bar_t) x_0 + sqrt(1 - alpha-bar_t) epsilon, and the chain of single steps.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.diffusion.schedules import Schedule, drawn
from models.pictures.pictures import from_uint8
from models.runtime.noise import noise_of

BINS = 48
SPAN = 3.0
"""The histogram goes from -3 to 3."""
SPACING = 25
"""Steps between the states of a chain that are kept."""


def seeded(seed: int, shape: Sequence[int]) -> Tensor:
    """epsilon ~ N(0, I) of a seed, float32 in that shape."""
    return noise_of([seed], shape)[0]


def editable(heights: Sequence[float]) -> Schedule:
    """The schedule through (i / (n + 1), height_i^2), from alpha-bar = 1 at t = 0 down to 0 at t = T.

    heights: n values of sqrt(alpha-bar) in [0, 1]; one that lies above those before it is lowered to them.
    """
    return _editable(tuple(heights))


@functools.lru_cache(maxsize=32)
def _editable(heights: tuple[float, ...]) -> Schedule:
    places = [(i + 1) / (len(heights) + 1) for i in range(len(heights))]
    return drawn([(0.0, 1.0), *((place, height**2) for place, height in zip(places, heights, strict=True)), (1.0, 0.0)])


class Chain:
    """x_0, x_1, ..., x_T by single steps, x_t = sqrt(alpha_t) x_{t-1} + sqrt(1 - alpha_t) epsilon_t.

    Every epsilon_t is a seed's own, so that the chain is the same whenever it is walked; some states are kept.
    x_0: (C, H, W).
    """

    def __init__(self, x_0: Tensor, schedule: Schedule, seed: int) -> None:
        self.schedule, self.seed = schedule, seed
        self._kept = {0: x_0}
        self._generator = torch.Generator()
        self._lock = threading.Lock()

    @property
    def most_bytes(self) -> int:
        """That its kept states may take."""
        x_0 = self._kept[0]
        return x_0.numel() * x_0.element_size() * (1 + self.schedule.steps // SPACING)

    def at(self, t: int) -> Tensor:
        """x_t, 0 <= t <= T."""
        with self._lock:
            start = max(place for place in self._kept if place <= t)
            x = self._kept[start]
            for step in range(start + 1, t + 1):
                x = self.schedule.step(x, step, self._noise(step, x))
                if step % SPACING == 0:
                    self._kept[step] = x
            return x

    def _noise(self, t: int, x: Tensor) -> Tensor:
        self._generator.manual_seed((self.seed << 10) + t)
        return torch.randn(x.shape, generator=self._generator)

    def spread(self, x: Tensor, t: int) -> float:
        """Standard deviation of what the chain added to make x = x_t; the closed form says sqrt(1 - alpha-bar_t)."""
        x_0 = self._kept[0]
        return float((x - self.schedule.signal(t, x_0) * x_0).std(unbiased=False))


@dataclass(frozen=True)
class Marks:
    """What stands on the schedule's curve at t. snr in decibels is 10 log10; infinite at t = 0."""

    signal: float
    noise: float
    snr: float
    beta: float

    @classmethod
    def at(cls, schedule: Schedule, t: int) -> Marks:
        """The numbers of a schedule at t."""
        bar = schedule.alpha_bar[t].item()
        snr = math.inf if t == 0 else schedule.snr[t].item()
        return cls(math.sqrt(bar), math.sqrt(1 - bar), snr, schedule.beta[t].item())


def histogram(x: Tensor) -> list[float]:
    """The density of the pixels in BINS bins from -3 to 3; those beyond are left out.  x: any shape."""
    counts = torch.histc(x.float(), BINS, -SPAN, SPAN)
    return [round(value, 4) for value in (counts / (x.numel() * 2 * SPAN / BINS)).tolist()]


def sweep(schedule: Schedule, x_0: Tensor, epsilon: Tensor, times: Sequence[int]) -> Tensor:
    """x_t for many t with the same noise: (len(times), C, H, W)."""
    t = torch.tensor(list(times))
    return schedule.closed_form(x_0.expand(len(t), *x_0.shape), t, epsilon)


def to_start(picture: np.ndarray) -> Tensor:
    """A picture (H, W, C) uint8 as x_0, (C, H, W) in [-1, 1]."""
    return from_uint8(picture)
