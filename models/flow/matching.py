"""Flow matching in the plane: a velocity that carries N(0, I) to the data along nearly straight paths.

Lipman et al. 2023, "Flow Matching for Generative Modeling", arXiv:2210.02747; Liu et al. 2023, "Flow Straight and Fast"
(rectified flow), arXiv:2209.03003. The density follows the motion: Chen et al. 2018, arXiv:1806.07366.
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.flow.density import Bijection
from models.plane.perceptron import Velocity


class Matching(Bijection):
    """The flow of dx/dt = v(x, t), by the classical Runge-Kutta method in `steps` equal steps of t."""

    def __init__(self, width: int = 128, steps: int = 32) -> None:
        super().__init__()
        self.velocity = Velocity(width)
        self.steps = steps

    def loss(self, x: Tensor) -> Tensor:
        """E |v(x_t, t) - (x - z)|^2 with x_t = (1 - t) z + t x, eq. 1 of Liu et al. 2023.  x: (B, 2). A scalar."""
        return self.paired_loss(torch.randn_like(x), x, torch.rand_like(x[:, :1]))

    def paired_loss(self, z: Tensor, x: Tensor, t: Tensor) -> Tensor:
        """The same for noise and data that are paired in some way.  z, x: (B, 2); t: (B, 1). A scalar."""
        return (self.velocity((1 - t) * z + t * x, t) - (x - z)).square().sum(dim=1).mean()

    def states(self, z: Tensor) -> list[Tensor]:
        """Where the points are at t = 0, 1 / steps, ..., 1: steps + 1 tensors (B, 2), from z ~ N(0, I) to the data."""
        states = [z]
        for i in range(self.steps):
            states.append(self.step(states[-1], i))
        return states

    def step(self, x: Tensor, i: int) -> Tensor:
        """From t = i / steps to the next one.  (B, 2) to (B, 2)."""
        h = 1 / self.steps
        t = x.new_full((1, 1), i * h)
        k1 = self.velocity(x, t)
        k2 = self.velocity(x + h / 2 * k1, t + h / 2)
        k3 = self.velocity(x + h / 2 * k2, t + h / 2)
        k4 = self.velocity(x + h * k3, t + h)
        return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x), where x came from at t = 0, and log |det df/dx|.  x: (B, 2). Returns (B, 2) and (B,).

        The two tangents dx(t) / dx(1) are carried along with the point. In the plane that costs no more than the
        divergence, whose integral is the log-determinant, and it is exact for the steps that are taken: the integral
        of the divergence would be that of their limit.
        """
        tangents = torch.eye(2, device=x.device, dtype=x.dtype)[:, None].expand(2, len(x), 2)
        for i in range(self.steps, 0, -1):
            x, tangents = self.step_back(x, tangents, i / self.steps)
        return x, log_area(tangents)

    def step_back(self, x: Tensor, tangents: Tensor, time: float) -> tuple[Tensor, Tensor]:
        """One step from t = time to time - 1 / steps, of the points (B, 2) and of their tangents (2, B, 2)."""
        h, t = -1 / self.steps, x.new_full((1, 1), time)
        k1, d1 = self.velocity.along(x, tangents, t)
        k2, d2 = self.velocity.along(x + h / 2 * k1, tangents + h / 2 * d1, t + h / 2)
        k3, d3 = self.velocity.along(x + h / 2 * k2, tangents + h / 2 * d2, t + h / 2)
        k4, d4 = self.velocity.along(x + h * k3, tangents + h * d3, t + h)
        return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), tangents + h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)


def log_area(tangents: Tensor) -> Tensor:
    """log of the area that two tangents span.  (2, B, 2) to (B,)."""
    (a, b), (c, d) = tangents[0].T, tangents[1].T
    return (a * d - b * c).abs().log()
