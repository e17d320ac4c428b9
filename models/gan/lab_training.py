"""A laboratory that is pulled: it trains only while somebody asks, in short turns, and within bounds.

run = Run(Settings())
run.go_on("run", 0.05)           # or "d", "g", "both": one step; "slow": D and G in turn, a step each
run.seen(optimum=True).points    # what is shown now
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.gan import lab_views as views
from models.gan.lab import Lab, Settings
from models.gan.museum import EVERY, MUSEUM, Recorder, Trace
from models.plane.measures import Judge, Measures
from models.plane.pulled import MOST_STEPS, Training
from models.runtime import device

DENSE = 1024
"""Generated points whose density goes into D*."""


@dataclass(frozen=True)
class Seen:
    """What is shown of a moment: places as int16 (see lab_views), verdicts as bytes, `half` where D is undecided."""

    points: Tensor
    arrows: Tensor
    grid: Tensor
    verdicts: Tensor
    half: float
    optimum: Tensor | None


class Run(Training):
    """A training under way. measures: of a moment ago."""

    def __init__(self, settings: Settings, drawn: Sequence[tuple[float, float]] = (), piece: str = "") -> None:
        """piece: of the museum, whose rules are to be read at its end. Raises ValueError."""
        with device.gate.turn(), torch.no_grad():
            self.lab = Lab(settings, drawn)
            self.judge = Judge(self.lab.target)
            self.density = views.density(self.lab.target)
        self.piece = MUSEUM.get(piece)
        self.recorder = Recorder(self.lab) if self.piece else None
        super().__init__(self.piece.steps if self.piece else MOST_STEPS)
        self.measures: Measures | None = None

    @property
    def diverged(self) -> bool:
        """Whether the numbers have left all bounds: no step leads back."""
        return not (math.isfinite(self.lab.loss_d) and math.isfinite(self.lab.norm) and self.lab.norm < 1e12)

    @property
    def taken(self) -> int:
        """Pairs of steps so far."""
        return self.lab.pairs

    def kinds(self) -> dict[str, Callable[[], object]]:
        """A step of D, of G, a pair, and what comes next in slow motion."""
        return {"d": self.lab.step_d, "g": self._step_g, "both": self._pair, "slow": self._next}

    @torch.no_grad()
    def _pair(self) -> None:
        for _ in range(self.lab.settings.k):
            self.lab.step_d()
        self._step_g()

    def _step_g(self) -> None:
        self.lab.step_g()
        if self.recorder:
            self.recorder.seen()

    def _next(self) -> None:
        """Slow motion: a step of D, until it has had its k, then one of G."""
        due = self.lab.settings.k * (self.lab.pairs + 1)
        (self.lab.step_d if self.lab.steps_d < due else self._step_g)()

    @torch.no_grad()
    def seen(self, optimum: bool) -> Seen:
        """What is to be shown; optimum: D* too. Now and then it is measured anew. Raises DeviceBusy, Abandoned."""
        lab = self.lab
        with device.gate.turn():
            if self.due():
                self.measures = self.judge(lab.points())
            verdicts, half = views.verdicts(lab)
            best = views.optimum(self.density, lab.points(DENSE), lab.settings.smoothing) if optimum else None
            points, arrows, grid = map(views.packed, (lab.points(views.POINTS), views.arrows(lab), views.warped(lab)))
            return Seen(points, arrows, grid, verdicts, half if math.isfinite(half) else 0.5, best)

    @torch.no_grad()
    def picture(self) -> np.ndarray:
        """The plane, (480, 480, 3) uint8. Raises DeviceBusy, Abandoned."""
        with device.gate.turn():
            return views.picture(self.lab)

    @property
    def verdict(self) -> str:
        """What the rules of its piece say at its end: "failed", "mended", or "" for neither or none."""
        if not (self.piece and self.recorder) or self.lab.pairs < self.piece.steps:
            return ""
        trace = Trace(self.recorder.moments[: self.piece.steps // EVERY])
        return self.piece.verdict(self.lab.settings, trace)
