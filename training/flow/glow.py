"""Recipe of Glow: `python -m training.flow.glow glow|realnvp --data DIR --minutes M`.

realnvp trains the network that Glow is held against: reversals for the 1x1 convolutions, no activation normalization
from data, all else alike. It stays in checkpoints/; its figure goes on the card of Glow (training/flow/evaluation.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.flow.glow import BITS, Glow, bits_per_dimension, dequantized, to_levels
from models.weights.cards import WEIGHTS, Card, load_card, read_tensors, save_card, save_weights, take
from training.cards import command, earlier, spent
from training.data import data_folder, load_faces
from training.flow.counted import CountedRun
from training.recipe import CHECKPOINTS, Average, Run, Stateful, arguments, channels_last
from training.vae.directions import directions_of

BATCH = 64
PEAK = 1.5e-3
NETWORK: dict[str, Any] = {"size": 32, "widths": [48, 96, 128], "steps": 8}
RIVAL = "glow-realnvp"


def load_levels(folder: Path, split: str) -> Tensor:
    """All faces of a split as levels 0 ... 31: (N, 3, 32, 32) uint8."""
    return to_levels(torch.from_numpy(load_faces(folder, split).images))


def batch_of(levels: Tensor, device: torch.device) -> Tensor:
    """x of a batch of levels, dequantized by fresh noise, each picture mirrored with probability 1/2."""
    levels = levels.to(device)
    x = dequantized(levels, torch.rand(levels.shape, device=device))
    flip = torch.rand(len(x), device=device) < 0.5
    return torch.where(flip[:, None, None, None], x.flip(3), x).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def mean_bits(model: Glow, levels: Tensor, seed: int = 0) -> float:
    """Bits per dimension of pictures, full precision, one dequantization of each from the seed."""
    generator, total = torch.Generator().manual_seed(seed), 0.0
    where = next(model.parameters()).device
    for part in levels.split(100):
        x = dequantized(part, torch.rand(part.shape, generator=generator)).to(where)
        total += bits_per_dimension(model.log_density(x), x[0].numel()).sum().item()
    return total / len(levels)


def step_loss(model: Glow, x: Tensor) -> Tensor:
    """Bits per dimension of a batch."""
    return bits_per_dimension(model.log_density(x), x[0].numel()).mean()


def losses(run: Run, model: Glow, levels: Tensor, average: Average) -> Iterator[float]:
    """Adam on the bits per dimension until the run's budget is spent; the loss of every step."""
    optimizer = torch.optim.Adam(model.parameters(), lr=PEAK, betas=(0.9, 0.99))
    parts: dict[str, Stateful] = {"model": model, "optimizer": optimizer, "average": average}
    run.resume(parts)
    for chosen in run.batches(len(levels), BATCH):
        optimizer.param_groups[0]["lr"] = run.cosine(PEAK)
        with run.autocast():  # of the predictors; the way back is not computed in half precision
            loss = step_loss(model, batch_of(levels[chosen], run.device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update(model)
        run.save(parts)
        yield loss.item()


def train(run: Run, model: Glow, levels: Tensor, start: Mapping[str, Tensor]) -> Glow:
    """The network with averaged weights after the run, in full precision on the CPU."""
    if start:
        model.load_state_dict(start)
    elif model.mixed:
        model.initialize(dequantized(levels[:512], torch.rand(512, *levels.shape[1:])))
    model = channels_last(model, run.device)
    average = Average(model, decay=0.999)
    for step, loss in enumerate(losses(run, model, levels, average)):
        if step % 20 == 0:
            run.say(bits=loss)
    model.load_state_dict(average.weights)
    return model.cpu().eval()


@torch.no_grad()
def face_tensors(model: Glow, folder: Path) -> dict[str, Tensor]:
    """What Glow's file holds: the network, and the directions of smile, age and gender in z."""
    faces = load_faces(folder, "train")
    levels = to_levels(torch.from_numpy(faces.images))
    z = torch.cat([model(dequantized(part, torch.full(part.shape, 0.5)))[0] for part in levels.split(250)])
    tensors = {f"network.{name}": value for name, value in model.state_dict().items()}
    return tensors | {f"direction.{name}": value for name, value in directions_of(z, faces).items()}


def rival_of() -> dict[str, float | str]:
    """RealNVP's figures on the card that there is: they do not change with Glow."""
    known = load_card("glow").quality if (WEIGHTS / "glow.toml").exists() else {}
    return {key: value for key, value in known.items() if "realnvp" in key}


def write(model: Glow, args: argparse.Namespace, run: Run, folder: Path) -> None:
    """Glow's file and card; what an earlier run cost is added if this one went on from it."""
    budget = f"--images {args.images}" if args.images else ""
    sha256 = save_weights(face_tensors(model, folder), WEIGHTS / "glow.safetensors", half=True)
    card = Card(
        name="glow",
        title="Glow, faces",
        params=sum(p.numel() for p in model.parameters()),
        file="glow.safetensors",
        sha256=sha256,
        recipe=command("flow.glow", args, budget),
        network=NETWORK,
        data=f"UTKFace, 16,638 aligned faces of adults, 32x32 at {BITS} bits",
        data_terms="non-commercial research only (UTKFace, Zhang, Song, Qi 2017)",
        licence="non-commercial research only, as the data",
        paper="Kingma & Dhariwal 2018, arXiv:1807.03039; Dinh et al. 2017, arXiv:1605.08803",
        quality=rival_of(),
        trained=spent(earlier(args.start), run.seconds / 60, run.images, run.machine),
    )
    save_card(card, WEIGHTS / "glow.toml")


def main() -> None:
    parser = arguments("Train Glow on faces.", ["glow", "realnvp"], minutes=30)
    parser.add_argument("--images", type=int, default=0, help="end after so many pictures instead of after --minutes")
    args = parser.parse_args()
    if args.name == "realnvp" and args.start:
        parser.error("realnvp does not ship; it goes on from its checkpoint")
    folder = data_folder(args.data)
    name = "glow" if args.name == "glow" else RIVAL
    run = CountedRun.of(name, args, most=args.images)
    start = take(read_tensors(args.start), "network.") if args.start else {}
    model = train(run, Glow(**NETWORK, mixed=args.name == "glow"), load_levels(folder, "train"), start)
    if args.name == "glow":
        write(model, args, run, folder)
    else:
        tensors = {f"network.{key}": value for key, value in model.state_dict().items()}
        tensors["images"] = torch.tensor(run.images)
        save_weights(tensors, CHECKPOINTS / f"{RIVAL}.safetensors", half=True)
    bits = mean_bits(model, load_levels(folder, "validation"))
    print(f"\n{name}: {bits:.4f} bits per dimension on validation after {run.images:,} pictures")
    run.finish()


if __name__ == "__main__":
    main()
