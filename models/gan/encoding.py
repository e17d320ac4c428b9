"""A first guess at where a face lies in the generator: a picture to a style for each layer.

Richardson et al. 2021, arXiv:2008.00951 (an encoder into W+); Tov et al. 2021, arXiv:2102.02766 (near the mean, edits
hold). The trunk is built as the discriminator's, whose weights it begins with.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gan.critic import Halving
from models.gan.stylegan import FOLD, GAIN, SLOPE, Conv, Linear


@dataclass(frozen=True)
class Sizes:
    """widths: channels of the trunk, largest picture first; dense: features that the styles are read from."""

    size: int = 64
    channels: int = 3
    widths: tuple[int, ...] = (64, 96, 160, 224)
    dense: int = 192
    layers: int = 9
    latent: int = 128

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))  # a card holds lists


class Encoder(nn.Module):
    """E: picture -> w for each layer, E[w] plus what it sees in the face."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        side = sizes.size // FOLD // 2 ** (len(sizes.widths) - 1)
        self.first = Conv(sizes.channels * FOLD**2, sizes.widths[0])
        self.blocks = nn.Sequential(*(Halving(a, b) for a, b in itertools.pairwise(sizes.widths)))
        self.dense = Linear(sizes.widths[-1] * side**2, sizes.dense)
        self.away = Linear(sizes.dense, sizes.layers * sizes.latent)
        self.mean = nn.Parameter(torch.zeros(sizes.latent), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, channels, size, size) in [-1, 1]. Returns styles (B, layers, D)."""
        h = self.blocks(F.leaky_relu(self.first(F.pixel_unshuffle(x, FOLD), GAIN), SLOPE))
        h = F.leaky_relu(self.dense(F.leaky_relu(h, SLOPE).flatten(1)), SLOPE) * GAIN
        away = self.away(h).float()
        return self.mean + away.view(-1, self.sizes.layers, self.sizes.latent)
