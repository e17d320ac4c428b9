"""The discriminator of the small StyleGAN: residual blocks, at half of the picture's size and below.

Karras et al. 2020, arXiv:1912.04958 (residual discriminator); Miyato & Koyama 2018, arXiv:1802.05637 (projection of the
label).
"""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gan.stylegan import FOLD, GAIN, SLOPE, Conv, Linear, Shape


class Halving(nn.Module):
    """A residual block that halves the size: (B, a, H, W) to (B, b, H/2, W/2)."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__()
        self.first, self.second, self.skip = Conv(a, a), Conv(a, b), Conv(a, b, kernel=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.avg_pool2d(F.leaky_relu(self.first(x, GAIN), SLOPE), 2)
        y = F.leaky_relu(self.second(y, GAIN * math.sqrt(0.5)), SLOPE)
        return y + self.skip(F.avg_pool2d(x, 2), math.sqrt(0.5))


class Discriminator(nn.Module):
    """D: picture -> logit of "real". Each picture is judged by itself: no statistic of the batch."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        widths = shape.critic
        side = shape.size // FOLD // 2 ** (len(widths) - 1)
        self.first = Conv(shape.channels * FOLD**2, widths[0])
        self.blocks = nn.Sequential(*(Halving(a, b) for a, b in itertools.pairwise(widths)))
        self.last = Conv(widths[-1], widths[-1])
        self.dense = Linear(widths[-1] * side**2, shape.dense)
        self.verdict = Linear(shape.dense, 1)
        self.label = nn.Parameter(torch.randn(shape.labels, shape.dense)) if shape.labels else None

    def features(self, x: Tensor) -> Tensor:
        """x: (B, channels, size, size) in [-1, 1]. Returns (B, dense)."""
        h = F.leaky_relu(self.first(F.pixel_unshuffle(x, FOLD), GAIN), SLOPE)
        h = F.leaky_relu(self.last(self.blocks(h), GAIN), SLOPE)
        return F.leaky_relu(self.dense(h.flatten(1)), SLOPE) * GAIN

    def forward(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Logits (B,) in the precision of x, above 0 for "real"; of the pair (x, label) in a conditional GAN."""
        h = self.features(x)
        logit = self.verdict(h)[:, 0].to(x.dtype)
        if self.label is None or label is None:
            return logit
        return logit + (self.label[label] * h).sum(dim=1).to(x.dtype) / math.sqrt(h.shape[1])
