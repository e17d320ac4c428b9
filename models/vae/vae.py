"""Variational autoencoders: the mathematics of the lecture and the two networks that the room shows.

Kingma & Welling 2013, "Auto-Encoding Variational Bayes"; Higgins et al. 2017 for beta.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.networks.perceptron import perceptron
from models.networks.residual import ResidualBlock
from models.runtime.enlarging import enlarging_kernel


def reparametrize(mu: Tensor, log_var: Tensor, epsilon: Tensor) -> Tensor:
    """z = mu + sigma * epsilon with epsilon ~ N(0, I), section 2.4 of Kingma & Welling 2013.

    Three tensors of one shape (B, D); returns (B, D).
    """
    sigma = torch.exp(0.5 * log_var)
    return mu + sigma * epsilon


def kl_to_standard_normal(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL(q(z | x) || p(z)) = 1/2 sum_i (mu_i^2 + sigma_i^2 - 1 - log sigma_i^2), in nats.

    mu, log_var: (B, D), for q = N(mu, sigma^2) and p = N(0, I). Returns (B,), never negative.
    """
    return 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(dim=1)


def bernoulli_log_likelihood(x: Tensor, logits: Tensor) -> Tensor:
    """log p(x | z) in nats, grey values read as the means of Bernoulli pixels.

    x: (B, ...) in [0, 1]; logits: the same shape. Returns (B,), never positive.
    """
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)


@dataclass(frozen=True)
class Elbo:
    """The two terms of the evidence lower bound, in nats, each (B,)."""

    reconstruction: Tensor
    kl: Tensor

    def total(self, beta: float = 1.0) -> Tensor:
        """ELBO = E_q log p(x | z) - beta KL(q || p); the bound on log p(x) is the one with beta = 1."""
        return self.reconstruction - beta * self.kl


class PlaneVAE(nn.Module):
    """A VAE of 28x28 grey images with a latent plane of two dimensions: two perceptrons."""

    latent = 2
    size = 28

    def __init__(self, width: int = 192) -> None:
        super().__init__()
        pixels = self.size**2
        self.encoder = perceptron(pixels, width, width, width, 2 * self.latent)
        self.decoder = perceptron(self.latent, width, width, width, pixels)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z | x), eq. 9 of Kingma & Welling 2013.

        x: (B, 1, 28, 28) in [0, 1]. Returns two (B, 2).
        """
        mu, log_var = self.encoder(x.flatten(1)).chunk(2, dim=1)
        return mu, log_var.clamp(-14, 4)

    def decode(self, z: Tensor) -> Tensor:
        """Logits of p(x = 1 | z); their sigmoid is the picture.  z: (B, 2). Returns (B, 1, 28, 28)."""
        return self.decoder(z).view(-1, 1, self.size, self.size)


def normal_quantiles(n: int) -> Tensor:
    """The quantiles (i + 1/2) / n of N(0, 1), i = 0 ... n-1: equal steps of probability, not of length.

    Returns (n,) in float32, ascending and symmetric about 0.
    """
    p = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    return (math.sqrt(2) * torch.erfinv(2 * p - 1)).float()


def enlarging(conv: nn.Conv2d) -> nn.ConvTranspose2d:
    """conv(up(x)) as one layer, up being twice the size by repeated pixels and conv of 3x3."""
    layer = nn.ConvTranspose2d(conv.in_channels, conv.out_channels, 4, stride=2, padding=1)
    layer.weight = nn.Parameter(enlarging_kernel(conv.weight.detach()))
    layer.bias = conv.bias
    return layer


class EnlargingBlock(nn.Module):
    """block(up(x)) for a ResidualBlock, most of it computed before the pixels are four times as many.

    Normalization and SiLU see every pixel alike, and repeating all pixels changes neither mean nor variance of a
    group: both give the same before `up` as after it.
    """

    def __init__(self, block: ResidualBlock) -> None:
        super().__init__()
        norm, act, conv, *rest = block.net
        assert isinstance(conv, nn.Conv2d)
        self.up = nn.Upsample(scale_factor=2)
        self.net = nn.Sequential(norm, act, enlarging(conv), *rest)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C, 2H, 2W)."""
        return self.up(x) + self.net(x)


def merged(decoder: nn.Sequential) -> nn.Sequential:
    """The same function with every Upsample merged into the layer after it; its weights are not trained further."""
    layers: list[nn.Module] = []
    for layer in decoder:
        after = layers[-1] if layers else None
        if isinstance(after, nn.Upsample) and isinstance(layer, nn.Conv2d):
            layers[-1] = enlarging(layer)
        elif isinstance(after, nn.Upsample) and isinstance(layer, ResidualBlock):
            layers[-1] = EnlargingBlock(layer)
        else:
            layers.append(layer)
    return nn.Sequential(*layers)


class FaceVAE(nn.Module):
    """A VAE of 64x64 colour faces. p(x | z) is Gaussian about the decoded picture.

    The work is done at 32x32 and below: the first layer folds 2x2 pixels into channels, the last one unfolds
    them, which costs a quarter of what convolutions at 64x64 cost.
    """

    size = 64

    def __init__(self, latent: int = 192, widths: tuple[int, int, int] = (48, 96, 144), bottom: int = 112) -> None:
        super().__init__()
        a, b, c = widths
        self.latent = latent
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(2),  # 64 -> 32
            nn.Conv2d(12, a, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(a, b, 4, stride=2, padding=1),  # 32 -> 16
            ResidualBlock(b),
            nn.SiLU(),
            nn.Conv2d(b, c, 4, stride=2, padding=1),  # 16 -> 8
            ResidualBlock(c),
            nn.SiLU(),
            nn.Conv2d(c, bottom, 4, stride=2, padding=1),  # 8 -> 4
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(bottom * 16, 2 * latent),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent, bottom * 16),
            nn.Unflatten(1, (bottom, 4, 4)),
            nn.SiLU(),
            nn.Upsample(scale_factor=2),  # 4 -> 8
            nn.Conv2d(bottom, c, 3, padding=1),
            ResidualBlock(c),
            nn.Conv2d(c, b, 3, padding=1),
            nn.Upsample(scale_factor=2),  # 8 -> 16
            ResidualBlock(b),
            nn.Conv2d(b, a, 3, padding=1),
            nn.Upsample(scale_factor=2),  # 16 -> 32
            ResidualBlock(a),
            nn.SiLU(),
            nn.Conv2d(a, 64, 3, padding=1),
            nn.PixelShuffle(2),  # 32 -> 64
            nn.SiLU(),
            nn.Conv2d(16, 3, 3, padding=1),
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z | x), eq. 9 of Kingma & Welling 2013.

        x: (B, 3, 64, 64) in [-1, 1]. Returns two (B, latent).
        """
        mu, log_var = self.encoder(x).chunk(2, dim=1)
        return mu, log_var.clamp(-14, 4)

    def decode(self, z: Tensor) -> Tensor:
        """The mean of p(x | z).  z: (B, latent). Returns (B, 3, 64, 64), about [-1, 1], not clamped."""
        return self.decoder(z)
