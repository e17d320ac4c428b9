"""What the GAN room asks: faces and clothes by seed, truncated, mixed, walked between, and judged by the discriminator.

Goodfellow et al. 2014, arXiv:1406.2661; for styles Karras et al. 2019, arXiv:1812.04948. One seed is one picture,
whatever is made beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.gan.critic import Discriminator
from models.gan.stylegan import Generator, Shape, mix_styles
from models.gan.vocabulary import DATA, PLAYERS
from models.pictures.pictures import from_uint8, grid, to_uint8
from models.pictures.recorded import Film, Losses, film_of, losses_of
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.noise import noise_of
from models.weights.cards import Card, Held, fingerprint, load_into, load_tensors, take

SHEET = 36
"""Pictures on a grid, which are made at once."""


class Gan:
    """One generator with its discriminator, of faces, or of clothes by label."""

    def __init__(self, card: Card) -> None:
        shape = Shape(**card.network)
        generator, discriminator = Generator(shape), Discriminator(shape)
        load_into(generator, card, "generator.")
        load_into(discriminator, card, "discriminator.")
        self.card, self.shape = card, shape
        self.generator, self.discriminator = device.place(generator), device.place(discriminator)
        self.generator.settle()
        self.map = Batcher(self._map, max_batch=512)
        self.synthesize = Batcher(self.generator.synthesize, max_batch=64)
        self.judge = Batcher(self._judge, max_batch=64)

    def _map(self, z: Tensor, psi: Tensor, label: Tensor) -> Tensor:
        """Truncated styles (B, layers, D) of z (B, D) at psi (B,), label (B, labels) as weights."""
        chosen = label if self.shape.labels else None
        return self.generator.truncate(self.generator.styles(z, chosen), psi[:, None, None], chosen)

    def _judge(self, x: Tensor, label: Tensor) -> Tensor:
        """D(x), the probability of "real": (B,)."""
        return torch.sigmoid(self.discriminator(x, label if self.shape.labels else None))

    def labels(self, seeds: Sequence[int], label: int | None = None) -> Tensor:
        """The label of each seed's picture: the one asked for, or with None the seed's last digit: (N,).

        Zeros where the GAN is not conditional. Raises ValueError for a label that there is not.
        """
        most = max(self.shape.labels, 1)
        if label is None:
            return torch.tensor([seed % most for seed in seeds])
        if not 0 <= label < most:
            raise ValueError(f"There is no label {label}; there are 0 to {most - 1}.")
        return torch.full((len(seeds),), label)

    def z(self, seeds: Sequence[int]) -> Tensor:
        """z ~ N(0, I), (N, D)."""
        return noise_of(seeds, (self.shape.latent,))

    def styles(self, z: Tensor, psi: float = 1.0, label: Tensor | None = None) -> Tensor:
        """w' = E[w] + psi (f(z) - E[w]) for each layer, (N, layers, D); E[w] is the label's own where there are labels.

        z: (N, D); psi: 1 leaves the distribution as it was learned, 0 gives the mean picture; label: (N,), default 0,
        or weights of the labels (N, labels).
        """
        labels = torch.zeros(len(z), dtype=torch.long) if label is None else label
        weights = labels if labels.is_floating_point() else F.one_hot(labels, max(self.shape.labels, 1)).float()
        return self.map(z, torch.full((len(z),), float(psi)), weights)

    def of_seeds(self, seeds: Sequence[int], psi: float = 1.0, label: int | None = None) -> Tensor:
        """The styles of seeds, (N, layers, D)."""
        return self.styles(self.z(seeds), psi, self.labels(seeds, label))

    def pictures(self, w: Tensor) -> np.ndarray:
        """The pictures of styles (N, layers, D): (N, H, W, C) uint8."""
        return to_uint8(torch.cat([self.synthesize(part) for part in w.split(SHEET)]))

    def offset_pictures(self, w: Tensor, offsets: Sequence[Tensor]) -> np.ndarray:
        """The pictures of styles (N, layers, D) with maps (N or 1, 1, H, W) added to what comes out of each layer but
        the last: (N, H, W, C) uint8."""
        here = device.device()
        with device.gate.turn(), torch.inference_mode():
            x = self.generator.synthesize(w.to(here), [each.to(here) for each in offsets])
            return to_uint8(x.cpu())

    def sheet(self, w: Tensor) -> np.ndarray:
        """Many pictures at once, in the precision that is fastest here: (N, H, W, C) uint8.  w: (N, layers, D)."""
        with device.gate.turn(), torch.inference_mode(), device.autocast(len(w)):
            parts = [self.generator.synthesize(part).float().cpu() for part in w.to(device.device()).split(SHEET)]
        return to_uint8(torch.cat(parts))

    def grid(
        self, seed: int, count: int = 36, columns: int = 6, psi: float = 1.0, label: int | None = None
    ) -> np.ndarray:
        """The pictures number seed, seed + 1, ...: (rows H, columns W, C) uint8."""
        return grid(self.sheet(self.of_seeds(range(seed, seed + count), psi, label)), columns)

    def mix(self, coarse: int, fine: int, layer: int, psi: float = 1.0, label: int | None = None) -> np.ndarray:
        """Style mixing: the layers below `layer` from one seed, the others from another: (H, W, C) uint8.

        layer: 0 (all from `fine`) to shape.layers (all from `coarse`). Raises ValueError outside.
        """
        if not 0 <= layer <= self.shape.layers:
            raise ValueError(f"layer must be 0 to {self.shape.layers}, not {layer}")
        first, second = self.of_seeds([coarse, fine], psi, label).split(1)
        return self.pictures(mix_styles(first, second, layer))[0]

    def walk(self, a: Tensor, b: Tensor, t: Sequence[float]) -> np.ndarray:
        """w = (1 - t) a + t b for each t: (len(t), H, W, C) uint8.  a, b: styles (layers, D)."""
        weight = torch.tensor(t)[:, None, None]
        return self.pictures((1 - weight) * a + weight * b)

    def verdicts(self, pictures: np.ndarray, label: Tensor | None = None) -> Tensor:
        """D(x), the discriminator's probability that a picture is real: (N,) in [0, 1].

        pictures: (N, H, W, C) uint8; label: (N,) what each is said to show, default 0.
        """
        labels = torch.zeros(len(pictures), dtype=torch.long) if label is None else label
        return self.judge(from_uint8(pictures), labels)

    @cached_property
    def generator_known_by(self) -> str:
        """What directions and encoders name their generator by; a film that is put beside it changes nothing."""
        return fingerprint(take(load_tensors(self.card), "generator."))

    @cached_property
    def film(self) -> Film | None:
        """The generator learning, averaged weights; the columns of clothes are the labels."""
        return film_of(take(load_tensors(self.card), "film."))

    @cached_property
    def reference_film(self) -> Film | None:
        """DCGAN learning the same faces, where its film has been put beside."""
        return film_of(take(load_tensors(self.card), "dcgan_film."))

    @cached_property
    def losses(self) -> Losses | None:
        """Both players' losses all along, where they were recorded."""
        return losses_of(load_tensors(self.card), PLAYERS)

    @cached_property
    def reference_losses(self) -> Losses | None:
        """DCGAN's, where its film has been put beside."""
        return losses_of(load_tensors(self.card), PLAYERS, "dcgan_losses")


_held = {data: Held(f"gan-{data}", Gan) for data in DATA}


def gan(data: str) -> Gan:
    """The GAN of "faces" or "fashion", loaded on first use. Raises WeightsError."""
    return _held[data]()
