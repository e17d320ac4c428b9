"""The change of variables in one dimension: z = f(x) and z ~ N(0, 1) give the density of x.

    p_x(x) = p_z(f(x)) |f'(x)|

The lecture's example is z = 0.5 x - 2.5, so x ~ N(5, 2^2): mean 5, standard deviation 2. All in float64.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.flow.splines import Spline

BOUND = 3.0
"""Beyond -3 and 3 a spline is the identity; of z ~ N(0, 1) 0.3 % lie there."""
NODES, WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(20))
"""Gauss's rule on [-1, 1]: exact for polynomials up to degree 39."""


class Function(ABC):
    """z = f(x), x = f^-1(z), of one variable."""

    @abstractmethod
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |f'(x)|.  x: (N,). Returns two (N,)."""

    @abstractmethod
    def inverse(self, z: Tensor) -> Tensor:
        """x = f^-1(z).  (N,) to (N,)."""

    @property
    def breaks(self) -> Tensor:
        """Where an integral over x is to be cut: (K,)."""
        return torch.zeros(0, dtype=torch.float64)


@dataclass(frozen=True)
class Line(Function):
    """z = a x + b, a not 0: then x ~ N(-b / a, 1 / a^2)."""

    a: float
    b: float

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = a x + b and log |a|."""
        return self.a * x + self.b, torch.full_like(x, math.log(abs(self.a)))

    def inverse(self, z: Tensor) -> Tensor:
        """x = (z - b) / a."""
        return (z - self.b) / self.a

    @property
    def mean(self) -> float:
        """Of x."""
        return -self.b / self.a

    @property
    def deviation(self) -> float:
        """Standard deviation of x."""
        return 1 / abs(self.a)


LECTURE = Line(0.5, -2.5)
"""The example: x ~ N(5, 2^2)."""


def through(horizontal: Tensor, vertical: Tensor) -> Spline:
    """The increasing spline through K + 1 knots, B of them side by side.  horizontal, vertical: (K + 1, B), increasing.

    The slope at a knot is the geometric mean of the secants beside it, each weighed by the other's width (Delbourgo &
    Gregory 1985, "The determination of derivative parameters for a monotonic rational quadratic interpolant"); at both
    ends it is 1, that of the identity which follows.
    """
    width, height = horizontal.diff(dim=0), vertical.diff(dim=0)
    secant = (height / width).log()
    inner = (secant[:-1] * width[1:] + secant[1:] * width[:-1]) / (width[:-1] + width[1:])
    return Spline(horizontal, vertical, F.pad(inner, (0, 0, 1, 1)).exp())


class Bent(Function):
    """z = g(0.5 x - 2.5): the lecture's line, bent by an increasing spline g from -3 to 3."""

    def __init__(self, spline: Spline) -> None:
        """spline: one, each of its tensors (K + 1, 1)."""
        self.spline = spline

    @classmethod
    def at(cls, knots: Sequence[tuple[float, float]]) -> Bent:
        """f through (x, z), from left to right and increasing within x = -1 ... 11, z = -3 ... 3."""
        x, z = torch.tensor(knots, dtype=torch.float64).T
        both = [F.pad(each, (1, 1)) for each in (LECTURE.forward(x)[0], z)]
        for each in both:
            each[0], each[-1] = -BOUND, BOUND
        return cls(through(both[0][:, None], both[1][:, None]))

    def _for(self, count: int) -> Spline:
        """The same spline for each of `count` numbers."""
        parts = (self.spline.horizontal, self.spline.vertical, self.spline.slopes)
        return Spline(*(each.expand(-1, count) for each in parts))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = g(0.5 x - 2.5) and log f'(x) = log g' + log 0.5."""
        u, log_half = LECTURE.forward(x)
        z, log_slope = self._for(len(x)).forward(u)
        return z, log_slope + log_half

    def inverse(self, z: Tensor) -> Tensor:
        """x = (g^-1(z) + 2.5) / 0.5."""
        return LECTURE.inverse(self._for(len(z)).inverse(z))

    @property
    def breaks(self) -> Tensor:
        """The knots, and places ever nearer to them: beside a steep piece, a flat one bends close to its end."""
        knots = self.spline.horizontal[:, 0]
        near = 0.5 ** torch.arange(1, 7, dtype=torch.float64)
        between = knots[:-1, None] + knots.diff()[:, None] * torch.cat([near, 1 - near])
        return LECTURE.inverse(torch.cat([knots, between.flatten()]))

    @property
    def knots(self) -> list[tuple[float, float]]:
        """(x, z) of each knot, both ends included."""
        x = LECTURE.inverse(self.spline.horizontal[:, 0])
        return list(zip(x.tolist(), self.spline.vertical[:, 0].tolist(), strict=True))


def log_p_z(z: Tensor) -> Tensor:
    """log N(z; 0, 1).  (N,) to (N,)."""
    return -0.5 * z.square() - 0.5 * math.log(2 * math.pi)


def log_density(f: Function, x: Tensor) -> Tensor:
    """log p_x(x) = log p_z(f(x)) + log |f'(x)|, in nats.  (N,) to (N,)."""
    z, log_slope = f.forward(x)
    return log_p_z(z) + log_slope


