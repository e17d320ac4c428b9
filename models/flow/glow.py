"""Glow: Kingma & Dhariwal 2018, arXiv:1807.03039. A flow of small colour pictures, in the lecture's notation.

z = f(x) with z ~ N(0, I), as many numbers as the picture has, and x = f^-1(z). Each step is an activation
normalization, an invertible 1x1 convolution and an affine coupling; each level folds 2x2 pixels into channels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.flow.coupling import bounded
from models.flow.density import log_normal

LIMIT = 2.0
"""|s| of a coupling stays below it, and so does the logarithm of a prior's standard deviation."""


class ActNorm(nn.Module):
    """y = (x + b) * exp(s), one b and one s a channel: section 3.1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.b = nn.Parameter(torch.zeros(channels, 1, 1))
        self.s = nn.Parameter(torch.zeros(channels, 1, 1))

    @torch.no_grad()
    def initialize(self, x: Tensor) -> None:
        """Choose b and s so that each channel of the outputs of this batch has mean 0 and standard deviation 1."""
        self.b.copy_(-x.mean(dim=(0, 2, 3))[:, None, None])
        self.s.copy_(-x.std(dim=(0, 2, 3)).clamp(min=1e-4).log()[:, None, None])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """y and log |det dy/dx|.  x: (B, C, H, W). Returns (B, C, H, W) and (B,)."""
        return (x + self.b) * self.s.exp(), (self.s.sum() * x[0, 0].numel()).expand(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        return y * (-self.s).exp() - self.b


class InvertibleConv(nn.Module):
    """A 1x1 convolution by W = P L (U + diag(sign exp(s))), its log-determinant the sum of s: section 3.2, eq. 10.

    L and U are triangular with ones and zeros on the diagonal, P a fixed permutation, so W always has an inverse.
    """

    permutation: Tensor
    sign: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        rotation = torch.linalg.qr(torch.randn(channels, channels))[0]
        p, lower, upper = torch.linalg.lu(rotation)
        self.register_buffer("permutation", p)
        self.register_buffer("sign", upper.diagonal().sign())
        self.lower = nn.Parameter(lower.tril(-1))
        self.upper = nn.Parameter(upper.triu(1))
        self.s = nn.Parameter(upper.diagonal().abs().log())

    def weight(self) -> Tensor:
        """W, (C, C)."""
        lower = self.lower.tril(-1) + torch.eye(len(self.s), device=self.s.device, dtype=self.s.dtype)
        return self.permutation @ lower @ (self.upper.triu(1) + torch.diag(self.sign * self.s.exp()))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As `ActNorm.forward`: the same W at each of the H x W places. Never in half precision: it is the way back."""
        with torch.autocast(x.device.type, enabled=False):
            return F.conv2d(x, self.weight()[:, :, None, None]), (self.s.sum() * x[0, 0].numel()).expand(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        back = torch.linalg.inv(self.weight().cpu().double()).to(y)  # not every GPU has doubles
        return F.conv2d(y, back[:, :, None, None])


class Reversal(nn.Module):
    """The channels in the opposite order: what RealNVP has where Glow has a 1x1 convolution."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x.flip(1), x.new_zeros(len(x))

    def inverse(self, y: Tensor) -> Tensor:
        return y.flip(1)


def predictor(before: int, width: int, after: int) -> nn.Sequential:
    """Three convolutions, the last one zero at first: (B, before, H, W) to (B, after, H, W)."""
    last = nn.Conv2d(width, after, 3, padding=1)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)  # type: ignore[arg-type]
    return nn.Sequential(nn.Conv2d(before, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 1), nn.ReLU(), last)


class ImageCoupling(nn.Module):
    """z_a = x_a, z_b = x_b * exp(s(x_a)) + t(x_a): half of the channels stay and tell how the others move."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.net = predictor(channels // 2, width, 2 * (channels - channels // 2))
        self.kept = channels // 2

    def _s_and_t(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        t, raw = self.net(kept).to(kept.dtype).chunk(2, dim=1)
        return bounded(raw, LIMIT), t

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """As `ActNorm.forward`."""
        kept, moved = x[:, : self.kept], x[:, self.kept :]
        s, t = self._s_and_t(kept)
        return torch.cat([kept, moved * s.exp() + t], dim=1), s.flatten(1).sum(dim=1)

    def inverse(self, z: Tensor) -> Tensor:
        kept, moved = z[:, : self.kept], z[:, self.kept :]
        s, t = self._s_and_t(kept)
        return torch.cat([kept, (moved - t) * (-s).exp()], dim=1)


class Level(nn.Module):
    """2x2 pixels folded into channels, the steps, and half of the channels handed out as z (all of them on the top).

    What is handed out is given as (z - mu) / sigma, mu and sigma told by the half that goes on: N(0, I) again.
    """

    def __init__(self, channels: int, width: int, steps: int, mixed: bool, top: bool) -> None:
        super().__init__()
        folded = 4 * channels
        mix = InvertibleConv if mixed else lambda _: Reversal()
        self.steps = nn.ModuleList(
            layer for _ in range(steps) for layer in (ActNorm(folded), mix(folded), ImageCoupling(folded, width))
        )
        self.on = 0 if top else folded // 2
        self.prior = ActNorm(folded) if top else nn.Conv2d(self.on, 2 * (folded - self.on), 3, padding=1)
        if isinstance(self.prior, nn.Conv2d):
            nn.init.zeros_(self.prior.weight)
            nn.init.zeros_(self.prior.bias)  # type: ignore[arg-type]

    def _prior(self, on: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log sigma of what is handed out."""
        mu, raw = self.prior(on).to(on.dtype).chunk(2, dim=1)
        return mu, bounded(raw, LIMIT)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What goes on (B, 2C, H/2, W/2), none of it from the top; what is handed out, (B, n); log |det|, (B,)."""
        h = F.pixel_unshuffle(x, 2)
        log_det = x.new_zeros(len(x))
        for layer in self.steps:
            h, more = layer(h)
            log_det = log_det + more
        on, out = h[:, : self.on], h[:, self.on :]
        if not self.on:
            out, more = self.prior(out)
            return on, out.flatten(1), log_det + more
        mu, log_sigma = self._prior(on)
        return on, ((out - mu) * (-log_sigma).exp()).flatten(1), log_det - log_sigma.flatten(1).sum(dim=1)

    def inverse(self, on: Tensor, handed: Tensor) -> Tensor:
        """x from what went on and what was handed out."""
        if self.on:
            mu, log_sigma = self._prior(on)
            h = torch.cat([on, handed.view_as(mu) * log_sigma.exp() + mu], dim=1)
        else:
            h = self.prior.inverse(handed.view(len(handed), -1, *on.shape[2:]))  # type: ignore[operator]
        for layer in reversed(self.steps):
            h = layer.inverse(h)  # type: ignore[operator]
        return F.pixel_shuffle(h, 2)


BITS = 5
"""Bits of each colour of each pixel: 32 levels, as in the paper's pictures of faces."""
LEVELS = 2**BITS


def to_levels(pictures: Tensor) -> Tensor:
    """(B, 32, 32, 3) or (B, 64, 64, 3) uint8, the latter shrunk by area, to levels 0 ... 31: (B, 3, 32, 32) uint8."""
    x = pictures.permute(0, 3, 1, 2)
    if x.shape[2] == 64:
        x = F.avg_pool2d(x.float(), 2).round().to(torch.uint8)
    return x // (256 // LEVELS)


def dequantized(levels: Tensor, noise: Tensor) -> Tensor:
    """x = (level + u) / 32 - 1/2 with u in [0, 1), so that levels have a density: Theis et al. 2016. (B, 3, S, S)."""
    return (levels + noise) / LEVELS - 0.5


def bits_per_dimension(log_density: Tensor, dimensions: int) -> Tensor:
    """-log2 P(levels) a colour of a pixel, bounded by the density of dequantized x: uniform levels have exactly 5."""
    return BITS - log_density / (dimensions * math.log(2))


class Glow(nn.Module):
    """A bijection between pictures and N(0, I). mixed=False: reversals for 1x1 convolutions, that is RealNVP.

    size: side of the pictures, a multiple of 2 ** len(widths); widths: of the predictors, one a level.
    """

    def __init__(
        self, size: int = 32, widths: Sequence[int] = (48, 96, 128), steps: int = 8, mixed: bool = True
    ) -> None:
        super().__init__()
        self.size, self.mixed = size, mixed
        top = len(widths) - 1
        self.levels = nn.ModuleList(Level(3 * 2**i, width, steps, mixed, i == top) for i, width in enumerate(widths))
        self.sizes = [3 * size**2 // 2 ** (i + (i < top)) for i in range(len(widths))]
        """Numbers of z that each level hands out."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) and log |det df/dx|.  x: (B, 3, S, S). Returns (B, 3 S^2) and (B,)."""
        parts, log_det = [], x.new_zeros(len(x))
        for level in self.levels:
            x, out, more = level(x)
            parts.append(out)
            log_det = log_det + more
        return torch.cat(parts, dim=1), log_det

    def inverse(self, z: Tensor) -> Tensor:
        """x = f^-1(z).  (B, 3 S^2) to (B, 3, S, S)."""
        side = self.size // 2 ** len(self.levels)
        x = z.new_zeros(len(z), 0, side, side)
        for level, part in zip(reversed(self.levels), reversed(z.split(self.sizes, dim=1)), strict=True):
            x = level.inverse(x, part)  # type: ignore[operator]
        return x

    def log_density(self, x: Tensor) -> Tensor:
        """log p(x) in nats, of x with real numbers as pixels.  (B, 3, S, S) to (B,)."""
        z, log_det = self.forward(x)
        return log_normal(z) + log_det

    @torch.no_grad()
    def initialize(self, x: Tensor) -> None:
        """Initialize each activation normalization by what reaches it from the batch x: (B, 3, S, S)."""
        for level in self.levels:
            h = F.pixel_unshuffle(x, 2)
            for layer in level.steps:  # type: ignore[union-attr]
                if isinstance(layer, ActNorm):
                    layer.initialize(h)
                h = layer(h)[0]
            if isinstance(level.prior, ActNorm):
                level.prior.initialize(h)
            x = h[:, : level.on]
