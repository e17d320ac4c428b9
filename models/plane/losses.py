"""What D and G learn by: six losses, each with its value and its slope in what D says.

r = D(x) for real points and f = D(G(z)) for generated ones, both (B,), before any sigmoid; every loss is a mean over
the batch that its owner minimises. Goodfellow et al. 2014 (minimax, non-saturating), Mao et al. 2017 (least squares),
Arjovsky et al. 2017 (Wasserstein), Gulrajani et al. 2017 (gradient penalty), Huang et al. 2024 (relativistic, R1, R2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


def entropy(said: Tensor, truth: float) -> Tensor:
    """-t log sigma(y) - (1 - t) log(1 - sigma(y)) = log(1 + e^y) - t y: the lecture's log loss."""
    return F.softplus(said) - truth * said


def near_one(gradients: Tensor, weight: float, batch: int) -> tuple[Tensor, Tensor]:
    """WGAN-GP: weight * E (|g| - 1)^2, and its derivative by g.  gradients: (batch, 2)."""
    size = gradients.norm(dim=1, keepdim=True).add(1e-12)
    return weight * (size - 1).square().mean(), (2 * weight / batch) * (1 - 1 / size) * gradients


def near_zero(gradients: Tensor, weight: float, batch: int) -> tuple[Tensor, Tensor]:
    """R1 + R2: weight / 2 * (E |g|^2 at real points + E |g|^2 at generated ones).  gradients: (2 batch, 2)."""
    return weight / 2 * gradients.square().sum() / batch, weight / batch * gradients


def between(real: Tensor, made: Tensor, share: Tensor) -> Tensor:
    """Points on the lines from generated to real ones.  share: (B, 1) in [0, 1]."""
    return share * real + (1 - share) * made


def both(real: Tensor, made: Tensor, share: Tensor) -> Tensor:
    """The points themselves."""
    return torch.cat([real, made])


@dataclass(frozen=True)
class Loss:
    """A game.

    d(r, f, s): D's loss; d_slopes(r, f, s): its derivatives by each r and f, times B. g, g_slope: the same for G and f.
    s: label smoothing; the truths are 1 - s and s. price: what D pays for its gradients, and `where` it pays.
    """

    d: Callable[[Tensor, Tensor, float], Tensor]
    d_slopes: Callable[[Tensor, Tensor, float], tuple[Tensor, Tensor]]
    g: Callable[[Tensor, Tensor], Tensor]
    g_slope: Callable[[Tensor, Tensor], Tensor]
    kind: str = "probability"
    """What D says: a "probability" after a sigmoid, a "share" without one, or a "critic"'s number without a scale."""
    price: Callable[[Tensor, float, int], tuple[Tensor, Tensor]] | None = None
    where: Callable[[Tensor, Tensor, Tensor], Tensor] = both
    clips: bool = False


def _logistic(g: Callable[[Tensor, Tensor], Tensor], g_slope: Callable[[Tensor, Tensor], Tensor]) -> Loss:
    """D is the lecture's classifier; G differs."""
    return Loss(
        lambda r, f, s: (entropy(r, 1 - s) + entropy(f, s)).mean(),
        lambda r, f, s: (r.sigmoid() - (1 - s), f.sigmoid() - s),
        g,
        g_slope,
    )


def _wasserstein(**more: object) -> Loss:
    """D is a critic: the difference of its means."""
    return Loss(
        lambda r, f, s: (f - r).mean(),
        lambda r, f, s: (-torch.ones_like(r), torch.ones_like(f)),
        lambda r, f: -f.mean(),
        lambda r, f: -torch.ones_like(f),
        kind="critic",
        **more,  # type: ignore[arg-type]
    )


LOSSES: dict[str, Loss] = {
    "nonsaturating": _logistic(lambda r, f: F.softplus(-f).mean(), lambda r, f: f.sigmoid() - 1),
    "minimax": _logistic(lambda r, f: -F.softplus(f).mean(), lambda r, f: -f.sigmoid()),
    "leastsquares": Loss(
        lambda r, f, s: ((r - (1 - s)).square() + (f - s).square()).mean() / 2,
        lambda r, f, s: (r - (1 - s), f - s),
        lambda r, f: (f - 1).square().mean() / 2,
        lambda r, f: f - 1,
        kind="share",
    ),
    "wasserstein": _wasserstein(clips=True),
    "penalty": _wasserstein(price=near_one, where=between),
    "relativistic": Loss(
        lambda r, f, s: F.softplus(f - r).mean(),
        lambda r, f, s: (-(f - r).sigmoid(), (f - r).sigmoid()),
        lambda r, f: F.softplus(r - f).mean(),
        lambda r, f: -(r - f).sigmoid(),
        kind="critic",
        price=near_zero,
    ),
}
