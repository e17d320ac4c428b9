"""From noise to picture, one formula for each sampler. A sampler is a generator of states; the caller decides what to
keep and may stop between any two steps.

    for state in ddim(predict, cosine(), times(cosine(), 20), noise): ...

`predict(x_t, t)` returns x0-hat and epsilon-hat, two readings of one answer: x_t = sqrt(alpha-bar_t) x0-hat +
sqrt(1 - alpha-bar_t) epsilon-hat.
`times` falls, t_1 > t_2 > ... > t_N > 0; the last step goes from t_N to 0, so N times are N steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from models.diffusion.schedules import Schedule
from models.diffusion.vocabulary import SAMPLERS, T
from models.runtime.noise import Noise


class Predict(Protocol):
    """The one thing that a sampler knows of a network."""

    def __call__(self, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]: ...


@dataclass(frozen=True)
class State:
    """Where a sampler stands: x_t, and what the model makes of it. At the end t = 0 and x = x0."""

    t: int
    x: Tensor
    x0: Tensor
    epsilon: Tensor


def even_times(steps: int, start: int = T) -> list[int]:
    """`steps` times from `start` downwards at even distances, the last step ends at 0 ("trailing", Lin et al. 2023).

    Raises ValueError unless 1 <= steps <= start.
    """
    if not 1 <= steps <= start:
        raise ValueError(f"There are {start} times to choose {steps} from.")
    return [round(start * (steps - i) / steps) for i in range(steps)]


FAINT = 1 / 260
"""The SNR up to which x_t tells hardly more than a mean colour: t > 960 of the cosine schedule, t > 741 of the linear
one."""
HEAD = 0.25
"""Share of the steps that is spent there."""


def times(schedule: Schedule, steps: int, start: int | None = None) -> list[int]:
    """`steps` times from `start` (default: T) downwards, a quarter of them where SNR <= FAINT, the others even.

    There brightness and contrast are decided, and with the cosine schedule 20 even steps leap over all of it at once:
    the faces came out grey (spread of brightness 0.062, the data's 0.110). The head's steps lengthen from the first on,
    as k (k + 3): 1000, 996, 990, 982, 972 and 15 even ones from 960. Raises ValueError unless 1 <= steps <= start.
    """
    first = schedule.steps if start is None else start
    if not 1 <= steps <= first:
        raise ValueError(f"There are {first} times to choose {steps} from.")
    edge = int((schedule.snr > FAINT).sum()) - 1
    whole = schedule.steps - edge
    n = min(round(HEAD * steps * max(0, first - edge) / whole), steps - 1) if whole else 0
    if not n:
        return even_times(steps, first)
    head = [first - (first - edge) * k * (k + 3) / (n * (n + 3)) for k in range(n)]
    return _distinct([*head, *(edge * (steps - n - i) / (steps - n) for i in range(steps - n))], first)


def _distinct(wanted: Sequence[float], start: int) -> list[int]:
    """The whole numbers nearest to falling ones, each once, from `start` downwards and the last at least 1."""
    found = [start + 1]
    for i, t in enumerate(wanted):
        found.append(max(min(round(t), found[-1] - 1), len(wanted) - i))
    return found[1:]


def ode_start(schedule: Schedule, largest: float = 80.0) -> int:
    """The last t where sigma_t = sqrt(1 / SNR) is at most 80, where Karras et al. 2022 begin.

    Beyond it x / sqrt(alpha-bar), in which the ODE is solved, grows without bound and Heun's correction with it.
    """
    return max(1, int((schedule.snr >= largest**-2).sum()) - 1)


def karras_times(steps: int, schedule: Schedule, start: int, rho: float = 7.0) -> list[int]:
    """`steps` times from `start` downwards, even in sigma^(1/rho): Karras et al. 2022, eq. 5; the last step ends at 0.

    At even distances in t, Heun's first step would fall from sigma = 80 to 6 along a chord, and burn the picture.
    """
    sigma = (1 / schedule.snr[1 : start + 1]).sqrt().double()
    roots = torch.linspace(float(sigma[-1] ** (1 / rho)), float(sigma[0] ** (1 / rho)), steps).double()
    nearest = (torch.searchsorted(sigma, roots**rho) + 1).clamp(1, start).tolist()
    return _distinct(nearest, start)


def _pairs(ts: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(ts, [*ts[1:], 0], strict=True)


def _coefficients(schedule: Schedule, t: int) -> tuple[float, float]:
    """sqrt(alpha-bar_t) and sqrt(1 - alpha-bar_t)."""
    bar = schedule.alpha_bar[t].item()
    return math.sqrt(bar), math.sqrt(1 - bar)


def ddpm(
    predict: Predict,
    schedule: Schedule,
    ts: Sequence[int],
    x: Tensor,
    noise: Noise,
    sigma: Callable[[float], float] = math.sqrt,
) -> Iterator[State]:
    """x_s = mean of q(x_s | x_t, x0-hat) + sigma z: Ho et al. 2020, algorithm 2, also over several t at once.

    sigma: from the posterior's variance beta-tilde to the factor of z. Beta-tilde itself there is a
    common slip; `sigma=lambda variance: variance` shows what comes of it.
    """
    for t, s in _pairs(ts):
        x0, epsilon = predict(x, t)
        yield State(t, x, x0, epsilon)
        mean, variance = schedule.posterior(x, x0, t, s)
        x = mean + sigma(variance) * noise() if s else mean
    yield State(0, x, x, epsilon)


def ddim(
    predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor, noise: Noise | None = None, eta: float = 0.0
) -> Iterator[State]:
    """x_s = sqrt(alpha-bar_s) x0-hat + sqrt(1 - alpha-bar_s - sigma^2) epsilon-hat + sigma z: Song et al. 2021, eq. 12.

    sigma = eta sqrt((1 - alpha-bar_s) / (1 - alpha-bar_t)) sqrt(1 - alpha-bar_t / alpha-bar_s): eta = 0 adds no noise,
    eta = 1 as much as DDPM. noise is needed for eta > 0. Raises ValueError without.
    """
    if eta and noise is None:
        raise ValueError("DDIM with eta > 0 adds noise: it needs some.")
    for t, s in _pairs(ts):
        x0, epsilon = predict(x, t)
        yield State(t, x, x0, epsilon)
        bar_t, bar_s = schedule.alpha_bar[t].item(), schedule.alpha_bar[s].item()
        sigma = eta * math.sqrt((1 - bar_s) / (1 - bar_t) * (1 - bar_t / bar_s))
        x = math.sqrt(bar_s) * x0 + math.sqrt(max(0.0, 1 - bar_s - sigma**2)) * epsilon
        if noise is not None and sigma:
            x = x + sigma * noise()
    yield State(0, x, x, epsilon)


def dpm(predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor) -> Iterator[State]:
    """DPM-Solver++(2M): Lu et al. 2022, algorithm 2, with lambda = log(sqrt(alpha-bar) / sqrt(1 - alpha-bar)).

    x_s = sigma_s / sigma_t x_t - alpha_s (exp(-h) - 1) D, where D goes on along the line through the last two x0-hat.
    The first step has no earlier one, and the last, to t = 0 with lambda infinite, lands on x0-hat.
    """
    before: tuple[Tensor, float] | None = None
    for t, s in _pairs(ts):
        x0, epsilon = predict(x, t)
        yield State(t, x, x0, epsilon)
        if not s:
            x = x0
            break
        (a_t, sigma_t), (a_s, sigma_s) = _coefficients(schedule, t), _coefficients(schedule, s)
        h = math.log(a_s / sigma_s) - math.log(a_t / sigma_t)
        d = x0 if before is None else x0 + h / (2 * before[1]) * (x0 - before[0])
        x = sigma_s / sigma_t * x - a_s * math.expm1(-h) * d
        before = x0, h
    yield State(0, x, x, epsilon)


def euler(predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor) -> Iterator[State]:
    """Euler's method on the probability-flow ODE: d x-bar / d sigma = epsilon-hat with x-bar = x / sqrt(alpha-bar) and
    sigma = sqrt(1 / SNR) (Song et al. 2021; Karras et al. 2022, algorithm 1 without the correction).

    x-bar + (sigma_s - sigma_t) epsilon-hat = x0-hat + sigma_s epsilon-hat: it is DDIM with eta = 0, letter for letter.
    """
    return ddim(predict, schedule, ts, x)


def heun(predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor) -> Iterator[State]:
    """Heun's method on the same ODE: an Euler step, then the mean of the slopes at both ends (Karras et al. 2022,
    algorithm 1). Two evaluations a step but for the last, which ends at sigma = 0 where there is no slope.
    """
    for t, s in _pairs(ts):
        x0, epsilon = predict(x, t)
        yield State(t, x, x0, epsilon)
        (a_t, sigma_t), (a_s, sigma_s) = _coefficients(schedule, t), _coefficients(schedule, s)
        slope = epsilon
        if s:
            slope = 0.5 * (epsilon + predict(a_s * x0 + sigma_s * epsilon, s)[1])
        # x-bar_t - sigma_t slope, written so that large numbers do not cancel
        x = a_s * (x0 + sigma_t / a_t * (epsilon - slope)) + sigma_s * slope
    yield State(0, x, x, epsilon)


def invert(
    predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor, rounds: int = 3
) -> Iterator[tuple[int, Tensor]]:
    """DDIM backwards: the noise from which `ddim(..., ts, ...)` makes the picture x. Yields (t, x_t), t rising to t_1.

    A DDIM step from t to s uses epsilon-hat at x_t, which is what is sought; so it is guessed at x_s and improved in
    `rounds` rounds of x_t <- sqrt(alpha-bar_t) (x_s - sigma_s epsilon) / sqrt(alpha-bar_s) + sigma_t epsilon.
    """
    for t, s in reversed(list(_pairs(ts))):
        (a_t, sigma_t), (a_s, sigma_s) = _coefficients(schedule, t), _coefficients(schedule, s)
        guess = x
        for _ in range(1 + rounds):
            epsilon = predict(guess, t)[1]
            guess = a_t / a_s * (x - sigma_s * epsilon) + sigma_t * epsilon
        x = guess
        yield t, x


def times_of(name: str, schedule: Schedule, steps: int, start: int | None = None, even: bool = False) -> list[int]:
    """The times at which the sampler of that name evaluates, falling from `start`, by default T.

    heun begins at `ode_start` at the latest. even: at even distances, as was done once; to show what that costs.
    Raises ValueError as `times` does.
    """
    first = schedule.steps if start is None else start
    if name == "heun":
        first = min(first, ode_start(schedule))
        return karras_times(min(steps, first), schedule, first)
    return even_times(steps, first) if even else times(schedule, steps, first)


def sampler(
    name: str,
    predict: Predict,
    schedule: Schedule,
    steps: int,
    x: Tensor,
    noise: Noise,
    eta: float = 0.0,
    start: int | None = None,
    even: bool = False,
) -> Iterator[State]:
    """The sampler of that name from x, pure noise or x_t at t = start. eta is DDIM's; even: see `times_of`.

    steps: 1 ... T (heun has a few fewer times at most, see `ode_start`). noise is asked for by ddpm, and by ddim with
    eta > 0. Raises ValueError for another name or number of steps.
    """
    if name not in SAMPLERS:
        raise ValueError(f"There is no sampler “{name}”; there are {', '.join(SAMPLERS)}.")
    ts = times_of(name, schedule, steps, start, even)
    if name == "ddpm":
        return ddpm(predict, schedule, ts, x, noise)
    if name == "ddim":
        return ddim(predict, schedule, ts, x, noise, eta)
    return {"dpm++": dpm, "euler": euler, "heun": heun}[name](predict, schedule, ts, x)
