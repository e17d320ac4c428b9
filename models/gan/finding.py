"""finding"""
from __future__ import annotations
import torch
import torch.nn.functional as F
from torch import Tensor
from models.gan.stylegan import FOLD, GAIN, SLOPE, Discriminator

STAGES = 3


def seen_by(discriminator: Discriminator, x: Tensor) -> list[Tensor]:
    """What the discriminator's first stages make of x (B, C, S, S): STAGES maps, S/2, S/4 and S/8 a side."""
    h = F.leaky_relu(discriminator.first(F.pixel_unshuffle(x, FOLD), GAIN), SLOPE)
    maps = [h]
    for block in discriminator.blocks[: STAGES - 1]:
        maps.append(block(maps[-1]))
    return maps
