"""Fitting f to a sample in one dimension, by gradient descent on the likelihood, while the visitor looks on.

    L = -1/n sum log p_x(x_i),  log p_x(x_i) = log p_z(f(x_i)) + log f'(x_i)

Eleven splines learn side by side: one from all points, ten from nine tenths each, so that every point is judged by a
spline that has not seen it, as the kernel density estimate beside it is judged by leaving each point out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from models.flow.line import BOUND, LECTURE, Bent, log_p_z, through
from models.flow.splines import Spline
from models.plane.pulled import Training

BINS, FOLDS = 10, 10
STEPS = 400
RATE, LEAST = 0.08, 0.1
"""Adam's rate at first, and the part of it at the end: a single narrow needle needs large steps to be reached and small
ones to be fitted."""
STIFF = 2e-3
"""Weight of the penalty on bends, without which a spline finds a bump for every point."""
COUNT = 200
"""Points of a sample that we give."""


def sample(name: str, count: int = COUNT, seed: int = 0) -> Tensor:
    """Two bumps, a skewed density or an even one: (count,) float64. Raises KeyError."""
    generator = torch.Generator().manual_seed(seed)
    e = torch.randn(count, dtype=torch.float64, generator=generator)
    u = torch.rand(count, 2, dtype=torch.float64, generator=generator)
    return {
        "bumps": torch.where(u[:, 0] < 0.55, 2.6 + 0.8 * e, 7.4 + 0.9 * e),
        "skewed": 1 - 1.5 * u.log().sum(dim=1),
        "uniform": 2 + 6 * u[:, 0],
    }[name]


class Kernels:
    """A Gaussian kernel density estimate with the bandwidth of the best leave-one-out likelihood.

    nll: the mean of -log p(x_i), each by the other points, in nats. width: the bandwidth.
    """

    def __init__(self, x: Tensor) -> None:
        """x: (n,) float64."""
        self.x = x
        squares = (x[:, None] - x).square()
        found = [(self._left_out(squares, width), width) for width in torch.logspace(-2, 0.5, 60).tolist()]
        self.nll, self.width = min(found)

    @staticmethod
    def _left_out(squares: Tensor, width: float) -> float:
        kernel = (-0.5 * squares / width**2).fill_diagonal_(-math.inf)
        scale = math.log((len(squares) - 1) * width * math.sqrt(2 * math.pi))
        return float(scale - kernel.logsumexp(dim=1).mean())

    def density(self, x: Tensor) -> Tensor:
        """p(x) by all points.  (N,) to (N,)."""
        return log_p_z((x[:, None] - self.x) / self.width).exp().mean(dim=1) / self.width

    def curve(self, left: float, right: float, count: int) -> Tensor:
        """p at `count` evenly spaced x."""
        return self.density(torch.linspace(left, right, count, dtype=torch.float64))


class Fit(Training):
    """A fit under way. nll: of all points by the spline that learns from them; unseen: of each by one that does not."""

    def __init__(self, x: Tensor) -> None:
        """x: (n,) float64, at least FOLDS points."""
        super().__init__(until=STEPS)
        self.x = x
        self.steps = 0
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
        fold = torch.empty(len(x), dtype=torch.long).scatter_(0, order, torch.arange(len(x)) % FOLDS)
        self.learns = torch.stack([*(fold != k for k in range(FOLDS)), torch.ones_like(fold).bool()])
        self.raw = torch.zeros(2, BINS, FOLDS + 1, dtype=torch.float64, requires_grad=True)
        self.optimizer = torch.optim.Adam([self.raw], lr=RATE, betas=(0.9, 0.99))
        self._judge(self._losses(self.splines()))

    @cached_property
    def kernels(self) -> Kernels:
        """The estimate beside it."""
        return Kernels(self.x)

    @property
    def taken(self) -> int:
        return self.steps

    @property
    def diverged(self) -> bool:
        return not math.isfinite(self.nll)

    def kinds(self) -> Mapping[str, Callable[[], object]]:
        return {"both": self.step}

    def splines(self) -> Spline:
        """All of them, each tensor (BINS + 1, FOLDS + 1): widths and heights of the pieces are a softmax each."""
        sizes = 2 * BOUND * self.raw.softmax(dim=1)
        knots = F.pad(sizes.cumsum(dim=1), (0, 0, 1, 0)) - BOUND
        return through(knots[0], knots[1])

    def _losses(self, splines: Spline) -> Tensor:
        """-log p_x of every point by every spline: (FOLDS + 1, n)."""
        u, log_half = LECTURE.forward(self.x)
        parts = (splines.horizontal, splines.vertical, splines.slopes)
        wide = Spline(*(each.repeat_interleave(len(u), dim=1) for each in parts))
        z, log_slope = wide.forward(u.repeat(FOLDS + 1))
        return -(log_p_z(z) + log_slope).view(FOLDS + 1, -1) - log_half

    def _judge(self, losses: Tensor) -> None:
        told = losses.detach()
        self.nll = float(told[-1].mean())
        self.unseen = float(told[~self.learns].mean())

    @torch.enable_grad()
    def step(self) -> None:
        """One step of Adam on the likelihood and the penalty of bends."""
        splines = self.splines()
        losses = self._losses(splines)
        likelihood = (losses * self.learns).sum(dim=1) / self.learns.sum(dim=1)
        secants = (splines.vertical.diff(dim=0) / splines.horizontal.diff(dim=0)).log()
        bends = STIFF * secants.diff(dim=0).square().sum(dim=0)
        self.optimizer.param_groups[0]["lr"] = rate(self.steps)
        self.optimizer.zero_grad(set_to_none=True)
        (likelihood + bends).sum().backward()
        self.optimizer.step()
        self.steps += 1
        self._judge(losses)

    def function(self) -> Bent:
        """f as it is now, learned from all points."""
        with torch.no_grad():
            all_of_them = self.splines()
        return Bent(
            Spline(*(each[:, -1:] for each in (all_of_them.horizontal, all_of_them.vertical, all_of_them.slopes)))
        )


def rate(step: int) -> float:
    """Half a cosine from RATE down to its part LEAST at STEPS, where it stays."""
    share = min(step / STEPS, 1)
    return RATE * (LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * share)))


def drawn(points: Sequence[float]) -> Tensor:
    """The points that a visitor drew, as a sample: (n,)."""
    return torch.tensor(list(points), dtype=torch.float64)
