"""How noise is added: beta_t, alpha_t and alpha-bar_t of the lecture, the closed form, one step, and the posterior.

Ho, Jain & Abbeel 2020 (DDPM), eqs. 2, 4, 6, 7; Nichol & Dhariwal 2021 for the cosine schedule. t = 0 is the picture,
t = T the noise, so that alpha-bar_0 = 1.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.diffusion.vocabulary import T

LARGEST_BETA = 0.999
"""No step takes all of the signal: x_0 can be read from epsilon even at t = T."""
SMALLEST_BETA = 1e-6
Time = int | Tensor
"""One t for all pictures, or (B,) int64, one for each."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """alpha_bar: (T + 1,) float64, falling from alpha_bar[0] = 1 to about 0."""

    name: str
    alpha_bar: Tensor

    @property
    def steps(self) -> int:
        """T."""
        return len(self.alpha_bar) - 1

    @functools.cached_property
    def alpha(self) -> Tensor:
        """alpha_t = alpha-bar_t / alpha-bar_{t-1} = 1 - beta_t at index t, and 1 at index 0: (T + 1,)."""
        return torch.cat([torch.ones(1, dtype=torch.float64), self.alpha_bar[1:] / self.alpha_bar[:-1]])

    @property
    def beta(self) -> Tensor:
        """beta_t = 1 - alpha_t: (T + 1,), 0 at index 0."""
        return 1 - self.alpha

    @functools.cached_property
    def snr(self) -> Tensor:
        """Signal-to-noise ratio alpha-bar_t / (1 - alpha-bar_t): (T + 1,), infinite at index 0."""
        return self.alpha_bar / (1 - self.alpha_bar)

    @functools.cached_property
    def level(self) -> Tensor:
        """The angle between picture and noise in x_t, as a part of the right angle: (T + 1,), from 0 to about 1.

        sqrt(alpha-bar_t) = cos(level pi / 2). It tells a network how noisy x_t is, whatever the schedule.
        """
        return torch.atan2((1 - self.alpha_bar).sqrt(), self.alpha_bar.sqrt()) * (2 / math.pi)

    def root(self, values: Tensor, t: Time, x: Tensor) -> Tensor:
        """sqrt(values[t]) in the type and on the device of x, shaped to be multiplied with it."""
        chosen = values[t].sqrt().to(x)
        return chosen.view(-1, *[1] * (x.ndim - 1)) if chosen.ndim else chosen

    def signal(self, t: Time, x: Tensor) -> Tensor:
        """sqrt(alpha-bar_t), shaped to be multiplied with x."""
        return self.root(self.alpha_bar, t, x)

    def noise(self, t: Time, x: Tensor) -> Tensor:
        """sqrt(1 - alpha-bar_t), shaped to be multiplied with x."""
        return self.root(1 - self.alpha_bar, t, x)

    def closed_form(self, x_0: Tensor, t: Time, epsilon: Tensor) -> Tensor:
        """x_t = sqrt(alpha-bar_t) x_0 + sqrt(1 - alpha-bar_t) epsilon, a draw from q(x_t | x_0), eq. 4 of DDPM.

        x_0, epsilon: (B, ...); 0 <= t <= T. Returns (B, ...).
        """
        return self.signal(t, x_0) * x_0 + self.noise(t, x_0) * epsilon

    def step(self, x: Tensor, t: Time, epsilon: Tensor) -> Tensor:
        """x_t = sqrt(alpha_t) x_{t-1} + sqrt(1 - alpha_t) epsilon, a draw from q(x_t | x_{t-1}), eq. 2 of DDPM.

        x: x_{t-1}, (B, ...); 1 <= t <= T. Returns (B, ...).
        """
        return self.root(self.alpha, t, x) * x + self.root(self.beta, t, x) * epsilon

    def posterior(self, x_t: Tensor, x_0: Tensor, t: int, s: int | None = None) -> tuple[Tensor, float]:
        """Mean and variance of q(x_s | x_t, x_0) for s < t, by default s = t - 1: eqs. 6 and 7 of DDPM.

        The variance is beta-tilde_t = (1 - alpha-bar_{t-1}) / (1 - alpha-bar_t) beta_t, so the noise that is added has
        the factor sqrt(beta-tilde_t). Returns (B, ...) and a number.
        """
        s = t - 1 if s is None else s
        bar_t, bar_s = self.alpha_bar[t].item(), self.alpha_bar[s].item()
        alpha = bar_t / bar_s
        mean = (math.sqrt(bar_s) * (1 - alpha) * x_0 + math.sqrt(alpha) * (1 - bar_s) * x_t) / (1 - bar_t)
        return mean, (1 - bar_s) / (1 - bar_t) * (1 - alpha)


def from_betas(name: str, beta: Tensor) -> Schedule:
    """A schedule with beta_1 ... beta_T, (T,) float64 in (0, 1)."""
    return Schedule(name, torch.cat([torch.ones(1, dtype=torch.float64), (1 - beta).cumprod(0)]))


def from_alpha_bar(name: str, alpha_bar: Tensor) -> Schedule:
    """A schedule that follows (T + 1,) float64 values as nearly as SMALLEST_BETA <= beta_t <= LARGEST_BETA allows."""
    alpha_bar = alpha_bar / alpha_bar[0]
    return from_betas(name, (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(SMALLEST_BETA, LARGEST_BETA))


@functools.cache
def linear() -> Schedule:
    """beta_t rises evenly from 0.0001 to 0.02, section 4 of DDPM."""
    return from_betas("linear", torch.linspace(1e-4, 0.02, T, dtype=torch.float64))


@functools.cache
def cosine() -> Schedule:
    """alpha-bar_t = f(t) / f(0) with f(t) = cos^2((t / T + s) / (1 + s) pi / 2), s = 0.008: eq. 17 of Nichol 2021."""
    t = torch.arange(T + 1, dtype=torch.float64) / T
    return from_alpha_bar("cosine", torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2)


def drawn(points: Sequence[tuple[float, float]]) -> Schedule:
    """A schedule through points (t / T, alpha-bar), straight between them, level outside; it never rises.

    points: at least one, both numbers in [0, 1], in any order. alpha-bar_0 = 1 whatever was drawn.
    Raises ValueError for no points, for numbers outside [0, 1] and for NaN.
    """
    if not points or not all(0 <= v <= 1 for point in points for v in point):
        raise ValueError("A schedule needs points (t / T, alpha-bar) with both numbers from 0 to 1.")
    where, height = (torch.tensor(column, dtype=torch.float64) for column in zip(*sorted(points), strict=True))
    t = torch.arange(1, T + 1, dtype=torch.float64) / T
    right = torch.searchsorted(where, t).clamp(1, max(1, len(where) - 1))
    left, right = right - 1, right.clamp(max=len(where) - 1)
    part = ((t - where[left]) / (where[right] - where[left]).clamp(min=1e-12)).clamp(0, 1)
    alpha_bar = torch.lerp(height[left], height[right], part).clamp(min=1e-9).cummin(0).values
    beta, before = [], 1.0
    for wanted in alpha_bar.tolist():  # one by one: where a step is limited, the next ones catch up
        beta.append(min(max(1 - wanted / before, SMALLEST_BETA), LARGEST_BETA))
        before *= 1 - beta[-1]
    return from_betas("drawn", torch.tensor(beta, dtype=torch.float64))


SCHEDULES = {"linear": linear, "cosine": cosine}
