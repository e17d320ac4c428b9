"""A flow of the plane that is trained while somebody looks on: the lecture's algorithm, maximum likelihood by Adam.

run = Run(Settings("moons"))
run.go_on("run", 0.05)           # or "both", "slow": one step
run.looked().view(0)             # the density now
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.flow.coupling import Conditioner
from models.flow.density import Bijection
from models.flow.flow import Flow, coupled, noise
from models.flow.plane_views import POINTS, Looked
from models.plane import pieces, toys
from models.plane.measures import near
from models.plane.pulled import MOST_STEPS, Training
from models.plane.rows import in_one_row
from models.runtime import device
from models.runtime.alone import alone

BATCH = 512
CELLS = 72
"""Along a side of a density that is shown anew many times a second."""
WARM = 100
"""Steps in which the rate rises."""
STEEPEST = 1.0
"""Longest gradient that is followed as it is: with 5, rare points threw the spiral back by half a nat now and then."""
DECAY = 0.99
"""Of the average of the weights, which is what is shown and measured."""
JUDGED, SAMPLED = 2000, 1000
"""Held-out points, and samples."""
FAR = 99.0
"""Where a sample stands that has left all bounds."""
ALIKE = 0.05
"""A sample that is nearer to a training point repeats it."""
EVERY = 25
"""Steps between two measurements of a piece of the museum."""


@dataclass(frozen=True)
class Settings:
    """Of one training. depth: layers; masks: which coordinate they keep; bound: of the splines, which leave alone what
    lies beyond; points: of the training set, 0 for fresh ones in every step."""

    target: str = "moons"
    model: str = "realnvp"
    depth: int = 12
    width: int = 16
    masks: str = "alternate"
    rate: float = 5e-3
    bound: float = 4.5
    points: int = 0
    seed: int = 0


KEEPS: dict[str, Callable[[int], int]] = {
    "alternate": lambda i: i % 2,
    "pairs": lambda i: i // 2 % 2,
    "never": lambda i: 0,
}
"""Which coordinate layer i keeps."""


@dataclass(frozen=True)
class Measures:
    """Means over points, in nats. train, held: -log q over training and held-out points; gap: log p - log q over the
    held-out ones, nearly KL(p || q). Shares of the samples: near, within 3 sigma of the target; copied, nearer than
    ALIKE to one of the points that are seen."""

    train: float
    held: float
    gap: float
    near: float
    copied: float


Piece = pieces.Piece[Settings, Sequence[Measures]]


class Judge:
    """Measures flows against held-out points of a target, of a seed of their own, and by samples of the same noise."""

    def __init__(self, target: toys.Target) -> None:
        self.target = target
        self.held = target.sample(JUDGED, torch.Generator().manual_seed(7))
        self.exact = float(target.log_density(self.held.double()).mean())

    @torch.no_grad()
    def __call__(self, flow: Bijection, seen: Tensor) -> Measures:
        """seen: points of the training set, (N, 2)."""
        train, held = (-float(flow.log_density(x).mean()) for x in (seen, self.held))
        made = flow.inverse(noise(3, SAMPLED)).nan_to_num(FAR).clamp(-FAR, FAR)
        alike = torch.cdist(made, seen).amin(dim=1) < ALIKE
        return Measures(train, held, held + self.exact, _share(near(self.target, made)), _share(alike))


def _share(which: Tensor) -> float:
    return float(which.float().mean())


def data_of(target: toys.Target) -> Tensor:
    """The points of the data that are shown, (POINTS, 2)."""
    return target.sample(POINTS, torch.Generator().manual_seed(1))


class Run(Training):
    """A training under way. flow: what is trained; average: of its weights, which is shown; measures: of a moment
    ago; loss: of the last step; moments: what was measured for a piece's rules, EVERY steps apart."""

    def __init__(self, settings: Settings, own: toys.Target | None = None, piece: Piece | None = None) -> None:
        """own: a target that has no name; piece: of the museum, whose rules are read at its end. Raises KeyError."""
        self.settings, self.target = settings, own or toys.target(settings.target)
        self.piece, self.moments = piece, list[Measures]()
        with device.gate.turn():
            self.flow = self._start()
            self.judge = Judge(self.target)
        self.average = copy.deepcopy(self.flow).requires_grad_(False)
        self.exact = copy.deepcopy(self.average).to(device.double())
        self.weights, self.averaged, self.doubled = map(in_one_row, (self.flow, self.average, self.exact))
        self.gradient = self.flow.gradient()
        self.random = torch.Generator().manual_seed(settings.seed)
        self.set = self.target.sample(settings.points or JUDGED, self.random)
        self.data = data_of(self.target) if not settings.points else self.set[:POINTS]
        self.adam = torch.optim.Adam([self.weights], lr=settings.rate, betas=(0.9, 0.99), fused=True)
        self.loss, self.steps = math.nan, 0
        self.measures: Measures | None = None
        super().__init__(piece.steps if piece else MOST_STEPS)

    @property
    def params(self) -> int:
        """Of the flow."""
        return sum(p.numel() for p in self.flow.parameters())

    def _start(self) -> Flow:
        """The flow before its first step: the identity."""
        settings, random = self.settings, torch.Generator().manual_seed(self.settings.seed)
        keeps = [KEEPS[settings.masks](i) for i in range(settings.depth)]
        flow = coupled(settings.model, keeps, settings.width, bound=settings.bound)
        for part in flow.modules():
            if isinstance(part, Conditioner):
                part.redraw(random)
        return flow

    @property
    def taken(self) -> int:
        """Steps so far."""
        return self.steps

    @property
    def diverged(self) -> bool:
        """Whether the numbers have left all bounds: no step leads back."""
        return self.steps > 0 and not math.isfinite(self.loss)

    def kinds(self) -> dict[str, Callable[[], object]]:
        """A step, also in slow motion."""
        return {"both": self.step, "slow": self.step}

    def batch(self) -> Tensor:
        """The points of a step: fresh ones, or some of the training set."""
        if not self.settings.points:
            return self.target.sample(BATCH, self.random)
        return self.set[torch.randint(len(self.set), (BATCH,), generator=self.random)]

    @torch.enable_grad()
    def step(self) -> None:
        """theta <- theta - rate * gradient of -E log p(x), as Adam has it."""
        self.steps += 1
        self.adam.param_groups[0]["lr"] = self.settings.rate * min(1.0, self.steps / WARM)
        self.adam.zero_grad(set_to_none=False)
        self.loss = float(self.gradient(self.batch()))
        nn.utils.clip_grad_norm_([self.weights], STEEPEST)
        self.adam.step()
        kept = min(DECAY, (1 + self.steps) / (100 + self.steps))
        self.averaged.data.lerp_(self.weights.data, 1 - kept)
        if self.piece and self.steps % EVERY == 0:
            self.moments.append(self.measured_now())

    def measured_now(self) -> Measures:
        """What is measured of the flow as it is."""
        return self.judge(self.average, self.set[:JUDGED])

    @property
    def verdict(self) -> str:
        """What the rules of its piece say at its end: "failed", "mended", or "" for neither or none."""
        if not self.piece or self.steps < self.piece.steps:
            return ""
        return self.piece.verdict(self.settings, self.moments[: self.piece.steps // EVERY])

    @torch.no_grad()
    def looked(self) -> Looked:
        """The flow as it is now, to be looked at. Now and then it is measured anew. Raises DeviceBusy, Abandoned."""
        if self.due():
            with device.gate.turn():
                self.measures = alone(self.measured_now)
        self.doubled.data.copy_(self.averaged.data)
        return Looked(self.average, self.exact, self.data, CELLS)
