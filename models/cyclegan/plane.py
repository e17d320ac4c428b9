"""A CycleGAN in the plane, trained while a class looks on: two clouds of points that nobody has paired.

    plane = Plane(Settings(source="rings", target="moons", seed=0))
    for _ in range(3000):
        plane.step()                                # both discriminators, then both translators
    plane.there(x), plane.back(plane.there(x))      # G(x), and F(G(x)), near x

Zhu, Park, Isola & Efros 2017. G: X -> Y is called "there" and F: Y -> X "back"; all four networks are perceptrons.
Everything random comes from the seed: the same settings give the same networks after as many steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.plane import toys
from models.plane.losses import LOSSES, near_zero
from models.plane.nets import Adam, Perceptron

HELD = 2048
"""Points of each cloud that are kept for what is shown and measured: the same ones at every moment."""
AVERAGE = 0.998
"""Of the translators that are shown: their weights are a running average (Yazici et al. 2019)."""
FALL, LEAST = 6000, 0.1
"""The rates fall evenly over so many steps, to this part of them, and stay there."""


@dataclass(frozen=True)
class Settings:
    """Of one training. cycle, identity: weights of these terms beside what the discriminators say; shake: standard
    deviation of noise that is added to a translation before the way back; rate: of all networks at the start; penalty:
    what discriminators pay for their gradients; width: of the hidden layers."""

    source: str = "rings"
    target: str = "moons"
    cycle: float = 0.3
    identity: float = 0.0
    shake: float = 0.0
    rate: float = 2e-3
    penalty: float = 0.03
    width: int = 64
    batch: int = 128
    seed: int = 0


def distance(a: Tensor, b: Tensor) -> tuple[float, Tensor]:
    """The mean of |a - b| over points, and its derivative by a, both of (N, 2)."""
    apart = a - b
    size = apart.norm(dim=1, keepdim=True).add_(1e-6)
    return float(size.mean()), apart / (size * len(a))


class Plane:
    """Four networks and their game. loss_d, loss_g: of the last steps; lost: |F(G(x)) - x| and |G(F(y)) - y|, their
    mean; steps, steps_d: taken so far; x, y: points of both clouds for what is shown."""

    def __init__(self, settings: Settings, drawn: Sequence[tuple[float, float]] = ()) -> None:
        """drawn: the points of a drawing, where a cloud is "drawn". Raises ValueError, KeyError."""
        self.settings = s = settings
        self.clouds = [toys.drawn(drawn) if name == "drawn" else toys.target(name) for name in (s.source, s.target)]
        self.random = torch.Generator().manual_seed(s.seed)
        self.game = LOSSES["nonsaturating"]
        hidden = [s.width, s.width]
        self.g, self.f = (Perceptron([2, *hidden, 2], self.random) for _ in "gf")
        self.d_x, self.d_y = (Perceptron([2, *hidden, 1], self.random) for _ in "xy")
        self.shown = tuple(Perceptron([2, *hidden, 2], self.random) for _ in "gf")
        self.moves = {net: Adam(net.theta, s.rate) for net in (self.g, self.f, self.d_x, self.d_y)}
        apart = torch.Generator().manual_seed(s.seed + 1)
        self.x, self.y = (cloud.sample(HELD, apart) for cloud in self.clouds)
        self.loss_d = self.loss_g = self.lost = 0.0
        self.steps = self.steps_d = 0
        self._settle()

    def batch(self) -> tuple[Tensor, Tensor]:
        """Fresh points of both clouds: nobody says which belongs to which."""
        x, y = (cloud.sample(self.settings.batch, self.random) for cloud in self.clouds)
        return x, y

    @torch.no_grad()
    def step(self) -> None:
        """One step of both discriminators, one of both translators."""
        self.step_d()
        self.step_g()

    @torch.no_grad()
    def step_d(self) -> None:
        """Each discriminator learns to tell its own cloud from what is translated into it."""
        x, y = self.batch()
        made_x, made_y = self.f.forward(y), self.g.forward(x)
        self.loss_d = (self._judge(self.d_x, x, made_x) + self._judge(self.d_y, y, made_y)) / 2
        self.steps_d += 1

    def _judge(self, d: Perceptron, real: Tensor, made: Tensor) -> float:
        """A step of a discriminator down its log loss and the price of its gradients (R1 + R2)."""
        r, f = d.forward(torch.cat([real, made]))[:, 0].split(len(real))
        d.backward(torch.cat(self.game.d_slopes(r, f, 0.0)).div_(len(real))[:, None])
        loss = self.game.d(r, f, 0.0)
        if self.settings.penalty:
            points = torch.cat([real, made])
            loss = loss + d.pay(points, lambda slopes: near_zero(slopes, self.settings.penalty, len(real)))
        self.moves[d].step(d.slope)
        return float(loss)

    def pleasing(self, d: Perceptron, made: Tensor) -> tuple[float, Tensor]:
        """The adversarial loss of translated points, -log D averaged, and its derivative by them."""
        said = d.forward(made)[:, 0]
        slope = d.backward(self.game.g_slope(said, said).div(len(made))[:, None], weights=False)
        return float(self.game.g(said, said)), slope

    def shaken(self, made: Tensor) -> Tensor:
        """A translation with noise, before the way back (Bashkirova et al. 2019); the same one where there is none."""
        shake = self.settings.shake
        return made + shake * torch.randn(made.shape, generator=self.random) if shake else made

    @torch.no_grad()
    def step_g(self) -> None:
        """Both translators learn to please the discriminators and to come back: the chain rule around the cycle."""
        s, (x, y) = self.settings, self.batch()
        n = len(x)
        made_y, again_y = self.g.forward(torch.cat([x, self.shaken(self.f.forward(y))])).split(n)
        made_x, again_x = self.f.forward(torch.cat([y, self.shaken(made_y)])).split(n)
        (lost_x, from_x), (lost_y, from_y) = distance(again_x, x), distance(again_y, y)
        (told_y, at_y), (told_x, at_x) = self.pleasing(self.d_y, made_y), self.pleasing(self.d_x, made_x)
        from_x, from_y = s.cycle * from_x, s.cycle * from_y
        # F(G(x)) pulls at G(x), through F; then G(F(y)) at F(y), through G.
        at_y = at_y + self.f.backward(torch.cat([torch.zeros_like(x), from_x]), weights=False)[n:]
        at_x = at_x + self.g.backward(torch.cat([at_y, from_y]))[n:]
        self.f.backward(torch.cat([at_x, from_x]))
        if s.identity:
            self._keep(self.g, y)
            self._keep(self.f, x)
        self.moves[self.g].step(self.g.slope)
        self.moves[self.f].step(self.f.slope)
        self.loss_g, self.lost = (told_x + told_y) / 2, (lost_x + lost_y) / 2
        self.steps += 1
        self._settle()

    def _keep(self, net: Perceptron, x: Tensor) -> None:
        """The identity term: what is already there shall stay. Its slope is added."""
        slope = net.slope.clone()
        net.backward(self.settings.identity * distance(net.forward(x), x)[1])
        net.slope.add_(slope)

    def _settle(self) -> None:
        """The rates fall, and what is shown follows."""
        rate = self.settings.rate * max(LEAST, 1 - (1 - LEAST) * self.steps / FALL)
        for moves in self.moves.values():
            moves.rate = rate
        share = 1 - min(AVERAGE, self.steps / (self.steps + 10))
        for kept, net in zip(self.shown, (self.g, self.f), strict=True):
            kept.theta.lerp_(net.theta, share)

    @torch.no_grad()
    def there(self, x: Tensor) -> Tensor:
        """G(x), as it is shown: (N, 2) to (N, 2)."""
        return self.shown[0].forward(x)

    @torch.no_grad()
    def back(self, y: Tensor) -> Tensor:
        """F(y), as it is shown: (N, 2) to (N, 2)."""
        return self.shown[1].forward(y)
