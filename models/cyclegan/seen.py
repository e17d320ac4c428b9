"""Whether a picture is of the other collection already: asked of the judge that no CycleGAN was trained with."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F

from models.judges.judges import Judge, load_judge, verdicts
from models.runtime import device

JUDGED = ("monet",)
"""Pairs whose collections a judge tells apart: on its card, how well."""
SIDE, LEAST = 256, 32
"""Pixels of the longer side, as the judge was trained on, and of the shorter at least; both sides are even."""


@cache
def _judge(pair: str) -> Judge:
    return device.place(load_judge(pair))


def side_of(pair: str, picture: np.ndarray) -> str | None:
    """The collection, "a" or "b", that a picture (H, W, 3) uint8 seems to be of; None for a pair without a judge.

    Raises WeightsError.
    """
    if pair not in JUDGED:
        return None
    judge = _judge(pair)
    x = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None]
    scale = min(1.0, SIDE / max(picture.shape[:2]))
    sides = [max(LEAST, 2 * round(scale * side / 2)) for side in picture.shape[:2]]
    small = F.interpolate(x.float(), sides, mode="bilinear", antialias=True)
    here = small.round().clamp(0, 255).to(torch.uint8).to(device.device())
    with device.gate.turn(), torch.inference_mode():
        return "ab"[int(verdicts(judge, here).argmax())]
