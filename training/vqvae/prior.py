"""Recipe of the prior over codes: `python -m training.vqvae.prior faces --data DIR --minutes M`.

The codes of all training faces and of their mirror images are computed once; the loss is the cross-entropy of each code
given those before it, which is exact, and a bound on nothing.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.vqvae.pixelcnn import PixelCNN
from models.vqvae.vqvae import vqvae
from models.weights.cards import Card
from training.cards import blank_card
from training.data import data_folder, load_faces
from training.fitting import begun, fit
from training.recipe import Average, Run, arguments, channels_last, finish

NAME = "vqvae-prior"
NETWORK: dict[str, Any] = {"codes": 512, "width": 72, "layers": 14, "side": 16, "hidden": 256}
BATCH, PEAK = 32, 1.5e-3


def codes_of(images: np.ndarray) -> Tensor:
    """The codes of pictures (N, 64, 64, 3) uint8 and of their mirror images: (2N, 16, 16)."""
    made = vqvae["faces"]()
    return torch.from_numpy(np.concatenate([made.encode(images), made.encode(images[:, :, ::-1].copy())]))


def nats(network: PixelCNN, said: Tensor) -> Tensor:
    """-log p of codes (B, H, W) in nats a code, the mean over all: ()."""
    return F.cross_entropy(network(said).float(), said)


def train(run: Run, network: PixelCNN, codes: Tensor) -> Average:
    """Train for the run's budget; returns the averaged weights.  codes: (N, H, W)."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=0.01, fused=True)
    return fit(run, network, optimizer, len(codes), BATCH, lambda chosen: nats(network, codes[chosen].to(run.device)))


def card_of() -> Card:
    """What is known of the prior before it is trained; `of`: the codes that it speaks of."""
    network = NETWORK | {"of": vqvae["faces"]().known_by}
    paper = "van den Oord et al. 2016, arXiv:1606.05328 (gated PixelCNN); van den Oord et al. 2017, arXiv:1711.00937"
    return blank_card(NAME, "PixelCNN over the codes of faces", network, paper, like="gan-faces")


def main() -> None:
    args = arguments("Train the prior over codes.", ["faces"], minutes=45).parse_args()
    run = Run.of(NAME, args)
    network = channels_last(begun(PixelCNN(**NETWORK), args.start), run.device)
    average = train(run, network, codes_of(load_faces(data_folder(args.data), "train").images))
    card = dataclasses.replace(card_of(), params=sum(each.numel() for each in network.parameters()))
    finish(run, card, average.weights, args, "vqvae.prior")


if __name__ == "__main__":
    main()
