"""True counterparts: how near a translation comes to them, and what that says of each term of the loss.

Noto and Twemoji draw the same signs. Training never paired them, so the pairs measure what training could not copy.
Pictures are (N, 64, 64, 3) uint8 here; differences are of pixels in [0, 1].
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.cyclegan.vocabulary import CLAIMS, HELD_OUT, MUCH, POINTS, SHOWN

POOLED = 4
"""Emoji are compared as 16x16 pixels, each the mean of 4x4: a line one pixel off is the same line."""
SIDE = 64
FOLDER = Path(__file__).with_name("emoji")
ACROSS = 8
"""Emoji in a row of the sheets."""


def pooled(pictures: np.ndarray) -> np.ndarray:
    """(N, H, W, 3) uint8 to the means of 4x4 pixels, (N, H/4 * W/4 * 3) float64 in [0, 255]."""
    count, height, width, _ = pictures.shape
    cells = pictures.reshape(count, height // POOLED, POOLED, width // POOLED, POOLED, 3)
    return cells.mean(axis=(2, 4), dtype=np.float64).reshape(count, -1)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """L2 between each row of a (N, D) and each of b (M, D): (N, M)."""
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(squared.clip(0))


def places(found: np.ndarray, among: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Which place its own one takes, 1 for the nearest, among all candidates by L2: (N,) int.

    found: (N, D), among: (M, D), own: (N,) the index of each one's own in `among`. A tie does not put it back.
    """
    apart = distances(found, among)
    mine = apart[np.arange(len(found)), own]
    return 1 + (apart < mine[:, None]).sum(axis=1)


def share_nearest(found: np.ndarray, among: np.ndarray) -> float:
    """How often row i of `among` is the nearest to row i of `found`; both (N, H, W, 3) uint8."""
    return float((places(pooled(found), pooled(among), np.arange(len(found))) == 1).mean())


def mean_difference(a: np.ndarray, b: np.ndarray) -> float:
    """mean |a - b| of uint8 pictures, in [0, 1]."""
    return float(np.abs(a.astype(np.float64) - b).mean() / 255)


def colour_difference(a: np.ndarray, b: np.ndarray) -> float:
    """How far the mean colours of pictures (N, H, W, 3) uint8 are from those of their counterparts, in [0, 1]."""
    return float(np.abs(a.mean(axis=(1, 2), dtype=np.float64) - b.mean(axis=(1, 2), dtype=np.float64)).mean() / 255)


def spread(pictures: np.ndarray) -> float:
    """The mean L2 between two different ones of (N, H, W, 3) uint8, N > 1: 0 where all are alike."""
    means, count = pooled(pictures), len(pictures)
    return float(distances(means, means).sum() / (count * (count - 1)))


def holds(claim: str, full: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether something is lost without a term, by the figures with the full loss and without it.

    claim: of CLAIMS, which names the figure that it reads. Raises KeyError where that was not measured.
    """
    name = CLAIMS[claim]
    if claim == "style":
        return other[name] <= full[name] - POINTS
    return other[name] >= MUCH * full[name]


@dataclass(frozen=True)
class Side:
    """Held-out emoji of one collection. shown: the first of them, (SHOWN, 64, 64, 3) uint8; all: every one's means of
    4x4 pixels, (HELD_OUT, 768) in [0, 255]."""

    shown: np.ndarray
    all: np.ndarray


def sheet(pictures: np.ndarray) -> np.ndarray:
    """(N, H, W, 3) as one picture with ACROSS in a row, white where there is none."""
    count, height, width, _ = pictures.shape
    rows = -(-count // ACROSS)
    filled = np.full((rows * ACROSS, height, width, 3), 255, np.uint8)
    filled[:count] = pictures
    return filled.reshape(rows, ACROSS, height, width, 3).swapaxes(1, 2).reshape(rows * height, ACROSS * width, 3)


def cut(whole: np.ndarray, side: int, count: int) -> np.ndarray:
    """The first pictures of a sheet, (count, side, side, 3)."""
    rows = whole.shape[0] // side
    return whole.reshape(rows, side, ACROSS, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)[:count]


@functools.cache
def held_out(side: str) -> Side:
    """The held-out emoji of collection "a", Noto, or "b", Twemoji; `python -m training.cyclegan.sheets` draws them.

    Raises OSError where the file is gone.
    """
    with Image.open(FOLDER / f"{side}.webp") as file:
        shown = cut(np.asarray(file.convert("RGB")), SIDE, SHOWN)
    with Image.open(FOLDER / f"{side}-means.webp") as file:
        rest = cut(np.asarray(file.convert("RGB")), SIDE // POOLED, HELD_OUT - SHOWN)
    return Side(shown, np.concatenate([pooled(shown), rest.reshape(len(rest), -1)]))
