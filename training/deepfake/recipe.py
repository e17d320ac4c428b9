"""Recipe of the deepfake: `python -m training.deepfake swap|detector --minutes M`, without any data but our own.

The encoder sees each photograph in colours that are off by chance, and a little turned: so it tells how somebody looks
and not who it is, which the decoders know by themselves. The detector learns photographs and swaps of both people, some
of them soft or noisy: one of clean pictures alone was blind after either (AUC 0.57 and 0.36).
"""

from __future__ import annotations

import argparse
import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.deepfake.deepfake import PEOPLE, Swapper, swapper
from models.gan.gan import gan
from models.judges.judges import Judge
from models.pictures.pictures import from_uint8
from models.restoration.damage import gaussian_blur
from models.weights.cards import Card, read_tensors
from training.cards import blank_card
from training.deepfake.people import photographs
from training.fitting import fit
from training.recipe import Average, Run, arguments, channels_last, finish

NETWORKS: dict[str, dict[str, Any]] = {
    "swap": {"latent": 32, "widths": (48, 80, 112)},
    "detector": {"channels": 3, "outputs": 1, "widths": (16, 32, 48)},
}
TITLES = {"swap": "Deepfake: two faces, two decoders", "detector": "Deepfake: the detector"}
PHOTOGRAPHS = 4000
"""Of each person."""
BATCH, PEAK = 32, 1e-3
COLOUR, TURN, SHIFT = 0.15, math.radians(6), 0.06
"""How far what the encoder sees may be off: channels scaled and shifted, radians, half widths of the picture."""


SOFTEST, NOISIEST = 1.5, 0.15
"""What may happen to pictures before a detector sees them: a Gaussian's width in pixels, a deviation in [-1, 1]."""
BLUR = 0.2
"""Deviation of what is added to a code: nothing hangs on its last digits, and codes of both come to lie among each
other."""


def put_off(x: Tensor) -> Tensor:
    """Each picture (B, 3, S, S) in other colours, turned and shifted by chance; its edge goes on."""
    n = len(x)

    def chance(*shape: int) -> Tensor:
        return torch.rand(n, *shape, device=x.device) * 2 - 1

    angle, shift = TURN * chance(), SHIFT * chance(2)
    cos, sin = angle.cos(), angle.sin()
    place = torch.stack([torch.stack([cos, -sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1)
    grid = F.affine_grid(place, list(x.shape), align_corners=False)
    turned = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    return turned * (1 + COLOUR * chance(3, 1, 1)) + COLOUR * chance(3, 1, 1)


def on_its_way(x: Tensor) -> Tensor:
    """Pictures (B, 3, S, S) in [-1, 1] as they arrive: a third untouched, a third blurred, a third noisy, by chance."""
    n = len(x)
    kind, strength = torch.randint(3, (n,), device=x.device), torch.rand(n, device=x.device)
    blurred = gaussian_blur(x, (SOFTEST * strength).clamp(min=0.05))
    noisy = x + NOISIEST * strength[:, None, None, None] * torch.randn_like(x)
    kinds = kind[:, None, None, None]
    return torch.where(kinds == 0, x, torch.where(kinds == 1, blurred, noisy)).clamp(-1, 1)


def taken(person: str) -> Tensor:
    """The photographs of a person that a recipe learns from: (N, 64, 64, 3) uint8."""
    return torch.from_numpy(photographs(person, range(PHOTOGRAPHS)))


def train_swap(run: Run, start: Path | None) -> tuple[nn.Module, Average]:
    """Both people in turn: what is put off goes in, the photograph itself is asked for."""
    network = channels_last(Swapper(**NETWORKS["swap"]), run.device)
    if start:
        network.load_state_dict(read_tensors(start))
    pictures = {person: taken(person) for person in PEOPLE}

    def loss_of(chosen: Tensor) -> Tensor:
        losses = []
        for person in PEOPLE:
            x = from_uint8(pictures[person][chosen].to(run.device))
            z = network.encode(put_off(x), person)
            made = network.decoders[person](z + BLUR * torch.randn_like(z))
            losses.append((made.float() - x).abs().mean())
        return torch.stack(losses).mean()

    return network, fit(
        run, network, torch.optim.Adam(network.parameters(), lr=PEAK, fused=True), PHOTOGRAPHS, BATCH, loss_of
    )


def train_detector(run: Run, start: Path | None) -> tuple[nn.Module, Average]:
    """Photographs against swaps of them: each person's own face, made by its decoder of the other's photographs."""
    network = channels_last(Judge(**NETWORKS["detector"]), run.device)
    if start:
        network.load_state_dict(read_tensors(start))
    real = torch.cat([taken(person) for person in PEOPLE])
    both = zip(PEOPLE, PEOPLE[::-1], strict=True)
    swaps = [swapper().swap(taken(person).numpy(), person, other) for person, other in both]
    swapped = torch.from_numpy(np.concatenate(swaps))

    def loss_of(chosen: Tensor) -> Tensor:
        x = on_its_way(from_uint8(torch.cat([real[chosen], swapped[chosen]]).to(run.device)))
        answer = torch.cat([torch.zeros(len(chosen)), torch.ones(len(chosen))]).to(run.device)
        return F.binary_cross_entropy_with_logits(network(x)[:, 0].float(), answer)

    return network, fit(
        run, network, torch.optim.Adam(network.parameters(), lr=PEAK, fused=True), len(real), BATCH, loss_of
    )


def card_of(name: str) -> Card:
    """What is known before it is trained."""
    generator = gan("faces").generator_known_by
    data = f"2 times {PHOTOGRAPHS:,} faces of two people who do not exist, by the GAN {generator}"
    paper = "Perov et al. 2020, arXiv:2005.05535; Roessler et al. 2019, arXiv:1901.08971 (detection)"
    return blank_card(f"deepfake-{name}", TITLES[name], NETWORKS[name], paper, like="gan-faces", data=data)


def main() -> None:
    args: argparse.Namespace = arguments("Train the deepfake.", list(NETWORKS), minutes=10).parse_args()
    run = Run.of(f"deepfake-{args.name}", args)
    network, average = (train_swap if args.name == "swap" else train_detector)(run, args.start)
    card = dataclasses.replace(card_of(args.name), params=sum(each.numel() for each in network.parameters()))
    finish(run, card, average.weights, args, "deepfake")
