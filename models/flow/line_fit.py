"""Fitting f to a sample in one dimension, by gradient descent on the likelihood, while the visitor looks on.

    L = -1/n sum log p_x(x_i),  log p_x(x_i) = log p_z(f(x_i)) + log f'(x_i)

Eleven splines learn side by side: one from all points, ten from nine tenths each, so that every point is judged by a
spline that has not seen it, as the kernel density estimate beside it is judged by leaving each point out. Each begins
as the lecture's line, with knots where its points are. A spline of so many pieces would find a bump for every point:
each step it sees the points moved a little, at random, about as far as a kernel estimate of them would spread them
(noise regularization: Rothfuss et al. 2019, arXiv:1907.08982).
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

BINS, FOLDS = 32, 10
STEPS = 800
RATE, LEAST = 0.08, 0.1
"""Adam's rate at first, and the part of it at the end: a single narrow needle needs large steps to be reached and small
ones to be fitted."""
CROWDED, NARROWEST = 0.8, 2e-3
"""Share of the knots that begin at quantiles of the points, the others evenly; the least piece between two of them."""
MOVED, COPIES = 0.9, 3
"""How far points are moved, in bandwidths of their best kernel estimate; moved copies of each in a step."""
STIFF, SHARP = 2e-3, 0.5
"""Weight of the penalty on bends, and from which bend on it grows no faster than they do: needles stand steep."""
COUNT = 200
"""Points of a sample that we give."""
WIDTHS = torch.logspace(-2, 0.5, 60).tolist()
"""Bandwidths that a kernel estimate chooses from."""


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

    def __init__(self, x: Tensor, widths: Sequence[float] = WIDTHS) -> None:
        """x: (n,) float64; widths: to choose from."""
        self.x = x
        squares = (x[:, None] - x).square()
        found = [(self._left_out(squares, width), width) for width in widths]
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
    """A fit under way."""

    def __init__(self, x: Tensor) -> None:
        """x: (n,) float64, at least FOLDS points."""
        super().__init__(until=STEPS)
        self.x = x
        self.steps = 0
        self._judged: tuple[int, Tensor] | None = None
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
        fold = torch.empty(len(x), dtype=torch.long).scatter_(0, order, torch.arange(len(x)) % FOLDS)
        self.learns = torch.stack([*(fold != k for k in range(FOLDS)), torch.ones_like(fold).bool()])
        learned = [x[each] for each in self.learns]
        begin = torch.stack([knots_of(LECTURE.forward(each)[0]) for each in learned], dim=1)
        self.raw = begin.diff(dim=0).log().expand(2, -1, -1).clone().requires_grad_()
        self.width = MOVED * torch.tensor([Kernels(each, WIDTHS[::4]).width for each in learned], dtype=torch.float64)
        self.noise = torch.Generator().manual_seed(0)
        self.optimizer = torch.optim.Adam([self.raw], lr=RATE, betas=(0.9, 0.99))

    @cached_property
    def kernels(self) -> Kernels:
        """The estimate beside it."""
        return Kernels(self.x)

    @property
    def taken(self) -> int:
        return self.steps

    @property
    def diverged(self) -> bool:
        return not bool(self.raw.isfinite().all())

    @property
    def nll(self) -> float:
        """Of all points by the spline that learns from them, in nats."""
        return float(self._told[-1].mean())

    @property
    def unseen(self) -> float:
        """Of each point by a spline that does not learn from it, in nats."""
        return float(self._told[~self.learns].mean())

    @property
    def _told(self) -> Tensor:
        """-log p_x of every point by every spline as they are now: (FOLDS + 1, n)."""
        if self._judged is None or self._judged[0] != self.steps:
            with torch.no_grad():
                self._judged = self.steps, self._losses(self.splines(), self.x.expand(FOLDS + 1, -1))
        return self._judged[1]

    def kinds(self) -> Mapping[str, Callable[[], object]]:
        return {"both": self.step}

    def splines(self) -> Spline:
        """All of them, each tensor (BINS + 1, FOLDS + 1): widths and heights of the pieces are a softmax each."""
        sizes = 2 * BOUND * self.raw.softmax(dim=1)
        knots = F.pad(sizes.cumsum(dim=1), (0, 0, 1, 0)) - BOUND
        return through(knots[0], knots[1])

    @staticmethod
    def _losses(splines: Spline, x: Tensor) -> Tensor:
        """-log p_x of points by the splines, each of its own: (FOLDS + 1, m), as x is."""
        u, log_half = LECTURE.forward(x)
        parts = (splines.horizontal, splines.vertical, splines.slopes)
        wide = Spline(*(each.repeat_interleave(x.shape[1], dim=1) for each in parts))
        z, log_slope = wide.forward(u.flatten())
        return -(log_p_z(z) + log_slope).view(x.shape) - log_half

    @torch.enable_grad()
    def step(self) -> None:
        """One step of Adam on the likelihood of the moved points and the penalty of bends."""
        splines = self.splines()
        e = torch.randn(FOLDS + 1, COPIES, len(self.x), dtype=torch.float64, generator=self.noise)
        moved = self.x + self.width[:, None, None] * e
        losses = self._losses(splines, moved.flatten(1)).view(e.shape).mean(dim=1)
        likelihood = (losses * self.learns).sum(dim=1) / self.learns.sum(dim=1)
        bends = (splines.vertical.diff(dim=0) / splines.horizontal.diff(dim=0)).log().diff(dim=0)
        stiffness = 2 * STIFF * F.huber_loss(bends, torch.zeros_like(bends), reduction="sum", delta=SHARP)
        self.optimizer.param_groups[0]["lr"] = rate(self.steps)
        self.optimizer.zero_grad(set_to_none=True)
        (likelihood.sum() + stiffness).backward()
        self.optimizer.step()
        self.steps += 1

    def function(self) -> Bent:
        """f as it is now, learned from all points."""
        with torch.no_grad():
            all_of_them = self.splines()
        return Bent(
            Spline(*(each[:, -1:] for each in (all_of_them.horizontal, all_of_them.vertical, all_of_them.slopes)))
        )


def knots_of(u: Tensor) -> Tensor:
    """Knots from -BOUND to BOUND between which as many of the points lie, and of an even cover: (BINS + 1,).

    u: (n,).
    """
    grid = torch.linspace(-BOUND, BOUND, 6001, dtype=torch.float64)
    below = torch.searchsorted(u.sort().values, grid, right=True) / len(u)
    share = CROWDED * below + (1 - CROWDED) * (grid + BOUND) / (2 * BOUND)
    inner = grid[torch.searchsorted(share, torch.arange(1, BINS, dtype=torch.float64) / BINS).clamp(max=6000)]
    sizes = torch.cat([grid[:1], inner, grid[-1:]]).diff().clamp(min=NARROWEST)
    return F.pad((2 * BOUND * sizes / sizes.sum()).cumsum(dim=0), (1, 0)) - BOUND


def rate(step: int) -> float:
    """Half a cosine from RATE down to its part LEAST at STEPS, where it stays."""
    share = min(step / STEPS, 1)
    return RATE * (LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * share)))


def drawn(points: Sequence[float]) -> Tensor:
    """The points that a visitor drew, as a sample: (n,)."""
    return torch.tensor(list(points), dtype=torch.float64)
