"""Recipe of the diffusion room: `python -m training.diffusion faces|fashion --data DIR --minutes M`.

v-prediction (Salimans & Ho 2022) on the cosine schedule, its weight limited as in Hang et al. 2023 (min-SNR), labels
dropped for classifier-free guidance (Ho & Salimans 2022). What ships is the average of the weights.
"""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from models.diffusion.diffusion import FASHION, TASKS, Denoiser, Task, to_input, to_pictures
from models.diffusion.samplers import dpm, times
from models.diffusion.schedules import Schedule, cosine
from models.networks.unet import UNet
from models.pictures.pictures import from_bytes, grid, to_bytes
from models.runtime.noise import seeded_noise
from models.weights.cards import WEIGHTS, Card, read_tensors, save_card, save_weights
from training.cards import blank_card, command, earlier, spent
from training.data import SMILING, data_folder, load_digits, load_faces
from training.recipe import CHECKPOINTS, Average, Run, Stateful, arguments, channels_last

GAMMA = 5.0
"""min-SNR: pictures with less noise than SNR = 5 are not worth more than that; their noise is hardly seen."""
DROP_EACH, DROP_ALL = 0.15, 0.1
"""How often one question is not asked, and how often none is."""
SHEET_EVERY = 600.0
"""Seconds of training between two contact sheets."""


@dataclass(frozen=True)
class Recipe:
    """What differs between the two: the network, and what the card says."""

    network: dict[str, Any]
    mirror: bool
    title: str
    data: str
    terms: str
    licence: str
    shown: tuple[str, ...]
    """Labels of the rows of a contact sheet."""


RECIPES = {
    "faces": Recipe(
        {"channels": 3, "fold": 2, "widths": [48, 96, 160], "blocks": [1, 2, 1], "heads": 4, "conditions": [4, 3]},
        True,
        "Diffusion, faces",
        "UTKFace, 16,638 aligned faces of adults, 64x64",
        "non-commercial research only (UTKFace, Zhang, Song, Qi 2017)",
        "non-commercial research only, as the data",
        ("", "smile", "neutral", "smile,man", "neutral,woman"),
    ),
    "fashion": Recipe(
        {"channels": 1, "fold": 2, "widths": [48, 96], "blocks": [1, 1], "heads": 4, "conditions": [11]},
        False,
        "Diffusion, Fashion-MNIST",
        "Fashion-MNIST, 60,000 training images",
        "MIT",
        "MIT",
        tuple(map(str, range(10))),
    ),
}


def load(task: Task, folder: Path) -> tuple[Tensor, Tensor]:
    """Training pictures (N, C, S, S) uint8, clothes light on black with their border, and labels (N, questions)."""
    if task is FASHION:
        clothes = load_digits(folder, "fashion", "train")
        x = to_input(255 - clothes.images, task)
        return to_bytes(x), torch.from_numpy(clothes.labels.astype(np.int64))[:, None] + 1
    faces = load_faces(folder, "train")
    smile = np.select([faces.smile < -SMILING, faces.smile > SMILING], [1, 2], 3)
    labels = np.stack([smile, faces.gender + 1], axis=1)
    return torch.from_numpy(faces.images).permute(0, 3, 1, 2), torch.from_numpy(labels.astype(np.int64))


def batch_of(images: Tensor, chosen: Tensor, mirror: bool) -> Tensor:
    """(B, C, S, S) in [-1, 1], channels last, each mirrored with probability 1/2 where that is wanted."""
    x = from_bytes(images[chosen])
    if mirror:
        flip = torch.rand(len(x), device=x.device) < 0.5
        x = torch.where(flip[:, None, None, None], x.flip(3), x)
    return x.contiguous(memory_format=torch.channels_last)


def drop(labels: Tensor) -> Tensor:
    """Labels (B, questions) with some answers replaced by 0, "not asked": each by itself, and all together."""
    each = torch.rand(labels.shape, device=labels.device) < DROP_EACH
    every = torch.rand(len(labels), 1, device=labels.device) < DROP_ALL
    return labels.masked_fill(each | every, 0)


def spread_times(count: int, steps: int) -> Tensor:
    """One t in 1 ... steps from each of `count` equal parts of the time, so that a batch has seen all: (count,)."""
    return ((torch.arange(count) + torch.rand(count)) / count * steps).long().clamp(max=steps - 1) + 1


def loss_of(network: nn.Module, schedule: Schedule, x_0: Tensor, labels: Tensor) -> Tensor:
    """Mean of min(1, (gamma + 1) / (SNR + 1)) |v - v-hat|^2, which weighs x0-hat's error with min(SNR, gamma) + 1."""
    t = spread_times(len(x_0), schedule.steps)
    epsilon = torch.randn_like(x_0)
    x_t = schedule.closed_form(x_0, t, epsilon)
    v = schedule.signal(t, x_0) * epsilon - schedule.noise(t, x_0) * x_0
    answer = network(x_t, schedule.level[t].to(x_0), drop(labels))
    weight = ((GAMMA + 1) / (schedule.snr[t] + 1)).clamp(max=1).to(x_0)
    return (weight * (answer.float() - v).square().flatten(1).mean(dim=1)).mean()


