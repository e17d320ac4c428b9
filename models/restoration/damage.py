"""What happens to a picture before a network restores it: noise, a hole, blur, few pixels. Pictures are in [-1, 1].

How much is one number, the strength, from 0 (hardly anything) to 1.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

NOISIEST = 0.5
"""Standard deviation of the noise at strength 1: 64 of 255."""
LARGEST = 0.5
"""Side of the hole at strength 1, of the picture's."""
BLURS = (0.5, 3.0)
"""Standard deviation of the blur in pixels at strength 0 and 1."""
RADIUS = 9
"""Pixels on either side that a blur reads."""
FACTORS = (2, 4)
"""How many pixels in a row become one, below strength 1/2 and from there on."""


def gaussian_blur(x: Tensor, deviation: Tensor) -> Tensor:
    """Each picture with its own Gaussian, rows and then columns; edges are repeated.

    x: (B, C, H, W); deviation: (B,) pixels, above 0. Returns the shape of x.
    """
    b, c, h, w = x.shape
    at = torch.arange(-RADIUS, RADIUS + 1, device=x.device, dtype=x.dtype)
    kernel = torch.exp(-at.square() / (2 * deviation[:, None].to(x).square()))
    kernel = (kernel / kernel.sum(dim=1, keepdim=True)).repeat_interleave(c, dim=0)
    y = x.reshape(1, b * c, h, w)
    y = F.conv2d(F.pad(y, (RADIUS, RADIUS, 0, 0), "replicate"), kernel[:, None, None, :], groups=b * c)
    y = F.conv2d(F.pad(y, (0, 0, RADIUS, RADIUS), "replicate"), kernel[:, None, :, None], groups=b * c)
    return y.reshape(b, c, h, w)


def noisy(x: Tensor, strength: Tensor, draw: torch.Generator | None) -> Tensor:
    """x + sigma n, n ~ N(0, I); not clamped."""
    n = torch.randn(x.shape, generator=draw).to(x)
    return x + NOISIEST * strength[:, None, None, None] * n


def holes(x: Tensor, strength: Tensor, draw: torch.Generator | None) -> Tensor:
    """1 inside a square somewhere in each picture and 0 outside, (B, 1, H, W)."""
    size = x.shape[-1]
    side = (LARGEST * size * strength).round().to(x)
    corner = torch.rand(2, len(x), generator=draw).to(x) * (size - side)
    at = torch.arange(size, device=x.device, dtype=x.dtype) + 0.5
    down, across = ((at > edge[:, None]) & (at < (edge + side)[:, None]) for edge in corner)
    return (down[:, None, :, None] & across[:, None, None, :]).to(x)


def cut(x: Tensor, strength: Tensor, draw: torch.Generator | None) -> Tensor:
    """A grey square (0) covers a part."""
    return x * (1 - holes(x, strength, draw))


def blurred(x: Tensor, strength: Tensor, _: torch.Generator | None) -> Tensor:
    """Out of focus."""
    least, most = BLURS
    return gaussian_blur(x, least + (most - least) * strength)


def enlarged(x: Tensor, factor: int) -> Tensor:
    """The means of factor x factor pixels, enlarged again by bicubic interpolation."""
    return F.interpolate(F.avg_pool2d(x, factor), size=x.shape[2:], mode="bicubic", align_corners=False)


def small(x: Tensor, strength: Tensor, _: torch.Generator | None) -> Tensor:
    """Few pixels, enlarged: half as many in a row, or a quarter."""
    less, more = (enlarged(x, factor) for factor in FACTORS)
    return torch.where((strength < 0.5)[:, None, None, None], less, more)


DAMAGES: dict[str, Callable[[Tensor, Tensor, torch.Generator | None], Tensor]] = {
    "noise": noisy,
    "hole": cut,
    "blur": blurred,
    "small": small,
}
KINDS = tuple(DAMAGES)
"""In the order in which the network is told them."""


def damaged(x: Tensor, kind: str, strength: Tensor, draw: torch.Generator | None = None) -> Tensor:
    """x damaged in one of KINDS. x: (B, C, S, S) in [-1, 1]; strength: (B,) in [0, 1]; draw: where chance comes from.

    Returns the shape of x. Raises ValueError for a kind that there is not.
    """
    if kind not in DAMAGES:
        raise ValueError(f"there is no damage {kind!r}; there are {', '.join(KINDS)}")
    return DAMAGES[kind](x, strength, draw)
