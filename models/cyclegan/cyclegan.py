"""CycleGAN: two translators between two collections of pictures that nobody has paired.

Zhu, Park, Isola & Efros 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks".
G: X -> Y is called "there" here and F: Y -> X "back". Networks take and give pictures in [-1, 1].
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.cyclegan.networks import LEAST, Local, build
from models.cyclegan.patches import Critics, Verdicts
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.weights.cards import Card, Held, WeightsError, load_tensors, take

PAIRS = ("monet", "emoji", "emoji-full", "emoji-nocycle", "emoji-noidentity", "emoji-whole", "smile")
DIRECTIONS = ("there", "back")
TILE = 640
"""Pixels of a tile that are kept; on each side the network's reach comes on top."""
MOST = 24_000_000
"""The most pixels of a picture that is translated."""
REMEMBERED = 16
"""Translations of a pair that are kept for what is asked next of them: the way back, a verdict."""
MOST_WHOLE = 1 << 20
"""Pixels that a generator takes which cannot work in tiles: a gigabyte is what ResNet-9 needs for them."""


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


def strengthened(x: np.ndarray, y: np.ndarray, k: float) -> np.ndarray:
    """x + k (y - x), cut off at black and white: a translation y of x so strongly.  x, y: (H, W, 3) uint8."""
    return np.clip(x + k * (y.astype(np.float32) - x), 0, 255).round().astype(np.uint8)


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
        self.critics = Critics(card, tensors)
        self._known: OrderedDict[tuple[str, bytes], np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
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
        most = MOST if isinstance(network, Local) else MOST_WHOLE
        if min(height, width) < LEAST or height * width > most:
            raise ValueError(
                f"A picture of {width} x {height} cannot be translated: from {LEAST} a side to {most} pixels."
            )
        cell = network.cell
        x = F.pad(from_uint8(picture[None]), (0, -width % cell, 0, -height % cell), mode="replicate")
        run = self._batchers[direction]
        y = in_tiles(run, x, network.reach) if isinstance(network, Local) else run(x)
        return to_uint8(y[:, :, :height, :width])[0]

    def known(self, direction: str, picture: np.ndarray) -> np.ndarray:
        """`translate`, which remembers the latest pictures: of what was translated a moment ago nothing is computed."""
        height, width = picture.shape[:2]
        key = direction, hashlib.sha256(b"%d %d " % (height, width) + picture.tobytes()).digest()
        with self._lock:
            made = self._known.get(key)
        if made is None:
            made = self.translate(direction, picture)
        with self._lock:
            self._known[key] = made
            self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return made

    def round_trip(self, direction: str, picture: np.ndarray) -> RoundTrip:
        """There and back again, beginning with `direction`. Raises ValueError, also where one way is missing."""
        other = DIRECTIONS[1 - DIRECTIONS.index(direction)] if direction in DIRECTIONS else direction
        translated = self.known(direction, picture)
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


def known(name: str, direction: str, picture: np.ndarray) -> np.ndarray:
    """A picture's translation, computed or remembered: see Translators.known."""
    return translators(name).known(direction, picture)


def verdicts(name: str, side: str, picture: np.ndarray) -> Verdicts | None:
    """What a pair's discriminator of collection "a" or "b" says of every patch: see Critics.verdicts."""
    return translators(name).critics.verdicts(side, picture)
