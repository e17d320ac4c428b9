"""A face swapped for another: one encoder for both people, a decoder for each.

The encoder says in one language how both look and smile: each code is counted in deviations from what is usual for that
person, so codes of both lie alike. Each decoder knows one face only. Who encodes A and decodes with B's decoder sees B
as A looks. Perov et al. 2020, "DeepFaceLab", arXiv:2005.05535. The detector is a
classifier of real and swapped faces: Roessler et al. 2019, "FaceForensics++", arXiv:1901.08971.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from models.judges.judges import Judge
from models.networks.faces import Widths, face_decoder, face_encoder
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.parts import in_parts
from models.weights.cards import Card, Held, load_into

PEOPLE = ("a", "b")


class Swapper(nn.Module):
    """One encoder, two decoders. latent: numbers between them; widths: channels at 32, 16 and 8 pixels."""

    def __init__(self, latent: int, widths: Widths) -> None:
        super().__init__()
        self.encoder = face_encoder(latent, widths)
        self.usual = nn.ModuleDict({person: nn.BatchNorm1d(latent, affine=False, momentum=0.02) for person in PEOPLE})
        self.decoders = nn.ModuleDict({person: face_decoder(latent, widths) for person in PEOPLE})

    def encode(self, x: Tensor, person: str) -> Tensor:
        """How a person looks in x (B, 3, 64, 64) in [-1, 1]: (B, latent), each number of mean 0 and deviation 1."""
        return self.usual[person](self.encoder(x))

    def forward(self, x: Tensor, person: str, other: str) -> Tensor:
        """Pictures x (B, 3, 64, 64) in [-1, 1] of a person as the other: the same shape, not clamped."""
        return self.decoders[other](self.encode(x, person))


class Swap:
    """The swapper that ships."""

    def __init__(self, card: Card) -> None:
        network = Swapper(card.network["latent"], tuple(card.network["widths"]))
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def swap(self, pictures: np.ndarray, person: str, other: str) -> np.ndarray:
        """Pictures (B, 64, 64, 3) uint8 of a person as the other, "a" or "b": the same shape. Raises KeyError for
        anybody else."""
        made = in_parts(lambda part: self.network(part, person, other), from_uint8(pictures), 64)
        return to_uint8(made.clamp(-1, 1))


class Detector:
    """The detector that ships."""

    def __init__(self, card: Card) -> None:
        network = Judge(**card.network)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def suspicion(self, pictures: np.ndarray) -> np.ndarray:
        """The logit that each picture (B, 64, 64, 3) uint8 is swapped: (B,), above 0 for yes."""
        return in_parts(self.network, from_uint8(pictures), 64)[:, 0].numpy()


swapper = Held("deepfake-swap", Swap)
"""swapper() puts one face in the place of another, loaded on first use. Raises WeightsError."""
detector = Held("deepfake-detector", Detector)
"""detector() suspects pictures, loaded on first use. Raises WeightsError."""
