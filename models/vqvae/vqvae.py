"""A VQ-VAE of faces: a picture as 16 x 16 words out of a codebook.

van den Oord, Vinyals, Kavukcuoglu 2017, "Neural Discrete Representation Learning", arXiv:1711.00937.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from models.networks.residual import ResidualBlock
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.parts import in_parts
from models.weights.cards import Card, Held, fingerprint, load_into, load_tensors


def nearest(z: Tensor, codebook: Tensor) -> Tensor:
    """argmin_k |z - e_k|^2 at each place.  z: (B, D, H, W); codebook: (K, D). Returns (B, H, W), 0 to K-1."""
    places = z.movedim(1, -1)
    distance = codebook.square().sum(dim=1) - 2 * places @ codebook.T  # |z|^2 is the same for all k
    return distance.argmin(dim=-1)


@dataclass(frozen=True)
class Coded:
    """What the network makes of pictures: x_hat (B, 3, H, W), codes (B, h, w), and the two terms that bring codebook
    and encoder together, means of squares."""

    x_hat: Tensor
    codes: Tensor
    z: Tensor
    codebook_term: Tensor
    commitment_term: Tensor


class VQVAE(nn.Module):
    """Encoder, codebook, decoder: (B, 3, 64, 64) to 16 x 16 codes and back.

    codes: words in the codebook; dim: of each; widths: channels at 32 and at 16 pixels; blocks: residual ones on each
    side.
    """

    size, side = 64, 16

    def __init__(self, codes: int, dim: int, widths: tuple[int, int], blocks: int) -> None:
        super().__init__()
        a, b = widths
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(2),  # 64 -> 32
            nn.Conv2d(12, a, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(a, b, 4, stride=2, padding=1),  # 32 -> 16
            *(ResidualBlock(b) for _ in range(blocks)),
            nn.SiLU(),
            nn.Conv2d(b, dim, 1),
        )
        self.codebook = nn.Parameter(torch.randn(codes, dim))
        self.decoder = nn.Sequential(
            nn.Conv2d(dim, b, 3, padding=1),
            *(ResidualBlock(b) for _ in range(blocks)),
            nn.SiLU(),
            nn.ConvTranspose2d(b, a, 4, stride=2, padding=1),  # 16 -> 32
            nn.SiLU(),
            nn.Conv2d(a, 48, 3, padding=1),
            nn.PixelShuffle(2),  # 32 -> 64
            nn.SiLU(),
            nn.Conv2d(12, 3, 3, padding=1),
        )

    def encode(self, x: Tensor) -> Tensor:
        """The codes of x (B, 3, 64, 64) in [-1, 1]: (B, 16, 16)."""
        return nearest(self.encoder(x), self.codebook)

    def decode(self, codes: Tensor) -> Tensor:
        """The pictures of codes (B, 16, 16): (B, 3, 64, 64), about [-1, 1], not clamped."""
        return self.decoder(self.codebook[codes].movedim(-1, 1))

    def forward(self, x: Tensor) -> Coded:
        """x: (B, 3, 64, 64) in [-1, 1]. The gradient goes past the choice of codes as if there were none: z_q = z +
        sg[e - z]."""
        z = self.encoder(x)
        codes = nearest(z.detach(), self.codebook.detach())
        e = self.codebook[codes].movedim(-1, 1)
        x_hat = self.decoder(z + (e - z).detach())
        return Coded(x_hat, codes, z.detach(), (e - z.detach()).square().mean(), (z - e.detach()).square().mean())


class Codes:
    """A VQ-VAE that ships."""

    def __init__(self, card: Card) -> None:
        network = VQVAE(**card.network)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    @property
    def known_by(self) -> str:
        """What a prior over these codes names them by: the network's own tensors, whatever file they lie in."""
        return fingerprint(load_tensors(self.card))

    def encode(self, pictures: np.ndarray) -> np.ndarray:
        """The words of pictures (B, 64, 64, 3) uint8: (B, 16, 16), 0 to K-1."""
        return in_parts(self.network.encode, from_uint8(pictures), 64).numpy()

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The pictures of words (B, 16, 16): (B, 64, 64, 3) uint8."""
        return to_uint8(in_parts(self.network.decode, torch.as_tensor(codes), 64).clamp(-1, 1))


vqvae = {name: Held(f"vqvae-{name}", Codes) for name in ("faces", "dead")}
"""vqvae["faces"]() is the network, vqvae["dead"]() the one most of whose codes died; loaded on first use. Raise
WeightsError."""
