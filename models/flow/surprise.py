"""The surprise of Nalisnick et al. 2019, arXiv:1810.09136: pictures unlike all that a flow has learned score higher.

What was measured lies in a file: `python -m training.flow.surprise` makes it, anew after each training of Glow.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.weights.cards import read_tensors, save_weights

FILE = Path(__file__).with_name("surprise.safetensors")
SETS = ("faces", "clothes", "digits", "emoji")
"""Held-out faces, and three data sets that Glow has never seen."""
SHOWN = 3
"""Pictures of each that ship; of the faces none."""


@dataclass(frozen=True)
class Surprise:
    """bits: per dimension of each picture of a set, rising, (N,); pictures: (SHOWN, 32, 32, 3) uint8, some of them;
    weights: sha256 of the file of weights that were measured."""

    bits: Mapping[str, Tensor]
    pictures: Mapping[str, np.ndarray]
    weights: str

    def share(self, name: str) -> float:
        """The share of pairs, one picture of a set and one held-out face, in which the picture has fewer bits."""
        return float(torch.searchsorted(self.bits[name], self.bits["faces"]).double().mean()) / len(self.bits[name])

    def histogram(self, name: str, bins: int, most: float) -> list[float]:
        """The share of a set in each of so many bins over [0, most] bits; what is beyond counts in the last one."""
        counts = torch.histc(self.bits[name].clamp(0, most), bins, 0, most)
        return (counts / len(self.bits[name])).tolist()


def save(found: Surprise) -> None:
    """Write the file, bits to a thousandth."""
    named = {"weights": torch.tensor(list(found.weights.encode()), dtype=torch.uint8)}
    named |= {f"bits.{name}": (1000 * bits).round().to(torch.int16) for name, bits in found.bits.items()}
    named |= {f"pictures.{name}": torch.from_numpy(pictures) for name, pictures in found.pictures.items()}
    save_weights(named, FILE)


@functools.cache
def surprise() -> Surprise:
    """What was measured. Raises WeightsError."""
    found = read_tensors(FILE)
    bits = {name: found[f"bits.{name}"].float() / 1000 for name in SETS}
    pictures = {name: found[f"pictures.{name}"].numpy() for name in SETS[1:]}
    return Surprise(bits, pictures, bytes(found["weights"].tolist()).decode())
