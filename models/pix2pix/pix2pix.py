"""Edges to a picture, learned from pairs.

Isola, Zhu, Zhou, Efros 2017, "Image-to-Image Translation with Conditional Adversarial Networks", arXiv:1611.07004: a
U-Net, because a line has its place in the picture; and a discriminator that sees the edges beside what came of them.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from models.networks.unet import UNet
from models.pictures.pictures import to_uint8
from models.runtime import device
from models.runtime.parts import in_parts
from models.weights.cards import Card, Held, load_into

DATA = ("emoji", "faces")


class Painter(nn.Module):
    """G(edges): a U-Net without labels and without a level of noise.

    fold, widths, blocks, heads: of the U-Net, see there.
    """

    def __init__(self, fold: int, widths: tuple[int, ...], blocks: tuple[int, ...], heads: int) -> None:
        super().__init__()
        self.unet = UNet(3, fold, tuple(widths), tuple(blocks), heads, (), levelled=False)

    def forward(self, lines: Tensor) -> Tensor:
        """lines: (B, 1, S, S), 1 where an edge is, else 0. Returns (B, 3, S, S), about [-1, 1], not clamped."""
        nothing = lines.new_zeros(len(lines), 0)
        return self.unet((2 * lines - 1).expand(-1, 3, -1, -1), nothing, nothing)


class Critic(nn.Module):
    """D(edges, picture): a verdict for each patch of 34x34 pixels, above 0 for real ones; spectral normalization."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.model = nn.Sequential(
            spectral_norm(nn.Conv2d(4, width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(2 * width, 4 * width, 4, padding=1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(4 * width, 1, 4, padding=1)),
        )

    def forward(self, lines: Tensor, x: Tensor) -> Tensor:
        """lines: (B, 1, S, S) of 0 and 1; x: (B, 3, S, S) in [-1, 1]. Returns verdicts (B, 1, h, w)."""
        return self.model(torch.cat([2 * lines - 1, x], dim=1))


class Painting:
    """A painter that ships."""

    def __init__(self, card: Card) -> None:
        network = Painter(**card.network)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def paint(self, lines: np.ndarray) -> np.ndarray:
        """The pictures of lines (B, S, S) bool: (B, S, S, 3) uint8.  S: a multiple of 8."""
        given = torch.as_tensor(lines)[:, None].float()
        return to_uint8(in_parts(self.network, given, 32).clamp(-1, 1))


painting = {data: Held(f"pix2pix-{data}", Painting) for data in DATA}
"""painting["emoji"]() and painting["faces"]() paint what was drawn, loaded on first use. Raise WeightsError."""
