"""How well faces are restored: beside what was damaged, and beside what needs no learning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.judges.judges import load_judge
from models.restoration.damage import KINDS, damaged, gaussian_blur, holes
from models.restoration.restoration import restoration
from training.data import load_faces
from training.judges.floors import Figures
from training.judges.yardstick import first_stages

COUNT = 500
"""Held-out faces."""
STRENGTHS = {"half": 0.5, "full": 1.0}
WIDTHS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Standard deviations of the Gaussians that are tried, in pixels; the best for these very faces counts."""
SHARPER = (0.5, 1.0, 2.0, 3.0)
"""How much of what a blur of the same width takes away is added back by unsharp masking; the best counts."""


def psnr(made: Tensor, real: Tensor) -> float:
    """Peak signal-to-noise ratio in dB, the mean over pictures (B, C, H, W) in [-1, 1], clamped to it."""
    mse = ((made.clamp(-1, 1) - real) / 2).square().mean(dim=(1, 2, 3))
    return float((-10 * mse.clamp(min=1e-10).log10()).mean())


@torch.no_grad()
def seen(stages: list[nn.Module], made: Tensor, real: Tensor) -> float:
    """A distance as a judge's first stages see it: of activations of unit length at each place, squared, their mean
    over places and pictures, the sum over stages. After LPIPS (Zhang et al. 2018, arXiv:1801.03924), whose weights
    are all one here."""
    total, a, b = 0.0, made.clamp(-1, 1), real
    for stage in stages:
        a, b = stage(a), stage(b)
        total += float((F.normalize(a, dim=1) - F.normalize(b, dim=1)).square().sum(dim=1).mean())
    return total


def smoothed(y: Tensor, width: float) -> Tensor:
    """y blurred by one Gaussian."""
    return gaussian_blur(y, torch.full((len(y),), width))


def filled(y: Tensor, hole: Tensor, width: float) -> Tensor:
    """The hole filled with the Gaussian mean of what is known around it, deep inside with the mean of all."""
    known = 1 - hole
    weight = smoothed(known, width)
    around = smoothed(y * known, width) / weight.clamp(min=1e-4)
    mean = (y * known).sum(dim=(2, 3), keepdim=True) / known.sum(dim=(2, 3), keepdim=True)
    fill = torch.where(weight > 1e-4, around, mean)
    return y * known + hole * fill


def rivals(kind: str, y: Tensor, strength: Tensor, seed: int) -> dict[str, Iterator[Tensor]]:
    """What needs no learning, by name, each for several settings, of which the best counts."""
    if kind == "noise":
        return {"gaussian": (smoothed(y, width) for width in WIDTHS)}
    if kind == "hole":
        hole = holes(y, strength, torch.Generator().manual_seed(seed))
        return {"gaussian": (filled(y, hole, width) for width in WIDTHS)}
    if kind == "blur":
        return {"unsharp": (y + much * (y - smoothed(y, width)) for width in WIDTHS for much in SHARPER)}
    return {}


def evaluate_restoration(folder: Path) -> tuple[Figures, str]:
    """PSNR and the judge's distance for each kind and strength: the network, the damaged picture, the best rival.

    Few pixels, enlarged, are the bicubic rival themselves.
    """
    real = torch.from_numpy(load_faces(folder, "validation").images[:COUNT]).permute(0, 3, 1, 2) / 127.5 - 1
    stages, model = first_stages(load_judge("faces").requires_grad_(False)), restoration()
    figures: Figures = {}
    for name, level in reversed(STRENGTHS.items()):
        strength = torch.full((len(real),), level)
        for seed, kind in enumerate(KINDS):
            y = damaged(real, kind, strength, torch.Generator().manual_seed(seed))
            made = {"": torch.cat([model.restore(part, kind, level) for part in y.split(50)])}
            made["_bicubic" if kind == "small" else "_untouched"] = y
            for rival, tries in rivals(kind, y, strength, seed).items():
                made[f"_{rival}"] = max(tries, key=lambda x: psnr(x, real))
            for who, x in made.items():
                figures[f"psnr_{kind}_{name}{who}"] = psnr(x, real)
                figures[f"seen_{kind}_{name}{who}"] = seen(stages, x, real)
    return (
        figures,
        f"{COUNT} held-out faces; PSNR in dB; seen: distance in judge-faces' first two stages, less is better",
    )
