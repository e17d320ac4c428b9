"""The prior that ships: new faces, word by word; and what a face whose upper rows are given may go on to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from models.runtime import device
from models.vqvae.pixelcnn import PixelCNN, Tell, sample
from models.vqvae.vqvae import vqvae
from models.weights.cards import Card, Held, WeightsError, load_into


class Prior:
    """p(codes) of the VQ-VAE's codes. Raises WeightsError for weights that were trained on another's."""

    def __init__(self, card: Card) -> None:
        settings = dict(card.network)
        if settings.pop("of", None) != vqvae["faces"]().known_by:
            raise WeightsError("weights.other_network", "The prior speaks of another codebook.", file=card.file)
        network = PixelCNN(**settings)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def chance(self, seed: int) -> torch.Tensor:
        """What decides a face of this seed: (H, W, codes) float32, uniform in (0, 1), the same on every machine."""
        side, codes = self.network.side, self.network.codes
        numbers = np.random.default_rng(seed).random((side, side, codes), np.float32)
        return torch.from_numpy(numbers.clip(1e-7, 1 - 1e-7))

    def sample(
        self, seeds: Sequence[int], temperature: float = 1.0, given: np.ndarray | None = None, tell: Tell | None = None
    ) -> np.ndarray:
        """Codes (B, 16, 16), one of each seed.  temperature: 0 or more; given: (R, 16), the first rows of all; tell: as
        of `pixelcnn.sample`."""
        here = device.device()
        chance = torch.stack([self.chance(seed) for seed in seeds]).to(here)
        rows = None if given is None else torch.as_tensor(given, device=here).expand(len(seeds), -1, -1)
        with device.gate.turn():
            return sample(self.network, chance, temperature, rows, tell).cpu().numpy()


prior = Held("vqvae-prior", Prior)
"""prior() draws codes of faces, loaded on first use. Raises WeightsError."""
