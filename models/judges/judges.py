"""Classifiers that measure what the other models make. No room shows them."""

from __future__ import annotations

from torch import Tensor, nn

from models.pictures.pictures import SIGNED, UNIT, from_bytes


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
