"""Ways through what a GAN has learned: around a picture, from one to another, and layer by layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.gan.gan import Gan
from models.gan.stylegan import mix_styles
from models.runtime.noise import noise_of, slerp

NEIGHBOURS = 8
ONE_PLACE = 1e-4
"""Two styles no farther apart than this share of their length are one: matrices round a row by where it stands."""


@dataclass(frozen=True)
class Chosen:
    """One picture of a GAN: its seed, and its label where there are labels.

    path: steps from there, each (degrees, which of the NEIGHBOURS) to a neighbour that became the centre.
    """

    seed: int
    label: int = 0
    path: tuple[tuple[int, int], ...] = ()

    def z(self, model: Gan) -> Tensor:
        """(1, D)."""
        z = model.z([self.seed])
        for depth, (degrees, which) in enumerate(self.path):
            z = around(z, degrees, [self.beside(depth)[which]])
        return z

    def beside(self, depth: int | None = None) -> list[int]:
        """The seeds of the noises towards the neighbours, after so many steps of the path, or after all: every centre
        on the way has its own."""
        steps = len(self.path) if depth is None else depth
        first = (self.seed + 1) * 1000 + NEIGHBOURS * steps
        return list(range(first, first + NEIGHBOURS))

    def styles(self, model: Gan, psi: float) -> Tensor:
        """(1, layers, D)."""
        return model.styles(self.z(model), psi, torch.tensor([self.label]))


def styles_of(model: Gan, places: Sequence[Chosen], psi: float) -> Tensor:
    """The styles of several pictures, each of its seed and label: (len(places), layers, D)."""
    labels = torch.tensor([place.label for place in places])
    return model.styles(model.z([place.seed for place in places]), psi, labels)


def judged(model: Gan, pictures: np.ndarray, labels: Sequence[int]) -> list[float]:
    """D(x) of each of the pictures (N, H, W, C) uint8, said to show these labels: N numbers in [0, 1]."""
    return [float(verdict) for verdict in model.verdicts(pictures, torch.tensor(labels))]


def around(z: Tensor, degrees: float, seeds: Sequence[int]) -> Tensor:
    """z cos a + e sin a with e ~ N(0, I) of each seed: so many degrees away from z, and N(0, I) again.

    z: (1, D). Returns (len(seeds), D); at 0 all are z, at 90 they are the pictures of the seeds themselves.
    """
    angle = math.radians(degrees)
    return z * math.cos(angle) + noise_of(seeds, z.shape[1:]) * math.sin(angle)


def neighbours(model: Gan, centre: Chosen, angles: Sequence[float], seeds: Sequence[int], psi: float) -> Tensor:
    """The styles of the picture itself and then of its neighbours at each angle, in degrees.

    Returns (1 + len(angles) * len(seeds), layers, D).
    """
    z = centre.z(model)
    all_of_them = torch.cat([z, *(around(z, angle, seeds) for angle in angles)])
    return model.styles(all_of_them, psi, torch.full((len(all_of_them),), centre.label))


def towards_mean(model: Gan, chosen: Chosen, psis: Sequence[float]) -> Tensor:
    """The styles of one picture at several psi: (len(psis), layers, D)."""
    return torch.cat([chosen.styles(model, psi) for psi in psis])


@dataclass(frozen=True)
class Walk:
    """Two ways from a to b. arc: z along the arc between both (and labels blended); straight: w on a line. Each
    (N, layers, D), from a to b."""

    arc: Tensor
    straight: Tensor

    @property
    def detour(self) -> float:
        """How much longer the arc is than the line, measured in w: 1 or more; 1 where both ends are one place."""
        w = self.arc[:, 0]
        line = float((w[-1] - w[0]).norm())
        if line < ONE_PLACE * float(w[0].norm()):
            return 1.0
        return float((w[1:] - w[:-1]).norm(dim=1).sum()) / line


def walk(model: Gan, a: Chosen, b: Chosen, marks: Sequence[float], psi: float) -> Walk:
    """From a to b at the marks t, 0 to 1. Between two labels their vectors are blended, (1 - t) to t."""
    ends = torch.cat([a.styles(model, psi), b.styles(model, psi)])
    t = torch.tensor(marks)[:, None, None]
    z = torch.cat([slerp(a.z(model), b.z(model), mark) for mark in marks])
    kinds = F.one_hot(torch.tensor([a.label, b.label]), max(model.shape.labels, 1)).float()
    blended = (1 - t[:, 0]) * kinds[0] + t[:, 0] * kinds[1]
    return Walk(model.styles(z, psi, blended), (1 - t) * ends[0] + t * ends[1])


def crossings(model: Gan, a: Chosen, b: Chosen, psi: float) -> Tensor:
    """The two mixed at every layer L: a's style below it, b's from there on: (layers + 1, layers, D)."""
    first, second = a.styles(model, psi), b.styles(model, psi)
    return torch.cat([mix_styles(first, second, layer) for layer in range(model.shape.layers + 1)])
