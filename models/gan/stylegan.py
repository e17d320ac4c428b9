"""A small StyleGAN: a generator whose every layer is told a style; its discriminator is in critic.py.

Karras et al. 2019, arXiv:1812.04948 (mapping network, style mixing, truncation); Karras et al. 2020, arXiv:1912.04958
(modulated convolution).
The work is done at half the picture's size and below: the last layer unfolds channels into 2x2 pixels, the
discriminator's first one folds them, which costs a quarter of what convolutions at full size cost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.runtime.enlarging import enlarging_kernel

FOLD = 2
"""Pixels in a row that the last layer of the generator makes of one, and the discriminator's first makes one of."""
SLOPE = 0.2
GAIN = math.sqrt(2 / (1 + SLOPE**2))
"""Keeps the mean square of activations through a leaky ReLU (He et al. 2015)."""
MAPPING_SPEED = 0.01
"""The mapping network learns this much slower than the rest (Karras et al. 2019, appendix C)."""


@dataclass(frozen=True)
class Shape:
    """The two networks of a GAN. widths: channels of the generator at each size, smallest first; critic: channels of
    the discriminator, largest size first, one more than it halves; labels: classes, or 0 for a GAN without a condition.
    """

    size: int
    channels: int
    widths: tuple[int, ...]
    critic: tuple[int, ...]
    latent: int = 128
    labels: int = 0
    dense: int = 128
    """Features that the discriminator decides by."""
    soft: bool = False
    """Whether `soften` follows the generator's last layer."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))  # a card holds lists
        object.__setattr__(self, "critic", tuple(self.critic))

    @property
    def start(self) -> int:
        """The side of the learned constant."""
        return self.size // FOLD // 2 ** (len(self.widths) - 1)

    @property
    def layers(self) -> int:
        """Layers that are told a style: two at each size, and the one that makes the picture."""
        return 2 * len(self.widths) + 1

    @property
    def sides(self) -> tuple[int, ...]:
        """The side of what comes out of each layer but the last."""
        return tuple(self.start * 2 ** (i // 2) for i in range(self.layers - 1))


class Linear(nn.Module):
    """An affine map whose weights are stored as N(0, 1) / speed and scaled when used: "equalized learning rate"."""

    def __init__(self, before: int, after: int, bias: float = 0.0, speed: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(after, before) / speed)
        self.bias = nn.Parameter(torch.full((after,), bias / speed))
        self.scale, self.speed = speed / math.sqrt(before), speed

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.scale, self.bias * self.speed)


class Conv(nn.Module):
    """A convolution with equalized learning rate that keeps the size, (B, before, H, W) to (B, after, H, W)."""

    def __init__(self, before: int, after: int, kernel: int = 3, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(after, before, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(after)) if bias else None
        self.scale, self.padding = 1 / math.sqrt(before * kernel**2), kernel // 2

    def forward(self, x: Tensor, gain: float = 1.0) -> Tensor:
        bias = None if self.bias is None else self.bias * gain
        return F.conv2d(x, self.weight * (self.scale * gain), bias, padding=self.padding)


def power(weight: Tensor) -> Tensor:
    """sum over k of w_oik^2: (O, I, k, k) to (O, I)."""
    return weight.square().sum(dim=(2, 3))


def modulated_convolution(
    x: Tensor, weight: Tensor, style: Tensor, powers: Tensor | None, spread: Tensor | None = None
) -> Tensor:
    """Convolve each picture with its own weights w'_oik = s_i w_oik, demodulated: eq. 1 and 3 of Karras et al. 2020.

    Demodulation divides by sqrt(sum over i, k of w'_oik^2), which makes the variance of what comes out 1. Scaling what
    comes in and what goes out gives the same as scaling the weights, and needs one convolution for all pictures.
    x: (B, I, H, W); weight: (O, I, k, k), k odd; style: s (B, I); powers: power(weight), or None: no demodulation;
    spread: enlarging_kernel(weight), for the convolution of x enlarged to (B, I, 2H, 2W).
    Returns (B, O, H, W), or (B, O, 2H, 2W).
    """
    x = x * style[:, :, None, None].to(x.dtype)
    if spread is None:
        y = F.conv2d(x, weight, padding=weight.shape[2] // 2)
    else:
        y = F.conv_transpose2d(x, spread, stride=2, padding=1)
    if powers is None:
        return y
    norm = torch.rsqrt(style.to(powers.dtype).square() @ powers.T + 1e-8)
    return y * norm[:, :, None, None].to(y.dtype)


class Modulated(nn.Module):
    """A modulated 3x3 convolution with bias, whose style is an affine map of w.  (B, I, H, W) to (B, O, H, W)."""

    def __init__(self, weight: Tensor, latent: int, demodulate: bool = True) -> None:
        super().__init__()
        after, before = weight.shape[:2]
        self.style = Linear(latent, before, bias=1.0)
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(torch.zeros(after, 1, 1))
        self.scale, self.demodulate = 1 / math.sqrt(9 * before), demodulate
        self._settled: tuple[Tensor, Tensor | None, Tensor | None] | None = None

    def kernel(self) -> tuple[Tensor, Tensor | None]:
        """The scaled weights, and their powers if they are to be demodulated."""
        weight = self.weight * self.scale
        return weight, power(weight) if self.demodulate else None

    def settle(self, up: bool = False) -> None:
        """Compute the kernel once, for a network whose weights change no more: half the time of a single picture; and
        as `enlarging_kernel` where x is enlarged: half of that layer's."""
        weight, powers = self.kernel()
        self._settled = weight, powers, enlarging_kernel(weight) if up else None

    def forward(self, x: Tensor, w: Tensor, up: bool = False) -> Tensor:
        """up: x (B, I, H, W) is enlarged to (B, I, 2H, 2W) first."""
        weight, powers, spread = self._settled or (*self.kernel(), None)
        if up and spread is None:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        y = modulated_convolution(x, weight, self.style(w), powers, spread)
        return y + self.bias.to(y.dtype)


class StyledLayer(Modulated):
    """A modulated convolution and a leaky ReLU.  (B, before, H, W) to (B, after, H, W)."""

    def __init__(self, before: int, after: int, latent: int) -> None:
        super().__init__(torch.randn(after, before, 3, 3), latent)

    def forward(self, x: Tensor, w: Tensor, up: bool = False) -> Tensor:
        return F.leaky_relu(super().forward(x, w, up), SLOPE) * GAIN


def soften(x: Tensor) -> Tensor:
    """A fixed low-pass, (1, 6, 1) / 8 along both sides: what is even stays, a checkerboard keeps a quarter of its
    amplitude. For the lattice that unfolding leaves.  (B, C, H, W) to the same."""
    line = x.new_tensor([1, 6, 1]) / 8
    kernel = (line[:, None] * line).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel, groups=x.shape[1])


