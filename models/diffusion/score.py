"""The score of a density in the plane at every noise level, exactly; and particles that follow it, both ways in time.

    exact = Exact(target("moons"), cosine())
    exact.score(x, 300)                                  # the gradient of log p_300 at x
    drift(exact, "reverse", count=300, seed=7).sde       # where noise goes when time runs backwards

p_t is the density of x_t = sqrt(alpha-bar_t) x_0 + sqrt(1 - alpha-bar_t) epsilon. Its score says what the lecture's
network learns: s(x, t) = -E[epsilon | x_t = x] / sqrt(1 - alpha-bar_t) (Vincent 2011; Song et al. 2021,
arXiv:2011.13456).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import torch
from torch import Tensor

from models.diffusion.samplers import Predict, ddpm
from models.diffusion.schedules import Schedule, cosine
from models.plane.toys import ROWS, Cells, Gaussians, Target
from models.runtime import device

APART = 10
"""Steps of t between the states of a path that are kept."""


class Noised(Protocol):
    """What every p_t answers, in float64."""

    def log_density(self, x: Tensor) -> Tensor:
        """log p_t(x): (..., 2) to (...)."""

    def score(self, x: Tensor) -> Tensor:
        """The gradient of log p_t: (..., 2) to (..., 2)."""


class Blurred:
    """Equal parts of uniform densities on squares, with noise: p(x) = 1/M sum_m prod_d (Phi(a_md) - Phi(b_md)) / w.

    a = (x - l_m) / s and b = (x - l_m - w) / s for the square with lower left corner l_m and side w. No integral is
    left to be done, so the checkerboard's score is as exact as that of a mixture.
    """

    def __init__(self, corners: Tensor, side: float, sigma: float) -> None:
        """corners: (M, 2); side: w > 0; sigma: the noise's standard deviation s > 0."""
        self.corners = corners.double().cpu()
        self.side, self.sigma = side, sigma
        # Squares stand in rows and columns: what is computed once for an edge serves all of them
        self._edges, self._edge = self.corners.unique(return_inverse=True)

    def _bounds(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """a, b and log (Phi(a) - Phi(b)) for each edge, each (N, 2, K).  x: (N, 2)."""
        a = (x[..., None] - self._edges) / self.sigma
        b = a - self.side / self.sigma
        # Phi(a) - Phi(b) = Phi(-b) - Phi(-a): in the lower tail both have all their digits
        upper = a + b > 0
        high, low = (torch.special.log_ndtr(torch.where(upper, -v, w)) for v, w in ((b, a), (a, b)))
        return a, b, high + torch.log(-torch.expm1(low - high))

    def _squares(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """What belongs to each of the squares along x and along y, each (N, M).  values: (N, 2, K)."""
        return values[:, 0, self._edge[:, 0]], values[:, 1, self._edge[:, 1]]

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x): (..., 2) to (...), in x's type."""
        rows = x.double().reshape(-1, 2).split(ROWS)
        log_p = torch.cat([torch.add(*self._squares(self._bounds(part)[2])).logsumexp(dim=1) for part in rows])
        return (log_p - math.log(len(self.corners) * self.side**2)).view(x.shape[:-1]).to(x)

    def score(self, x: Tensor) -> Tensor:
        """The gradient of log p: the squares' own gradients, weighted with their share at x.  (..., 2) to (..., 2)."""
        rows = x.double().reshape(-1, 2).split(ROWS)
        return torch.cat([self._score(part) for part in rows]).view(x.shape).to(x)

    def _score(self, x: Tensor) -> Tensor:
        a, b, log_part = self._bounds(x)
        normal = -0.5 * math.log(2 * math.pi)
        left, right = ((normal - 0.5 * v.square() - log_part).exp() for v in (a, b))
        along_x, along_y = self._squares(log_part)
        share = (along_x + along_y).softmax(dim=1)
        gradients = self._squares((left - right) / self.sigma)
        return torch.stack([(share * gradient).sum(dim=1) for gradient in gradients], dim=1)


def noised(target: Target, scale: float, noise: float) -> Noised:
    """The density of scale * x + noise * epsilon. Raises TypeError for a target of another kind than the toys are."""
    if isinstance(target, Gaussians):
        return target.noised(scale, noise)
    if isinstance(target, Cells):
        return Blurred(scale * target.corners, scale * target.side, noise)
    raise TypeError(f"The density of {type(target).__name__} with noise is not known exactly.")


class Exact:
    """The exact answer to everything that a network is asked: `Predict` of the samplers, without a network."""

    def __init__(self, target: Target, schedule: Schedule | None = None) -> None:
        self.target, self.schedule = target, schedule or cosine()
        self.signal = self.schedule.alpha_bar.sqrt().tolist()
        self.noise = (1 - self.schedule.alpha_bar).sqrt().tolist()

    def at(self, t: int) -> Noised:
        """p_t, 1 <= t <= T."""
        return noised(self.target, self.signal[t], self.noise[t])

    def score(self, x: Tensor, t: int) -> Tensor:
        """s*(x, t), the gradient of log p_t, 1 <= t <= T.  (..., 2) to (..., 2)."""
        return self.at(t).score(x)

    def sample(self, n: int, t: int, generator: torch.Generator) -> Tensor:
        """n points of p_t, (n, 2) float64."""
        x_0 = self.target.sample(n, generator).double()
        return self.schedule.closed_form(x_0, t, torch.randn(x_0.shape, generator=generator).double())

    def __call__(self, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """E[x_0 | x_t] and E[epsilon | x_t] = -sqrt(1 - alpha-bar_t) s*.  x_t: (N, 2); 0 <= t <= T. Each (N, 2)."""
        if t == 0:
            return x_t, torch.zeros_like(x_t)
        epsilon = -self.noise[t] * self.score(x_t.double(), t)
        return ((x_t - self.noise[t] * epsilon) / self.signal[t]).to(x_t), epsilon.to(x_t)


def angles(schedule: Schedule) -> list[float]:
    """theta of each t, with sqrt(alpha-bar) = cos(theta): from 0 at the data to pi / 2 at the noise."""
    return (schedule.level * (math.pi / 2)).tolist()


def turning(predict: Predict, schedule: Schedule) -> Callable[[Tensor, int], Tensor]:
    """dx/dtheta = cos(theta) epsilon-hat - sin(theta) x0-hat, the probability-flow ODE over the angle theta: it stays
    small at both ends.  x: (N, 2) at t. Returns (N, 2)."""
    angle = angles(schedule)

    def velocity(x: Tensor, t: int) -> Tensor:
        x0, epsilon = predict(x, t)
        return math.cos(angle[t]) * epsilon - math.sin(angle[t]) * x0

    return velocity


def flow(predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor) -> Iterator[Tensor]:
    """The probability-flow ODE, dx/dt = -beta(t) / 2 (x + s(x, t)), eq. 13 of Song et al. 2021: a state for each t.

    Solved in the angle theta of `turning` by the classical Runge-Kutta method.
    ts: rising or falling, neighbours an even number of steps apart. x: (N, 2) at ts[0].
    """
    velocity, angle = turning(predict, schedule), angles(schedule)
    yield x
    for t, s in pairwise(ts):
        middle, h = (t + s) // 2, angle[s] - angle[t]
        k1 = velocity(x, t)
        k2 = velocity(x + h / 2 * k1, middle)
        k3 = velocity(x + h / 2 * k2, middle)
        k4 = velocity(x + h * k3, s)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        yield x


def euler(predict: Predict, schedule: Schedule, steps: int, x: Tensor) -> Iterator[Tensor]:
    """The same ODE from noise to data by Euler's method: the states at t = T, T - T / steps, ..., 0.

    steps: a divisor of T. x: (N, 2), noise.
    """
    velocity, angle = turning(predict, schedule), angles(schedule)
    yield x
    for t, s in pairwise(range(schedule.steps, -1, -schedule.steps // steps)):
        x = x + (angle[s] - angle[t]) * velocity(x, t)
        yield x


def diffuse(schedule: Schedule, ts: Sequence[int], x: Tensor, generator: torch.Generator) -> Iterator[Tensor]:
    """The SDE in forward time, a state for each of the rising ts.  x: (N, 2) at ts[0].

    From s to t at once, x_t = sqrt(alpha-bar_t / alpha-bar_s) x_s + noise: the single steps' own sum.
    """
    yield x
    for s, t in pairwise(ts):
        kept = schedule.alpha_bar[t].item() / schedule.alpha_bar[s].item()
        noise = torch.randn(x.shape, generator=generator, dtype=x.dtype)
        x = math.sqrt(kept) * x + math.sqrt(1 - kept) * noise
        yield x


def denoise(
    predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor, generator: torch.Generator
) -> Iterator[Tensor]:
    """The SDE in reverse time by the lecture's formula, all T steps; a state for each of the falling ts.

    x: (N, 2) at ts[0] = T.
    """
    wanted = set(ts)

    def noise() -> Tensor:
        return torch.randn(x.shape, generator=generator, dtype=x.dtype)

    for state in ddpm(predict, schedule, range(schedule.steps, 0, -1), x, noise):
        if state.t in wanted:
            yield state.x


@dataclass(frozen=True)
class Paths:
    """Where particles are at the times: sde and ode (len(times), count, 2), from the same places at times[0]."""

    times: list[int]
    sde: Tensor
    ode: Tensor


def drift(
    exact: Exact, way: str, count: int = 300, seed: int = 7, predict: Predict | None = None, apart: int = APART
) -> Paths:
    """Particles of a seed in forward time, from the data, or in reverse, from noise; by the SDE and by the ODE.

    way: "forward" or "reverse". predict: whose answers are followed, by default the exact ones; a network's say.
    """
    schedule, generator = exact.schedule, torch.Generator().manual_seed(seed)
    forward = way == "forward"
    times = list(range(0, schedule.steps + 1, apart))[:: 1 if forward else -1]
    follow = predict or exact
    if forward:
        start = exact.target.sample(count, generator).double()
        sde = diffuse(schedule, times, start, generator)
    else:
        start = torch.randn(count, 2, generator=generator, dtype=torch.float64)
        sde = denoise(follow, schedule, times, start, generator)
    return Paths(times, in_turns(sde), in_turns(flow(follow, schedule, times, start)))


@torch.no_grad()
def in_turns(states: Iterator[Tensor]) -> Tensor:
    """All states as one tensor; a turn at the device's gate for each, so that other visitors come between."""
    found: list[Tensor] = []
    while True:
        with device.gate.turn():
            state = next(states, None)
        if state is None:
            return torch.stack(found)
        found.append(state)
