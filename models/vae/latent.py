"""The latent planes of the VAE room: what can be asked of the autoencoders of digits and of clothes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from models.pictures.pictures import UNIT, finite, from_bytes
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import noise_of
from models.vae.vae import (
    PlaneVAE,
    bernoulli_log_likelihood,
    kl_to_standard_normal,
    normal_quantiles,
    reparametrize,
)
from models.vae.vocabulary import BETAS, DATA, REACH
from models.weights.cards import Card, Held, load_tensors, take

DRAWS = 16
"""Draws of z for the expected reconstruction; the same ones each time, so that a number stands still."""


@dataclass(frozen=True)
class Reading:
    """One picture seen by the VAE: z = (u, v), the decoded picture, and the terms of the ELBO in nats.

    picture: (28, 28) uint8, dark strokes on white. mu, sigma: two numbers each, in steps of the plane. sigma is None
    for beta = 0, where z = mu and no noise is asked for; kl is then what q would cost, and no bound.
    """

    picture: np.ndarray
    mu: tuple[float, float]
    sigma: tuple[float, float] | None
    reconstruction: float
    kl: float


def to_ink(pixels: Sequence[int]) -> Tensor:
    """784 values 0 ... 255, row by row, 255 for a stroke, to (28, 28) in [0, 1]."""
    return from_bytes(torch.tensor(pixels, dtype=torch.uint8), UNIT).view(28, 28)


def to_picture(values: Tensor) -> np.ndarray:
    """(..., 28, 28) in [0, 1], 1 for a stroke, to uint8 with dark strokes on white. Raises ValueError for NaN."""
    return torch.rsub(finite(values), 255.5, alpha=255).byte().numpy()  # 255 - 255 values, rounded, in one pass


class Plane:
    """One autoencoder: a data set and a beta. The plane shows z = centre + scale * (u, v), the prior's own where
    there is a prior (centre 0, scale 1)."""

    def __init__(self, tensors: dict[str, Tensor], card: Card, beta: int) -> None:
        network = PlaneVAE(card.network["width"])
        network.load_state_dict(take(tensors, f"beta{beta}.network."), strict=True)
        self.beta = beta
        self.network = device.place(network)
        self.centre, self.scale = (tensors[f"beta{beta}.{name}"].to(device.device()) for name in ("centre", "scale"))
        self.encoded = self.to_plane(tensors[f"beta{beta}.encoded"].to(device.device())).cpu().numpy()
        self.labels = tensors["labels"].numpy()
        noise = noise_of([0], (DRAWS, 2))[0]
        self._homes: dict[int, tuple[float, float]] = {}
        self._noise = (0 * noise if beta == 0 else noise).to(device.device())
        self.decode = Batcher(self._decode, max_batch=512)
        self.look = Batcher(self._look, max_batch=64)

    def to_plane(self, z: Tensor) -> Tensor:
        """Where on the plane a code lies: (..., 2) to (..., 2)."""
        return (z - self.centre) / self.scale

    def code(self, u: float, v: float) -> tuple[float, float]:
        """The code z that a point of the plane stands for."""
        first, second = (self.centre + self.scale * torch.tensor([u, v]).to(self.centre)).tolist()
        return first, second

    def _decode(self, uv: Tensor) -> Tensor:
        """Points of the plane (B, 2) to pictures (B, 28, 28) in [0, 1]."""
        return self.network.decode(self.centre + self.scale * uv).sigmoid_().squeeze(1)

    def _look(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """mu (B, 2), sigma (B, 2), E_q log p(x | z) and KL (B,) of pictures (B, 1, 28, 28) in [0, 1]."""
        mu, log_var = self.network.encode(x)
        z = reparametrize(mu[:, None], log_var[:, None], self._noise).flatten(0, 1)
        repeated = x.repeat_interleave(DRAWS, dim=0)
        likelihood = bernoulli_log_likelihood(repeated, self.network.decode(z)).view(-1, DRAWS).mean(dim=1)
        sigma = torch.exp(0.5 * log_var)
        return self.to_plane(mu), sigma / self.scale, likelihood, kl_to_standard_normal(mu, log_var)

    @cached_property
    def cells(self) -> tuple[float, ...]:
        """Where the manifold is decoded, along an axis: quantiles of the prior; equal steps where there is no prior."""
        if self.beta:
            return tuple(normal_quantiles(20).tolist())
        return tuple((REACH * (2 * i + 1 - 20) / 20) for i in range(20))

    def manifold(self, cells: int = 20) -> np.ndarray:
        """The decoded plane, (28 cells, 28 cells) uint8; u grows to the right, v upwards."""
        q = torch.tensor(self.cells) if cells == 20 else normal_quantiles(cells)
        uv = torch.stack([q.repeat(cells), q.flip(0).repeat_interleave(cells)], dim=1)
        with device.gate.turn(), torch.inference_mode():
            tiles = to_picture(self._decode(uv.to(device.device())).cpu()).reshape(cells, cells, 28, 28)
        return tiles.transpose(0, 2, 1, 3).reshape(28 * cells, 28 * cells)

    def picture(self, u: float, v: float) -> np.ndarray:
        """The decoded picture at a point of the plane, (28, 28) uint8."""
        return to_picture(self.decode(torch.tensor([[u, v]]))[0])

    def read(self, x: Tensor) -> Reading:
        """The code of a picture x (28, 28) in [0, 1], 1 for a stroke, and the picture decoded there."""
        reading = self._reading(x, to_picture(x))
        return replace(reading, picture=self.picture(*reading.mu))

    def _reading(self, x: Tensor, picture: np.ndarray) -> Reading:
        mu, sigma, reconstruction, kl = self.look(x.view(1, 1, 28, 28))
        u, v = mu[0].tolist()
        spread = (sigma[0, 0].item(), sigma[0, 1].item()) if self.beta else None
        return Reading(picture, (u, v), spread, reconstruction.item(), kl.item())

    def draw(self, seed: int, temperature: float = 1.0) -> np.ndarray:
        """A picture decoded at T epsilon, epsilon ~ N(0, I) of the prior: (28, 28) uint8, one for each seed."""
        noise = noise_of([seed], (2,))[0]
        return self.picture(*self.to_plane(temperature * noise.to(self.centre)).tolist())

    def home(self, label: int, neighbours: int = 60) -> tuple[float, float]:
        """Where the class lives: of its encoded pictures the one whose surroundings belong most to the class."""
        if label not in self._homes:
            inside = np.abs(self.encoded).max(axis=1) < REACH - 0.3
            points, labels = self.encoded[inside], self.labels[inside]
            own = points[labels == label][:200]
            distance = ((own[:, None] - points[None]) ** 2).sum(axis=2)
            nearest = np.argpartition(distance, neighbours, axis=1)[:, :neighbours]
            u, v = own[(labels[nearest] == label).mean(axis=1).argmax()]
            self._homes[label] = (float(u), float(v))
        return self._homes[label]

    def read_at(self, u: float, v: float) -> Reading:
        """The picture decoded at (u, v), and what the encoder makes of that picture."""
        x = self.decode(torch.tensor([[u, v]]))[0]
        return self._reading(x, to_picture(x))


@dataclass(frozen=True)
class Film:
    """The plane with beta = 1 forming during training: WebP frames side by side, and how many images each had seen."""

    webp: bytes
    images: tuple[int, ...]


class Planes:
    """All planes of one data set, from one verified file."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        self.params = {b: 0 for b in BETAS}
        self._planes = {beta: Plane(tensors, card, beta) for beta in BETAS}
        for beta, plane in self._planes.items():
            self.params[beta] = sum(p.numel() for p in plane.network.parameters())
        self.quality = card.quality
        self.film = Film(tensors["film"].numpy().tobytes(), tuple(tensors["film_images"].tolist()))

    def __getitem__(self, beta: int) -> Plane:
        return self._planes[beta]


_held = {data: Held(f"vae-{data}", Planes) for data in DATA}


def planes(data: str) -> Planes:
    """The planes of "digits" or "fashion", loaded on first use. Raises WeightsError."""
    return _held[data]()