class ToPicture(Modulated):
    """Modulated convolution without demodulation, then channels to 2x2 pixels: (B, I, H, W) to (B, C, 2H, 2W)."""

    def __init__(self, before: int, channels: int, latent: int, soft: bool) -> None:
        # the four pixels of a fold begin alike (ICNR, Aitken et al. 2017), so no checkerboard has to be unlearned
        weight = torch.randn(channels, before, 3, 3).repeat_interleave(FOLD**2, dim=0)
        super().__init__(weight, latent, demodulate=False)
        self.soft = soft

    def forward(self, x: Tensor, w: Tensor, up: bool = False) -> Tensor:
        picture = F.pixel_shuffle(super().forward(x, w, up).to(self.weight.dtype), FOLD)
        return soften(picture) if self.soft else picture


def rows_of(table: Tensor, label: Tensor) -> Tensor:
    """What a table (labels, D) holds for each label: (B, D).

    label: (B,) whole numbers, or (B, labels) weights, with which a picture stands between labels.
    """
    return label @ table if label.is_floating_point() else table[label]


class Mapping(nn.Module):
    """f: z -> w, a perceptron of four layers on z of unit length (and the label's own vector, where there is one)."""

    def __init__(self, shape: Shape, depth: int = 4) -> None:
        super().__init__()
        conditional = shape.labels > 0
        self.label = nn.Parameter(torch.randn(shape.labels, shape.latent)) if conditional else None
        widths = [shape.latent * (1 + conditional), *[shape.latent] * depth]
        self.layers = nn.ModuleList(Linear(a, b, speed=MAPPING_SPEED) for a, b in itertools.pairwise(widths))

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """z: (B, D); label: as `rows_of` takes it, for a conditional GAN. Returns w (B, D)."""
        parts = [z] if self.label is None or label is None else [z, rows_of(self.label, label)]
        h = torch.cat([part * torch.rsqrt(part.square().mean(dim=1, keepdim=True) + 1e-8) for part in parts], dim=1)
        for layer in self.layers:
            h = F.leaky_relu(layer(h), SLOPE) * GAIN
        return h


