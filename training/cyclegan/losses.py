"""What the players of a CycleGAN are told: the losses of both sides, and the pool of pictures that one of them sees."""

from __future__ import annotations

import random

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Pool:
    """The last translated pictures, from which half of what the discriminator sees comes (Shrivastava et al. 2017).

    Once `size` pictures are in it, each new one is passed on, or takes the place of an old one that is passed on
    instead, with probability 1/2 each.
    """

    def __init__(self, size: int = 50, seed: int = 0) -> None:
        self.size, self.held = size, list[Tensor]()
        self._random = random.Random(seed)

    def exchange(self, pictures: Tensor) -> Tensor:
        """(B, ...) new pictures to (B, ...) new or old ones, without gradients."""
        given = []
        for picture in pictures.detach():
            if len(self.held) < self.size:
                self.held.append(picture.clone())
                given.append(picture)
            elif self._random.random() < 0.5:
                place = self._random.randrange(self.size)
                given.append(self.held[place])
                self.held[place] = picture.clone()
            else:
                given.append(picture)
        return torch.stack(given)


def generator_loss(fake: Tensor) -> Tensor:
    """E (D(G(x)) - 1)^2, least squares instead of the logarithm (Mao et al. 2017; section 4 of the paper)."""
    return (fake.float() - 1).square().mean()


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """(E (D(y) - 1)^2 + E D(G(x))^2) / 2; the half slows the discriminator down (section 4 of the paper)."""
    return ((real.float() - 1).square().mean() + fake.float().square().mean()) / 2


def error(made: Tensor, wanted: Tensor, soft: float) -> Tensor:
    """The mean of |made - wanted| where it is above `soft`, less soft / 2; below, of its square over 2 soft (Huber)."""
    return F.smooth_l1_loss(made.float(), wanted, beta=soft)


def verdicts(critic: nn.Module, x: Tensor) -> list[Tensor]:
    """What a discriminator says at each of its scales; the paper's has one."""
    found = critic(x)
    return found if isinstance(found, list) else [found]


def pleasing(critic: nn.Module, fake: Tensor) -> Tensor:
    """The generators' loss, the mean over the discriminator's scales."""
    return torch.stack([generator_loss(verdict) for verdict in verdicts(critic, fake)]).mean()


def telling(critic: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's loss, the mean over its scales."""
    both = (verdict.split(len(real)) for verdict in verdicts(critic, torch.cat([real, fake])))
    return torch.stack([discriminator_loss(*verdict) for verdict in both]).mean()


SCALES, PATCH, DIRECTIONS = 2, 7, 32
"""Of `strokes`: full and half resolution; the side of a patch in pixels; random directions at each scale."""


def strokes(made: Tensor, real: Tensor) -> Tensor:
    """How differently patches of two sets of pictures are distributed: their sliced Wasserstein-1 distance.

    made, real: (B, 3, S, S) of one shape. Patches of 7x7 pixels are projected onto random directions, as one
    convolution does for all of them; on a line the distance is that between sorted values. Summed over both scales.
    No network is asked, so that none can be fooled (Elnekave & Weiss 2022, arXiv:2203.06190; Heitz et al. 2021).
    """
    total = made.new_zeros(())
    for _ in range(SCALES):
        directions = torch.randn(DIRECTIONS, 3, PATCH, PATCH, device=made.device)
        directions = directions / directions.flatten(1).norm(dim=1)[:, None, None, None]
        one, other = (F.conv2d(x, directions).transpose(0, 1).flatten(1).sort(dim=1).values for x in (made, real))
        total = total + (one - other).abs().mean()
        made, real = F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)
    return total
