"""CycleGAN: two translators between two collections of pictures that nobody has paired.

Zhu, Park, Isola & Efros 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks".
G: X -> Y is called "there" here and F: Y -> X "back". Networks take and give pictures in [-1, 1].
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.weights.cards import Card, Held, WeightsError, load_tensors, take

PAIRS = ("monet", "emoji", "emoji-nocycle", "emoji-noidentity", "smile")
DIRECTIONS = ("there", "back")
TILE = 640
"""Pixels of a tile that are kept; on each side the network's reach comes on top."""
LEAST, MOST = 32, 24_000_000
"""The smallest side, and the most pixels, of a picture that is translated."""
MOST_WHOLE = 1 << 20
"""Pixels that a generator takes which cannot work in tiles: a gigabyte is what ResNet-9 needs for them."""


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


def leaky(x: Tensor) -> Tensor:
    """The fast generator's activation."""
    return F.leaky_relu(x, SLOPE)


class Residual(nn.Module):
    """x + conv(leaky(conv(leaky(x)))): no normalization, which is what lets tiles fit together."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(leaky(self.first(leaky(x))))


class FastGenerator(nn.Module):
    """A translator that adds to the picture what has to change: x + delta(x).

    fold x fold pixels become channels, which makes everything after it fold**2 times cheaper (Shi et al. 2016); the
    blocks work at half that resolution again. Plain convolutions and no statistics of the whole picture: a pixel
    depends on what lies within `reach`, so that pictures of any size are translated in tiles without seams.
    """

    def __init__(self, fold: int = 2, outer: int = 32, inner: int = 80, blocks: int = 4) -> None:
        super().__init__()
        self.cell = 2 * fold
        """Height and width are multiples of it."""
        self.reach = self.cell * (2 * blocks + 4)
        """Pixels; what lies farther away than this in any direction does not count. A multiple of the cell."""
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
        """What is added to x, (B, 3, H, W); H and W multiples of `cell`."""
        fine = self.stem(x)
        return self.head(self.refine(fine + self.up(self.body(self.down(fine)))))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] to the same; H and W multiples of `cell`.

        In training what overshoots by e comes out as 0.1 e beyond the bounds, so that a gradient leads back.
        """
        y = x + self.delta(x)
        return y.clamp(-1, 1).lerp(y, 0.1) if self.training else y.clamp(-1, 1)


