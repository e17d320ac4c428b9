"""A small U-Net that works on folded pixels: the diffusion room's network, and what restores faces.

Ho, Jain & Abbeel 2020, "Denoising Diffusion Probabilistic Models"; FiLM for the noise level and the labels.
"""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def fourier_features(level: Tensor, count: int) -> Tensor:
    """Sines and cosines of the noise level at `count` / 2 frequencies from 1 to 100 (Vaswani et al. 2017).

    level: (B,) in [0, 1]. Returns (B, count) in [-1, 1].
    """
    half = count // 2
    frequencies = torch.exp(torch.arange(half, device=level.device, dtype=level.dtype) * (math.log(100.0) / (half - 1)))
    angles = level[:, None] * frequencies * (math.pi / 2)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Untold(nn.Module):
    """The same numbers whatever it is told: (B, anything) to (B, size)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, e: Tensor) -> Tensor:
        return self.bias.expand(len(e), -1)


class Block(nn.Module):
    """h + conv(SiLU((1 + a) * norm(conv(SiLU(norm(h)))) + b)); a, b of the embedding (FiLM, Perez et al. 2018)."""

    def __init__(self, channels: int, embedding: int, groups: int = 8) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.film = nn.Linear(embedding, 2 * channels) if embedding else Untold(2 * channels)
        self.norm2 = nn.GroupNorm(groups, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        _silence(self.conv2)

    def forward(self, h: Tensor, e: Tensor) -> Tensor:
        """h: (B, C, H, W), e: (B, embedding). Returns the shape of h."""
        y = self.norm2(self.conv1(F.silu(self.norm1(h))))
        a, b = self.film(e)[:, :, None, None].chunk(2, dim=1)
        return h + self.conv2(F.silu(y * (1 + a) + b))


class Attention(nn.Module):
    """Self-attention over all places of a small map, with a skip; (B, C, H, W) to the same shape."""

    def __init__(self, channels: int, heads: int, groups: int = 8) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(groups, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        _silence(self.out)

    def forward(self, h: Tensor) -> Tensor:
        b, c, height, width = h.shape
        q, k, v = self.qkv(self.norm(h)).view(b, 3, self.heads, c // self.heads, -1).transpose(3, 4).unbind(1)
        y = F.scaled_dot_product_attention(q, k, v).transpose(2, 3).reshape(b, c, height, width)
        return h + self.out(y)


def _silence(module: nn.Module) -> None:
    """Make the last layer of a branch zero: the branch begins as nothing and is learned."""
    for parameter in module.parameters():
        nn.init.zeros_(parameter)


class Level(nn.ModuleList):
    """Several blocks of one size, one after the other."""

    def __init__(self, channels: int, blocks: int, embedding: int) -> None:
        super().__init__(Block(channels, embedding) for _ in range(blocks))

    def forward(self, h: Tensor, e: Tensor) -> Tensor:
        for block in self:
            h = block(h, e)
        return h


class UNet(nn.Module):
    """Predicts v = alpha epsilon - sigma x_0 (Salimans & Ho 2022) from x_t, its noise level and labels.

    channels: of the picture; fold: fold x fold pixels become channels before the first convolution, which makes
    everything fold**2 times cheaper; widths, blocks: channels and residual blocks of each level, each level half the
    size of the one above; heads: of the self-attention at the lowest level; conditions: for each question the number
    of its answers. Answer 0 stands for "not asked"; levelled: whether it is told a level (and labels) at all: if not,
    FiLM's a and b are numbers of their own.
    """

    def __init__(
        self,
        channels: int,
        fold: int,
        widths: tuple[int, ...],
        blocks: tuple[int, ...],
        heads: int,
        conditions: tuple[int, ...],
        levelled: bool = True,
    ) -> None:
        super().__init__()
        self.fold = fold
        embedding = 2 * widths[-1] if levelled else 0
        self.features = widths[0]
        self.embed = (
            nn.Sequential(nn.Linear(self.features, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
            if levelled
            else None
        )
        self.labels = nn.ModuleList(nn.Embedding(answers, embedding) for answers in conditions)
        folded = channels * fold**2
        self.stem = nn.Conv2d(folded, widths[0], 3, padding=1)
        pairs = list(itertools.pairwise(widths))
        self.down = nn.ModuleList(Level(c, n, embedding) for c, n in zip(widths, blocks, strict=True))
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in pairs)
        self.attention = Attention(widths[-1], heads)
        self.middle = Block(widths[-1], embedding)
        self.up = nn.ModuleList(Level(c, n, embedding) for c, n in zip(widths, blocks, strict=True))
        self.join = nn.ModuleList(nn.Conv2d(2 * c, c, 1) for c in widths)
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 3, padding=1) for a, b in pairs)
        self.last = nn.Sequential(
            nn.GroupNorm(8, widths[0]), nn.SiLU(), nn.Conv2d(widths[0], folded, 3, padding=1), nn.PixelShuffle(fold)
        )

    def _told(self, x: Tensor, level: Tensor, labels: Tensor) -> Tensor:
        """What level and labels come to: (B, embedding), or (B, 0) where the network is told nothing."""
        if self.embed is None:
            return x.new_zeros(len(x), 0)
        e = self.embed(fourier_features(level, self.features))
        for table, answer in zip(self.labels, labels.unbind(1), strict=True):
            e = e + table(answer)
        return F.silu(e)

    def forward(self, x: Tensor, level: Tensor, labels: Tensor) -> Tensor:
        """x: (B, channels, S, S); level: (B,) in [0, 1]; labels: (B, conditions) int64. Returns the shape of x."""
        e = self._told(x, level, labels)
        h = self.stem(F.pixel_unshuffle(x, self.fold))
        skips = []
        for i, stage in enumerate(self.down):
            h = stage(self.shrink[i - 1](h) if i else h, e)
            skips.append(h)
        h = self.middle(self.attention(h), e)
        for i in reversed(range(len(skips))):
            h = self.up[i](self.join[i](torch.cat([h, skips[i]], dim=1)), e)
            if i:
                h = self.grow[i - 1](F.interpolate(h, scale_factor=2.0))
        return self.last(h)
