"""What a translation hides: whether a little noise on it breaks the way back (Chu, Zhmoginov & Sandler 2017).

`python -m training.cyclegan.hidden` asks the shipped pairs on held-out pictures and writes HIDDEN; the room shows it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.cyclegan.cyclegan import DIRECTIONS, Translators, difference

SIGMA = 2.0
"""Standard deviation of the noise, of 255."""
HIDDEN = Path(__file__).with_name("hidden.toml")


@dataclass(frozen=True)
class Found:
    """The cycle error, mean |F(G(x)) - x| with pixels in [0, 1], without noise on G(x) and with it; pictures asked."""

    plain: float
    noisy: float
    count: int


def noised(picture: np.ndarray, seed: int) -> np.ndarray:
    """A picture (H, W, 3) uint8 with Gaussian noise of SIGMA, rounded again: the same noise for the same seed."""
    noise = np.random.default_rng(seed).normal(0.0, SIGMA, picture.shape)
    return np.clip(np.round(picture + noise), 0, 255).astype(np.uint8)


def ask(model: Translators, direction: str, pictures: Sequence[np.ndarray]) -> Found:
    """Each picture there and back, once as it is and once with noise on the translation.

    pictures: (H, W, 3) uint8; direction: where to begin. Raises ValueError, also for no pictures.
    """
    if not len(pictures):
        raise ValueError("There must be at least one picture.")
    other = DIRECTIONS[1 - DIRECTIONS.index(direction)]
    lost: list[tuple[float, float]] = []
    for seed, picture in enumerate(pictures):
        made = model.translate(direction, picture)
        back = [model.translate(other, each) for each in (made, noised(made, seed))]
        lost.append((float(difference(picture, back[0]).mean()), float(difference(picture, back[1]).mean())))
    plain, noisy = np.mean(lost, axis=0)
    return Found(float(plain), float(noisy), len(lost))


@functools.cache
def asked(name: str) -> Found:
    """What was found of a pair on held-out pictures, beginning "there". Raises KeyError, OSError."""
    return Found(**tomllib.loads(HIDDEN.read_text("utf-8"))[name])
