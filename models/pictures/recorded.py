"""What a run has recorded of itself, as it lies in its file of weights: a film, and the terms of its loss."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch import Tensor

from models.pictures.pictures import sprite


@dataclass(frozen=True)
class Film:
    """Networks learning: the same inputs after each number of images.

    strip: (H, N W, 3) uint8, N frames side by side; images: N image counts.
    """

    strip: np.ndarray
    images: tuple[int, ...]

    def frames(self, counts: Sequence[int]) -> list[np.ndarray]:
        """The frames after these numbers of images, each (H, W, 3). Raises ValueError for one that there is not."""
        wide = self.strip.shape[1] // len(self.images)
        return [self.strip[:, i * wide : (i + 1) * wide] for i in map(self.images.index, counts)]


def film_of(frames: Mapping[str, Tensor]) -> Film | None:
    """Frames as WebP bytes (uint8) by image count, in digits. None where there are none."""
    if not frames:
        return None
    pictures = [np.asarray(Image.open(io.BytesIO(frames[key].numpy().tobytes()))) for key in sorted(frames)]
    return Film(sprite(pictures), tuple(int(key) for key in sorted(frames)))


@dataclass(frozen=True)
class Losses:
    """The terms of a loss all along. images: N image counts; terms: of each the N means since the count before.

    A term that the loss has not is not among them.
    """

    images: tuple[int, ...]
    terms: Mapping[str, tuple[float, ...]]


def losses_of(tensors: Mapping[str, Tensor], names: Sequence[str], prefix: str = "losses") -> Losses | None:
    """PREFIX.images (N,) and PREFIX (N, names), as `training.gan.film.Losses` writes them. None where there are none.

    A term that is not finite, or 0 everywhere, was left out of the loss.
    """
    if prefix not in tensors or not len(tensors[prefix]):
        return None
    columns = tensors[prefix].float().T.tolist()
    found = dict(zip(names, (tuple(column) for column in columns), strict=True))
    kept = {name: values for name, values in found.items() if any(values) and all(map(math.isfinite, values))}
    return Losses(tuple(map(int, tensors[f"{prefix}.images"].tolist())), kept)


def running(values: Sequence[float], reach: int) -> list[float]:
    """The mean over up to `reach` neighbours on each side, as many on the left as on the right."""
    sides = (min(reach, i, len(values) - 1 - i) for i in range(len(values)))
    return [float(np.mean(values[i - side : i + side + 1])) for i, side in enumerate(sides)]


def change(values: Sequence[float]) -> tuple[float, float]:
    """The means over the first and over the last tenth."""
    part = max(1, len(values) // 10)
    return float(np.mean(values[:part])), float(np.mean(values[-part:]))
