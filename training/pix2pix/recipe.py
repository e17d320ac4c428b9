"""Recipe of pix2pix: `python -m training.pix2pix emoji|faces --data DIR --minutes M`.

The paper's loss, L1 and a discriminator of patches that sees the edges; its 100 for L1 is less here, for pictures of
64 pixels. The discriminator is trained on the hinge loss (Miyato et al. 2018).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.pictures.pictures import from_uint8
from models.pix2pix.edges import edges
from models.pix2pix.pix2pix import DATA, Critic, Painter
from models.weights.cards import Card
from training.cards import blank_card
from training.data import data_folder, load_emoji, load_faces
from training.fitting import begun
from training.recipe import Average, Run, Stateful, arguments, channels_last, finish

NETWORK: dict[str, Any] = {"fold": 2, "widths": (48, 80, 128), "blocks": (1, 2, 1), "heads": 4}
BATCH, PEAK, PEAK_CRITIC = 16, 1e-3, 5e-4
CLOSE = 20.0
"""What the mean absolute error counts beside the discriminator's verdict."""
LIKE = {"emoji": "cyclegan-emoji", "faces": "gan-faces"}
"""Whose data it is."""


def load_pairs(name: str, folder: Path, split: str) -> tuple[Tensor, Tensor]:
    """Edges (N, 1, 64, 64) bool and their pictures (N, 64, 64, 3) uint8."""
    images = load_emoji(folder, "noto", split) if name == "emoji" else load_faces(folder, split).images
    return torch.from_numpy(np.stack([edges(image) for image in images]))[:, None], torch.from_numpy(images)


def mirrored(lines: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """Both, or both mirrored, with probability 1/2 for each pair."""
    flip = torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5
    return torch.where(flip, lines.flip(3), lines), torch.where(flip, x.flip(3), x)


def critic_loss(real: Tensor, made: Tensor) -> Tensor:
    """The hinge: verdicts of real pairs above 1, of made ones below -1."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()


def train(run: Run, painter: Painter, critic: Critic, pairs: tuple[Tensor, Tensor]) -> Average:
    """Train for the run's budget; returns the painter's averaged weights."""
    lines, images = pairs
    optimizer = torch.optim.Adam(painter.parameters(), lr=PEAK, betas=(0.5, 0.99), fused=True)
    opponent = torch.optim.Adam(critic.parameters(), lr=PEAK_CRITIC, betas=(0.5, 0.99), fused=True)
    average = Average(painter, decay=0.998)
    parts: dict[str, Stateful] = {"painter": painter, "critic": critic, "average": average}
    parts |= {"optimizer": optimizer, "opponent": opponent}
    run.resume(parts)
    for chosen in run.batches(len(images), BATCH):
        optimizer.param_groups[0]["lr"], opponent.param_groups[0]["lr"] = run.cosine(PEAK), run.cosine(PEAK_CRITIC)
        e, x = mirrored(lines[chosen].to(run.device).float(), from_uint8(images[chosen].to(run.device)))
        with run.autocast():
            made = painter(e).float()
            verdicts = critic(torch.cat([e, e]), torch.cat([x, made.detach()])).float()
            against = critic_loss(*verdicts.chunk(2))
        opponent.zero_grad(set_to_none=True)
        against.backward()
        opponent.step()
        with run.autocast():
            fooled = critic(e, made).float()
        far = (made - x).abs().mean()
        loss = CLOSE * far - fooled.mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(painter.parameters(), 5.0)
        optimizer.step()
        average.update(painter)
        if average.steps % 25 == 0:
            run.say(l1=float(far.detach()), critic=float(against.detach()))
        run.save(parts)
    return average


def card_of(name: str) -> Card:
    """What is known before it is trained."""
    title = {"emoji": "pix2pix, edges to emoji", "faces": "pix2pix, edges to faces"}[name]
    paper = "Isola, Zhu, Zhou, Efros 2017, arXiv:1611.07004; Canny 1986 (edges); Miyato et al. 2018 (hinge)"
    noto = dict.fromkeys(("data_terms", "licence"), "Apache-2.0 (Noto Emoji)")
    own = {"emoji": noto | {"data": "Noto Emoji, 1,450 pictures, 64x64"}, "faces": {}}[name]
    return blank_card(f"pix2pix-{name}", title, NETWORK, paper, LIKE[name], **own)


def main() -> None:
    args = arguments("Train pix2pix.", list(DATA), minutes=25).parse_args()
    run = Run.of(f"pix2pix-{args.name}", args)
    painter, critic = (
        channels_last(begun(Painter(**NETWORK), args.start), run.device),
        channels_last(Critic(), run.device),
    )
    average = train(run, painter, critic, load_pairs(args.name, data_folder(args.data), "train"))
    card = dataclasses.replace(card_of(args.name), params=sum(each.numel() for each in painter.parameters()))
    finish(run, card, average.weights, args, "pix2pix")
