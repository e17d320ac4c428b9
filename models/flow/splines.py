"""Monotonic rational-quadratic splines and the coupling made of them: Durkan et al. 2019, arXiv:1906.04032."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.flow.coupling import LIMIT, Conditioner, Coupling, bounded


@dataclass(frozen=True)
class Spline:
    """B increasing curves through K + 1 knots each, from (-bound, -bound) to (bound, bound); the identity outside.

    horizontal, vertical: the knots (K + 1, B); slopes: the derivatives there (K + 1, B), 1 at both ends.
    """

    horizontal: Tensor
    vertical: Tensor
    slopes: Tensor

    @classmethod
    def from_raw(cls, raw: Tensor, bound: float) -> Spline:
        """raw: (3 K - 1, B), any numbers: K widths, K heights (as logits), K - 1 inner slopes (as logarithms)."""
        bins = (len(raw) + 1) // 3
        sizes = bounded(raw[: 2 * bins], LIMIT / 2).exp().view(2, bins, -1).cumsum(dim=1)
        knots = F.pad(sizes * (2 * bound / sizes[:, -1:]), (0, 0, 1, 0)) - bound
        slopes = F.pad(bounded(raw[2 * bins :]), (0, 0, 1, 1)).exp()
        return cls(knots[0], knots[1], slopes)

    def _piece(self, knots: Tensor, at: Tensor) -> tuple[Tensor, ...]:
        """The piece of `knots` in which each value of `at` (B,) lies: inside, x0, width, y0, height, d0, d1."""
        above = (at >= knots).sum(dim=0, keepdim=True)
        inside = ((above > 0) & (above < len(knots)))[0]
        k = above.clamp(1, len(knots) - 1)
        x0, x1 = self.horizontal.gather(0, k - 1)[0], self.horizontal.gather(0, k)[0]
        y0, y1 = self.vertical.gather(0, k - 1)[0], self.vertical.gather(0, k)[0]
        return inside, x0, x1 - x0, y0, y1 - y0, self.slopes.gather(0, k - 1)[0], self.slopes.gather(0, k)[0]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and log dy/dx, eq. 4 and 5 of the paper.  x: (B,). Returns two (B,)."""
        inside, x0, width, y0, height, d0, d1 = self._piece(self.horizontal, x)
        s = height / width
        xi = torch.where(inside, (x - x0) / width, 0.5)
        both = xi * (1 - xi)
        below = s + (d0 + d1 - 2 * s) * both
        y = y0 + height * (s * xi.square() + d0 * both) / below
        slope = s.square() * (d1 * xi.square() + 2 * s * both + d0 * (1 - xi).square()) / below.square()
        return torch.where(inside, y, x), torch.where(inside, slope.log(), 0.0)

    def inverse(self, y: Tensor) -> Tensor:
        """x with forward(x) = y, eq. 6 to 8 of the paper.  y: (B,). Returns (B,)."""
        inside, x0, width, y0, height, d0, d1 = self._piece(self.vertical, y)
        s = height / width
        up = torch.where(inside, y - y0, 0.5 * height)
        bend = d0 + d1 - 2 * s
        a, b, c = height * (s - d0) + up * bend, height * d0 - up * bend, -s * up
        xi = 2 * c / (-b - (b.square() - 4 * a * c).clamp(min=0).sqrt())
        return torch.where(inside, x0 + xi * width, y)


class SplineCoupling(Coupling):
    """z_1 = x_1, z_2 = g(x_2), g a spline whose knots x_1 chooses: it can squeeze at several places at once."""

    def __init__(self, keep: int, width: int, bins: int, bound: float) -> None:
        super().__init__(keep)
        self.net = Conditioner(3 * bins - 1, width)
        self.bound = bound

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = self._split(x)
        moved, log_slope = Spline.from_raw(self.net(kept), self.bound).forward(moved)
        return self._join(kept, moved), log_slope

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = self._split(z)
        return self._join(kept, Spline.from_raw(self.net(kept), self.bound).inverse(moved))
