"""Two people who do not exist, and as many photographs of them as one likes: the faces' generator takes them.

A person is a style w of the generator; its photographs differ in smile, and a little in everything.
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from torch import Tensor

from models.deepfake.deepfake import PEOPLE
from models.gan.gan import gan
from models.gan.steering import NAMES, steering

SEEDS = {"a": 9, "b": 1}
"""Of the generator, psi = 0.7."""
SMILES = 1.6
"""The smile's k goes from -1.6 to 1.6."""
OTHERWISE = 0.25
"""How far a photograph is from the person, of the way from the mean face to another's."""


def styles(person: str, seeds: range) -> Tensor:
    """The styles of photographs of a person, (N, layers, D), one of each seed."""
    model = gan("faces")
    mean = model.styles(torch.zeros(1, model.shape.latent), psi=0.0)
    home = model.of_seeds([SEEDS[person]], psi=0.7)
    other = model.of_seeds([10_000 + PEOPLE.index(person) * 100_000 + seed for seed in seeds], psi=1.0)
    draw = np.random.default_rng([PEOPLE.index(person), seeds.start])
    k = np.zeros((len(seeds), len(NAMES)))
    k[:, NAMES.index("smile")] = draw.uniform(-SMILES, SMILES, len(seeds))
    smiles = torch.einsum("ni,ild->nld", torch.tensor(k, dtype=home.dtype), steering().directions.to(home.dtype))
    return home + OTHERWISE * (other - mean) + smiles


@functools.cache
def photographs(person: str, seeds: range) -> np.ndarray:
    """Photographs of a person, one of each seed: (N, 64, 64, 3) uint8."""
    return gan("faces").sheet(styles(person, seeds))
