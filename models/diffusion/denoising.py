"""Films of denoising: x_t with the model's x0-hat and epsilon-hat beside it, made a little at a time.

A film is pulled: `Shoot.go_on(seconds)` makes the frames of the next moments and returns, so whoever no longer asks has
stopped it. Also the numbers that the samplers' formulas had in each step, and the mistakes that the museum shows.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from models.diffusion.diffusion import Diffusion, Task, Wish, to_pictures
from models.diffusion.samplers import State, ddpm, sampler, times_of
from models.diffusion.schedules import SCHEDULES, Schedule
from models.runtime.gate import wanted

MOST_FRAMES = 60
LONG = 0.3
"""Seconds after which a round of a race is left in its middle."""
EPSILON_SPAN = 3.0
"""epsilon-hat is shown from -3 to 3 standard deviations."""


@dataclass(frozen=True)
class Slip:
    """What one may get wrong on the way back. told: the schedule that the network is told, "" for the one in use;
    variance: the noise is scaled by beta-tilde instead of its square root, a common slip (DDPM)."""

    told: str = ""
    variance: bool = False


RIGHT = Slip()


def plan(wish: Wish) -> list[int]:
    """The times at which the sampler of the wish evaluates, falling, then 0."""
    return [*times_of(wish.sampler, wish.noising, wish.steps, even=wish.even), 0]


def evaluations(wish: Wish) -> int:
    """How often the network is asked: with guidance at w other than 0 and 1, twice for every prediction."""
    steps = len(plan(wish)) - 1
    predictions = 2 * steps - 1 if wish.sampler == "heun" else steps
    return predictions * (2 if wish.label and wish.w not in (0, 1) else 1)


def spread(count: int, wanted: int) -> list[int]:
    """Exactly `wanted` >= 2 of the indices 0 ... count - 1, evenly spread; a short film shows some of them longer."""
    return [round(i * (count - 1) / (wanted - 1)) for i in range(wanted)]


def thinned(count: int, most: int = MOST_FRAMES) -> list[int]:
    """At most `most` of the indices 0 ... count - 1, evenly spread, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return spread(count, most)


def states(model: Diffusion, seeds: Sequence[int], wish: Wish, slip: Slip = RIGHT) -> Iterator[State]:
    """`Diffusion.states`, also with mistakes. Raises ValueError for an unknown label or sampler."""
    if slip == RIGHT:
        yield from model.states(seeds, wish)
        return
    noise = model.noise(seeds)
    x, right = noise(), model.denoiser(wish, len(seeds))
    told = SCHEDULES[slip.told]() if slip.told else wish.noising
    predict = replace(right, schedule=told)
    if slip.variance:
        yield from ddpm(predict, wish.noising, plan(wish)[:-1], x, noise, sigma=lambda variance: variance)
    else:
        yield from sampler(wish.sampler, predict, wish.noising, wish.steps, x, noise, wish.eta, even=wish.even)


def form(sampler: str, s: int, before: int | None) -> str:
    """Which formula a step down to s has: its sampler's name, but for the ends of two of them.

    heun: at s = 0 there is no second slope, that step is Euler's ("euler"). dpm++: without a step before, and at s = 0
    where the step lands on x0-hat, there is nothing to go on along ("first").
    """
    if sampler == "heun" and not s:
        return "euler"
    return "first" if sampler == "dpm++" and (before is None or not s) else sampler


def numbers(wish: Wish, t: int, s: int, before: int | None) -> dict[str, float]:
    """What stands in the sampler's formula for the step from t to s; before: the time before t (DPM-Solver++).

    ddpm: x0, x, sigma (eqs. 6 and 7 of Ho 2020); ddim: x0, epsilon, sigma (eq. 12 of Song 2021); dpm++: x, d, r with
    D = x0 + r (x0 - x0 of the step before); euler and heun: nu_t, nu_s, nu = 1 / sqrt(SNR), the sigma of Karras 2022.
    """
    schedule = wish.noising
    bar_t, bar_s = schedule.alpha_bar[t].item(), schedule.alpha_bar[s].item()
    alpha = bar_t / bar_s
    if wish.sampler == "ddpm":
        x0, x = math.sqrt(bar_s) * (1 - alpha) / (1 - bar_t), math.sqrt(alpha) * (1 - bar_s) / (1 - bar_t)
        return {"x0": x0, "x": x, "sigma": math.sqrt((1 - bar_s) / (1 - bar_t) * (1 - alpha))}
    if wish.sampler == "ddim":
        sigma = wish.eta * math.sqrt((1 - bar_s) / (1 - bar_t) * (1 - alpha))
        return {"x0": math.sqrt(bar_s), "epsilon": math.sqrt(max(0.0, 1 - bar_s - sigma**2)), "sigma": sigma}
    if wish.sampler == "dpm++":
        return _dpm(schedule, t, s, before)
    return {"nu_t": math.sqrt(1 / bar_t - 1), "nu_s": math.sqrt(1 / bar_s - 1)}


