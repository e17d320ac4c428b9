"""One network that restores faces, told what happened to them: y, how, how much -> x-hat.

Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders": a network that is trained
to undo a damage learns what is likely. Its answer is the mean of the faces that may have been, for squared errors.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from models.networks.unet import UNet
from models.pictures.pictures import from_uint8, to_uint8
from models.restoration.damage import KINDS
from models.runtime import device
from models.weights.cards import Card, Held, load_into


class Restorer(nn.Module):
    """x-hat = y + U-Net(y, strength, kind): what is not damaged need not be learned.

    fold, widths, blocks, heads: of the U-Net, see there.
    """

    def __init__(self, fold: int, widths: tuple[int, ...], blocks: tuple[int, ...], heads: int) -> None:
        super().__init__()
        self.unet = UNet(3, fold, tuple(widths), tuple(blocks), heads, (len(KINDS),))

    def forward(self, y: Tensor, strength: Tensor, kind: Tensor) -> Tensor:
        """y: (B, 3, S, S), about [-1, 1]; strength: (B,) in [0, 1]; kind: (B,), the place in KINDS. Returns x-hat,
        the shape of y, not clamped."""
        return y + self.unet(y, strength, kind[:, None])


class Restoration:
    """The restorer that ships."""

    def __init__(self, card: Card) -> None:
        network = Restorer(**card.network)
        load_into(network, card)
        self.card, self.network = card, device.place(network)

    def restore(self, y: Tensor, kind: str, strength: float) -> Tensor:
        """x-hat (B, 3, S, S) in [-1, 1] on the CPU.  y: (B, 3, S, S), damaged; kind: of KINDS; strength: in [0, 1]."""
        here = device.device()
        with device.gate.turn(), torch.inference_mode():
            told = torch.full((len(y),), KINDS.index(kind), device=here)
            how_much = torch.full((len(y),), float(strength), device=here)
            return self.network(y.to(here), how_much, told).clamp(-1, 1).float().cpu()

    def pictures(self, damaged: np.ndarray, kind: str, strength: float) -> np.ndarray:
        """The same for pictures (B, S, S, 3) uint8."""
        return to_uint8(self.restore(from_uint8(damaged), kind, strength))


restoration = Held("restoration-faces", Restoration)
"""restoration() restores faces, loaded on first use. Raises WeightsError."""
