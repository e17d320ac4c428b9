"""A mixture of Gaussians by expectation maximization: the learned prior of the faces (Ghosh et al. 2020, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from models.vae.prior import Mixture, log_density

SHRINK = 0.02
"""Share of the pooled covariance in each component's: 192 dimensions ask for more faces than a component has."""


@dataclass(frozen=True)
class Fit:
    """A mixture and its mean log-density, in nats, on rows that it was not fitted to."""

    mixture: Mixture
    held_out: float


def _maximize(rows: Tensor, share: Tensor, pooled: Tensor) -> Mixture:
    """Weights, means and Cholesky factors that maximize the likelihood under responsibilities (N, K)."""
    count = share.sum(dim=0)
    means = (share.T @ rows) / count[:, None]
    factors = []
    for k in range(share.shape[1]):
        centred = rows - means[k]
        covariance = (centred * share[:, k : k + 1]).T @ centred / count[k]
        factors.append(torch.linalg.cholesky((1 - SHRINK) * covariance + SHRINK * pooled))
    return Mixture((count / len(rows)).log(), means, torch.stack(factors))


def fit_mixture(rows: Tensor, components: int, steps: int = 25, seed: int = 0) -> Fit:
    """Fit to nine tenths of `rows` (N, D) and score the rest. float64 inside; one component needs one step."""
    generator = torch.Generator().manual_seed(seed)
    rows = rows.double().cpu()[torch.randperm(len(rows), generator=generator)]
    kept = rows[: -len(rows) // 10]
    pooled = torch.cov(kept.T) + 1e-6 * torch.eye(kept.shape[1], dtype=kept.dtype)
    centres = kept[torch.randperm(len(kept), generator=generator)[:components]]
    nearest = torch.cdist(kept, centres).argmin(dim=1)
    share = torch.nn.functional.one_hot(nearest, components).double() * 0.9 + 0.1 / components
    mixture = _maximize(kept, share, pooled)
    for _ in range(steps if components > 1 else 0):
        share = torch.softmax(log_density(mixture, kept), dim=1)
        mixture = _maximize(kept, share, pooled)
    held_out = torch.logsumexp(log_density(mixture, rows[-len(rows) // 10 :]), dim=1).mean().item()
    return Fit(mixture, held_out)
