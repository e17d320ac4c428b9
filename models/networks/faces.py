"""64x64 faces through a few numbers: the two halves of an autoencoder of convolutions."""

from __future__ import annotations

from torch import nn

Widths = tuple[int, int, int]
"""Channels at 32, 16 and 8 pixels."""


def face_encoder(latent: int, widths: Widths) -> nn.Sequential:
    """(B, 3, 64, 64) to (B, latent)."""
    a, b, c = widths
    return nn.Sequential(
        nn.PixelUnshuffle(2),  # 64 -> 32
        nn.Conv2d(12, a, 3, padding=1),
        nn.SiLU(),
        nn.Conv2d(a, b, 4, stride=2, padding=1),  # 32 -> 16
        nn.SiLU(),
        nn.Conv2d(b, c, 4, stride=2, padding=1),  # 16 -> 8
        nn.SiLU(),
        nn.Flatten(),
        nn.Linear(c * 64, latent),
    )


def face_decoder(latent: int, widths: Widths) -> nn.Sequential:
    """(B, latent) to (B, 3, 64, 64), not clamped."""
    a, b, c = widths
    return nn.Sequential(
        nn.Linear(latent, c * 64),
        nn.Unflatten(1, (c, 8, 8)),
        nn.SiLU(),
        nn.ConvTranspose2d(c, b, 4, stride=2, padding=1),  # 8 -> 16
        nn.SiLU(),
        nn.ConvTranspose2d(b, a, 4, stride=2, padding=1),  # 16 -> 32
        nn.SiLU(),
        nn.Conv2d(a, 12, 3, padding=1),
        nn.PixelShuffle(2),  # 32 -> 64
    )
