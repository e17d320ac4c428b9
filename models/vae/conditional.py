"""A conditional VAE of digits: the label is told to both networks, so what is left for z is the style.

Sohn, Lee, Yan 2015, "Learning Structured Output Representation using Deep Conditional Generative Models"; Kingma et al.
2014, arXiv:1406.5298 (the model M2 with all labels known).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.networks.perceptron import perceptron
from models.runtime import device
from models.weights.cards import Card, Held, load_into

LABELS = 10


class ConditionalVAE(nn.Module):
    """q(z | x, y) and p(x | z, y) of 28x28 grey pictures: two perceptrons, each of which sees y beside the rest.

    latent: dimensions of z; width: of the hidden layers.
    """

    size = 28

    def __init__(self, latent: int, width: int) -> None:
        super().__init__()
        pixels = self.size**2
        self.latent = latent
        self.encoder = perceptron(pixels + LABELS, width, width, 2 * latent)
        self.decoder = perceptron(latent + LABELS, width, width, pixels)

    def encode(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z | x, y).  x: (B, 1, 28, 28) in [0, 1]; y: (B,), 0 to 9.

        Returns two (B, latent).
        """
        told = torch.cat([x.flatten(1), one_hot(y, x)], dim=1)
        mu, log_var = self.encoder(told).chunk(2, dim=1)
        return mu, log_var.clamp(-14, 4)

    def decode(self, z: Tensor, y: Tensor) -> Tensor:
        """Logits of p(x = 1 | z, y).  z: (B, latent); y: (B,), 0 to 9. Returns (B, 1, 28, 28)."""
        told = torch.cat([z, one_hot(y, z)], dim=1)
        return self.decoder(told).view(-1, 1, self.size, self.size)


def one_hot(y: Tensor, like: Tensor) -> Tensor:
    """y (B,) as (B, 10) in the precision of `like`."""
    return F.one_hot(y, LABELS).to(like.dtype)


class Styles:
    """The conditional VAE that ships: the style of a digit, written as any digit."""

    def __init__(self, card: Card) -> None:
        network = ConditionalVAE(**card.network)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def style(self, x: Tensor, y: Tensor) -> Tensor:
        """The mean of q(z | x, y), (B, latent) on the CPU.

        x: (B, 1, 28, 28) in [0, 1]; y: (B,), what the digits are.
        """
        here = device.device()
        with device.gate.turn(), torch.inference_mode():
            return self.network.encode(x.to(here), y.to(here))[0].float().cpu()

    def write(self, z: Tensor, y: Tensor) -> Tensor:
        """The pictures of z as the digits y: (B, 1, 28, 28) in [0, 1] on the CPU.  z: (B, latent); y: (B,)."""
        here = device.device()
        with device.gate.turn(), torch.inference_mode():
            return torch.sigmoid(self.network.decode(z.to(here), y.to(here))).float().cpu()

    def row(self, picture: np.ndarray, label: int) -> np.ndarray:
        """All ten digits in the style of one: (10, 28, 28) in [0, 1].

        picture: (28, 28) in [0, 1]; label: what it is.
        """
        x = torch.as_tensor(picture, dtype=torch.float32)[None, None]
        z = self.style(x, torch.tensor([label]))
        return self.write(z.expand(LABELS, -1), torch.arange(LABELS))[:, 0].numpy()


styles = Held("cvae-digits", Styles)
"""styles() writes any digit in the style of another, loaded on first use. Raises WeightsError."""
