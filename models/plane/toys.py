"""Two-dimensional targets: densities that are known exactly, so that what a model learns can be held against them.

    ring = target("ring")
    x = ring.sample(1000, torch.Generator().manual_seed(0))     # (1000, 2)
    ring.log_density(x).mean(), -ring.entropy                   # nearly the same number

All are one of two kinds: Gaussians of one width on points (also points drawn by hand), and uniform densities on cells.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol

import torch
from torch import Tensor

REACH = 4.0
"""Every target lies inside [-4, 4] x [-4, 4] but for a part of 1e-8; this is what the rooms show."""
ROWS = 4096
"""Points whose distances to all centres are held in memory at once."""


class Target(Protocol):
    """What every two-dimensional target answers. Lengths have no unit; densities are per unit of area, in nats."""

    @property
    def entropy(self) -> float:
        """-E log p, in nats."""

    @property
    def extent(self) -> float:
        """Half the side of the square about 0 that holds all of the target but a part of 1e-8."""

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """n independent points (n, 2), float32, on the generator's device."""

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x).  x: (..., 2) in float32 or float64. Returns (...) of x's type; -inf where p is 0."""


def _uniform(shape: tuple[int, ...], generator: torch.Generator | None) -> Tensor:
    device = generator.device if generator else None
    return torch.rand(shape, generator=generator, device=device)


class Gaussians:
    """Equal parts of isotropic Gaussians: p(x) = 1/M sum_m N(x; c_m, s^2 I).

    A curve with noise is one of these with centres closer than s along the curve: no integral is left to be done.
    """

    def __init__(self, centres: Tensor, sigma: float) -> None:
        """centres: (M, 2); sigma: the standard deviation s > 0. Raises ValueError for anything else."""
        if centres.ndim != 2 or centres.shape[1] != 2 or not len(centres) or not bool(centres.isfinite().all()):
            raise ValueError("The centres must be finite, at least one, of shape (M, 2).")
        if not (math.isfinite(sigma) and sigma > 0):
            raise ValueError("The standard deviation must be above 0.")
        self.centres = centres.double().cpu()
        self.sigma = float(sigma)

    @property
    def extent(self) -> float:
        return float(self.centres.abs().max()) + 6 * self.sigma

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        device = generator.device if generator else torch.device("cpu")
        chosen = (_uniform((n,), generator) * len(self.centres)).long().clamp_(max=len(self.centres) - 1)
        noise = torch.randn(n, 2, generator=generator, device=device)
        return self.centres.float().to(device)[chosen] + self.sigma * noise

    def _parts(self, x: Tensor) -> Tensor:
        """log N(x; c_m, s^2 I) for each of the centres.  x: (N, 2). Returns (N, M)."""
        distance = (x[:, None] - self.centres.to(x)).square().sum(dim=2)
        return -distance / (2 * self.sigma**2) - math.log(2 * math.pi * self.sigma**2)

    def log_density(self, x: Tensor) -> Tensor:
        rows = x.reshape(-1, 2).split(ROWS)
        log_p = torch.cat([torch.logsumexp(self._parts(part), dim=1) for part in rows])
        return (log_p - math.log(len(self.centres))).view(x.shape[:-1])

    def score(self, x: Tensor) -> Tensor:
        """The gradient of log p: sum_m w_m(x) (c_m - x) / s^2, w the parts' share at x.  (..., 2) to (..., 2)."""
        rows = x.reshape(-1, 2).split(ROWS)
        nearby = torch.cat([self._parts(part).softmax(dim=1) @ self.centres.to(x) for part in rows])
        return (nearby.view(x.shape) - x) / self.sigma**2

    def noised(self, scale: float, noise: float) -> Gaussians:
        """The target of scale * x + noise * epsilon with epsilon ~ N(0, I): what diffusion makes of it."""
        return Gaussians(scale * self.centres, math.hypot(scale * self.sigma, noise))

    @cached_property
    def entropy(self) -> float:
        """By the trapezoidal rule on a grid of steps of s / 3: the integrand is analytic, the error below 1e-6 nats."""
        side = torch.linspace(-1, 1, 2 * math.ceil(3 * self.extent / self.sigma) + 1, dtype=torch.float64)
        log_p = self.log_density(self.extent * torch.cartesian_prod(side, side))
        step = self.extent * float(side[1] - side[0])
        return float(-(log_p.exp() * log_p).sum()) * step**2


