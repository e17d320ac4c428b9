"""How good the diffusion models are: distance to the real pictures, few steps against many, labels obeyed.

python -m training.evaluate diffusion-faces             all figures, onto the card: 2 hours of a core, minutes of a GPU
python -m training.evaluate_diffusion faces --quick     fewer samples, printed only
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from models.diffusion.diffusion import FACES, FASHION, MODELS, TASKS, Denoiser, Diffusion, Task, to_pictures
from models.diffusion.samplers import sampler
from models.diffusion.schedules import cosine
from models.judges.judges import load_judge, verdicts
from models.runtime import device
from models.runtime.noise import Noise, seeded_noise
from models.weights.cards import load_card
from training.data import data_folder
from training.diffusion.recipe import load
from training.judges.distances import features, frechet, nearest_pair, precision_recall
from training.judges.floors import Figures, floors, judged_floors, real_features
from training.judges.recipe import GENDER, SMILE, recognised

BATCH = 64


@dataclass(frozen=True)
class Sizes:
    """How much is drawn. samples: for the distance; pairs: with few and with many steps; asked: of each label."""

    samples: int = 5000
    steps: int = 50
    pairs: int = 1000
    few: int = 20
    many: int = 1000
    asked: int = 500


QUICK = Sizes(samples=1000, steps=20, pairs=256, many=200, asked=100)


def seeded_here(seeds: range, task: Task) -> Noise:
    """Noise of these seeds on the device."""
    draw = seeded_noise(seeds, (task.channels, task.size, task.size))
    return lambda: draw().to(device.device())


@torch.inference_mode()
def drawn(model: Diffusion, labels: Tensor, steps: int, w: float, name: str = "dpm++") -> Tensor:
    """Picture i of seed i and label i: (N, C, H, W) uint8, clothes light on black. In half precision where that pays.

    labels: (N, questions).
    """
    task, here, parts = model.task, device.device(), []
    for first in tqdm(range(0, len(labels), BATCH), desc=f"{name} {steps}", mininterval=10):
        codes = labels[first : first + BATCH].to(here)
        noise = seeded_here(range(first, first + len(codes)), task)
        predict = Denoiser(model.network, cosine(), codes, w)
        with device.autocast(BATCH):
            *_, last = sampler(name, predict, cosine(), steps, noise(), noise)
        pictures = torch.from_numpy(to_pictures(last.x, task))
        parts.append(255 - pictures[:, None] if task.channels == 1 else pictures.permute(0, 3, 1, 2))
    return torch.cat(parts)


def fuse() -> None:
    """Compile the networks, which takes a minute and a C++ compiler: the many passes then take a third less time."""
    for model in MODELS.values():
        model().network.compile()


def few_against_many(model: Diffusion, labels: Tensor, train: Tensor, sizes: Sizes) -> Figures:
    """Frechet distances of the same seeds with few and with many steps, and their ratio."""
    judge, figures = load_judge("faces"), Figures()
    for steps in (sizes.few, sizes.many):
        made = features(judge, drawn(model, labels[: sizes.pairs], steps, 1.0))
        figures[f"frechet_{steps}_steps"] = frechet(train, made)
    ratio = float(figures[f"frechet_{sizes.few}_steps"]) / float(figures[f"frechet_{sizes.many}_steps"])
    return {f"frechet_{sizes.few}_to_{sizes.many}_steps": ratio} | figures


def obeyed(model: Diffusion, sizes: Sizes) -> Figures:
    """Shares of faces judged to be what they were asked to be, at the default guidance, 20 steps."""
    judge, figures = load_judge("faces"), Figures()
    for label, question, sign in (
        ("smile", SMILE, 1),
        ("neutral", SMILE, -1),
        ("man", GENDER, -1),
        ("woman", GENDER, 1),
    ):
        made = drawn(model, model.labels(label, sizes.asked), sizes.few, FACES.guidance)
        logits = verdicts(judge, made)
        figures[f"judged_{label}"] = (sign * logits[:, question] > 0).float().mean().item()
    return figures


@torch.no_grad()
def evaluate_diffusion_faces(folder: Path, sizes: Sizes = Sizes()) -> tuple[Figures, str]:
    """Samples with the labels of training faces, without guidance; and samples asked for a label, with guidance."""
    train, model = real_features("faces", folder, "train"), MODELS["faces"]()
    labels = load(FACES, folder)[1]
    labels = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))[: sizes.samples]]
    made = features(load_judge("faces"), drawn(model, labels, sizes.steps, 1.0))
    distance, floor = frechet(train, made), floors("faces", folder)
    precision, recall = precision_recall(train, made)
    figures: Figures = {"frechet": distance, "frechet_to_floor": distance / float(floor["floor_frechet"])}
    figures |= obeyed(model, sizes) | judged_floors(folder)
    figures |= few_against_many(model, labels, train, sizes)
    figures |= {"precision": precision, "recall": recall, "nearest_pair_of_1000": nearest_pair(made[:1000])} | floor
    return figures, (
        f"{sizes.samples:,} samples of {sizes.steps} steps (DPM-Solver++), labels as in the data, w = 1, and the "
        f"16,638 training faces, judge-faces; {sizes.pairs:,} samples of few and of many steps; {sizes.asked} of each "
        f"label, w = {FACES.guidance}, {sizes.few} steps; floors: 1,000 held-out faces"
    )


@torch.no_grad()
def evaluate_diffusion_fashion(folder: Path, sizes: Sizes = Sizes()) -> tuple[Figures, str]:
    """Samples of each label in turn, default guidance: recognised as it or not; distances to the training pictures."""
    model, judge = MODELS["fashion"](), load_judge("fashion")
    labels = torch.arange(sizes.samples)[:, None] % 10 + 1
    made = drawn(model, labels, sizes.few, FASHION.guidance)
    right = recognised(judge, made, labels[:, 0] - 1)
    figures: Figures = {"recognised": right.mean().item()}
    figures["floor_recognised"] = float(load_card("judge-fashion").quality["accuracy"])
    figures |= {f"recognised_{label}": right[label::10].mean().item() for label in range(10)}
    figures["frechet"] = frechet(real_features("fashion", folder, "train"), features(judge, made))
    figures |= floors("fashion", folder)
    return figures, (
        f"{sizes.samples:,} samples of {sizes.few} steps (DPM-Solver++), labels evenly, w = {FASHION.guidance}, judged "
        "by judge-fashion; floors: the 10,000 test pictures"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the diffusion models and print the figures.")
    parser.add_argument("name", choices=list(TASKS))
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    parser.add_argument("--quick", action="store_true", help="fewer samples, and 200 for the many steps")
    args = parser.parse_args()
    evaluate = {"faces": evaluate_diffusion_faces, "fashion": evaluate_diffusion_fashion}[args.name]
    figures, measured_on = evaluate(data_folder(args.data), QUICK if args.quick else Sizes())
    print(measured_on)
    for key, value in figures.items():
        print(f"  {key:34} {value if isinstance(value, str) else f'{value:.4f}'}")


if __name__ == "__main__":
    main()
