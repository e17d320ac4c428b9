"""Mixtures of Gaussians whose parts differ: means, widths along two axes, angles and weights, all of them known.

    target = Mixture.of([(-120, 40, 30, 20, 0, 500), (120, -40, 50, 10, 45, 500)])

A row are whole numbers, as a link carries them: the mean in hundredths, the standard deviations along the two axes in
hundredths, the angle of the first axis in degrees, and the weight, of which only the share in their sum counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

HUNDREDTHS = 100


class Mixture:
    """p(x) = sum_m w_m N(x; c_m, R_m diag(s_m)^2 R_m^T); a target as in `models.plane.toys`."""

    def __init__(self, means: Tensor, widths: Tensor, angles: Tensor, weights: Tensor) -> None:
        """means, widths: (M, 2); angles, in radians, and weights: (M,). Raises ValueError for what is no density."""
        if not len(means) or not bool((widths > 0).all() and (weights > 0).all()):
            raise ValueError("A mixture has at least one part, and widths and weights above 0.")
        self.means, self.widths = means.double(), widths.double()
        self.shares = weights.double() / weights.sum()
        turned = torch.stack([angles.cos(), angles.sin(), -angles.sin(), angles.cos()], dim=1).double()
        self.axes = turned.view(-1, 2, 2)
        """Unit vectors, (M, 2, 2): the first axis of each part and the second."""

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Mixture:
        """The mixture that rows of whole numbers say. Raises ValueError."""
        table = torch.tensor([*rows], dtype=torch.float64).view(-1, 6)
        means, widths = table[:, :2] / HUNDREDTHS, table[:, 2:4] / HUNDREDTHS
        return cls(means, widths, table[:, 4].deg2rad(), table[:, 5])

    @property
    def extent(self) -> float:
        """Half the side of the square about 0 that holds all but a part of 1e-8."""
        return float((self.means.abs().amax(dim=1) + 6 * self.widths.amax(dim=1)).max())

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n independent points (n, 2), float32."""
        part = torch.multinomial(self.shares, n, replacement=True, generator=generator)
        noise = torch.randn(n, 2, generator=generator, dtype=torch.float64) * self.widths[part]
        return (self.means[part] + (noise[:, :, None] * self.axes[part]).sum(dim=1)).float()

    def _standard(self, x: Tensor) -> Tensor:
        """x in the own coordinates of each part, in standard deviations.  (N, 2) to (N, M, 2)."""
        away = x[:, None] - self.means.to(x)
        return torch.einsum("nmi,mki->nmk", away, self.axes.to(x)) / self.widths.to(x)

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x).  x: (..., 2). Returns (...)."""
        parts = -0.5 * self._standard(x.reshape(-1, 2)).square().sum(dim=2)
        scale = (self.shares / self.widths.prod(dim=1) / (2 * math.pi)).log()
        return torch.logsumexp(parts + scale.to(x), dim=1).view(x.shape[:-1])

    def within(self, x: Tensor, k: float) -> Tensor:
        """Which points lie within k standard deviations of a part: (N, 2) to (N,) bool."""
        return (self._standard(x).norm(dim=2) < k).any(dim=1)

    @cached_property
    def entropy(self) -> float:
        """-E log p, in nats: by the trapezoidal rule on a grid of steps of half the least width, as `Gaussians`."""
        side = torch.linspace(-1, 1, 2 * math.ceil(2 * self.extent / float(self.widths.min())) + 1, dtype=torch.float64)
        total = 0.0
        for row in side.split(64):
            log_p = self.log_density(self.extent * torch.cartesian_prod(row, side))
            total -= float((log_p.exp() * log_p).sum())
        return total * (self.extent * float(side[1] - side[0])) ** 2
