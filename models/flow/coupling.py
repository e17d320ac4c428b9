"""Coupling layers of the plane in the lecture's notation: z = f(x), one coordinate stays and tells how the other moves.

Dinh et al. 2015, "NICE", arXiv:1410.8516; Dinh et al. 2017, "Density estimation using Real NVP", arXiv:1605.08803.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.plane.perceptron import spread_knots

LIMIT = 4.0
"""|s| stays below it: no coupling stretches or squeezes by more than e^4 = 55, so that float32 finds the way back."""


def bounded(raw: Tensor, limit: float = LIMIT) -> Tensor:
    """raw / (1 + |raw| / limit): about raw near 0, and never beyond -limit ... limit."""
    return raw / (1 + raw.abs() / limit)


class Conditioner(nn.Module):
    """The perceptron behind s and t: one coordinate in, `outputs` numbers out, two hidden layers."""

    def __init__(self, outputs: int, width: int) -> None:
        super().__init__()
        self.first = nn.Linear(1, width)
        self.second = nn.Linear(width, width)
        self.last = nn.Linear(width, outputs)
        spread_knots(self.first)
        nn.init.zeros_(self.last.weight)  # the flow starts as the identity
        nn.init.zeros_(self.last.bias)

    def redraw(self, generator: torch.Generator) -> None:
        """The same start from a generator's numbers: torch's own are shared by all threads."""
        spread_knots(self.first, generator=generator)
        nn.init.kaiming_uniform_(self.second.weight, a=math.sqrt(5), generator=generator)
        nn.init.uniform_(self.second.bias, -(self.second.in_features**-0.5), self.second.in_features**-0.5, generator)

    def forward(self, kept: Tensor) -> Tensor:
        """kept: (B, 1). Returns (outputs, B): every output's numbers lie side by side, which is what is fast."""
        hidden = F.silu(self.second(F.silu(self.first(kept))))
        return torch.addmm(self.last.bias[:, None], self.last.weight, hidden.T)


class Coupling(nn.Module, ABC):
    """What all couplings share: coordinate `keep` (0 or 1) stays, the other one is moved by what it says."""

    def __init__(self, keep: int) -> None:
        super().__init__()
        self.keep = keep

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The kept coordinate (B, 1) and the moved one (B,)."""
        return x[:, self.keep : self.keep + 1], x[:, 1 - self.keep]

    def _join(self, kept: Tensor, moved: Tensor) -> Tensor:
        both = (kept[:, 0], moved) if self.keep == 0 else (moved, kept[:, 0])
        return torch.stack(both, dim=1)

    @abstractmethod
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |det df/dx|.  x: (B, 2). Returns (B, 2) and (B,)."""

    @abstractmethod
    def inverse(self, z: Tensor) -> Tensor:
        """x = f^-1(z).  z: (B, 2). Returns (B, 2)."""


class AdditiveCoupling(Coupling):
    """z_1 = x_1, z_2 = x_2 + t(x_1): NICE's layer. It shears the plane and leaves every area as it is."""

    def __init__(self, keep: int, width: int) -> None:
        super().__init__(keep)
        self.net = Conditioner(1, width)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = self._split(x)
        return self._join(kept, moved + self.net(kept)[0]), torch.zeros_like(moved)

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = self._split(z)
        return self._join(kept, moved - self.net(kept)[0])


class AffineCoupling(Coupling):
    """z_1 = x_1, z_2 = x_2 * exp(s(x_1)) + t(x_1): RealNVP's layer. log |det| = s(x_1)."""

    def __init__(self, keep: int, width: int) -> None:
        super().__init__(keep)
        self.net = Conditioner(2, width)

    def _s_and_t(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        t, raw = self.net(kept)
        return bounded(raw), t

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept, moved = self._split(x)
        s, t = self._s_and_t(kept)
        return self._join(kept, moved * torch.exp(s) + t), s

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = self._split(z)
        s, t = self._s_and_t(kept)
        return self._join(kept, (moved - t) * torch.exp(-s))


class Scaling(nn.Module):
    """z_i = x_i * exp(s_i), the same everywhere: the only place where NICE changes areas."""

    def __init__(self) -> None:
        super().__init__()
        self.s = nn.Parameter(torch.zeros(2))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z and log |det df/dx|, as `Coupling.forward`."""
        return x * self.s.exp(), self.s.sum().expand(len(x))

    def inverse(self, z: Tensor) -> Tensor:
        """x = f^-1(z), as `Coupling.inverse`."""
        return z * (-self.s).exp()
