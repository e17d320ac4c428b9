"""Pictures edited by a diffusion model: drawn anew from some noise level on, filled where a mask has a hole, and
two of them led into each other through their noises.

Each edit is a Take: it is made a few steps at a time, as a film is, and can be left between any two.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from models.diffusion.denoising import MOST_FRAMES, Take
from models.diffusion.diffusion import Diffusion, Wish, keeping, to_input
from models.diffusion.samplers import Predict, State, ddim, even_times, invert, sampler, times, times_of
from models.diffusion.schedules import Schedule
from models.runtime.gate import wanted
from models.runtime.noise import Noise, slerp

ROUNDS = 3
"""Rounds of each step of `repaint`: with one the hole did not fit its border, with three it did; five cost more."""
INVERTED_FROM = 960
"""The noise level up to which a photo is led. At t = T hardly anything of it is left in x_t, and DDIM's step from there
is so long that the way back misses: the mean error was 15 of 255 from T, 1 to 3 from here (20 steps)."""
INVERTING = 20


def steps_from(t: int, wish: Wish) -> int:
    """How many of the wish's steps lie below t: they are as long as those of the whole way."""
    return max(1, round(wish.steps * t / wish.noising.steps))


def redraw(model: Diffusion, picture: np.ndarray, t: int, wish: Wish, seed: int, most: int = MOST_FRAMES) -> Take:
    """SDEdit (Meng et al. 2022, arXiv:2108.01073): noise the picture to t by the closed form, then come back.

    picture: uint8 as `Diffusion.pictures` gives it, (H, W, 3). t: 1 ... T, how much may change. wish.steps: of the
    whole way from T. Raises ValueError for an unknown label or sampler.
    """
    schedule, steps = wish.noising, steps_from(t, wish)
    noise, x_0 = model.noise([seed]), to_input(picture[None], model.task)
    x_t = schedule.closed_form(x_0, t, noise())
    states = sampler(wish.sampler, model.denoiser(wish, 1), schedule, steps, x_t, noise, wish.eta, start=t)
    return Take(states, [*times_of(wish.sampler, schedule, steps, t), 0], model.task, most)


def fill(
    model: Diffusion, picture: np.ndarray, hole: np.ndarray, wish: Wish, seed: int, most: int = MOST_FRAMES
) -> Take:
    """Inpainting: the picture where hole is False stays as it is, to the last bit; where it is True the model draws.

    picture: (H, W, 3) uint8; hole: (H, W) bool. wish.steps: each of them ROUNDS times. Raises ValueError.
    """
    schedule, noise = wish.noising, model.noise([seed])
    x_0 = to_input(picture[None], model.task)
    kept = torch.from_numpy(~hole).to(x_0)[None, None]
    predict = keeping(model.denoiser(wish, 1), schedule, x_0, kept)
    ts = times(schedule, wish.steps)
    return Take(repaint(predict, schedule, ts, noise(), noise, ROUNDS), [*ts, 0], model.task, most)


def repaint(
    predict: Predict, schedule: Schedule, ts: Sequence[int], x: Tensor, noise: Noise, rounds: int
) -> Iterator[State]:
    """DDIM in which each step is taken `rounds` times: down to s, up to t again with fresh noise, down again.

    Lugmayr et al. 2022, arXiv:2201.09865 (RePaint), algorithm 1 with jumps of one step. The way up, q(x_t | x_s), lets
    what was drawn in the hole and what was kept around it become one picture; in one pass they know too little of each
    other. A state is that of a step's last round.
    """
    for t, s in zip(ts, [*ts[1:], 0], strict=True):
        bar_t, bar_s = schedule.alpha_bar[t].item(), schedule.alpha_bar[s].item()
        for left in reversed(range(rounds if s else 1)):
            x0, epsilon = predict(x, t)
            down = math.sqrt(bar_s) * x0 + math.sqrt(1 - bar_s) * epsilon
            if left:
                x = math.sqrt(bar_t / bar_s) * down + math.sqrt(1 - bar_t / bar_s) * noise()
        yield State(t, x, x0, epsilon)
        x = down
    yield State(0, x, x, epsilon)


class Between:
    """Two pictures led into each other: DDIM backwards to their noises, the arc between those, DDIM forwards again.

    first, second: (H, W, 3) uint8. count: pictures from the first to the second, both among them. It computes only
    in `go_on`. After `done`: noises (2, H, W, 3), how x_T of either looks; made (count, H, W, 3); mixed, the same
    pictures blended pixel by pixel; error, the mean |returned - picture| of both in [0, 1].
    """

    def __init__(self, model: Diffusion, first: np.ndarray, second: np.ndarray, wish: Wish, count: int = 9) -> None:
        self.model, self.wish, self.count = model, wish, count
        self.pair = np.stack([first, second])
        self.shares = [i / (count - 1) for i in range(count)]
        self.seconds, self.taken = 0.0, 0
        self.times = even_times(INVERTING, INVERTED_FROM)
        self.total = 2 * len(self.times) + 1
        self._x = to_input(self.pair, model.task)
        self._work = self._steps()

    @property
    def done(self) -> bool:
        """Whether the pictures are there."""
        return self.taken == self.total

    def go_on(self, seconds: float) -> None:
        """Make at least one step and go on for that long. Raises what the model raises, and Abandoned."""
        begun = time.perf_counter()
        while not self.done:
            wanted()
            next(self._work)
            self.taken += 1
            if time.perf_counter() - begun >= seconds:
                break
        self.seconds += time.perf_counter() - begun

    def _steps(self) -> Iterator[None]:
        schedule, predict = self.wish.noising, self.model.denoiser(self.wish, 2)
        for _, x in invert(predict, schedule, self.times, self._x):
            self._x = x
            yield
        self.noises = self.model.pictures(self._x / 3)
        start = torch.stack([slerp(self._x[0], self._x[1], share) for share in self.shares])
        for state in ddim(self.model.denoiser(self.wish, self.count), schedule, self.times, start):
            self.made = self.model.pictures(state.x)
            yield

    @property
    def mixed(self) -> np.ndarray:
        """(1 - share) first + share second, pixel by pixel: (count, H, W, 3) uint8."""
        first, second = self.pair.astype(np.float32)
        return np.stack([(1 - share) * first + share * second for share in self.shares]).round().astype(np.uint8)

    @property
    def error(self) -> float:
        """How far the pictures at both ends are from those that were led to noise: mean absolute, in [0, 1]."""
        ends = self.made[[0, -1]].astype(np.float32)
        return float(np.abs(ends - self.pair).mean() / 255)
