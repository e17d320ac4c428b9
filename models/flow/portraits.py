"""The faces of Glow: from a photo to z and back without loss, add a smile, mix two, draw new ones from N(0, I)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from models.faces.vocabulary import DIRECTIONS
from models.flow.glow import LEVELS, Glow, bits_per_dimension, dequantized, to_levels
from models.pictures.pictures import UNIT, finite, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import noise_of
from models.weights.cards import Card, Held, load_into, load_tensors


def to_pictures(x: Tensor) -> np.ndarray:
    """x as `dequantized` gives it, (B, 3, S, S), to the 32 levels as grey values: (B, S, S, 3) uint8.

    Raises ValueError for what is not finite.
    """
    levels = ((finite(x).clamp(-0.5, 0.5) + 0.5) * LEVELS).floor().clamp(0, LEVELS - 1)
    return to_uint8(levels / (LEVELS - 1), UNIT)


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

    def encode(self, faces: np.ndarray) -> Tensor:
        """z of faces (B, 64, 64, 3) or (B, 32, 32, 3) uint8, each grey value in the middle of its level: (B, 3072)."""
        levels = to_levels(torch.from_numpy(np.ascontiguousarray(faces)))
        return self.look(dequantized(levels, torch.full(levels.shape, 0.5)))[0]

    def bits(self, faces: np.ndarray) -> Tensor:
        """Bits per dimension of faces, as `encode` takes them: (B,)."""
        levels = to_levels(torch.from_numpy(np.ascontiguousarray(faces)))
        return bits_per_dimension(self.log_density(dequantized(levels, torch.full(levels.shape, 0.5))), self.dimensions)

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

    def draw(self, seed: int, count: int, temperature: float = 0.7) -> Tensor:
        """z = T epsilon of faces number seed, seed + 1, ..., each from a generator of its own: (count, 3072)."""
        return temperature * noise_of(range(seed, seed + count), (self.dimensions,))


portraits = Held("glow", Portraits)
"""portraits() is Glow with its directions, loaded on first use. Raises WeightsError."""