class Generator(nn.Module):
    """G: z -> w -> picture. The buffer `mean` is E[w], for each label or for all: (max(labels, 1), D)."""

    mean: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.mapping = Mapping(shape)
        self.constant = nn.Parameter(torch.randn(1, shape.widths[0], shape.start, shape.start))
        self.register_buffer("mean", torch.zeros(max(shape.labels, 1), shape.latent))
        following = [*shape.widths[1:], shape.widths[-1]]
        pairs = [pair for a, b in zip(shape.widths, following, strict=True) for pair in ((a, a), (a, b))]
        self.layers = nn.ModuleList(StyledLayer(a, b, shape.latent) for a, b in pairs)
        self.enlarged = range(2, len(pairs), 2)
        """The layers before which the size doubles."""
        self.picture = ToPicture(shape.widths[-1], shape.channels, shape.latent, shape.soft)

    def styles(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """w = f(z), one style for each layer: (B, layers, D).  z: (B, D); label: as `rows_of` takes it."""
        return self.mapping(z, label)[:, None].expand(-1, self.shape.layers, -1)

    def synthesize(self, w: Tensor, offsets: Sequence[Tensor] = ()) -> Tensor:
        """The picture of the styles w (B, layers, D): (B, channels, size, size), about [-1, 1], not clamped.

        offsets: none, or a map (B, 1, H, W) for each layer but the last, added to all channels of what comes out of it:
        where Karras et al. 2020 add noise.
        """
        x = self.constant.expand(len(w), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        for i, layer in enumerate(self.layers):
            x = layer(x, w[:, i], up=i in self.enlarged)
            if offsets:
                x = x + offsets[i]
        return self.picture(x, w[:, -1])

    def forward(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        return self.synthesize(self.styles(z, label))

    def settle(self) -> None:
        """Prepare to answer, once the weights are what they will be and where they will be."""
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, StyledLayer)
            layer.settle(up=i in self.enlarged)
        self.picture.settle()

    def truncate(self, w: Tensor, psi: float | Tensor, label: Tensor | None = None) -> Tensor:
        """w' = mean + psi (w - mean), section B of Karras et al. 2019.

        w: (B, layers, D); label: as `rows_of` takes it.
        """
        mean = self.mean[:1] if label is None else rows_of(self.mean, label)
        return mean[:, None] + psi * (w - mean[:, None])


def mix_styles(coarse: Tensor, fine: Tensor, layer: int) -> Tensor:
    """Styles of `coarse` below `layer`, of `fine` from there on.  Each (B, layers, D); so is what is returned."""
    return torch.cat([coarse[:, :layer], fine[:, layer:]], dim=1)
