"""How near G has come, in the lecture's own terms: ROC AUC and log loss of a fresh classifier, modes, distances."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from models.plane.losses import entropy
from models.plane.mixtures import Mixture
from models.plane.toys import REACH, Gaussians, Target

HELD_OUT = 1000
"""Points of each class by which a classifier is judged; it has learned from as many others."""
BUMPS = 12
"""Of the classifier, along a side: RIDGE is what its weights cost, for an even bed between too little and too much."""
RIDGE, NEWTON = 0.3, 6
LINES = 32
"""Along which the Wasserstein distance is taken."""
FAIR = 0.25
"""A mode counts as covered from this part of its fair share on."""
MOST_MODES = 16
WON = (0.5, math.log(2))
"""ROC AUC and log loss where nobody can tell real from generated."""


@dataclass(frozen=True)
class Measures:
    """auc, log_loss: of a fresh classifier on held-out points; near: share of the points within 3 sigma of the target;
    modes: covered, of how many (None where there are none to count); w1: sliced Wasserstein distance, in units of the
    plane."""

    auc: float
    log_loss: float
    near: float
    modes: tuple[int, int] | None
    w1: float


def bumps(x: Tensor) -> Tensor:
    """What the classifier sees of a point: its nearness to each point of a lattice, and a constant.  (N, 2) to (N, K).
    Points beyond the plane stand on its edge."""
    at = torch.linspace(-REACH + 0.5, REACH - 0.5, BUMPS)
    step = float(at[1] - at[0])
    along = [(-0.5 * ((x[:, i : i + 1].clamp(-REACH, REACH) - at) / step).square()).exp() for i in (0, 1)]
    return torch.cat([(along[0][:, :, None] * along[1][:, None]).flatten(1), torch.ones(len(x), 1)], dim=1)


def classifier(real: Tensor, made: Tensor) -> Tensor:
    """Weights (K,) of a logistic regression on the bumps that tells real points, 1, from generated ones, 0: Newton's
    method, from nothing."""
    seen = bumps(torch.cat([real, made])).double()
    truth = torch.cat([torch.ones(len(real)), torch.zeros(len(made))]).double()
    ridge = RIDGE * torch.eye(seen.shape[1], dtype=torch.float64)
    weights = torch.zeros(seen.shape[1], dtype=torch.float64)
    for _ in range(NEWTON):
        p = (seen @ weights).sigmoid()
        slope = seen.T @ (p - truth) + RIDGE * weights
        bend = (seen.T * (p * (1 - p))) @ seen + ridge
        weights -= torch.linalg.solve(bend, slope)
    return weights


def auc(said_real: Tensor, said_made: Tensor) -> float:
    """The share of pairs of a real and a generated point in which the real one got the higher number; ties half."""
    order = said_made.sort().values
    below = torch.searchsorted(order, said_real.contiguous())
    equal = torch.searchsorted(order, said_real.contiguous(), right=True)
    return float((below + equal).double().mean() / (2 * len(said_made)))


def told_apart(real: Tensor, made: Tensor) -> tuple[float, float]:
    """ROC AUC and log loss, on the second halves, of a classifier that has learned on the first.  Each (2 N, 2)."""
    n = len(real) // 2
    weights = classifier(real[:n], made[:n])
    said = [bumps(x[n:]).double() @ weights for x in (real, made)]
    loss = (entropy(said[0], 1.0).mean() + entropy(said[1], 0.0).mean()) / 2
    return auc(said[0], said[1]), float(loss)


def wasserstein(real: Tensor, made: Tensor) -> float:
    """The sliced Wasserstein distance (Bonneel et al. 2015), times pi / 2: what moves as one by d is d away.

    Along a line the cheapest plan moves the k-th point to the k-th; the mean over LINES lines.  Each (N, 2).
    """
    angle = (torch.arange(LINES) + 0.5) * (math.pi / LINES)
    lines = torch.stack([angle.cos(), angle.sin()])
    gap = (real @ lines).sort(dim=0).values - (made @ lines).sort(dim=0).values
    return float(gap.abs().mean()) * math.pi / 2


def separate(target: Target) -> Tensor | None:
    """The centres of a target's modes, (M, 2), where they stand apart: Gaussians by 6 sigma, squares as such."""
    if isinstance(target, Gaussians):
        centres = target.centres.float()
        if not 2 <= len(centres) <= MOST_MODES:
            return None
        return centres if float(torch.pdist(centres).min()) > 6 * target.sigma else None
    corners = getattr(target, "corners", None)
    return corners.float() + target.side / 2 if corners is not None and len(corners) <= MOST_MODES else None  # type: ignore[attr-defined]


def near(target: Target, x: Tensor) -> Tensor:
    """Which points lie within 3 sigma of a centre, or inside of the cells: (N,) bool."""
    if isinstance(target, Mixture):
        return target.within(x, 3.0)
    if isinstance(target, Gaussians):
        return torch.cdist(x, target.centres.to(x)).min(dim=1).values < 3 * target.sigma
    return target.log_density(x).isfinite()


def held(target: Target, x: Tensor) -> Tensor | None:
    """Share of the points that each mode holds, (M,); None where there are none to count."""
    centres = separate(target)
    if centres is None:
        return None
    inside = x[near(target, x)]
    nearest = torch.cdist(inside, centres).argmin(dim=1) if len(inside) else torch.zeros(0, dtype=torch.long)
    return torch.bincount(nearest, minlength=len(centres)) / len(x)


def covered(target: Target, x: Tensor) -> tuple[int, int] | None:
    """How many modes have at least a quarter of their fair share of the points, and of how many."""
    shares = held(target, x)
    return None if shares is None else (int((shares >= FAIR / len(shares)).sum()), len(shares))


class Judge:
    """Measures a GAN's points against points of the target that it keeps, of a seed of their own."""

    def __init__(self, target: Target, seed: int = 1) -> None:
        self.target = target
        self.real = target.sample(2 * HELD_OUT, torch.Generator().manual_seed(seed))

    def __call__(self, made: Tensor) -> Measures:
        """made: at least 2 HELD_OUT generated points, (N, 2)."""
        made = made[: 2 * HELD_OUT].nan_to_num(0).clamp(-100, 100)
        return Measures(
            *told_apart(self.real, made),
            float(near(self.target, made).float().mean()),
            covered(self.target, made),
            wasserstein(self.real, made),
        )
