"""What a page shows of a flow of the plane, layer by layer: densities, clouds, the warped net, and a point's way.

A grid of cells lies over [-SPAN, SPAN]^2, its first row on top; places are int16 with 32767 at 2 SPAN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.flow.density import Bijection, log_normal
from models.flow.flow import Learned, middles, noise
from models.flow.layers import Layers, Way
from models.flow.matching import Matching
from models.plane.toys import Target
from models.runtime import device
from models.runtime.alone import alone

SPAN = 3.0
"""Half the side of the square that is shown."""
CELLS, CELLS_MATCHING = 96, 64
"""Along a side of the density; flow matching takes as many seconds as the couplings take hundredths."""
BLOCKS = 48
"""Along a side of the map of what a layer stretches."""
POINTS = 500
"""Of the data, and of the samples."""
LINES, ALONG, NET = 13, 49, 3.0
"""Of the net: lines in each direction, points of each, and how far out it reaches."""
BRIGHT = 0.97
"""Share of the points at which the density is below the value that is shown as its largest: a narrow peak that hardly
a point ever meets shall not make all the rest pale."""
HELD = (0.9, 0.5)
"""Share of the points within each contour."""
FAINT = 0.05
"""The least |log det| whose colour is the strongest."""
TURN, TURN_MATCHING = 16_384, 256
"""Points of one turn at the device's gate."""
MOST = 10_000
"""Points of a sample that a program asks for."""
BEYOND = 99.0
"""Where a point stands that has left all bounds."""
T = TypeVar("T")


def packed(x: Tensor) -> Tensor:
    """Places as int16; what lies beyond 2 SPAN, or nowhere, stands at its edge."""
    unit = 32767 / (2 * SPAN)
    return (x.nan_to_num(2 * SPAN) * unit).clamp(-32767, 32767).round().to(torch.int16)


def net() -> Tensor:
    """Lines x_1 = const and then x_2 = const, each with its points: (2 LINES ALONG, 2)."""
    across, along = torch.linspace(-NET, NET, LINES), torch.linspace(-NET, NET, ALONG)
    one = torch.stack(torch.meshgrid(across, along, indexing="ij"), dim=-1)
    return torch.cat([one, one.flip(-1)]).reshape(-1, 2)


@dataclass(frozen=True)
class Shades:
    """A density as bytes: 255 sqrt(p / top), (cells^2,); levels: of its contours, in the same scale, the outer first.

    The root, since what is faint would else be lost.
    """

    cells: int
    density: Tensor
    top: float
    levels: tuple[float, ...]


def shades(log_density: Tensor, log_at_points: Tensor) -> Shades:
    """log_density: on the grid, (cells^2,); log_at_points: at points drawn from it, (N,)."""
    p = log_at_points.nan_to_num(-math.inf, -math.inf, -math.inf).float().exp()
    top = max(float(p.quantile(BRIGHT)), 1e-9)
    seen = (log_density.nan_to_num(-math.inf, math.inf, -math.inf).exp() / top).clamp(0, 1).sqrt()
    levels = tuple(255 * min(1.0, float(p.quantile(1 - share)) / top) ** 0.5 for share in HELD)
    return Shades(round(len(log_density) ** 0.5), (255 * seen).round().to(torch.uint8), top, levels)


def truth(target: Target, cells: int = CELLS) -> Shades:
    """The density that is to be learned."""
    points = target.sample(2 * POINTS, torch.Generator().manual_seed(2)).double()
    return shades(target.log_density(middles(cells, SPAN).double()), target.log_density(points))


@dataclass(frozen=True)
class View:
    """The plane after k layers. data: f_k ... f_1 of points of the data; samples: of noise, on its way back; made:
    where they end; there, back: the net, laid over x and over z; all places as int16. stretch: log |det| of the layer
    as int8, 127 is `most`."""

    shades: Shades
    data: Tensor
    samples: Tensor
    made: Tensor
    there: Tensor
    back: Tensor
    stretch: Tensor
    most: float


@dataclass(frozen=True)
class Trail:
    """The way of one point: path (n + 1, 2) from x to z; log p(x) = base + sum of terms, base = log N(z; 0, I)."""

    path: list[list[float]]
    base: float
    terms: list[float]

    @property
    def log_density(self) -> float:
        """log p(x), in nats."""
        return self.base + sum(self.terms)

    def exact(self, target: Target) -> float:
        """log p(x) of what was to be learned; -inf where it is 0."""
        return float(target.log_density(torch.tensor(self.path[:1], dtype=torch.float64))[0])