class Cells:
    """The uniform density on the marked cells of a square grid about 0: exact, its entropy is the log of the area."""

    def __init__(self, mask: Tensor, side: float) -> None:
        """mask: (H, W) bool, the first row on top; side: length of a cell > 0. Raises ValueError for an empty mask."""
        if mask.ndim != 2 or not bool(mask.any()) or not side > 0:
            raise ValueError("The mask must be (H, W) with at least one cell marked, its cells longer than 0.")
        self.mask = mask.bool().cpu()
        self.side = float(side)
        rows, columns = self.mask.nonzero(as_tuple=True)
        height, width = self.mask.shape
        corners = torch.stack([columns - width / 2, height / 2 - 1 - rows], dim=1)
        self.corners = self.side * corners.double()
        """Lower left corners of the marked cells, (M, 2)."""

    @property
    def extent(self) -> float:
        return float(max(self.corners.abs().max(), (self.corners + self.side).abs().max()))

    @property
    def entropy(self) -> float:
        return math.log(len(self.corners) * self.side**2)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        chosen = (_uniform((n,), generator) * len(self.corners)).long().clamp_(max=len(self.corners) - 1)
        inside = _uniform((n, 2), generator)
        return self.corners.float().to(inside.device)[chosen.to(inside.device)] + self.side * inside

    def log_density(self, x: Tensor) -> Tensor:
        height, width = self.mask.shape
        column = torch.floor(x[..., 0] / self.side + width / 2)
        row = height - 1 - torch.floor(x[..., 1] / self.side + height / 2)
        there = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        column, row = column.nan_to_num(0, 0, 0).clamp(0, width - 1), row.nan_to_num(0, 0, 0).clamp(0, height - 1)
        there &= self.mask.to(x.device)[row.long(), column.long()]
        return torch.where(there, -self.entropy, -math.inf).to(x)


def along(curve: Callable[[Tensor], Tensor], spacing: float) -> Tensor:
    """Points of a curve at equal distances, the ends included: (M, 2).  curve: t in [0, 1], (K,), to (K, 2)."""
    fine = curve(torch.linspace(0, 1, 4001, dtype=torch.float64))
    length = torch.cat([torch.zeros(1), (fine[1:] - fine[:-1]).norm(dim=1).cumsum(dim=0)])
    wanted = torch.linspace(0, float(length[-1]), max(2, round(float(length[-1]) / spacing) + 1), dtype=torch.float64)
    return fine[torch.searchsorted(length, wanted).clamp(max=len(fine) - 1)]


def circle(radius: float, count: int) -> Tensor:
    """Points at the angles 2 pi k / count: (count, 2)."""
    angle = torch.arange(count, dtype=torch.float64) * (2 * math.pi / count)
    return radius * torch.stack([angle.cos(), angle.sin()], dim=1)


def polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=-1)


def ring() -> Gaussians:
    """Eight Gaussians at distance 2 and the angles k pi / 4, standard deviation 0.2."""
    return Gaussians(circle(2.0, 8), 0.2)


def moons() -> Gaussians:
    """Two half circles that reach into each other, with noise."""
    upper = along(lambda t: polar(torch.full_like(t, 1.5), math.pi * t), 0.12) + torch.tensor([-0.75, -0.375])
    return Gaussians(torch.cat([upper, -upper]), 0.15)


def spiral() -> Gaussians:
    """Two turns of a spiral whose arms lie equally far apart, with noise."""
    return Gaussians(along(lambda t: polar(0.3 + 2.1 * t, 4 * math.pi * t), 0.09), 0.1)


def checkerboard() -> Cells:
    """The eight black squares of a board of 4 x 4, each of side 1."""
    rows, columns = torch.arange(4)[:, None], torch.arange(4)
    return Cells((rows + columns) % 2 == 0, 1.0)


def rings() -> Gaussians:
    """Three circles about one centre, with noise; a point is as likely per length on each."""
    return Gaussians(torch.cat([circle(0.7 * k, 48 * k) for k in (1, 2, 3)]), 0.1)


def line() -> Gaussians:
    """A straight line, rising, with little noise: two coordinates that say nearly the same."""
    return Gaussians(along(lambda t: torch.stack([5 * t - 2.5, 3 * t - 1.5], dim=1), 0.09), 0.1)


def blobs() -> Gaussians:
    """Two round clouds, apart."""
    return Gaussians(torch.tensor([[-1.3, -0.5], [1.3, 0.5]]), 0.45)


LETTER = """
.....############
...##############
..###############
.################
.######.....#####
.#####......#####
.#####......#####
.#####......#####
..#####.....#####
..###############
....#############
.....############
....######.######
....#####...#####
...######...#####
...#####....#####
..######....#####
.######.....#####
.#####......#####
######......#####
"""


def letter() -> Cells:
    """The letter Я, as likely everywhere on its strokes."""
    rows = LETTER.split()
    return Cells(torch.tensor([[mark == "#" for mark in row] for row in rows]), 0.2)


def drawn(points: Sequence[tuple[float, float]] | Tensor, sigma: float = 0.12) -> Gaussians:
    """What a visitor drew: a Gaussian on each of the points, coordinates in [-4, 4]. Raises ValueError."""
    centres = torch.as_tensor(points, dtype=torch.float64)
    if centres.ndim == 2 and bool((centres.abs() > REACH).any()):
        raise ValueError("The points must lie between -4 and 4.")
    return Gaussians(centres, sigma)


TARGETS: dict[str, Callable[[], Target]] = {
    "ring": ring,
    "moons": moons,
    "spiral": spiral,
    "checkerboard": checkerboard,
    "rings": rings,
    "line": line,
    "blobs": blobs,
    "letter": letter,
}


@functools.cache
def target(name: str) -> Target:
    """The target of that name, made on first use. Raises KeyError."""
    return TARGETS[name]()
