"""The faces of Glow: from a photo to z and back without loss, add a smile, mix two, draw new ones from N(0, I)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.faces.vocabulary import DIRECTIONS
from models.flow.glow import LEVELS, Glow, bits_per_dimension, dequantized, to_levels
from models.flow.vocabulary import FURTHEST
from models.pictures.pictures import UNIT, finite, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import generators, noise_of
from models.weights.cards import Card, Held, load_into, load_tensors

DEQUANTIZED = 0
"""The seed of the noise by which bits are counted."""


def to_pictures(x: Tensor) -> np.ndarray:
    """x as `dequantized` gives it, (B, 3, S, S), to the 32 levels as grey values: (B, S, S, 3) uint8.

    Raises ValueError for what is not finite.
    """
    levels = ((finite(x).clamp(-0.5, 0.5) + 0.5) * LEVELS).floor().clamp(0, LEVELS - 1)
    return to_uint8(levels / (LEVELS - 1), UNIT)


def middles(faces: np.ndarray) -> Tensor:
    """x of faces (B, 64, 64, 3) or (B, 32, 32, 3) uint8, each colour in the middle of its level: (B, 3, 32, 32)."""
    levels = to_levels(torch.from_numpy(np.ascontiguousarray(faces)))
    return dequantized(levels, torch.full(levels.shape, 0.5))


def turned(z: Tensor, noise: Tensor, share: Tensor) -> Tensor:
    """From z to noise along a quarter of a circle, so that N(0, I) stays N(0, I).  share: 0 ... 1, as z broadcasts."""
    angle = share * math.pi / 2
    return angle.cos() * z + angle.sin() * noise


@dataclass(frozen=True)
class Again:
    """A face x, z = f(x), x again as f^-1(z), and the largest |f^-1(f(x)) - x|, of x in [-1/2, 1/2].

    seen, again: (32, 32, 3) uint8; z: (3072,).
    """

    seen: np.ndarray
    z: Tensor
    again: np.ndarray
    miss: float


class Portraits:
    """Glow with its directions in z."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        network = Glow(**card.network)
        load_into(network, card, "network.")
        self.network = device.place(network)
        self.params, self.quality, self.dimensions = card.params, card.quality, sum(network.sizes)
        self.directions = torch.stack([tensors[f"direction.{name}"] for name in DIRECTIONS])
        self.decode = Batcher(network.inverse, max_batch=64)
        """x = f^-1(z): (B, 3072) to (B, 3, 32, 32), as `dequantized` gives it."""
        self.look = Batcher(network.forward, max_batch=64)
        """z = f(x) and log |det df/dx|: (B, 3, 32, 32) to (B, 3072) and (B,)."""
        self.log_density = Batcher(network.log_density, max_batch=64)

    def code(self, values: np.ndarray) -> Tensor:
        """z from the numbers that the browser kept, (3072,)."""
        return torch.tensor(values, dtype=torch.float32)

    def encode(self, faces: np.ndarray) -> Tensor:
        """z of faces (B, 64, 64, 3) or (B, 32, 32, 3) uint8, each colour in the middle of its level: (B, 3072)."""
        return self.look(middles(faces))[0]

    def bits(self, faces: np.ndarray) -> Tensor:
        """Bits per dimension of pictures, as `encode` takes them: (B,).

        The bound of Theis et al. 2016, by one and the same uniform noise for every picture.
        """
        levels = to_levels(torch.from_numpy(np.ascontiguousarray(faces)))
        noise = torch.rand(levels.shape[1:], generator=generators([DEQUANTIZED])[0])
        return bits_per_dimension(self.log_density(dequantized(levels, noise)), self.dimensions)

    def there_and_back(self, face: np.ndarray) -> Again:
        """A face (64, 64, 3) or (32, 32, 3) uint8, its z, and what comes back from it."""
        x = middles(face[None])
        z = self.look(x)[0]
        back = self.decode(z)
        return Again(to_pictures(x)[0], z[0], to_pictures(back)[0], float((back - x).abs().max()))

    def switched(self, z: Tensor, how: Sequence[str], share: Sequence[float], seed: int) -> Tensor:
        """z with some of its levels gone, as far as each share s in [0, 1] says: (len(share), 3072).  z: (3072,).

        how: of z_1, z_2, z_3 each "keep"; "zero", (1 - s) z_i; or "noise", on the way to noise of this seed.
        """
        s = torch.tensor(share, dtype=z.dtype)[:, None]
        noise = noise_of([seed], (self.dimensions,))[0].split(self.network.sizes)
        ways = {
            "keep": lambda part, _: part.expand(len(s), -1),
            "zero": lambda part, _: (1 - s) * part,
            "noise": lambda part, fresh: turned(part, fresh, s),
        }
        parts = zip(how, z.split(self.network.sizes), noise, strict=True)
        return torch.cat([ways[each](part, fresh) for each, part, fresh in parts], dim=1)

    def pictures(self, z: Tensor) -> np.ndarray:
        """Faces (B, 32, 32, 3) uint8 of z (B, 3072)."""
        return to_pictures(self.decode(z))

    def edit(self, z: Tensor, k: Sequence[float]) -> Tensor:
        """z' = z + sum_i k_i v_i, v_i the difference of two means: smile, age, gender.  z: (3072,). Returns (3072,)."""
        return z + torch.tensor(k, dtype=z.dtype) @ self.directions

    def mix(self, a: Tensor, b: Tensor, t: Sequence[float]) -> np.ndarray:
        """z = (1 - t) a + t b for each t in [0, 1]: (len(t), 32, 32, 3) uint8.  a, b: (3072,)."""
        weight = torch.tensor(t, dtype=a.dtype)[:, None]
        return self.pictures((1 - weight) * a + weight * b)

    def strip(self, z: Tensor, k: Sequence[float], name: str, steps: int = 17) -> tuple[np.ndarray, list[float]]:
        """One slider going from -2 to 2, the others at k: (steps, 32, 32, 3) uint8, and the slider's values."""
        marks = torch.linspace(-FURTHEST, FURTHEST, steps).tolist()
        place = DIRECTIONS.index(name)
        along = [[*k[:place], mark, *k[place + 1 :]] for mark in marks]
        return self.pictures(torch.stack([self.edit(z, row) for row in along])), marks

    def draw(self, seed: int, count: int, temperature: float = 0.7) -> Tensor:
        """z = T epsilon of faces number seed, seed + 1, ..., each from a generator of its own: (count, 3072)."""
        return temperature * noise_of(range(seed, seed + count), (self.dimensions,))


portraits = Held("glow", Portraits)
"""portraits() is Glow with its directions, loaded on first use. Raises WeightsError."""