def _dpm(schedule: Schedule, t: int, s: int, before: int | None) -> dict[str, float]:
    if not s:
        return {"x": 0.0, "d": 1.0, "r": 0.0}
    half_log = [0.5 * math.log(schedule.snr[u].item()) for u in (s, t)]
    h = half_log[0] - half_log[1]
    r = h / (2 * (half_log[1] - 0.5 * math.log(schedule.snr[before].item()))) if before else 0.0
    bar_t, bar_s = schedule.alpha_bar[t].item(), schedule.alpha_bar[s].item()
    return {"x": math.sqrt((1 - bar_s) / (1 - bar_t)), "d": -math.sqrt(bar_s) * math.expm1(-h), "r": r}


@dataclass(frozen=True)
class Frame:
    """One moment of a film; pictures are uint8 as `to_pictures` gives them, (B, H, W, 3) or (B, H, W)."""

    step: int
    t: int
    x: np.ndarray
    x0: np.ndarray
    epsilon: np.ndarray


def to_frame(state: State, step: int, task: Task) -> Frame:
    """A state as pictures; epsilon-hat from -3 to 3."""
    shown: list[Tensor] = [state.x, state.x0, state.epsilon / EPSILON_SPAN]
    return Frame(step, state.t, *(to_pictures(picture, task) for picture in shown))


class Take:
    """A film in the making. frames: those that nobody has taken yet; done: whether the last is made; seconds: spent.

    states: a sampler's, one for each of `times`, which end with 0; at most `most` frames are kept. It computes only
    inside `step` and `go_on`; the network is asked through the model's Batcher, a turn at the gate for each step, so
    that other visitors' steps come in between.
    """

    def __init__(self, states: Iterator[State], times: Sequence[int], task: Task, most: int = MOST_FRAMES) -> None:
        self.task, self.times = task, list(times)
        self.kept = thinned(len(self.times), most)
        self.frames: list[Frame] = []
        self.final: np.ndarray | None = None
        self.seconds, self.taken = 0.0, 0
        self._wanted = set(self.kept)
        self._states = states

    @property
    def done(self) -> bool:
        """Whether the picture at t = 0 is there."""
        return self.taken == len(self.times)

    def step(self) -> None:
        """One step of the sampler. Raises what the model raises, DeviceBusy among it, and Abandoned."""
        wanted()
        start = time.perf_counter()
        state = next(self._states)
        self.seconds += time.perf_counter() - start
        if self.taken in self._wanted:
            self.frames.append(to_frame(state, self.taken, self.task))
        self.taken += 1
        if self.done:
            self.final = self.frames[-1].x

    def go_on(self, seconds: float) -> list[Frame]:
        """Make at least one step and go on for that long; the frames that are new."""
        end = time.perf_counter() + seconds
        while not self.done:
            self.step()
            if time.perf_counter() >= end:
                break
        return self.taken_away()

    def taken_away(self) -> list[Frame]:
        """The frames that are new to whoever takes them; the film keeps none of them."""
        new, self.frames = self.frames, []
        return new


class Shoot(Take):
    """The film of a wish: from the noise of the seeds to pictures, also with a mistake."""

    def __init__(
        self, model: Diffusion, seeds: Sequence[int], wish: Wish, slip: Slip = RIGHT, most: int = MOST_FRAMES
    ) -> None:
        super().__init__(states(model, seeds, wish, slip), plan(wish), model.task, most)


def race(shoots: Sequence[Shoot], seconds: float) -> None:
    """One step for each film in turn, for that long: a film of few steps is soon there.

    A round is finished, unless its steps take long: then it goes on with the next call, where it was left.
    """
    end = time.perf_counter() + seconds
    while running := [shoot for shoot in shoots if not shoot.done]:
        min(running, key=lambda shoot: shoot.taken).step()
        level = len({shoot.taken for shoot in running}) == 1
        if time.perf_counter() >= end + (0 if level else LONG):
            return
