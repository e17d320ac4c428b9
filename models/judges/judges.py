"""Classifiers that measure what the other models make; at most a room tells a visitor what they see in his picture."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.pictures.pictures import SIGNED, UNIT, from_bytes
from models.weights.cards import load_card, load_into

NETWORKS: dict[str, dict[str, Any]] = {
    "digits": {"channels": 1, "outputs": 10, "widths": (12, 24, 48)},
    "fashion": {"channels": 1, "outputs": 10, "widths": (32, 48, 80), "fold": 2},
    "faces": {"channels": 3, "outputs": 3, "widths": (24, 48, 64, 96), "fold": 2},
    "monet": {"channels": 3, "outputs": 2, "widths": (24, 48, 64, 96), "fold": 2},
    "emoji": {"channels": 3, "outputs": 2, "widths": (24, 48, 96), "fold": 2},
}
SMILE, GENDER, AGE = range(3)
"""What the judge of faces answers: logits of a smile and of a woman, and (age - 35) / 14."""


def _stage(before: int, after: int) -> list[nn.Module]:
    """Two convolutions and a halving, (B, before, H, W) to (B, after, H/2, W/2)."""
    return [
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
        nn.Conv2d(after, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]


def to_input(images: Tensor) -> Tensor:
    """uint8 pictures (N, C, H, W) as the judges take them: colour in [-1, 1], grey in [0, 1]."""
    return from_bytes(images, SIGNED if images.shape[1] == 3 else UNIT)


class Judge(nn.Module):
    """A small convolutional classifier; the pooled last layer is its feature vector.

    channels: 1 for grey pictures in [0, 1], 3 for colour in [-1, 1]; outputs: logits, one for each class or question;
    fold: the first layer folds fold x fold pixels into channels, which makes the rest fold**2 times cheaper.
    """

    def __init__(self, channels: int, outputs: int, widths: tuple[int, ...] = (16, 32, 64), fold: int = 1) -> None:
        super().__init__()
        sizes = (channels * fold**2, *widths)
        stages = [layer for i in range(len(widths)) for layer in _stage(sizes[i], sizes[i + 1])]
        self.features = nn.Sequential(nn.PixelUnshuffle(fold), *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(widths[-1], outputs)

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, channels, H, W) with H, W at least fold * 2 ** len(widths). Returns logits (B, outputs)."""
        return self.head(self.features(x))


def load_judge(name: str) -> Judge:
    """The trained judge, in evaluation mode. Raises WeightsError where it has not been trained."""
    judge = Judge(**NETWORKS[name])
    load_into(judge, load_card(f"judge-{name}"))
    return judge.eval()


@torch.no_grad()
def verdicts(judge: nn.Module, images: Tensor) -> Tensor:
    """The judge's answers on (N, C, H, W) uint8: logits (N, outputs)."""
    return torch.cat([judge(to_input(part)) for part in images.split(50)])
