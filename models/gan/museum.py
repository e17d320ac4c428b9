"""The museum of failures: settings and a seed under which a GAN fails in a known way, and the one change that mends it.

    piece = MUSEUM["vanishing"]
    trace = follow(piece.settings, piece.pairs)
    piece.fails(trace), piece.mended(follow(piece.mending, piece.pairs))

Each failure is told by a rule, which reads what was recorded on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.gan.lab import Lab, Settings
from models.gan.lab_measures import Judge, covered, held, near, wasserstein
from models.plane.toys import Target

EVERY = 50
"""Pairs of steps between two moments of a trace."""
SEEN = 1024
"""Points that are looked at."""


@dataclass
class Trace:
    """What was recorded every EVERY pairs of steps: G's mean gradient norm since the last moment, the mean of its
    points, the share of them in each mode, the share within 3 sigma, the Wasserstein distance."""

    norms: Tensor
    means: Tensor
    shares: Tensor
    near: Tensor
    w1: Tensor
    said: Tensor

    def last(self, part: float) -> Trace:
        """The last part of it, 0 to 1."""
        first = len(self.norms) - max(1, round(part * len(self.norms)))
        return Trace(**{name: value[first:] for name, value in vars(self).items()})

    @property
    def modes(self) -> Tensor:
        """How many modes were covered."""
        return (self.shares >= 0.25 / self.shares.shape[1]).sum(dim=1)

    @property
    def hops(self) -> int:
        """How often another mode became the fullest."""
        first = self.shares.argmax(dim=1)
        return int((first[1:] != first[:-1]).sum())

    @property
    def swing(self) -> float:
        """How far the middle of the points strayed from where it was on average: sqrt(E |m - E m|^2)."""
        return float((self.means - self.means.mean(dim=0)).square().sum(dim=1).mean().sqrt())


def follow(settings: Settings, pairs: int) -> Trace:
    lab = Lab(settings)
    judge = Judge(lab.target)
    rows = []
    norm = 0.0
    for i in range(1, pairs + 1):
        lab.pair()
        norm += lab.norm
        if i % EVERY == 0:
            x = lab.points(SEEN)
            sh = held(lab.target, x)
            rows.append((torch.tensor(norm / EVERY), x.mean(0), sh if sh is not None else torch.zeros(1), near(lab.target, x).float().mean(),
                torch.tensor(wasserstein(judge.real[:SEEN], x)), lab.d.forward(judge.real[:256]).mean()))
            norm = 0.0
    return Trace(*map(torch.stack, zip(*rows)))
