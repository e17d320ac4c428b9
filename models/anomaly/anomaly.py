"""What an autoencoder cannot draw again is foreign to it: x -> z -> x-hat, and |x - x-hat|^2 says how foreign.

Hawkins et al. 2002, "Outlier Detection Using Replicator Neural Networks"; Sakurada & Yairi 2014. z is narrow, so the
network spends it on what it has seen often.
"""

from __future__ import annotations

from torch import Tensor, nn

from models.networks.faces import face_decoder, face_encoder
from models.networks.perceptron import perceptron
from models.runtime import device
from models.runtime.parts import in_parts
from models.weights.cards import Card, Held, load_tensors, take

CLASSES = 10


class GreyAutoencoder(nn.Module):
    """28x28 grey pictures through `latent` numbers: two perceptrons with one hidden layer of `width`."""

    size = 28

    def __init__(self, latent: int, width: int) -> None:
        super().__init__()
        pixels = self.size**2
        self.encoder = nn.Sequential(nn.Flatten(), *perceptron(pixels, width, latent))
        self.decoder = nn.Sequential(*perceptron(latent, width, pixels), nn.Unflatten(1, (1, self.size, self.size)))

    def forward(self, x: Tensor) -> Tensor:
        """x-hat of x (B, 1, 28, 28) in [0, 1]: the same shape, not clamped."""
        return self.decoder(self.encoder(x))


class FaceAutoencoder(nn.Module):
    """64x64 colour faces through `latent` numbers: convolutions of `widths` channels at 32, 16 and 8 pixels."""

    size = 64

    def __init__(self, latent: int, widths: tuple[int, int, int]) -> None:
        super().__init__()
        self.encoder, self.decoder = face_encoder(latent, widths), face_decoder(latent, widths)

    def forward(self, x: Tensor) -> Tensor:
        """x-hat of x (B, 3, 64, 64) in [0, 1]: the same shape, not clamped."""
        return self.decoder(self.encoder(x))


def foreignness(x: Tensor, drawn: Tensor) -> Tensor:
    """The mean squared error of each picture, (B,); x and x-hat: (B, C, H, W)."""
    return (x - drawn).square().flatten(1).mean(dim=1)


class Guard:
    """An autoencoder that ships, and how foreign it finds pictures."""

    def __init__(self, network: nn.Module, card: Card) -> None:
        self.network, self.card = device.place(network), card

    def drawn(self, x: Tensor) -> Tensor:
        """x-hat on the CPU, not clamped.  x: (B, C, H, W) in [0, 1], of the size that the network takes."""
        return in_parts(self.network, x, 512)

    def foreignness(self, x: Tensor) -> Tensor:
        """How foreign each picture is: (B,), 0 or more.  x: (B, C, H, W) in [0, 1]."""
        return foreignness(x, self.drawn(x))


class NineOfTen:
    """Ten autoencoders of one data set, each of which has never seen one of the classes."""

    def __init__(self, card: Card) -> None:
        tensors = load_tensors(card)
        self.card, self._guards = card, [self._guard(tensors, card, missing) for missing in range(CLASSES)]

    @staticmethod
    def _guard(tensors: dict[str, Tensor], card: Card, missing: int) -> Guard:
        network = GreyAutoencoder(**card.network)
        network.load_state_dict(take(tensors, f"without{missing}."), strict=True)
        return Guard(network, card)

    def without(self, missing: int) -> Guard:
        """The autoencoder that has not seen the class `missing`, 0 to 9."""
        return self._guards[missing]


def _of_faces(card: Card) -> Guard:
    network = FaceAutoencoder(**card.network)
    network.load_state_dict(load_tensors(card), strict=True)
    return Guard(network, card)


nine_of_ten = Held("anomaly-digits", NineOfTen)
"""nine_of_ten() holds the autoencoders of digits, loaded on first use. Raises WeightsError."""
face_guard = Held("anomaly-faces", _of_faces)
"""face_guard() finds what is no face foreign, loaded on first use. Raises WeightsError."""