@torch.inference_mode()
def area_x(f: Function, low: float, high: float) -> float:
    """The integral of p_x from low to high, by Gauss's rule: cut at f's breaks and where f is -8, -7 ... 8."""
    places = torch.cat([f.breaks, f.inverse(torch.arange(-8, 9, dtype=torch.float64))]).sort().values
    inside = places[(places > low) & (places < high)]
    cuts = torch.cat([inside.new_tensor([low]), inside, inside.new_tensor([high])])
    middle, half = (cuts[1:] + cuts[:-1]) / 2, (cuts[1:] - cuts[:-1]) / 2
    x = middle[:, None] + half[:, None] * NODES
    p = log_density(f, x.flatten()).exp().view(x.shape)
    return float((p @ WEIGHTS * half).sum())


def area_z(first: float, last: float) -> float:
    """The integral of p_z between two z: |Phi(last) - Phi(first)|."""
    # From the left tail, where erfc loses no digits.
    near, far = sorted((abs(first), abs(last)))
    if first * last > 0:
        return 0.5 * (math.erfc(near / math.sqrt(2)) - math.erfc(far / math.sqrt(2)))
    return 0.5 * abs(math.erf(last / math.sqrt(2)) - math.erf(first / math.sqrt(2)))


Terms = tuple[float, float, float, float]
"""The formula's numbers at one x: f(x), p_z(f(x)), |f'(x)|, p_x(x)."""


@torch.inference_mode()
def terms(f: Function, x: Sequence[float]) -> list[Terms]:
    """The formula's numbers at each x."""
    z, log_slope = f.forward(torch.tensor(x, dtype=torch.float64))
    p_z, slope = log_p_z(z).exp(), log_slope.exp()
    return [(a, b, c, d) for a, b, c, d in torch.stack([z, p_z, slope, p_z * slope], dim=1).tolist()]


@dataclass(frozen=True)
class Curve:
    """f and p_x at evenly spaced x; each (N,)."""

    x: Tensor
    z: Tensor
    p: Tensor


@torch.inference_mode()
def curve(f: Function, left: float, right: float, count: int) -> Curve:
    """f and p_x at `count` evenly spaced x."""
    x = torch.linspace(left, right, count, dtype=torch.float64)
    z, log_slope = f.forward(x)
    return Curve(x, z, (log_p_z(z) + log_slope).exp())


@torch.inference_mode()
def dots(f: Function, count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Points z ~ N(0, 1), always the same of a seed, and their x = f^-1(z); each (count,).

    One from each of `count` pieces of equal probability, in random order: they heap up to p_z, and so to p_x.
    """
    generator = torch.Generator().manual_seed(seed)
    share = torch.randperm(count, generator=generator) + torch.rand(count, dtype=torch.float64, generator=generator)
    z = math.sqrt(2) * torch.erfinv(2 * share / count - 1)
    return z, f.inverse(z)
