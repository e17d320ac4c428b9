"""How near a CycleGAN in the plane has come: whether it comes back, and whether it fills both clouds."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from models.cyclegan.plane import HELD, Plane, distance
from models.plane.measures import wasserstein
from models.plane.toys import Target

NOISE = 0.05
"""Standard deviation of the noise by which it is asked what a translation hides."""
SAMPLES = 4
"""Of each cloud, to which distances are averaged: a single one may lie half as far again from its own cloud."""
PAIRS = 32
"""Of samples whose distances are averaged to say how far two samples of one cloud are apart."""


def alike(cloud: Target) -> float:
    """The Wasserstein distance between two samples of HELD points of a cloud, the mean over PAIRS pairs."""
    random = torch.Generator().manual_seed(0)
    pairs = [(cloud.sample(HELD, random), cloud.sample(HELD, random)) for _ in range(PAIRS)]
    return sum(wasserstein(a, b) for a, b in pairs) / PAIRS


def away(samples: list[Tensor], made: Tensor) -> float:
    """The mean Wasserstein distance of points to samples of a cloud."""
    return sum(wasserstein(sample, made) for sample in samples) / len(samples)


@dataclass(frozen=True)
class Measures:
    """cycle: mean |F(G(x)) - x| and |G(F(y)) - y|; noisy: the first of the two with noise of NOISE before the way back;
    closed: the first of the two; moved: mean |G(x) - x|; w_y, w_x: sliced Wasserstein distances of
    G(x) to the cloud Y and of F(y) to X, in units of the plane; alike_y, alike_x: of two samples of the cloud."""

    cycle: float
    closed: float
    noisy: float
    moved: float
    w_y: float
    w_x: float
    alike_y: float
    alike_x: float

    @property
    def times(self) -> tuple[float, float]:
        """Both distances, to Y and to X, over those of two samples."""
        return self.w_y / self.alike_y, self.w_x / self.alike_x

    @property
    def ratio(self) -> float:
        """The worse of the two."""
        return max(self.times)


class Judge:
    """Measures a plane against SAMPLES samples of both clouds that it keeps, of a seed of their own."""

    def __init__(self, plane: Plane) -> None:
        apart = torch.Generator().manual_seed(77)
        self.real_x, self.real_y = ([cloud.sample(HELD, apart) for _ in range(SAMPLES)] for cloud in plane.clouds)
        self.noise = NOISE * torch.randn(HELD, 2, generator=apart)
        self.alike_x, self.alike_y = (alike(cloud) for cloud in plane.clouds)

    def __call__(self, plane: Plane) -> Measures:
        made_y, made_x = plane.there(plane.x), plane.back(plane.y)
        closed = distance(plane.back(made_y), plane.x)[0]
        cycle = (closed + distance(plane.there(made_x), plane.y)[0]) / 2
        noisy = distance(plane.back(made_y + self.noise), plane.x)[0]
        to_y, to_x = away(self.real_y, made_y), away(self.real_x, made_x)
        return Measures(cycle, closed, noisy, distance(made_y, plane.x)[0], to_y, to_x, self.alike_y, self.alike_x)
