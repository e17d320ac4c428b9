"""How good matched flows are: how straight, and how near to the data after 1, 2, 4, 8 and 50 of Euler's steps."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.flow.flow import noise
from models.flow.matching import Matching
from models.flow.pairings import STEPS, euler, pairings, straightness
from models.flow.vocabulary import EULER
from models.plane.toys import target
from models.runtime import device
from training.flow.evaluation import SAMPLES, transport

Figures = dict[str, float | str]
ROUNDS = 4
"""Pairs of clouds: the distance of one pair varies by a quarter."""
FIRST = (
    "transport_independent_rings_50",
    "transport_independent_checkerboard_50",
    "straightness_independent_rings",
    "straightness_reflow_rings",
    "transport_independent_rings_8",
    "transport_reflow_rings_2",
)
"""What stands first on the card."""


def fresh(name: str, seed: int) -> Tensor:
    """A cloud of the data."""
    return target(name).sample(SAMPLES, torch.Generator().manual_seed(seed))


def floor(name: str) -> float:
    """The Wasserstein distance of fresh points to other ones, the mean of the rounds."""
    return sum(transport(fresh(name, 20 + k), fresh(name, 30 + k)) for k in range(ROUNDS)) / ROUNDS


def distance(network: Matching, name: str, steps: int) -> float:
    """The Wasserstein distance of samples by so many of Euler's steps to fresh points, the mean of the rounds."""
    clouds = [euler(network, noise(k, SAMPLES), steps)[-1] for k in range(ROUNDS)]
    return sum(transport(cloud, fresh(name, 10 + k)) for k, cloud in enumerate(clouds)) / ROUNDS


@torch.no_grad()
def evaluate_pairings(_: Path) -> tuple[Figures, str]:
    """S of each pairing on each target, and the distance to the data over its floor. On the CPU."""
    device.set_device("cpu")
    held = pairings()
    figures: Figures = {}
    for name in sorted({name for _, name in held.networks}):
        least = floor(name)
        for pairing in sorted({pairing for pairing, other in held.networks if other == name}):
            network = held[pairing, name]
            figures[f"straightness_{pairing}_{name}"] = straightness(euler(network, noise(9, SAMPLES), STEPS))
            for steps in sorted(map(int, EULER)):
                figures[f"transport_{pairing}_{name}_{steps}"] = distance(network, name, steps) / least
    on = (
        f"2,000 points, the mean of four rounds; straightness: S along Euler's {STEPS} steps; transport: the "
        "Wasserstein distance to fresh points after so many of Euler's steps, over that of fresh points to other ones"
    )
    return {key: figures[key] for key in FIRST if key in figures} | figures, on
