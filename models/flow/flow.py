"""Normalizing flows of the plane, in the lecture's notation: z = f(x) with z ~ N(0, I), x = f^-1(z).

Four kinds, each trained on every target of `models.plane.toys`: NICE, RealNVP, neural splines, flow matching.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from models.flow import affine
from models.flow.coupling import AdditiveCoupling, AffineCoupling, Scaling
from models.flow.density import Bijection
from models.flow.matching import Matching
from models.flow.splines import SplineCoupling
from models.plane.toys import REACH
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import noise_of
from models.weights.cards import Card, Held, load_tensors, take

CLOUD = 4096
"""Points in the largest cloud; a smaller one is the beginning of it."""


class Flow(Bijection):
    """Layers one after another: f = f_n o ... o f_1, each with an inverse and a known determinant."""

    def __init__(self, layers: list[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |det df/dx|, the sum over the layers.  x: (B, 2). Returns (B, 2) and (B,)."""
        log_det = torch.zeros_like(x[:, 0])
        for layer in self.layers:
            x, more = layer(x)
            log_det = log_det + more
        return x, log_det

    def log_density(self, x: Tensor) -> Tensor:
        """As every bijection's; of affine couplings, where no gradient is asked for, written out."""
        found = [] if torch.is_grad_enabled() else affine.couplings(self.layers)
        return affine.log_density(found, x) if found else super().log_density(x)

    def gradient(self) -> Callable[[Tensor], Tensor]:
        """As every bijection's; of affine couplings written out."""
        found = affine.couplings(self.layers)
        return affine.Gradient(found) if found else super().gradient()

    def states(self, z: Tensor) -> list[Tensor]:
        """z ~ N(0, I), what each layer makes of it, the last layer first, and x: layers + 1 tensors (B, 2)."""
        states = [z]
        for layer in reversed(self.layers):
            states.append(layer.inverse(states[-1]))  # type: ignore[operator]
        return states


def nice(layers: int = 12, width: int = 32) -> Flow:
    """Additive couplings and one scaling: Dinh et al. 2015. All of the plane is stretched alike."""
    return coupled("nice", alternating(layers), width)


def realnvp(layers: int = 12, width: int = 16) -> Flow:
    """Affine couplings: Dinh et al. 2017, the lecture's formula."""
    return coupled("realnvp", alternating(layers), width)


def spline(layers: int = 4, width: int = 32, bins: int = 12, bound: float = 4.5) -> Flow:
    """Rational-quadratic spline couplings: Durkan et al. 2019."""
    return coupled("spline", alternating(layers), width, bins, bound)


def alternating(layers: int) -> list[int]:
    """Which coordinate each layer keeps: 0, 1, 0, 1, ..."""
    return [i % 2 for i in range(layers)]


def coupled(kind: str, keeps: Sequence[int], width: int, bins: int = 12, bound: float = 4.5) -> Flow:
    """A flow of couplings, a layer for each of `keeps`. Raises KeyError for a kind that has none."""
    layers: dict[str, Callable[[int], nn.Module]] = {
        "nice": lambda keep: AdditiveCoupling(keep, width),
        "realnvp": lambda keep: AffineCoupling(keep, width),
        "spline": lambda keep: SplineCoupling(keep, width, bins, bound),
    }
    return Flow([*map(layers[kind], keeps), *([Scaling()] if kind == "nice" else [])])


MODELS: dict[str, Callable[..., Bijection]] = {
    "nice": nice,
    "realnvp": realnvp,
    "spline": spline,
    "matching": Matching,
}
DEFAULT = "realnvp"
"""The lecture's own flow, and the fastest that fits the targets well."""


class Learned:
    """One trained flow, as a room asks it."""

    def __init__(self, network: Bijection) -> None:
        self.network = device.place(network)
        self.params = sum(p.numel() for p in network.parameters())
        self.at_once = 512 if isinstance(network, Matching) else 16_384
        """Points of one turn at the device's gate: flow matching takes as many seconds as the others hundredths."""
        self.log_density = Batcher(network.log_density, max_batch=160_000)
        """log p(x) of points (B, 2), in nats: (B,)."""
        self.exact = copy.deepcopy(network).to(device.double())
        """The same network in float64."""
        self._forward = Batcher(self.exact.forward, max_batch=CLOUD)
        self._states = Batcher(lambda z: torch.stack(self.exact.states(z), dim=1), max_batch=CLOUD)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |det df/dx| of points (B, 2): (B, 2) and (B,), in float64.

        Twelve couplings squeeze what lies far from the data by up to e^4 each: in float32 a tenth of the plane does
        not find back, in float64 every point of [-4, 4]^2 does, to 0.01.
        """
        return self._forward(x.to(device.double()))

    def states(self, z: Tensor) -> Tensor:
        """Every state from z ~ N(0, I) to x.  z: (B, 2). Returns (S, B, 2), the first z and the last x, in float64."""
        return self._states(z.to(device.double())).transpose(0, 1)

    def density(self, cells: int = 200, reach: float = REACH) -> np.ndarray:
        """p on a square of `cells` x `cells` about 0, at the cells' middles: (cells, cells), y grows upwards."""
        return self.log_density(middles(cells, reach)).exp().view(cells, cells).numpy()


def middles(cells: int, reach: float = REACH) -> Tensor:
    """Middles of the cells of the square [-reach, reach]^2, row by row from the top left: (cells^2, 2)."""
    at = (torch.arange(cells) + 0.5) * (2 * reach / cells) - reach
    return torch.stack([at.repeat(cells), at.flip(0).repeat_interleave(cells)], dim=1)


def noise(seed: int, count: int) -> Tensor:
    """z ~ N(0, I), (count, 2), count at most 4,096: a seed's first points are the same, however many are asked for."""
    return noise_of([seed], (CLOUD, 2))[0, :count]


class Flows:
    """All trained flows of the plane, by kind and target, from one verified file."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        self.quality = card.quality
        self._flows: dict[tuple[str, str], Learned] = {}
        for model, target in sorted({(k.split(".")[0], k.split(".")[1]) for k in tensors}):
            network = MODELS[model](**card.network[model])
            network.load_state_dict(take(tensors, f"{model}.{target}."))
            self._flows[model, target] = Learned(network)

    def __getitem__(self, key: tuple[str, str]) -> Learned:
        """The flow of a kind on a target: flows()["realnvp", "ring"]. Raises KeyError."""
        return self._flows[key]

    def pairs(self) -> list[tuple[str, str]]:
        """What has been trained: (model, target), sorted."""
        return list(self._flows)


flows = Held("flow-2d", Flows)
"""flows() are the trained flows of the plane, loaded on first use. Raises WeightsError."""
