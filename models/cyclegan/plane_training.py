"""A CycleGAN in the plane that is pulled: what is shown and measured of it, and what the museum's rules say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.cyclegan.museum import EVERY, MUSEUM
from models.cyclegan.plane import Plane, Settings
from models.cyclegan.plane_measures import Judge, Measures
from models.plane.pulled import MOST_STEPS, Training
from models.runtime import device

SPAN = 2.8
"""Half the side of each square that is shown."""
POINTS = 300
"""Of each cloud that are shown."""


def packed(x: Tensor) -> Tensor:
    """Places as int16, 32767 at 2 SPAN; what lies beyond, or nowhere, stands at the edge."""
    unit = 32767 / (2 * SPAN)
    return (x.nan_to_num(2 * SPAN) * unit).clamp(-32767, 32767).round().to(torch.int16)


@dataclass(frozen=True)
class Seen:
    """Places as int16, (POINTS, 2): G(x), F(G(x)), F(y), G(F(y)) of the points that are held."""

    made_y: Tensor
    again_x: Tensor
    made_x: Tensor
    again_y: Tensor


class Run(Training):
    """A training under way. measures: of a moment ago."""

    def __init__(self, settings: Settings, drawn: Sequence[tuple[float, float]] = (), piece: str = "") -> None:
        """piece: of the museum, whose rules are to be read at its end. Raises ValueError."""
        with device.gate.turn(), torch.no_grad():
            self.plane = Plane(settings, drawn)
            self.judge = Judge(self.plane)
        self.piece = MUSEUM.get(piece)
        self.moments: list[Measures] = []
        super().__init__(self.piece.steps if self.piece else MOST_STEPS)
        self.measures: Measures | None = None

    @property
    def taken(self) -> int:
        """Steps of the translators so far."""
        return self.plane.steps

    @property
    def diverged(self) -> bool:
        """Whether the numbers have left all bounds: no step leads back."""
        return not math.isfinite(self.plane.loss_d + self.plane.loss_g + self.plane.lost)

    def kinds(self) -> dict[str, Callable[[], object]]:
        """A step of both discriminators, of both translators, of all, and what comes next in slow motion."""
        return {"d": self.plane.step_d, "g": self._step_g, "both": self._both, "slow": self._next}

    def _both(self) -> None:
        self.plane.step_d()
        self._step_g()

    def _step_g(self) -> None:
        self.plane.step_g()
        if self.piece and self.plane.steps % EVERY == 0:
            self.moments.append(self.judge(self.plane))

    def _next(self) -> None:
        (self.plane.step_d if self.plane.steps_d <= self.plane.steps else self._step_g)()

    @torch.no_grad()
    def seen(self) -> Seen:
        """What is to be shown. Now and then it is measured anew. Raises DeviceBusy, Abandoned."""
        plane = self.plane
        with device.gate.turn():
            if self.due():
                self.measures = self.judge(plane)
            made_y, made_x = plane.there(plane.x[:POINTS]), plane.back(plane.y[:POINTS])
            return Seen(*map(packed, (made_y, plane.back(made_y), made_x, plane.there(made_x))))

    @property
    def verdict(self) -> str:
        """What the rules of its piece say at its end: "failed", "mended", or "" for neither or none."""
        if not self.piece or self.plane.steps < self.piece.steps:
            return ""
        return self.piece.verdict(self.plane.settings, self.moments[: self.piece.steps // EVERY])
