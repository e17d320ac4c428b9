"""The generators of the CycleGAN room: those that fit together in tiles, and the authors'.

Zhu, Park, Isola & Efros 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks".
Networks take and give pictures in [-1, 1].
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LEAST = 32
"""The smallest side, in pixels, of a picture that is translated or judged."""


class ResnetBlock(nn.Module):
    """x + conv(ReLU(conv(x))) with instance normalization and reflected borders, named as in the authors' code."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv_block(x)


class ResnetGenerator(nn.Module):
    """The paper's generator (Appendix 7.2): 9 blocks at 256x256, 6 at 128x128; layers named as in the authors' files.

    Its instance normalization looks at the whole picture, so that it cannot work in tiles.
    """

    cell = 4
    """Height and width are multiples of it."""

    def __init__(self, blocks: int = 9, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.ReflectionPad2d(3), *_normed(nn.Conv2d(3, width, 7))]
        for channels in (width, 2 * width):
            layers += _normed(nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1))
        layers += [ResnetBlock(4 * width) for _ in range(blocks)]
        for channels in (4 * width, 2 * width):
            layers += _normed(nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1))
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] to the same; H and W multiples of 4."""
        return self.model(x)


def _normed(conv: nn.Conv2d | nn.ConvTranspose2d) -> list[nn.Module]:
    return [conv, nn.InstanceNorm2d(conv.out_channels), nn.ReLU(inplace=True)]


SLOPE = 0.2
"""Of the fast generator's activation below 0. With ReLU nearly all of its features died: passing the picture on is so
good a cycle that the delta was first pushed to 0, and what is 0 has no gradient."""


Border = Literal["zeros", "reflect"]
"""What a convolution sees beyond the picture's edge."""


def leaky(x: Tensor) -> Tensor:
    """The fast generator's activation."""
    return F.leaky_relu(x, SLOPE)


class Residual(nn.Module):
    """x + conv(leaky(conv(leaky(x)))): no normalization, which is what lets tiles fit together."""

    def __init__(self, channels: int, border: Border = "zeros") -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, padding_mode=border)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, padding_mode=border)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(leaky(self.first(leaky(x))))


class Local(nn.Module, ABC):
    """A generator without statistics of the whole picture: a pixel depends on what lies within `reach`."""

    cell: int
    """Height and width are multiples of it."""
    reach: int
    """Pixels; what lies farther away than this in any direction does not count. A multiple of the cell."""

    @abstractmethod
    def delta(self, x: Tensor) -> Tensor:
        """What is added to x, (B, 3, H, W); H and W multiples of `cell`."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] to the same; H and W multiples of `cell`.

        In training what overshoots by e comes out as 0.1 e beyond the bounds, so that a gradient leads back.
        """
        y = x + self.delta(x)
        return y.clamp(-1, 1).lerp(y, 0.1) if self.training else y.clamp(-1, 1)


class FastGenerator(Local):
    """A translator that adds to the picture what has to change: x + delta(x).

    fold x fold pixels become channels, which makes everything after it fold**2 times cheaper (Shi et al. 2016); the
    blocks work at half that resolution again. Plain convolutions and no statistics of the whole picture: a pixel
    depends on what lies within `reach`, so that pictures of any size are translated in tiles without seams.
    """

    def __init__(self, fold: int = 2, outer: int = 32, inner: int = 80, blocks: int = 4) -> None:
        super().__init__()
        self.cell = 2 * fold
        self.reach = self.cell * (2 * blocks + 4)
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(fold), nn.Conv2d(3 * fold**2, outer, 3, padding=1), nn.LeakyReLU(SLOPE, inplace=True)
        )
        self.down = nn.Conv2d(outer, inner, 4, stride=2, padding=1)
        self.body = nn.Sequential(*(Residual(inner) for _ in range(blocks)))
        self.up = nn.Sequential(nn.LeakyReLU(SLOPE), nn.Conv2d(inner, 4 * outer, 1), nn.PixelShuffle(2))
        self.refine = Residual(outer)
        self.head = nn.Sequential(
            nn.LeakyReLU(SLOPE), nn.Conv2d(outer, 3 * fold**2, 3, padding=1), nn.PixelShuffle(fold)
        )
        with torch.no_grad():
            for block in [*self.body, self.refine]:
                block.second.weight.mul_(0.3)  # without normalization, sums of many blocks would grow

    def delta(self, x: Tensor) -> Tensor:
        fine = self.stem(x)
        return self.head(self.refine(fine + self.up(self.body(self.down(fine)))))


