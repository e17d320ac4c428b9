"""Fitting a flow of the plane to a target: fresh points every step, so there is nothing to overfit.

The recipes run it for a minute, a room for some seconds on what a visitor has drawn: it is a generator of states, and
who asks for no more has stopped it.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from models.flow.density import Bijection
from models.flow.flow import MODELS, middles, noise
from models.plane.perceptron import average_into, cosine
from models.plane.toys import Target
from models.runtime import device

BATCH = {"nice": 1024, "realnvp": 1024, "spline": 1024, "matching": 2048}
PEAK = {"nice": 1e-2, "realnvp": 1e-2, "spline": 5e-3, "matching": 3e-3}
"""Highest learning rates, found on the ring."""
DECAY = 0.998
EVERY = 4
"""The average of the weights is taken every so many steps."""


M = TypeVar("M", bound=Bijection)


@dataclass
class Fit(Generic[M]):
    """Where a fit stands: steps done, points seen, the last loss, and the network with averaged weights."""

    steps: int
    points: int
    loss: float
    average: M


def fit(
    model: Bijection, target: Target, kind: str, progress: Callable[[], float], seed: int = 0
) -> Iterator[Fit[Bijection]]:
    """Minimize the model's loss on fresh points of the target, as `minimize` does."""
    batch, generator = BATCH[kind], torch.Generator(next(model.parameters()).device).manual_seed(seed)
    return minimize(model, lambda: model.loss(target.sample(batch, generator)), batch, PEAK[kind], progress)


def minimize(
    model: M, drawn_loss: Callable[[], Tensor], batch: int, peak: float, progress: Callable[[], float]
) -> Iterator[Fit[M]]:
    """Minimize a loss by Adam until progress() reaches 1; gives one and the same Fit after every step.

    model: changed in place; what counts is `average`. drawn_loss: of a fresh batch, which has that many points.
    progress: 0 to 1, drives the learning rate, `peak` at the highest.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=peak, betas=(0.9, 0.99))
    state = Fit(0, 0, math.nan, copy.deepcopy(model).requires_grad_(False))
    while (now := progress()) < 1:
        optimizer.param_groups[0]["lr"] = cosine(now, peak)
        loss = drawn_loss()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        state.steps, state.points, state.loss = state.steps + 1, state.points + batch, float(loss.detach())
        if state.steps % EVERY == 0:
            average_into(state.average, model, min(DECAY, (1 + state.steps) / (100 + state.steps)))
        yield state


@dataclass(frozen=True)
class Frame:
    """What a room shows of a fit under way: how far it is, the loss, the density and where a cloud of noise goes.

    progress: 0 to 1. density: (cells, cells), y grows upwards. states: (S, count, 2), the first z and the last x.
    """

    progress: float
    loss: float
    density: Tensor
    states: Tensor


@torch.no_grad()
def picture(progress: float, state: Fit[Bijection], cells: int, count: int) -> Frame:
    """The averaged network as it is now, seen on a square of cells and on a cloud of `count` points."""
    model, where = state.average, next(state.average.parameters()).device
    density = model.log_density(middles(cells).to(where)).exp().view(cells, cells)
    states = torch.stack(model.states(noise(0, count).to(where)))
    return Frame(progress, state.loss, density.cpu(), states.cpu())


def fit_live(
    target: Target, kind: str = "spline", seconds: float = 6.0, frames: int = 12, cells: int = 80, count: int = 500
) -> Iterator[Frame]:
    """Train a flow from nothing on a target, a drawn one say, for `seconds` of computing; `frames` frames on the way.

    What comes before each frame is one turn at the device's gate, so other visitors come between. A visitor who leaves
    closes the generator, and that is the end of the training. Raises KeyError for an unknown kind, DeviceBusy.
    """
    spent = 0.0
    steps = fit(MODELS[kind]().to(device.device()), target, kind, lambda: spent / seconds)
    with device.gate.turn():
        state = next(steps)  # the first step of a process imports a part of torch, which is not training
    for frame in range(1, frames + 1):
        with device.gate.turn():
            start, before = time.monotonic(), spent
            while spent < seconds * frame / frames:
                state = next(steps, state)
                spent = before + time.monotonic() - start
            shown = picture(min(1.0, spent / seconds), state, cells, count)
        yield shown
