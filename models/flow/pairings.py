"""Flow matching by how noise and data are paired: at random, by optimal transport within a batch, or by a flow.

Lipman et al. 2023, arXiv:2210.02747; Tong et al. 2024, "Improving and Generalizing Flow-Based Generative Models with
Minibatch Optimal Transport", arXiv:2302.00482; Liu et al. 2023, arXiv:2209.03003, for one reflow and for straightness.
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.flow.matching import Matching
from models.runtime import device
from models.weights.cards import Card, Held, load_tensors, take

STEPS = 50
"""Of Euler's method where a way is measured."""


def euler(network: Matching, z: Tensor, steps: int) -> Tensor:
    """Where points are at t = 0, 1 / steps, ..., 1, each step along v at its beginning.

    z: (B, 2), at t = 0. Returns (steps + 1, B, 2).
    """
    states = [z]
    for i in range(steps):
        t = z.new_full((1, 1), i / steps)
        states.append(states[-1] + network.velocity(states[-1], t) / steps)
    return torch.stack(states)


def bends(path: Tensor) -> Tensor:
    """E |x_1 - x_0 - v(x_t, t)|^2 in each step of Euler's: what of the velocity is not the straight way.

    path: (steps + 1, B, 2). Returns (steps,).
    """
    straight, steps = path[-1] - path[0], len(path) - 1
    return (straight - steps * path.diff(dim=0)).square().sum(dim=2).mean(dim=1)


def straightness(path: Tensor) -> float:
    """S = E int_0^1 |x_1 - x_0 - v(x_t, t)|^2 dt along the ways of the flow, sec. 2.2 of Liu et al. 2023; 0: straight.

    path: (steps + 1, B, 2), as `euler` gives it.
    """
    return float(bends(path).mean())


class Pairings:
    """The matched flows of the plane, by pairing and target, from one verified file; and a batch of pairs of each."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        self.quality = card.quality
        self.networks: dict[tuple[str, str], Matching] = {}
        self.partners = take(tensors, "pairs.")
        """By target: the data that optimal transport has paired with the first points of `flow.noise(0)`, (N, 2)."""
        for pairing, target in sorted(
            {(k.split(".")[0], k.split(".")[1]) for k in tensors if not k.startswith("pairs.")}
        ):
            network = Matching(**card.network)
            network.load_state_dict(take(tensors, f"{pairing}.{target}."))
            self.networks[pairing, target] = device.place(network)

    def __getitem__(self, key: tuple[str, str]) -> Matching:
        """The flow of a pairing on a target: pairings()["reflow", "rings"]. Raises KeyError."""
        return self.networks[key]


pairings = Held("flow-matching", Pairings)
"""pairings() are the matched flows, loaded on first use. Raises WeightsError."""
