"""Flow matching in the plane: a velocity that carries N(0, I) to the data along nearly straight paths.

Lipman et al. 2023, "Flow Matching for Generative Modeling", arXiv:2210.02747; Liu et al. 2023, "Flow Straight and Fast"
(rectified flow), arXiv:2209.03003. The density follows the motion: Chen et al. 2018, arXiv:1806.07366.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.flow.coupling import spread_knots
from models.flow.density import Bijection

TIMES = 4
"""Frequencies of t that the network sees beside t itself."""


class Velocity(nn.Module):
    """v(x, t): a perceptron of x and of t, with sines and cosines of t; three hidden layers."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.place = nn.Linear(2, width)
        self.time = nn.Linear(2 * TIMES + 1, width, bias=False)
        self.second = nn.Linear(width, width)
        self.third = nn.Linear(width, width)
        self.last = nn.Linear(width, 2)
        spread_knots(self.place)

    def _time(self, t: Tensor) -> Tensor:
        """What the first layer gets from t: (B, 1) to (B, width)."""
        angle = math.pi * t * torch.arange(1, TIMES + 1, device=t.device, dtype=t.dtype)
        return self.time(torch.cat([t, angle.sin(), angle.cos()], dim=1))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """x: (B, 2); t: (B, 1) or (1, 1) in [0, 1], 0 at the noise. Returns (B, 2)."""
        hidden = F.silu(self.place(x) + self._time(t))
        return self.last(F.silu(self.third(F.silu(self.second(hidden)))))

    def along(self, x: Tensor, tangents: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """v, and its derivatives along two tangents at each point, carried forward through the layers.

        x: (B, 2); tangents: (2, B, 2). Returns (B, 2) and (2, B, 2).
        """
        hidden, slope = silu_and_slope(self.place(x) + self._time(t))
        tangents = (tangents @ self.place.weight.T) * slope
        for layer in (self.second, self.third):
            hidden, slope = silu_and_slope(layer(hidden))
            tangents = (tangents @ layer.weight.T) * slope
        return self.last(hidden), tangents @ self.last.weight.T


def silu_and_slope(x: Tensor) -> tuple[Tensor, Tensor]:
    """x sigma(x) and its derivative sigma(x) (1 + x (1 - sigma(x)))."""
    gate = torch.sigmoid(x)
    value = x * gate
    return value, gate + value * (1 - gate)


class Matching(Bijection):
    """The flow of dx/dt = v(x, t), by the classical Runge-Kutta method in `steps` equal steps of t."""

    def __init__(self, width: int = 64, steps: int = 32) -> None:
        super().__init__()
        self.velocity = Velocity(width)
        self.steps = steps

    def loss(self, x: Tensor) -> Tensor:
        """E |v(x_t, t) - (x - z)|^2 with x_t = (1 - t) z + t x, eq. 1 of Liu et al. 2023.  x: (B, 2). A scalar."""
        z, t = torch.randn_like(x), torch.rand_like(x[:, :1])
        return (self.velocity((1 - t) * z + t * x, t) - (x - z)).square().sum(dim=1).mean()

    def states(self, z: Tensor) -> list[Tensor]:
        """Where the points are at t = 0, 1 / steps, ..., 1: steps + 1 tensors (B, 2), from z ~ N(0, I) to the data."""
        states, h = [z], 1 / self.steps
        for i in range(self.steps):
            x, t = states[-1], z.new_full((1, 1), i * h)
            k1 = self.velocity(x, t)
            k2 = self.velocity(x + h / 2 * k1, t + h / 2)
            k3 = self.velocity(x + h / 2 * k2, t + h / 2)
            k4 = self.velocity(x + h * k3, t + h)
            states.append(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
        return states

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x), where x came from at t = 0, and log |det df/dx|.  x: (B, 2). Returns (B, 2) and (B,).

        The two tangents dx(t) / dx(1) are carried along with the point. In the plane that costs no more than the
        divergence, whose integral is the log-determinant, and it is exact for the steps that are taken: the integral
        of the divergence would be that of their limit.
        """
        tangents = torch.eye(2, device=x.device, dtype=x.dtype)[:, None].expand(2, len(x), 2)
        for i in range(self.steps, 0, -1):
            x, tangents = self._step_back(x, tangents, i / self.steps)
        (a, b), (c, d) = tangents[0].T, tangents[1].T
        return x, (a * d - b * c).abs().log()

    def _step_back(self, x: Tensor, tangents: Tensor, time: float) -> tuple[Tensor, Tensor]:
        """One step from t = time to time - 1 / steps, of the points (B, 2) and of their tangents (2, B, 2)."""
        h, t = -1 / self.steps, x.new_full((1, 1), time)
        k1, d1 = self.velocity.along(x, tangents, t)
        k2, d2 = self.velocity.along(x + h / 2 * k1, tangents + h / 2 * d1, t + h / 2)
        k3, d3 = self.velocity.along(x + h / 2 * k2, tangents + h / 2 * d2, t + h / 2)
        k4, d4 = self.velocity.along(x + h * k3, tangents + h * d3, t + h)
        return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), tangents + h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
