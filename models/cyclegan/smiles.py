"""How much a face smiles, and how much of it changed: three ways of putting a smile on, measured alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.cyclegan.cyclegan import difference
from models.cyclegan.networks import doubled
from models.judges.judges import SMILE, Judge, load_judge, verdicts
from models.runtime import device


@dataclass(frozen=True)
class Look:
    """A picture made of a face. picture: (H, W, 3) uint8; logit: the judge's, of a smile; upper, lower: the mean change
    of each half against the face, in [0, 1]; detail: the face's own is 1."""

    picture: np.ndarray
    logit: float
    upper: float
    lower: float
    detail: float

    @property
    def chance(self) -> float:
        """The judge's probability of a smile, in [0, 1]."""
        return 1 / (1 + exp(-min(max(self.logit, -50.0), 50.0)))

    @property
    def change(self) -> float:
        """The mean change of the whole picture, in [0, 1]."""
        return (self.upper + self.lower) / 2


def halves(changed: np.ndarray) -> tuple[float, float]:
    """How much the upper and the lower half of pictures change, means in [0, 1].  changed: (N, H, W) in [0, 1]."""
    middle = changed.shape[1] // 2
    return float(changed[:, :middle].mean()), float(changed[:, middle:].mean())


def detail(pictures: Tensor) -> Tensor:
    """mean |x - coarse(x)|, what is lost of a picture at half of its resolution: (N, 3, H, W) to (N,), H and W even."""
    x = pictures.float()
    return (x - doubled(F.avg_pool2d(x, 2))).abs().mean(dim=(1, 2, 3))


@cache
def _judge() -> Judge:
    return device.place(load_judge("faces"))


def looks(face: np.ndarray, pictures: Sequence[np.ndarray]) -> list[Look]:
    """What is measured of pictures made of a face, all (H, W, 3) uint8 of one even size. Raises WeightsError."""
    x = torch.from_numpy(np.stack([face, *pictures])).permute(0, 3, 1, 2)
    judge = _judge()
    with device.gate.turn(), torch.inference_mode():
        logits = verdicts(judge, x.to(device.device()))[1:, SMILE].tolist()
    fine = detail(x)
    shares = (fine[1:] / fine[0].clamp(min=1e-6)).tolist()
    changes = [halves(difference(face, each)[None]) for each in pictures]
    return [
        Look(picture, logit, *change, share)
        for picture, logit, change, share in zip(pictures, logits, changes, shares, strict=True)
    ]