def doubled(x: Tensor) -> Tensor:
    """Twice the height and width, bilinear: no pattern of the period 2 can come out of it."""
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class SmoothGenerator(Local):
    """A translator that paints at half of the resolution, smoothly, and dims or keeps the finest detail of the picture.

    y = x + gain (x - coarse(x)) + up(paint), paint and gain (B, 4, H/2, W/2) enlarged bilinearly (Odena et al. 2016);
    coarse(x) is what is left of x at half of the resolution. Where pixels are folded back into place, as FastGenerator
    does, the discriminator taught the network coloured noise of the period 2; here it has no way of writing any.
    """

    cell = 4

    def __init__(self, outer: int = 32, inner: int = 64, blocks: int = 6) -> None:
        super().__init__()
        self.reach = self.cell * (2 * blocks + 5)
        border: Border = "reflect"  # zeros beyond the picture's edge are painted as a dark frame around a flat sky
        conv = partial(nn.Conv2d, padding=1, padding_mode=border)
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), conv(12, outer, 3), nn.LeakyReLU(SLOPE, inplace=True))
        self.down = conv(outer, inner, 4, stride=2)
        self.body = nn.Sequential(*(Residual(inner, border) for _ in range(blocks)))
        self.up = nn.Sequential(nn.LeakyReLU(SLOPE), nn.Conv2d(inner, outer, 1))
        self.refine = Residual(outer, border)
        self.head = nn.Sequential(nn.LeakyReLU(SLOPE), conv(outer, 4, 3))
        with torch.no_grad():
            for block in [*self.body, self.refine]:
                block.second.weight.mul_(0.3)  # as in FastGenerator

    def delta(self, x: Tensor) -> Tensor:
        fine = self.stem(x)
        made = self.head(self.refine(fine + doubled(self.up(self.body(self.down(fine))))))
        paint, gain = doubled(made).split([3, 1], dim=1)
        return paint + torch.tanh(gain) * (x - doubled(F.avg_pool2d(x, 2)))


def smoothed(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """What a FastGenerator of fold 2 has learned, for a SmoothGenerator of the same sizes to go on from.

    Each pixel that was folded back into place becomes the mean of the four that were; the gain begins at 0.
    """
    taken = dict(tensors)
    for kind in ("weight", "bias"):
        for layer in ("up.1", "head.1"):
            taken[f"{layer}.{kind}"] = tensors[f"{layer}.{kind}"].unflatten(0, (-1, 4)).mean(dim=1)
        head = taken[f"head.1.{kind}"]
        taken[f"head.1.{kind}"] = torch.cat([head, torch.zeros_like(head[:1])])
    return taken


GENERATORS: dict[str, type[FastGenerator] | type[SmoothGenerator] | type[ResnetGenerator]] = {
    "fast": FastGenerator,
    "smooth": SmoothGenerator,
    "resnet": ResnetGenerator,
}
NOT_SIZES = ("generator", "directions", "domains", "discriminators")
"""What a card's [network] says beside the generators' sizes."""


def build(network: dict[str, Any]) -> Local | ResnetGenerator:
    """The generator that a card's [network] describes: its kind, and the sizes of that kind. Raises KeyError."""
    sizes = {k: v for k, v in network.items() if k not in NOT_SIZES}
    return GENERATORS[network["generator"]](**sizes)
