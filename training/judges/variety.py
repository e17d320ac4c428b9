"""The same picture as it might also have been taken: mirrored, turned, cut out, in another light."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def jitter(x: Tensor, turn_by: float = 0.15, scale_by: float = 0.1) -> Tensor:
    """Mirror half of the pictures, turn and scale each a little, move it by up to two pixels of 64.

    x: (B, C, H, W); turn_by in radians. Returns the same shape; what comes in at the border repeats it.
    """
    turn = turn_by * (2 * torch.rand(len(x)) - 1)
    scale = 1 + scale_by * (2 * torch.rand(len(x)) - 1)
    mirror = torch.where(torch.rand(len(x)) < 0.5, -1.0, 1.0)
    move = 0.06 * (2 * torch.rand(len(x), 2) - 1)
    across = torch.stack([mirror * scale * turn.cos(), -scale * turn.sin(), move[:, 0]], dim=1)
    down = torch.stack([mirror * scale * turn.sin(), scale * turn.cos(), move[:, 1]], dim=1)
    where = F.affine_grid(torch.stack([across, down], dim=1), list(x.shape), align_corners=False)
    return F.grid_sample(x, where.to(x.device), padding_mode="border", align_corners=False)


def mirrored(x: Tensor) -> Tensor:
    """The mirror image of half of the pictures, every pixel as it was.  x: (B, C, H, W)."""
    return torch.where(torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5, x.flip(3), x)


def piece(x: Tensor) -> Tensor:
    """All of the pictures in half of the cases, else one square of them, a side of 5/8 to 7/8: (B, C, S, S)."""
    step = x.shape[-1] // 8
    side = step * min(8, int(torch.randint(5, 11, ())))
    top, left = torch.randint(0, x.shape[-1] - side + 1, (2,)).tolist()
    return x[..., top : top + side, left : left + side]


def relight(x: Tensor, by: float = 0.2) -> Tensor:
    """Another brightness and contrast for each picture, another exposure for each colour: (B, 3, H, W) to the same."""
    gain = 1 + by * (2 * torch.rand(len(x), 1, 1, 1, device=x.device) - 1)
    shift = by * (2 * torch.rand(len(x), x.shape[1], 1, 1, device=x.device) - 1)
    return gain * x + shift
