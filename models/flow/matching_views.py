"""What a page shows of a matched flow: its velocity over time, particles by Euler's method, and the pairs behind it."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from models.flow.flow import middles, noise
from models.flow.matching import Matching
from models.flow.pairings import STEPS, euler, pairings
from models.flow.plane_views import SPAN
from models.flow.vocabulary import EULER, MOMENTS, PARTICLES
from models.plane import toys
from models.runtime import device

ARROWS = 17
"""Along a side of the square."""
LONG = 0.5
"""A velocity that long, in the plane's own units times this, is drawn (1 - exp(-1)) of a cell long."""

Places = Tensor
"""Of points in the plane's own coordinates, (..., 2)."""


def start() -> Tensor:
    """The noise that all particles begin with, (PARTICLES, 2)."""
    return noise(0, PARTICLES)


def data(target: str) -> Tensor:
    """The points of the data that are shown and paired, (PARTICLES, 2)."""
    return toys.target(target).sample(PARTICLES, torch.Generator().manual_seed(1))


def moved(network: Matching, steps: int) -> Tensor:
    """`euler` of the particles, in a turn at the device's gate: (steps + 1, PARTICLES, 2). Raises DeviceBusy."""
    with device.gate.turn(), torch.inference_mode():
        return euler(network, start().to(device.device()), steps).cpu()


@lru_cache(maxsize=32)
def ways(pairing: str, target: str) -> dict[str, Tensor]:
    """The particles' ways by each number of Euler's steps. Raises WeightsError, DeviceBusy."""
    network = pairings()[pairing, target]
    return {steps: moved(network, int(steps)) for steps in EULER}


def arrows(network: Matching) -> Tensor:
    """v at t = 0, 1 / MOMENTS, ..., 1 on the cells, row by row from the top: (MOMENTS + 1, ARROWS^2, 2) int8, 127 is a
    whole cell. v is drawn 1 - exp(-LONG |v|) long: short ones keep their proportion, none is longer than 1.

    Raises DeviceBusy.
    """
    where, cells = device.device(), middles(ARROWS, SPAN)
    with device.gate.turn(), torch.inference_mode():
        times = torch.linspace(0, 1, MOMENTS + 1, device=where)
        x, t = cells.to(where).repeat(len(times), 1), times.repeat_interleave(len(cells))[:, None]
        v = LONG * network.velocity(x, t).view(len(times), len(cells), 2).cpu()
    size = v.norm(dim=2, keepdim=True).clamp(min=1e-9)
    return (127 * v / size * -torch.expm1(-size)).round().to(torch.int8)


def partners(pairing: str, target: str) -> Tensor:
    """The data that each particle's noise is paired with in training, (PARTICLES, 2): at random; as optimal transport
    had it; or where the flow of independent pairs brings it. Raises WeightsError, DeviceBusy."""
    if pairing == "independent":
        return data(target)
    if pairing == "transport":
        return pairings().partners[target]
    network = pairings()["independent", target]
    with device.gate.turn(), torch.inference_mode():
        return network.inverse(start().to(device.device())).cpu()


def finest(pairing: str, target: str) -> Tensor:
    """The ways by the most steps, on which straightness is measured: (STEPS + 1, PARTICLES, 2)."""
    return ways(pairing, target)[str(STEPS)]
