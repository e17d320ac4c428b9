"""DCGAN as PyTorch's tutorial builds it: the reference that the small StyleGAN is measured against.

Radford, Metz & Chintala 2015, arXiv:1511.06434; N. Inkawhich, "DCGAN Tutorial", pytorch.org. Batch statistics, no
condition, z of 100 numbers, 64 filters: settings and initialization are the tutorial's.
"""

from __future__ import annotations

import itertools

from torch import Tensor, nn

LATENT = 100


def initialize(module: nn.Module) -> None:
    """The tutorial's: convolutions from N(0, 0.02), batch normalization's scales from N(1, 0.02), shifts 0."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


class DCGenerator(nn.Module):
    """z (B, 100, 1, 1) to pictures (B, 3, 64, 64) in [-1, 1]; 3,576,704 parameters."""

    def __init__(self, filters: int = 64) -> None:
        super().__init__()
        widths = [8 * filters, 4 * filters, 2 * filters, filters]
        layers: list[nn.Module] = [nn.ConvTranspose2d(LATENT, widths[0], 4, 1, 0, bias=False)]
        for before, after in itertools.pairwise([*widths, 3]):
            layers += [nn.BatchNorm2d(before), nn.ReLU(), nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False)]
        self.net = nn.Sequential(*layers, nn.Tanh())
        self.apply(initialize)

    def forward(self, z: Tensor) -> Tensor:
        return self.net(z)


class DCDiscriminator(nn.Module):
    """Pictures (B, 3, 64, 64) in [-1, 1] to logits of "real" (B,); 2,765,568 parameters.

    The tutorial's sigmoid is left to the loss (binary cross-entropy with logits), which is the same and stable.
    """

    def __init__(self, filters: int = 64) -> None:
        super().__init__()
        widths = [filters, 2 * filters, 4 * filters, 8 * filters]
        layers: list[nn.Module] = [nn.Conv2d(3, widths[0], 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
        self.net = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 4, 1, 0, bias=False))
        self.apply(initialize)

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x).flatten()
