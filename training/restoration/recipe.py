"""Recipe of the restorer: `python -m training.restoration faces --data DIR --minutes M`.

Each step damages a batch of faces in all ways, a quarter each, as much as chance will have it, and asks for the faces.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.restoration.damage import KINDS, damaged
from models.restoration.restoration import Restorer
from models.weights.cards import load_card, load_into
from training.cards import blank_card
from training.data import data_folder, load_faces
from training.fitting import fit
from training.gan.steps import batch_of
from training.recipe import Average, Run, arguments, channels_last, finish

NAME = "restoration-faces"
NETWORK: dict[str, Any] = {"fold": 2, "widths": (48, 72, 112), "blocks": (2, 2, 1), "heads": 4}
BATCH, PEAK = 32, 1.5e-3


PAPER = (
    "Vincent et al. 2008 (denoising autoencoders); Ronneberger et al. 2015, arXiv:1505.04597 (U-Net);"
    " Perez et al. 2018, arXiv:1709.07871 (FiLM)"
)


def spoilt(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """x (B, 3, S, S) damaged in every way in turn: y, the strengths (B,) and the kinds (B,)."""
    strength = torch.rand(len(x), device=x.device)
    kind = torch.arange(len(x), device=x.device) % len(KINDS)
    y = torch.empty_like(x)
    for i, name in enumerate(KINDS):
        y[kind == i] = damaged(x[kind == i], name, strength[kind == i])
    return y, strength, kind


def begun(start: Path | None) -> Restorer:
    """A restorer that changes nothing yet, or with the weights that a run goes on from."""
    network = Restorer(**NETWORK)
    if start:
        load_into(network, load_card(NAME, start.parent))
    return network


def train(run: Run, network: Restorer, images: Tensor) -> Average:
    """Train for the run's budget; returns the averaged weights.  images: (N, 64, 64, 3) uint8."""

    def loss_of(chosen: Tensor) -> Tensor:
        x = batch_of(images[chosen].to(run.device), mirror=True)
        return (network(*spoilt(x)) - x).square().mean()

    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=1e-4, fused=True)
    return fit(run, network, optimizer, len(images), BATCH, loss_of)


def main() -> None:
    args = arguments("Train the restorer of faces.", ["faces"], minutes=30).parse_args()
    run = Run.of(NAME, args)
    network = channels_last(begun(args.start), run.device)
    average = train(run, network, torch.from_numpy(load_faces(data_folder(args.data), "train").images))
    card = dataclasses.replace(
        blank_card(NAME, "Restoration, faces", NETWORK, PAPER, like="gan-faces"),
        params=sum(each.numel() for each in network.parameters()),
    )
    finish(run, card, average.weights, args, "restoration")