class Looked:
    """A flow as it is looked at; what is computed is computed in turns at the device's gate."""

    def __init__(self, network: Bijection, exact: Bijection, x: Tensor, cells: int = CELLS) -> None:
        """exact: the same network in float64. x: points of the data, (N, 2). cells: of a coupling's density.

        Raises DeviceBusy, Abandoned.
        """
        self.count = len(x)
        self.layers, self.exact = Layers(network), Layers(exact)
        self.slow = isinstance(network, Matching)
        self.cells, self.turn = (CELLS_MATCHING, TURN_MATCHING) if self.slow else (cells, TURN)
        lines = net()
        self.ahead = self._way(torch.cat([x, lines]), 0)
        self.behind = self._way(torch.cat([noise(0, POINTS), lines]), len(self.layers))

    def _each(self, fn: Callable[[Tensor], T], x: Tensor) -> list[T]:
        """fn of points, some in each turn."""
        where = next(self.layers.parts[0].parameters()).device
        found = []
        for part in x.split(self.turn):
            with device.gate.turn(), torch.inference_mode():
                found.append(fn(part.to(where)) if self.slow else alone(fn, part.to(where)))
        return found

    def _way(self, h: Tensor, k: int) -> Way:
        ways = self._each(lambda part: self.layers.way(part, k), h)
        states, log_dets = ([getattr(way, name) for way in ways] for name in ("states", "log_dets"))
        return Way(torch.cat(states, dim=1).cpu(), torch.cat(log_dets, dim=1).cpu())

    @property
    def real(self) -> Tensor:
        """The points of the data, as int16."""
        return packed(self.ahead.states[0, : self.count])

    def view(self, k: int, stretched: bool = True) -> View:
        """After k layers, 0 ... len(layers). stretched: with the map of log |det|. Raises DeviceBusy, Abandoned."""
        log_p = torch.cat(self._each(lambda h: self.layers.log_density(h, k), middles(self.cells, SPAN))).cpu()
        told = torch.zeros(0)
        if stretched:
            told = torch.cat(self._each(lambda h: self.layers.stretched(h, k), middles(BLOCKS, SPAN))).cpu()
        told = told.nan_to_num(0, 0, 0)
        most = max(FAINT, float(told.abs().quantile(0.99))) if stretched else FAINT
        data, there = packed(self.ahead.states[k]).tensor_split([self.count])
        samples, back = packed(self.behind.states[k]).tensor_split([POINTS])
        made = packed(self.behind.states[0, :POINTS])
        stretch = (127 * told / most).clamp(-127, 127).round().to(torch.int8)
        return View(shades(log_p, self.behind.log_density[k, :POINTS]), data, samples, made, there, back, stretch, most)

    def trail(self, h: tuple[float, float], k: int) -> Trail:
        """The way of the point that is at h after k layers. Raises DeviceBusy, Abandoned."""
        start = torch.tensor([h], dtype=next(self.exact.parts[0].parameters()).dtype)
        way = self._each(lambda each: self.exact.way(each, k), start)[0]
        path = way.states[:, 0].cpu().nan_to_num(0, BEYOND, -BEYOND).clamp(-BEYOND, BEYOND)
        return Trail(path.tolist(), float(log_normal(way.states[-1])[0]), way.log_dets[:, 0].tolist())


def log_density(learned: Learned, points: Sequence[Sequence[float]]) -> list[float]:
    """log p of points [x, y], in nats, by the flow as it ships. Raises DeviceBusy, Abandoned."""
    x = torch.tensor(points, dtype=torch.float32)
    return torch.cat([learned.log_density(part) for part in x.split(learned.at_once)]).tolist()


def samples(learned: Learned, count: int, seed: int) -> list[list[float]]:
    """Points drawn from a flow: a seed's first ones are the same, however many are asked for. Raises DeviceBusy."""
    z = torch.randn(MOST, 2, generator=torch.Generator().manual_seed(seed))[:count]
    drawn = torch.cat([learned.states(part)[-1] for part in z.split(learned.at_once)])
    return [[round(x, 6), round(y, 6)] for x, y in drawn.tolist()]


def picture(learned: Learned, side: int = 384) -> np.ndarray:
    """The density, (side, side) uint8: black where it is largest, white where it is 0; by its root."""
    cells = CELLS_MATCHING if isinstance(learned.network, Matching) else side
    log_p = torch.tensor(log_density(learned, middles(cells, SPAN).tolist()))
    seen = (log_p.exp() / log_p.exp().quantile(0.999)).clamp(0, 1).sqrt().view(1, 1, cells, cells)
    large = F.interpolate(seen, (side, side), mode="bicubic", align_corners=False).clamp(0, 1)
    return (255 * (1 - large[0, 0])).round().to(torch.uint8).numpy()
