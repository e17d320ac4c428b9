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

D = Callable[[Tensor], Tensor]
"""(B, 2) to (B,), differentiable."""


def entropy(said: Tensor, truth: float) -> Tensor:
    """-t log sigma(y) - (1 - t) log(1 - sigma(y)) = log(1 + e^y) - t y: the lecture's log loss."""
    return F.softplus(said) - truth * said


@dataclass(frozen=True)
class Loss:
    """A game.

    d(r, f, s): D's loss; d_slopes(r, f, s): its derivatives by each r and f, times B. g, g_slope: the same for G and f.
    s: label smoothing; the truths are 1 - s and s. penalty(D, x, g, u, weight): what D pays for its gradients.
    """

    d: Callable[[Tensor, Tensor, float], Tensor]
    d_slopes: Callable[[Tensor, Tensor, float], tuple[Tensor, Tensor]]
    g: Callable[[Tensor, Tensor], Tensor]
    g_slope: Callable[[Tensor, Tensor], Tensor]
    kind: str = "probability"
    """What D says: a "probability" after a sigmoid, a "share" without one, or a "critic"'s number without a scale."""
    penalty: Callable[[D, Tensor, Tensor, Tensor, float], Tensor] | None = None
    clips: bool = False


def gradients(d: D, x: Tensor) -> Tensor:
    """The gradient of D at each point, itself differentiable: (B, 2) to (B, 2)."""
    x = x.detach().requires_grad_()
    (found,) = torch.autograd.grad(d(x).sum(), x, create_graph=True)
    return found


def gradient_penalty(d: D, real: Tensor, made: Tensor, share: Tensor, weight: float) -> Tensor:
    """weight * E (|grad D| - 1)^2 on the lines between real and generated points. share: (B, 1) in [0, 1]."""
    found = gradients(d, share * real + (1 - share) * made)
    return weight * (found.square().sum(dim=1).add(1e-12).sqrt() - 1).square().mean()


def flat_at_data(d: D, real: Tensor, made: Tensor, share: Tensor, weight: float) -> Tensor:
    """R1 + R2: weight / 2 * (E |grad D(x)|^2 + E |grad D(G(z))|^2)."""
    found = gradients(d, torch.cat([real, made]))
    return weight / 2 * found.square().sum(dim=1).mean() * 2


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
    "penalty": _wasserstein(penalty=gradient_penalty),
    "relativistic": Loss(
        lambda r, f, s: F.softplus(f - r).mean(),
        lambda r, f, s: (-(f - r).sigmoid(), (f - r).sigmoid()),
        lambda r, f: F.softplus(r - f).mean(),
        lambda r, f: -(r - f).sigmoid(),
        kind="critic",
        penalty=flat_at_data,
    ),
}
