"""Differentiable augmentation: what the discriminator sees is changed, real and generated alike, so that few do.

Zhao et al. 2020, arXiv:2006.10738; how often adapts to its overfitting: Karras et al. 2020, arXiv:2006.06676.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

REACH = 0.125
"""Pictures move by up to this share of their size."""


def _some(p: float, like: Tensor) -> Tensor:
    """1 with probability p for each picture, else 0: (B, 1, 1, 1)."""
    return (torch.rand(len(like), 1, 1, 1, device=like.device) < p).to(like.dtype)


def _uniform(low: float, high: float, like: Tensor) -> Tensor:
    """One number for each picture: (B, 1, 1, 1)."""
    return low + (high - low) * torch.rand(len(like), 1, 1, 1, device=like.device)


def colour(x: Tensor, p: float) -> Tensor:
    """Another brightness, contrast and saturation, each with probability p.  (B, C, H, W) in [-1, 1]."""
    x = x + _some(p, x) * _uniform(-0.4, 0.4, x)
    x = x + _some(p, x) * _uniform(-0.4, 0.4, x) * (x - x.mean(dim=(1, 2, 3), keepdim=True))
    return x + _some(p, x) * _uniform(-0.8, 0.8, x) * (x - x.mean(dim=1, keepdim=True))


def move(x: Tensor, p: float) -> Tensor:
    """Move by whole pixels with probability p; what comes in at the border is the picture mirrored."""
    size = x.shape[-1]
    across, down = (torch.round(_uniform(-REACH * size, REACH * size, x)[:, 0, 0]) for _ in range(2))
    moved = _some(p, x)[:, 0, 0] * torch.cat([across, down], dim=1) * 2 / size
    turn = torch.eye(2, device=x.device).expand(len(x), 2, 2)
    where = F.affine_grid(torch.cat([turn, moved[:, :, None]], dim=2), list(x.shape), align_corners=False)
    return F.grid_sample(x, where, padding_mode="reflection", align_corners=False)


def cut(x: Tensor, p: float) -> Tensor:
    """Cover a square of half the side with grey, with probability p."""
    size = x.shape[-1]
    at = torch.arange(size, device=x.device) + 0.5
    across = (at - _uniform(0, size, x)).abs() < size / 4
    down = (at[:, None] - _uniform(0, size, x)).abs() < size / 4
    return x * (1 - _some(p, x) * (across & down))


def augment(x: Tensor, p: float) -> Tensor:
    """Colour, move, cut, each with probability p: (B, C, H, W) in [-1, 1] to the same; x itself where p = 0."""
    return cut(move(colour(x, p), p), p) if p > 0 else x


class Adaptive:
    """The probability p of augmentation, raised while the discriminator knows the training pictures by heart.

    The sign is E[sign D(x)] over real pictures (section 3.2 of Karras et al. 2020): 0 where D cannot tell, 1 where it
    overfits; p moves so that it stays at `aim`, and would need `images` pictures from 0 to 1.
    """

    def __init__(self, aim: float = 0.6, images: int = 100_000, most: float = 0.8) -> None:
        self.aim, self.images, self.most = aim, images, most
        self.p = self.sign = 0.0

    def see(self, logits: Tensor) -> None:
        """logits: D(x) of real pictures, (B,)."""
        self.sign += 0.05 * (logits.detach().sign().mean().item() - self.sign)
        step = len(logits) / self.images * (1 if self.sign > self.aim else -1)
        self.p = min(self.most, max(0.0, self.p + step))

    def state_dict(self) -> dict[str, float]:
        return {"p": self.p, "sign": self.sign}

    def load_state_dict(self, state_dict: dict[str, float]) -> None:
        self.p, self.sign = state_dict["p"], state_dict["sign"]
