"""A GAN in the plane, trained while a class looks on: the lecture's algorithm, step by step.

    lab = Lab(Settings(target="ring", loss="nonsaturating", seed=0))
    for _ in range(5000):
        lab.pair()                       # k steps of D, then one of G
    lab.points(400), lab.norm            # where G's points are, and the gradient that reached G

Everything random comes from the seed: the same settings give the same networks after as many steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.plane import toys
from models.plane.losses import LOSSES
from models.plane.nets import OPTIMISERS, Perceptron

HELD = 2048
"""Noises that are kept for what is shown: the same ones at every moment, so that points move and do not flicker."""
KEPT = 300
"""Real points that are shown."""

START = 0.1
"""G begins as a small cloud in the middle: its last layer's weights are this much of He's."""


@dataclass(frozen=True)
class Settings:
    """Of one training. rate_d, rate_g: learning rates; k: steps of D for one of G; smoothing: s, the truths are 1 - s
    and s; clip: bound of D's weights (wasserstein); weight: of the penalty (penalty, relativistic)."""

    target: str = "ring"
    noise: str = "gauss2"
    loss: str = "nonsaturating"
    optimiser: str = "adam"
    rate_d: float = 1e-3
    rate_g: float = 1e-3
    k: int = 1
    width_d: int = 64
    width_g: int = 64
    depth_d: int = 2
    depth_g: int = 2
    batch: int = 128
    smoothing: float = 0.0
    clip: float = 0.1
    weight: float = 1.0
    seed: int = 0


NOISES = {"gauss2": 2, "gauss1": 1, "uniform1": 1}
"""Dimensions of each noise."""


def noise(kind: str, n: int, generator: torch.Generator) -> Tensor:
    """n noises of a kind, (n, 1) uniform in [-1, 1] or Gaussian, or (n, 2) Gaussian."""
    if kind == "uniform1":
        return 2 * torch.rand(n, 1, generator=generator) - 1
    return torch.randn(n, NOISES[kind], generator=generator)


class Lab:
    """Two networks and their game. loss_d, loss_g: of the last steps; norm: of G's last gradient; pairs: steps of G;
    held, real: noises and real points for what is shown."""

    def __init__(self, settings: Settings, drawn: Sequence[tuple[float, float]] = ()) -> None:
        """drawn: the points of a drawing, where the target is "drawn". Raises ValueError, KeyError."""
        self.settings = settings
        self.target = toys.drawn(drawn) if settings.target == "drawn" else toys.target(settings.target)
        self.loss = LOSSES[settings.loss]
        self.random = torch.Generator().manual_seed(settings.seed)
        self.g = Perceptron([NOISES[settings.noise], *[settings.width_g] * settings.depth_g, 2], self.random, START)
        self.d = Perceptron([2, *[settings.width_d] * settings.depth_d, 1], self.random)
        make = OPTIMISERS[settings.optimiser]
        self.moves_d, self.moves_g = make(self.d.theta, settings.rate_d), make(self.g.theta, settings.rate_g)
        apart = torch.Generator().manual_seed(settings.seed + 1)
        self.held, self.real = noise(settings.noise, HELD, apart), self.target.sample(KEPT, apart)
        self.loss_d = self.loss_g = self.norm = 0.0
        self.pairs = self.steps_d = 0

    def noises(self) -> Tensor:
        """A batch of fresh noise."""
        return noise(self.settings.noise, self.settings.batch, self.random)

    @torch.no_grad()
    def pair(self) -> None:
        """k steps of D, one of G."""
        for _ in range(self.settings.k):
            self.step_d()
        self.step_g()

    @torch.no_grad()
    def step_d(self) -> None:
        """One step of D: down the gradient of its loss, G as it is."""
        s, batch = self.settings.smoothing, self.settings.batch
        real = self.target.sample(batch, self.random)
        made = self.g.forward(self.noises())
        r, f = self.d.forward(torch.cat([real, made]))[:, 0].split(batch)
        self.d.backward(torch.cat(self.loss.d_slopes(r, f, s)).div_(batch)[:, None])
        paid = self.loss.d(r, f, s)
        if self.loss.price:
            paid = paid + self._pay(real, made)
        self.loss_d = float(paid)
        self.moves_d.step(self.d.slope)
        if self.loss.clips:
            self.d.theta.clamp_(-self.settings.clip, self.settings.clip)
        self.steps_d += 1

    def _pay(self, real: Tensor, made: Tensor) -> Tensor:
        """What D pays for its gradients; its slope is added."""
        price, batch = self.loss.price, len(real)
        assert price
        at = self.loss.where(real, made, torch.rand(batch, 1, generator=self.random))
        return self.d.pay(at, lambda gradients: price(gradients, self.settings.weight, batch))

    @torch.no_grad()
    def step_g(self) -> None:
        """One step of G: along the gradient that comes back through D."""
        real = self.target.sample(self.settings.batch, self.random)
        push, self.loss_g = self.pull(self.g.forward(self.noises()), real)
        self.g.backward(push)
        self.norm = float(self.g.slope.norm())
        self.moves_g.step(self.g.slope)
        self.pairs += 1

    def pull(self, made: Tensor, real: Tensor) -> tuple[Tensor, float]:
        """The gradient of G's loss at generated points, (B, 2), and the loss. Only a relative D looks at real ones."""
        r = self.d.forward(real)[:, 0] if self.settings.loss == "relativistic" else real[:, 0]
        f = self.d.forward(made)[:, 0]
        slope = self.loss.g_slope(r, f).div(len(made))
        return self.d.backward(slope[:, None], weights=False), float(self.loss.g(r, f))

    @torch.no_grad()
    def points(self, n: int = HELD) -> Tensor:
        """Where G puts the first n of the noises that are held: (n, 2)."""
        return self.g.forward(self.held[:n])
