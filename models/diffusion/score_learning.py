"""Learning the score of a density in the plane: a small perceptron, trained while the visitor looks on.

Denoising score matching (Vincent 2011) is the lecture's loss |epsilon - epsilon_theta(x_t, t)|^2; the score that was
learned is s_theta = -epsilon_theta / sqrt(1 - alpha-bar_t). Everything random has a seed: the same seed and target give
the same network.
"""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.diffusion.schedules import Schedule
from models.diffusion.score import Exact
from models.plane.perceptron import Velocity, average_into, cosine
from models.runtime import device
from models.runtime.turns import in_turns

WIDTH = 64
BATCH = 1024
STEPS = 2000
PEAK = 8e-3
"""Found on the four densities of the room."""
DECAY = 0.995
SLOPE, REACH = 3.0, 3.0
"""The first layer's units begin with this slope, their bends spread this far over the plane."""
SNRS = tuple(10 ** (i / 4 - 1) for i in range(9))
"""Signal-to-noise ratios 0.1 ... 10 at which a learned score is held against the exact one."""


class Epsilon(nn.Module):
    """epsilon_theta(x_t, t) = sqrt(1 - alpha-bar_t) x_t + sqrt(alpha-bar_t) v(x_t, t), v a perceptron of three layers.

    Where all is noise this is right before any training; v is what the room's large networks learn as well.
    """

    def __init__(self, schedule: Schedule, width: int = WIDTH, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.level: Tensor
        self.signal: Tensor
        self.noise: Tensor
        self.schedule = schedule
        self.v = Velocity(width)
        start(self.v, generator)
        angle = schedule.level.float() * (math.pi / 2)
        self.register_buffer("level", schedule.level.float(), persistent=False)
        self.register_buffer("signal", angle.cos(), persistent=False)
        self.register_buffer("noise", angle.sin(), persistent=False)

    def both(self, x_t: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """x0-hat and epsilon-hat.  x_t: (B, 2) float32; t: (B, 1) or (1, 1) int64, 0 ... T. Each (B, 2)."""
        v = self.v(x_t, self.level[t])
        return self.signal[t] * x_t - self.noise[t] * v, self.noise[t] * x_t + self.signal[t] * v

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        """epsilon_theta: (B, 2)."""
        return self.both(x_t, t)[1]

    def predict(self, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """As the samplers ask it, in any type.  x_t: (N, 2). x0-hat and epsilon-hat, each (N, 2)."""
        x0, epsilon = self.both(x_t.to(self.noise), torch.full((1, 1), t, device=self.noise.device))
        return x0.to(x_t), epsilon.to(x_t)

    @torch.no_grad()
    def score(self, x: Tensor, t: int) -> Tensor:
        """s_theta(x, t) = -epsilon_theta / sqrt(1 - alpha-bar_t), 1 <= t <= T.  (N, 2) to (N, 2)."""
        return -self.predict(x, t)[1] / math.sqrt(1 - self.schedule.alpha_bar[t].item())


@torch.no_grad()
def start(network: Velocity, generator: torch.Generator | None) -> None:
    """Weights to begin with, drawn from the generator: uniform by fan-in, the units' bends spread over the plane."""
    for layer in (network.time, network.second, network.third):
        layer.weight.uniform_(-1, 1, generator=generator).div_(layer.in_features**0.5)
    for layer in (network.second, network.third):
        assert layer.bias is not None
        layer.bias.zero_()
    angle = torch.rand(len(network.place.weight), generator=generator) * (2 * math.pi)
    network.place.weight.copy_(SLOPE * torch.stack([angle.cos(), angle.sin()], dim=1))
    network.place.bias.uniform_(-SLOPE * REACH, SLOPE * REACH, generator=generator)
    network.last.weight.zero_()
    network.last.bias.zero_()


def loss(network: Epsilon, x_0: Tensor, t: Tensor, epsilon: Tensor) -> Tensor:
    """The lecture's loss, the mean of |epsilon - epsilon_theta(x_t, t)|^2 over the batch, with x_t of the closed form.

    x_0, epsilon: (B, 2); t: (B, 1) int64. A scalar.
    """
    x_t = network.signal[t] * x_0 + network.noise[t] * epsilon
    return (epsilon - network(x_t, t)).square().sum(dim=1).mean()


@dataclass
class Fit:
    """Where a training stands: steps done, the last loss, and the network with averaged weights."""

    steps: int
    loss: float
    average: Epsilon


def fit(exact: Exact, steps: int = STEPS, seed: int = 0, width: int = WIDTH) -> Iterator[Fit]:
    """Train a network from nothing by Adam; gives one and the same Fit after every step. Who asks no more stops it."""
    where = device.device()
    network = Epsilon(exact.schedule, width, torch.Generator().manual_seed(seed)).to(where)
    generator = torch.Generator(where).manual_seed(seed)
    optimizer = torch.optim.Adam(network.parameters(), lr=PEAK, betas=(0.9, 0.99))
    state = Fit(0, math.nan, copy.deepcopy(network).requires_grad_(False))
    while state.steps < steps:
        optimizer.param_groups[0]["lr"] = cosine(state.steps / steps, PEAK)
        x_0 = exact.target.sample(BATCH, generator)
        t = torch.randint(1, exact.schedule.steps + 1, (BATCH, 1), generator=generator, device=where)
        value = loss(network, x_0, t, torch.randn(x_0.shape, generator=generator, device=where))
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        state.steps, state.loss = state.steps + 1, float(value.detach())
        average_into(state.average, network, min(DECAY, (1 + state.steps) / (10 + state.steps)))
        yield state


class Measure:
    """The figure: sqrt(E|s - s*|^2 / E|s*|^2) over points of p_t at SNRs 0.1 ... 10, fixed ones of a seed."""

    def __init__(self, exact: Exact, points: int = 200, seed: int = 1) -> None:
        """points: at each of the ratios."""
        generator = torch.Generator().manual_seed(seed)
        self.times = [time_of(exact.schedule, snr) for snr in SNRS]
        self.x = [exact.sample(points, t, generator) for t in self.times]
        self.s = [exact.score(x, t) for x, t in zip(self.x, self.times, strict=True)]

    def levels(self, network: Epsilon) -> list[tuple[float, float]]:
        """E|s - s*|^2 and E|s*|^2 at each of the ratios."""
        found = []
        for x, t, s in zip(self.x, self.times, self.s, strict=True):
            wrong = network.score(x, t) - s
            found.append((float(wrong.square().sum(dim=1).mean()), float(s.square().sum(dim=1).mean())))
        return found

    def __call__(self, network: Epsilon) -> float:
        """The figure, all ratios together."""
        return relative(self.levels(network))


def relative(levels: Sequence[tuple[float, float]]) -> float:
    """sqrt(E|s - s*|^2 / E|s*|^2) of pairs of the two means."""
    return math.sqrt(sum(wrong for wrong, _ in levels) / sum(size for _, size in levels))


def time_of(schedule: Schedule, snr: float) -> int:
    """The t, 1 ... T, whose signal-to-noise ratio is nearest in the logarithm."""
    return 1 + int((schedule.snr[1:].log() - math.log(snr)).abs().argmin())


class Training:
    """A training that is pulled: it goes on only while somebody asks, in short turns at the device's gate.

    errors: (steps, the figure) after each `go_on`; seconds: time spent.
    """

    def __init__(self, exact: Exact, steps: int = STEPS, seed: int = 0) -> None:
        first_step()
        self.exact, self.steps = exact, steps
        self.errors: list[tuple[int, float]] = []
        self.seconds = 0.0
        self._fit = fit(exact, steps, seed)
        with device.gate.turn():
            self._measure = Measure(exact)
            self.state = next(self._fit)

    @property
    def done(self) -> bool:
        """Whether all steps have been taken."""
        return self.state.steps >= self.steps

    @property
    def network(self) -> Epsilon:
        """What has been learned so far."""
        return self.state.average

    def go_on(self, seconds: float) -> None:
        """Train for that long, or to the end, and measure. Raises DeviceBusy."""
        self.seconds += in_turns(lambda: next(self._fit), seconds, lambda: self.done)
        with device.gate.turn():
            self.errors.append((self.state.steps, self._measure(self.network)))


@functools.cache
def first_step() -> None:
    """The first step of a process imports a part of torch; here, and not while others wait for their turn."""
    parameter = nn.Parameter(torch.zeros(1))
    parameter.grad = torch.zeros(1)
    torch.optim.Adam([parameter]).step()
