"""What held-out real pictures score against the training ones: the floor beside every figure of made pictures.

    floors("faces", folder)  ->  {"floor_frechet": ..., "floor_precision": ..., "floor_recall": ..., ...}

Everything is computed once in a process.
"""

from __future__ import annotations

import functools
import statistics
from pathlib import Path

import torch
from torch import Tensor

from models.judges.judges import load_judge, verdicts
from training.data import SMILING, load_digits, load_faces
from training.judges.distances import features, frechet, nearest_distances, nearest_pair, precision_recall
from training.judges.recipe import GENDER, SMILE

Figures = dict[str, float | str]
SETS = ("faces", "fashion")
"""The sets of real pictures."""
MANIFOLD = 20_000
"""Training pictures, the first, that precision, recall and nearest neighbours are sought among: all but Fashion-MNIST's
60,000, whose order is shuffled. The work grows with the square."""
SAMPLES = 1000
"""Pictures among which the nearest pair is looked for: distances shrink as a set grows."""


def real_pictures(name: str, folder: Path, split: str) -> Tensor:
    """The set's pictures (N, C, H, W) uint8; split "train" or "validation". Raises ValueError for another name."""
    if name not in SETS:
        raise ValueError(f"there is no set {name!r}; there are {', '.join(SETS)}")
    if name == "fashion":
        return torch.tensor(load_digits(folder, name, "test" if split == "validation" else split).images)[:, None]
    return torch.from_numpy(load_faces(folder, split).images).permute(0, 3, 1, 2)


@functools.cache
def real_features(name: str, folder: Path, split: str) -> Tensor:
    """Features (N, D) of the set's real pictures under its judge. Raises WeightsError where there is no judge."""
    return features(load_judge(name), real_pictures(name, folder, split))


def typical_nearest_pair(real: Tensor) -> float:
    """The median, over the set's whole thousands, of how near the two nearest of 1,000 real pictures are.

    real: (N, D); a set of fewer than 1,000 is asked as it is.
    """
    count = min(SAMPLES, len(real))
    pairs = [nearest_pair(part) for part in real[: len(real) // count * count].split(count)]
    return statistics.median(pairs)


@functools.cache
def floors(name: str, folder: Path) -> Figures:
    """Frechet distance, precision and recall of the validation split against the training split, and its nearest pair.

    name: one of SETS. "floor_nearest_pair", the 0.1 percentile of the distances from a training picture to its nearest
    other, is what the nearest pair of 1,000 made pictures must exceed; how far apart that of 1,000 real pictures is
    stands beside it. The Frechet distance's own bias grows as sets shrink: the floor is that of the validation's size.
    """
    train, held_out = (real_features(name, folder, split) for split in ("train", "validation"))
    manifold = train[:MANIFOLD]
    precision, recall = precision_recall(manifold, held_out)
    return {
        "floor_frechet": frechet(train, held_out),
        "floor_precision": precision,
        "floor_recall": recall,
        "floor_nearest_pair": nearest_distances(manifold).quantile(0.001).item(),
        "nearest_pair_of_1000_real": typical_nearest_pair(train),
    }


@functools.cache
def judged_floors(folder: Path) -> Figures:
    """The shares of held-out real faces that the judge takes for what they are: smiles and none where that is sure."""
    faces, judge = load_faces(folder, "validation"), load_judge("faces")
    logits = verdicts(judge, real_pictures("faces", folder, "validation"))
    kinds = {
        "smile": (faces.smile > SMILING, SMILE, 1),
        "neutral": (faces.smile < -SMILING, SMILE, -1),
        "man": (faces.gender == 0, GENDER, -1),
        "woman": (faces.gender == 1, GENDER, 1),
    }
    return {
        f"floor_judged_{kind}": (sign * logits[torch.from_numpy(chosen), question] > 0).float().mean().item()
        for kind, (chosen, question, sign) in kinds.items()
    }