class PatchGAN(nn.Module):
    """The authors' discriminator of patches: one verdict for each, about 1 for real and 0 for translated ones.

    layers: 3 looks at patches of 70x70 pixels, 2 at 34x34 (Appendix 7.2; Isola et al. 2017). Instance normalization.
    """

    def __init__(self, layers: int = 3, width: int = 64) -> None:
        super().__init__()
        steps: list[nn.Module] = [nn.Conv2d(3, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        before = width
        for i in range(1, layers + 1):
            after = min(2**i, 8) * width
            steps += [
                nn.Conv2d(before, after, 4, stride=2 if i < layers else 1, padding=1),
                nn.InstanceNorm2d(after),
                nn.LeakyReLU(0.2, inplace=True),
            ]
            before = after
        self.model = nn.Sequential(*steps, nn.Conv2d(before, 1, 4, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] to verdicts (B, 1, h, w)."""
        return self.model(x)


GENERATORS: dict[str, type[FastGenerator] | type[ResnetGenerator]] = {"fast": FastGenerator, "resnet": ResnetGenerator}


def build(network: dict[str, Any]) -> FastGenerator | ResnetGenerator:
    """The generator that a card's [network] describes: its kind, and the sizes of that kind. Raises KeyError."""
    sizes = {k: v for k, v in network.items() if k not in ("generator", "directions", "domains")}
    return GENERATORS[network["generator"]](**sizes)


def in_tiles(net: Callable[[Tensor], Tensor], x: Tensor, reach: int, tile: int = TILE) -> Tensor:
    """net(x) put together from tiles: the same to rounding, in bounded memory.

    x: (1, 3, H, W), H and W multiples of the network's cell, as are tile and reach. A tile is seen with `reach` pixels
    more on each side, as far as the picture goes; they are cut off again.
    """
    y = torch.empty_like(x)
    height, width = x.shape[2:]
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            above, before = max(0, top - reach), max(0, left - reach)
            seen = net(x[:, :, above : top + tile + reach, before : left + tile + reach])
            part = seen[:, :, top - above :, left - before :][:, :, :tile, :tile]
            y[:, :, top : top + tile, left : left + tile] = part
    return y


def difference(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far two pictures are apart at each pixel: the mean over colours of |a - b|, (H, W) float32 in [0, 1].

    a, b: (H, W, 3) uint8.
    """
    return np.abs(a.astype(np.float32) - b.astype(np.float32)).mean(axis=2) / 255


@dataclass(frozen=True)
class RoundTrip:
    """A picture, its translation, and that translated back from what is seen: each (H, W, 3) uint8."""

    picture: np.ndarray
    translated: np.ndarray
    returned: np.ndarray

    @property
    def changed(self) -> np.ndarray:
        """Where the translation changed the picture, (H, W) in [0, 1]."""
        return difference(self.picture, self.translated)

    @property
    def lost(self) -> np.ndarray:
        """What the way back did not restore, (H, W) in [0, 1]."""
        return difference(self.picture, self.returned)

    @property
    def cycle_error(self) -> float:
        """mean |F(G(x)) - x| with pixels in [0, 1]: what the paper's cycle term measures, there in [-1, 1]."""
        return float(self.lost.mean())


class Translators:
    """The generators of one pair: G "there" and F "back", or only one of them where the card says so."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        self.params, self.quality = card.params, card.quality
        self.directions: tuple[str, ...] = tuple(card.network.get("directions", DIRECTIONS))
        self.networks = {}
        for name in self.directions:
            network = build(card.network)
            try:
                network.load_state_dict(take(tensors, f"{name}."), strict=True)
            except RuntimeError as error:
                raise WeightsError("weights.other_network", f"{card.file}: {error}", file=card.file) from error
            self.networks[name] = device.place(network)
        self._batchers = {name: Batcher(network, max_batch=8) for name, network in self.networks.items()}

    def translate(self, direction: str, picture: np.ndarray) -> np.ndarray:
        """A picture (H, W, 3) uint8 of any size from 32 pixels a side to 24 megapixels, to the same size.

        direction: one of `directions`. Large pictures go in tiles, and others get their turn between two tiles.
        Raises ValueError for a picture that is smaller or larger, or a direction that there is not.
        """
        if direction not in self.networks:
            raise ValueError(f"There is no direction {direction!r} here, only {', '.join(self.directions)}.")
        height, width = picture.shape[:2]
        network = self.networks[direction]
        most = MOST if isinstance(network, FastGenerator) else MOST_WHOLE
        if min(height, width) < LEAST or height * width > most:
            raise ValueError(
                f"A picture of {width} x {height} cannot be translated: from {LEAST} a side to {most} pixels."
            )
        cell = network.cell
        x = F.pad(from_uint8(picture[None]), (0, -width % cell, 0, -height % cell), mode="replicate")
        run = self._batchers[direction]
        y = in_tiles(run, x, network.reach) if isinstance(network, FastGenerator) else run(x)
        return to_uint8(y[:, :, :height, :width])[0]

    def round_trip(self, direction: str, picture: np.ndarray) -> RoundTrip:
        """There and back again, beginning with `direction`. Raises ValueError, also where one way is missing."""
        other = DIRECTIONS[1 - DIRECTIONS.index(direction)] if direction in DIRECTIONS else direction
        translated = self.translate(direction, picture)
        return RoundTrip(picture, translated, self.translate(other, translated))


@functools.cache
def _held(name: str) -> Held[Translators]:
    return Held(f"cyclegan-{name}", Translators)


def translators(name: str) -> Translators:
    """The generators of the card "cyclegan-" + name, loaded on first use: one of PAIRS, or what was converted.

    Raises WeightsError, also where there is no such card.
    """
    return _held(name)()


def translate(name: str, direction: str, picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) uint8, translated by a pair's generator: see Translators.translate."""
    return translators(name).translate(direction, picture)


def round_trip(name: str, direction: str, picture: np.ndarray) -> RoundTrip:
    """A picture translated and translated back: see Translators.round_trip."""
    return translators(name).round_trip(direction, picture)
