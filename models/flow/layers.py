"""A flow of the plane cut into its layers, for those who look at what each of them does.

h_0 = x, h_k = f_k(h_{k-1}), h_n = z ~ N(0, I): the density of h_k is what the layers after k make of N(0, I).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.flow import affine
from models.flow.density import Bijection, log_normal
from models.flow.flow import Flow
from models.flow.matching import Matching, log_area

LEGS = 8
"""Steps of Runge and Kutta that stand for layers of flow matching: its way is smooth, and its density dear."""


class Leg(nn.Module):
    """One step of flow matching as a layer: from t = i / steps back to the step before."""

    def __init__(self, network: Matching, i: int) -> None:
        super().__init__()
        self.network, self.i = network, i

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The place one step nearer to the noise, and log |det|.  x: (B, 2). Returns (B, 2) and (B,)."""
        eye = torch.eye(2, device=x.device, dtype=x.dtype)[:, None].expand(2, len(x), 2)
        before, tangents = self.network.step_back(x, eye, self.i / self.network.steps)
        return before, log_area(tangents)

    def inverse(self, z: Tensor) -> Tensor:
        """One step nearer to the data, (B, 2)."""
        return self.network.step(z, self.i - 1)


@dataclass(frozen=True)
class Way:
    """Points on their way from x to z. states: (n + 1, B, 2); log_dets: of each layer, (n, B)."""

    states: Tensor
    log_dets: Tensor

    @property
    def log_density(self) -> Tensor:
        """log p(h_k) at every state, the first that of x: (n + 1, B)."""
        after = torch.cat([self.log_dets, self.log_dets[:1] * 0]).flip(0).cumsum(dim=0).flip(0)
        return log_normal(self.states[-1]) + after


class Layers:
    """The layers of a flow. parts: each with forward and inverse; kept: the coordinate that each keeps, or None."""

    def __init__(self, network: Bijection) -> None:
        if isinstance(network, Matching):
            coarse = copy.copy(network)
            coarse.steps = LEGS
            self.parts: list[nn.Module] = [Leg(coarse, i) for i in range(LEGS, 0, -1)]
        else:
            assert isinstance(network, Flow)
            self.parts = list(network.layers)
        self.kept: list[int | None] = [getattr(part, "keep", None) for part in self.parts]

    def __len__(self) -> int:
        return len(self.parts)

    def way(self, h: Tensor, k: int) -> Way:
        """The way of points that are at h, (B, 2), after k layers: back to x, and on to z."""
        states = [h]
        for part in reversed(self.parts[:k]):
            states.insert(0, part.inverse(states[0]))  # type: ignore[operator]
        log_dets = [part(x)[1] for part, x in zip(self.parts[:k], states, strict=False)]
        for part in self.parts[k:]:
            there, log_det = part(states[-1])
            states.append(there)
            log_dets.append(log_det)
        return Way(torch.stack(states), torch.stack(log_dets))

    def log_density(self, h: Tensor, k: int) -> Tensor:
        """log p(h_k) of points h after k layers, in nats: (B, 2) to (B,)."""
        found = [] if torch.is_grad_enabled() else affine.couplings(self.parts[k:])
        if found:
            return affine.log_density(found, h)
        total = torch.zeros_like(h[:, 0])
        for part in self.parts[k:]:
            h, log_det = part(h)
            total = total + log_det
        return log_normal(h) + total

    def stretched(self, h: Tensor, k: int) -> Tensor:
        """log |det| of layer k at what it has brought to h, (B,); for k = 0 of all layers together, h being x."""
        if k:
            part = self.parts[k - 1]
            log_det: Tensor = part(part.inverse(h))[1]  # type: ignore[operator]
            return log_det
        return self.way(h, 0).log_dets.sum(dim=0)
