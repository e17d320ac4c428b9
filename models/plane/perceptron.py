"""A perceptron of points of the plane and of time, and how it is trained while a visitor looks on.

Flow matching trains it as a velocity, the lecture on scores as a noise: both rooms stand on the same network.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TIMES = 4
"""Frequencies of t that the network sees beside t itself."""
WARM, FLOOR = 0.02, 0.005
"""Share of the time in which the rate rises, and what is left of it at the end."""


def spread_knots(
    first: nn.Linear, slope: float = 3.0, reach: float = 3.0, generator: torch.Generator | None = None
) -> None:
    """Start a first layer with its units' bends spread over -reach ... reach, where the data are, and well bent there.

    torch's own start bends hardly at all over that range, and a flow starts as a nearly linear map: after the same
    time of training its error on the ring was three times as large.
    """
    with torch.no_grad():
        direction = F.normalize(torch.empty_like(first.weight).normal_(generator=generator), dim=1)
        first.weight.copy_(slope * direction)
        first.bias.uniform_(-slope * reach, slope * reach, generator=generator)


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


def cosine(progress: float, peak: float) -> float:
    """The learning rate: a linear rise, then a cosine down.  progress: 0 to 1."""
    if progress < WARM:
        return peak * max(progress / WARM, 0.01)
    down = (progress - WARM) / (1 - WARM)
    return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * down)))


@torch.no_grad()
def average_into(average: nn.Module, model: nn.Module, decay: float) -> None:
    """average <- decay * average + (1 - decay) * model, weight by weight."""
    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)
