"""How well edges become pictures: beside the picture whose edges are most like them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt
from torch import Tensor

from models.judges.judges import load_judge
from models.pictures.pictures import from_uint8
from models.pix2pix.edges import edges
from models.pix2pix.pix2pix import painting
from models.restoration.damage import gaussian_blur
from training.judges.yardstick import first_stages
from training.pix2pix.recipe import load_pairs
from training.restoration.evaluation import seen

Figures = dict[str, float | str]
NEAR = 1.5
"""Pixels within which a line counts as drawn along another: its neighbours, those at the corners too."""
SOFT = 2.0
"""Of the Gaussian under which edges are compared, in pixels: lines that lie close are alike."""


def drawn_along(made: np.ndarray, asked: np.ndarray) -> float:
    """How well lines follow others, in [0, 1]: the F1 of which lie within NEAR of one of the other's.

    made, asked: (H, W) bool. 1 for two pictures without a line, 0 where only one has any.
    """
    if not made.any() or not asked.any():
        return float(made.any() == asked.any())
    precision = float((distance_transform_edt(~asked)[made] <= NEAR).mean())
    recall = float((distance_transform_edt(~made)[asked] <= NEAR).mean())
    return 2 * precision * recall / max(precision + recall, 1e-9)


def most_like(asked: Tensor, known: Tensor) -> Tensor:
    """Which of the known edges are most like each of those that are asked, under a Gaussian: (N,).

    asked: (N, 1, H, W) bool; known: (M, 1, H, W) bool.
    """

    def soft(lines: Tensor) -> Tensor:
        blurred = [gaussian_blur(part.float(), torch.full((len(part),), SOFT)) for part in lines.split(500)]
        return torch.cat(blurred).flatten(1)

    ours, theirs = soft(asked), soft(known)
    return torch.cat([torch.cdist(part, theirs).argmin(dim=1) for part in ours.split(200)])


def painted(name: str, folder: Path) -> Tensor:
    """The held-out edges as pictures, (N, 3, 64, 64) uint8."""
    lines, _ = load_pairs(name, folder, "validation")
    return torch.from_numpy(painting[name]().paint(lines[:, 0].numpy())).permute(0, 3, 1, 2)


@torch.no_grad()
def evaluate_painting(name: str, folder: Path) -> tuple[Figures, str]:
    """Held-out edges painted: error, a judge's distance, and whether the edges of what came are those asked for."""
    lines, images = load_pairs(name, folder, "validation")
    known, known_images = load_pairs(name, folder, "train")
    stages = first_stages(load_judge(name).requires_grad_(False))
    real, figures = from_uint8(images), Figures()
    nearest = known_images[most_like(lines, known)]
    for who, made in (("", painted(name, folder).permute(0, 2, 3, 1)), ("_nearest", nearest)):
        x = from_uint8(made)
        figures[f"l1{who}"] = float((x - real).abs().mean()) / 2
        figures[f"seen{who}"] = seen(stages, x, real)
        pairs = zip(made.numpy(), lines[:, 0].numpy(), strict=True)
        figures[f"edges_kept{who}"] = float(np.mean([drawn_along(edges(picture), asked) for picture, asked in pairs]))
    return figures, (
        f"{len(real):,} held-out pictures; l1 of values in [0, 1]; seen: distance in the judge's first two stages, less"
        " is better; _nearest: the training picture whose edges are most like them"
    )
