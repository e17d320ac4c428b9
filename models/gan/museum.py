"""The museum of failures: settings and a seed under which a GAN fails in a known way, and the one change that mends it.

    piece = MUSEUM["vanishing"]
    piece.failed(follow(piece.settings, piece.steps))          # True
    piece.mended(follow(piece.mending, piece.steps))           # True

Whether a run failed is told by a rule that reads its trace; the rules stand beside the pieces, in words and in code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.gan.lab import Lab, Settings
from models.plane import pieces
from models.plane.measures import FAIR, Judge, held, near, wasserstein

EVERY = 25
"""Pairs of steps between two moments of a trace."""
SEEN = 1024
"""Points that are looked at."""


@dataclass
class Moment:
    """norm: the mean of G's gradient norms since the last moment; middle: the mean of its points, (2,); shares: of them
    in each mode, (M,); near: within 3 sigma; w1: sliced Wasserstein distance; sure: E|logit| of D, 0 for no opinion."""

    norm: float
    middle: Tensor
    shares: Tensor
    near: float
    w1: float
    sure: float


class Trace:
    """The moments of a run, EVERY pairs of steps apart."""

    def __init__(self, moments: list[Moment]) -> None:
        self.moments = moments

    def end(self, part: float) -> Trace:
        """Its last part, 0 to 1."""
        return Trace(self.moments[-max(1, round(part * len(self.moments))) :])

    def median(self, name: str) -> float:
        """The median over the moments of one of their numbers."""
        return float(torch.tensor([float(getattr(moment, name)) for moment in self.moments]).median())

    @property
    def modes(self) -> int:
        """How many modes were covered, as the median over the moments."""
        counts = [int((moment.shares >= FAIR / len(moment.shares)).sum()) for moment in self.moments]
        return sorted(counts)[len(counts) // 2]

    @property
    def hops(self) -> int:
        """How often another mode became the fullest."""
        first = [int(moment.shares.argmax()) for moment in self.moments]
        return sum(a != b for a, b in zip(first[1:], first, strict=False))

    @property
    def swing(self) -> float:
        """How far the middle of the points strays from where it is on average: sqrt(E|m - E m|^2)."""
        middles = torch.stack([moment.middle for moment in self.moments])
        return float((middles - middles.mean(dim=0)).square().sum(dim=1).mean().sqrt())


class Recorder:
    """Looks at a laboratory while it runs: `seen` after every pair, which is a Moment now and then."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.norm = lab, 0.0
        self.real = Judge(lab.target).real[:SEEN]
        self.moments: list[Moment] = []

    def seen(self) -> None:
        """To be called after every pair of steps."""
        self.norm += self.lab.norm / EVERY
        if self.lab.pairs % EVERY == 0:
            self.moments.append(self._moment())
            self.norm = 0.0

    def _moment(self) -> Moment:
        lab, x = self.lab, self.lab.points(SEEN)
        shares = held(lab.target, x)
        sure = float(lab.d.forward(torch.cat([self.real, x])).abs().mean())
        return Moment(
            self.norm,
            x.mean(dim=0),
            torch.ones(1) if shares is None else shares,
            float(near(lab.target, x).float().mean()),
            wasserstein(self.real, x),
            sure,
        )


@torch.no_grad()
def follow(settings: Settings, pairs: int) -> Trace:
    """The trace of a run of that many pairs of steps, from nothing."""
    lab = Lab(settings)
    recorder = Recorder(lab)
    for _ in range(pairs):
        lab.pair()
        recorder.seen()
    return Trace(recorder.moments)


Piece = pieces.Piece[Settings, Trace]
"""Its steps are pairs of steps."""


def _still(trace: Trace) -> bool:
    """G gets no gradient and its points stay where they began, at w1 = 1.9."""
    end = trace.end(0.25)
    return end.median("norm") < 0.1 and end.median("w1") > 1.5


def _pulled(trace: Trace) -> bool:
    """G gets a gradient, and its points are on their way."""
    end = trace.end(0.25)
    return end.median("norm") > 0.5 and end.median("w1") < 1.0


def _hopping(trace: Trace) -> bool:
    """At most half of the eight modes at a time, and again and again other ones."""
    half = trace.end(0.5)
    return half.modes <= 4 and half.hops >= 4


def _all_but_one(trace: Trace) -> bool:
    """All modes but at most one."""
    return trace.end(0.25).modes >= 7


def _swinging(trace: Trace) -> bool:
    """The points fly to and fro as one."""
    return trace.end(0.5).swing > 0.6


def _calm(trace: Trace) -> bool:
    """They do not, and they are there: within half a unit."""
    return trace.end(0.5).swing < 0.3 and trace.end(0.25).median("w1") < 0.6


def _flat(trace: Trace) -> bool:
    """D is so flat that hardly any gradient comes back, and G stays between the modes."""
    end = trace.end(0.25)
    return end.median("norm") < 0.01 and end.median("near") < 0.4


def _steep(trace: Trace) -> bool:
    """A hundred times the gradient, and G's points in the modes."""
    end = trace.end(0.25)
    return end.median("norm") > 0.1 and end.median("near") > 0.4


def _too_sure(trace: Trace) -> bool:
    """D gives 99 % and more to what it thinks, |logit| > 4.6, and G hardly moves."""
    end = trace.end(0.25)
    return end.median("sure") > 4.6 and end.median("w1") > 1.5


def _in_doubt(trace: Trace) -> bool:
    """D leaves room for doubt, and G comes nearer."""
    end = trace.end(0.25)
    return end.median("sure") < 4.6 and end.median("w1") < 1.2


STRONG = Settings(loss="minimax", optimiser="sgd", rate_d=0.2, rate_g=0.0002, k=12)
"""A discriminator that takes eight long steps for each short one of G, by the lecture's own algorithm."""
MUSEUM: dict[str, Piece] = {
    "vanishing": Piece(STRONG, 400, {"loss": "nonsaturating"}, _still, _pulled),
    "collapse": Piece(Settings(rate_d=0.0005, rate_g=0.003), 1000, {"loss": "relativistic"}, _hopping, _all_but_one),
    "oscillation": Piece(
        Settings(loss="wasserstein", clip=0.1, rate_d=0.001, rate_g=0.01), 600, {"rate_g": 0.0005}, _swinging, _calm
    ),
    "clipping": Piece(Settings(loss="wasserstein", clip=0.01, k=3), 900, {"loss": "penalty"}, _flat, _steep),
    "smoothing": Piece(
        replace(STRONG, k=8, noise="uniform1", rate_g=0.002), 500, {"smoothing": 0.1}, _too_sure, _in_doubt
    ),
}
"""Each with seed 0."""
