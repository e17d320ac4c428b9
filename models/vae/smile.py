"""The faces of the VAE room: encode, add a smile, mix two, draw new ones from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.faces.vocabulary import DIRECTIONS
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import generators
from models.vae.prior import Mixture
from models.vae.vae import FaceVAE, merged
from models.vae.vocabulary import REACH
from models.weights.cards import Card, Held, load_into, load_tensors

SHEET = 75
"""Faces decoded at once on a sheet: what they pass through stays in the caches, 1.5 times faster than 225 at once."""


@dataclass(frozen=True)
class Point:
    """A face in the latent space: mu and sigma of q(z | x), each (D,)."""

    mu: Tensor
    sigma: Tensor

    @property
    def kl(self) -> float:
        """KL(q(z | x) || N(0, I)) in nats."""
        variance = self.sigma**2
        return float(0.5 * (self.mu**2 + variance - 1 - variance.log()).sum())


class Faces:
    """The faces' VAE with its directions and its learned prior."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        network = FaceVAE(**card.network)
        load_into(network, card, "network.")
        network.decoder = merged(network.decoder)
        self.network = device.place(network)
        self.latent = network.latent
        self.params, self.quality = card.params, card.quality
        self.directions = torch.stack([tensors[f"direction.{name}"] for name in DIRECTIONS])
        self.prior = Mixture.from_tensors(tensors)
        self.limit = float(self.prior.means.abs().max()) + 12 * float(self.prior.factors.norm(dim=2).max())
        self.decode = Batcher(self.network.decode, max_batch=64)
        self.look = Batcher(self.network.encode, max_batch=64)

    def encode(self, face: np.ndarray) -> Point:
        """q(z | x) of a face (64, 64, 3) uint8."""
        mu, log_var = self.look(from_uint8(face[None]))
        return Point(mu[0], (0.5 * log_var[0]).exp())

    def code(self, values: Sequence[float]) -> Tensor:
        """z from the numbers that the browser kept, (D,)."""
        return torch.tensor(values, dtype=torch.float32)

    def edit(self, z: Tensor, k: Sequence[float]) -> Tensor:
        """z' = z + sum_i k_i v_i, v_i the difference of two means: smile, age, gender.  z: (D,). Returns (D,)."""
        return z + torch.tensor(k, dtype=z.dtype) @ self.directions

    def picture(self, z: Tensor) -> np.ndarray:
        """The decoded face, (64, 64, 3) uint8.  z: (D,)."""
        return self.pictures(z[None])[0]

    def pictures(self, z: Tensor) -> np.ndarray:
        """Decoded faces, (B, 64, 64, 3) uint8.  z: (B, D)."""
        return to_uint8(self.decode(z))

    def pair(self, z: Tensor, k: Sequence[float]) -> np.ndarray:
        """A face and its edit, decoded together: (2, 64, 64, 3) uint8.  z: (D,)."""
        return self.pictures(torch.stack([z, self.edit(z, k)]))

    def sheet(self, z: Tensor) -> np.ndarray:
        """Many decoded faces at once, in the precision that is fastest here: (B, 64, 64, 3) uint8.  z: (B, D)."""
        with device.gate.turn(), torch.inference_mode(), device.autocast(len(z)):
            parts = [self.network.decode(part).float() for part in z.to(device.device()).split(SHEET)]
            return to_uint8(torch.cat(parts))

    def strip(self, z: Tensor, k: Sequence[float], name: str, steps: int = 13) -> tuple[np.ndarray, list[float]]:
        """One slider going from -3 to 3, the others at k: (steps, 64, 64, 3), and the slider's values."""
        marks = torch.linspace(-REACH, REACH, steps)
        along = [list(k) for _ in marks]
        for row, mark in zip(along, marks.tolist(), strict=True):
            row[DIRECTIONS.index(name)] = mark
        return self.pictures(torch.stack([self.edit(z, row) for row in along])), marks.tolist()

    def mix(self, a: Tensor, b: Tensor, t: Sequence[float]) -> np.ndarray:
        """z = (1 - t) a + t b for each t in [0, 1], decoded: (len(t), 64, 64, 3).  a, b: (D,)."""
        weight = torch.tensor(t)[:, None]
        return self.pictures((1 - weight) * a + weight * b)

    def draw(self, seed: int, count: int, temperature: float, prior: str = "learned") -> Tensor:
        """z of faces number seed, seed + 1, ...: from the learned prior or from N(0, I), at a temperature: (count, D).

        Each face has its own generator, so that it does not depend on how many are drawn beside it.
        """
        rows = []
        for generator in generators(range(seed, seed + count)):
            uniform = torch.rand(1, generator=generator)
            noise = torch.randn(1, self.latent, generator=generator)
            if prior == "normal":
                rows.append(temperature * noise)
            else:
                rows.append(self.prior.sample(noise, self.prior.components(uniform), temperature))
        return torch.cat(rows)


faces = Held("vae-faces", Faces)
"""faces() is the model, loaded on first use. Raises WeightsError."""
