"""What all flows share: the change of variables, z = f(x) with z ~ N(0, I) gives the density of x."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

CHUNK = 4000
"""Points computed at once: what they pass through stays in the caches."""


def log_normal(z: Tensor) -> Tensor:
    """log N(z; 0, I).  z: (B, D). Returns (B,)."""
    return -0.5 * z.square().sum(dim=1) - 0.5 * z.shape[1] * math.log(2 * math.pi)


class Bijection(nn.Module, ABC):
    """z = f(x), x = f^-1(z), in the plane, and every state between the two."""

    @abstractmethod
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |det df/dx|.  x: (B, 2). Returns (B, 2) and (B,)."""

    @abstractmethod
    def states(self, z: Tensor) -> list[Tensor]:
        """Every state on the way from z ~ N(0, I) to x, both included: a list of (B, 2)."""

    def inverse(self, z: Tensor) -> Tensor:
        """x = f^-1(z).  (B, 2) to (B, 2)."""
        return self.states(z)[-1]

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x) = log p_z(f(x)) + log |det df/dx|, in nats.  (B, 2) to (B,)."""
        return torch.cat([self._log_density(part) for part in x.split(CHUNK)])

    def _log_density(self, x: Tensor) -> Tensor:
        z, log_det = self.forward(x)
        return log_normal(z) + log_det

    def loss(self, x: Tensor) -> Tensor:
        """What training makes small: the negative log-likelihood, -E log p(x), in nats.  x: (B, 2). A scalar."""
        return -self._log_density(x).mean()

    def gradient(self) -> Callable[[Tensor], Tensor]:
        """What tells the loss of points and adds its gradient to what each weight's `grad` holds."""

        def told(x: Tensor) -> Tensor:
            loss = self.loss(x)
            loss.backward()
            return loss.detach()

        return told