@torch.no_grad()
def contact_sheet(network: nn.Module, task: Task, labels: tuple[str, ...], columns: int = 10) -> np.ndarray:
    """A row for each label, the same noise in each column: (rows * H, columns * W[, 3]) uint8."""
    here = next(network.parameters()).device
    codes = torch.tensor([task.codes(label) for label in labels for _ in range(columns)], device=here)
    noise = seeded_noise([i % columns for i in range(len(codes))], (task.channels, task.size, task.size))
    predict = Denoiser(network, cosine(), codes, task.guidance)
    for state in dpm(predict, cosine(), times(cosine(), 20), noise().to(here)):
        x = state.x
    tiles = to_pictures(x, task)
    return grid(tiles.reshape(*tiles.shape[:3], -1).repeat(3 // task.channels, axis=3), columns)


class Sheets:
    """Writes what the averaged weights draw into checkpoints/, every ten minutes, so that one can look."""

    def __init__(self, run: Run, recipe: Recipe, task: Task) -> None:
        self.run, self.recipe, self.task = run, recipe, task
        self.next = run.seconds + SHEET_EVERY
        self.network = channels_last(UNet(**recipe.network), run.device).eval()

    def show(self, average: Average, now: bool = False) -> None:
        if self.run.seconds < self.next and not now:
            return
        self.next += SHEET_EVERY
        self.network.load_state_dict(average.weights)
        with self.run.autocast():
            sheet = Image.fromarray(contact_sheet(self.network, self.task, self.recipe.shown))
        CHECKPOINTS.mkdir(exist_ok=True)
        sheet.save(CHECKPOINTS / f"{self.run.name}-{self.run.images // 1000:05d}k.png")


def train(run: Run, task: Task, network: UNet, data: tuple[Tensor, Tensor], batch: int, peak: float) -> Average:
    """Train for the run's budget. Returns the averaged weights."""
    recipe, schedule = RECIPES[task.name], cosine()
    images, labels = (part.to(run.device) for part in data)
    network = channels_last(network, run.device).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=peak, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    average = Average(network, decay=0.9995, trained=run.start is not None)
    parts: dict[str, Stateful] = {"network": network, "optimizer": optimizer, "average": average}
    run.resume(parts)
    sheets, smooth = Sheets(run, recipe, task), 0.0
    for step, chosen in enumerate(run.batches(len(images), batch)):
        for group in optimizer.param_groups:
            group["lr"] = run.cosine(peak)
        x_0 = batch_of(images, chosen, recipe.mirror)
        with run.autocast():
            loss = loss_of(network, schedule, x_0, labels[chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average.update(network)
        if step % 25 == 0:
            smooth = loss.item() if step == 0 else 0.9 * smooth + 0.1 * loss.item()
            run.say(loss=smooth)
            sheets.show(average)
        run.save(parts)
    sheets.show(average, now=True)
    return average


def card_of(args: argparse.Namespace, network: UNet, run: Run) -> Card:
    """What the file holds; minutes and images of earlier runs that it goes on from are added."""
    recipe = RECIPES[args.name]
    return blank_card(
        name=f"diffusion-{args.name}",
        title=recipe.title,
        params=sum(p.numel() for p in network.parameters()),
        network=recipe.network,
        recipe=command("diffusion", args),
        data=recipe.data,
        data_terms=recipe.terms,
        licence=recipe.licence,
        paper="Ho, Jain, Abbeel 2020, arXiv:2006.11239; Salimans & Ho 2022; Hang et al. 2023; Ho & Salimans 2022",
        trained=spent(earlier(args.start), run.minutes, run.images, run.machine),
    )


def main() -> None:
    parser = arguments("Train the diffusion models.", list(TASKS), minutes=60)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--peak", type=float, default=1e-3, help="highest learning rate (default: %(default)s)")
    args = parser.parse_args()
    task, recipe = TASKS[args.name], RECIPES[args.name]
    run = Run.of(f"diffusion-{args.name}", args)
    network = UNet(**recipe.network)
    if args.start:
        network.load_state_dict(read_tensors(args.start), strict=True)
    average = train(run, task, network, load(task, data_folder(args.data)), args.batch, args.peak)
    card = card_of(args, network, run)
    sha256 = save_weights(average.weights, WEIGHTS / card.file, half=True)
    save_card(dataclasses.replace(card, sha256=sha256), WEIGHTS / f"{card.name}.toml")
    run.finish()
    print(f"\n{card.name}: measure it: python -m training.evaluate {card.name}")
