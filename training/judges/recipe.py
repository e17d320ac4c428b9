"""Recipe of the judges: `python -m training.judges digits|fashion|faces|monet|emoji --data DIR --minutes M`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.judges.judges import AGE, GENDER, NETWORKS, SMILE, Judge, to_input
from models.weights.cards import WEIGHTS, Card, read_tensors, save_card, save_weights
from training.cards import command, earlier, spent
from training.data import SMILING, data_folder, load_digits, load_emoji, load_faces, load_pictures
from training.judges.attacks import attacked, battery
from training.judges.degrade import landscapes
from training.judges.variety import jitter, mirrored, piece, relight
from training.recipe import Average, Run, Stateful, arguments, channels_last

BATCHES = {"monet": 32, "emoji": 64}
"""Pictures to a step where there are too few for steps of 128."""


@dataclass(frozen=True)
class Source:
    """What a judge learns from, the terms of that, and what its card's figures are measured on."""

    data: str
    terms: str
    measured_on: str


SOURCES = {
    "digits": Source("MNIST", "CC BY-SA 3.0", "the 10,000 test images"),
    "fashion": Source("Fashion-MNIST", "MIT", "the 10,000 test images"),
    "faces": Source(
        "UTKFace, 16,638 aligned faces",
        "non-commercial research only (UTKFace)",
        "the 1,000 validation faces (smiles: where the data set is sure)",
    ),
    "monet": Source(
        "monet2photo, 270 paintings and 2,250 photographs; begins from judge-faces",
        "paintings out of copyright; photographs for research; UTKFace (judge-faces) for non-commercial research only",
        "30 held-out paintings and 250 held-out photographs, each half of the accuracy",
    ),
    "emoji": Source(
        "1,450 emoji of Noto Emoji and of Twemoji",
        "Apache-2.0 (Noto Emoji); CC BY 4.0 (Twemoji)",
        "161 held-out emoji in both styles",
    ),
}
STYLES = {"monet": ("photos", "monet"), "emoji": ("noto", "twemoji")}
"""What the two logits of a judge of style stand for."""


@torch.no_grad()
def recognised(judge: Judge, made: Tensor, labels: Tensor) -> Tensor:
    """Whether the judge sees in each picture what it was asked to show.  made: (N, 1, 28, 28) uint8. (N,) 0 or 1."""
    answers = torch.cat([judge(to_input(x)).argmax(dim=1) for x in made.split(500)])
    return (answers == labels).float()


def face_answers(smile: np.ndarray, gender: np.ndarray, age: np.ndarray) -> Tensor:
    """Targets (N, 3): a smile 1, none 0, NaN where the data set is unsure; a woman 1, a man 0; (age - 35) / 14."""
    sure = np.where(np.abs(smile) > SMILING, smile > 0, np.nan)
    return torch.from_numpy(np.stack([sure, gender, (age - 35) / 14], axis=1).astype(np.float32))


def balance(answers: Tensor) -> Tensor:
    """Weights (N,) of mean 1 under which smiling (or unsure) and gender are independent and each even.

    Women smile more often in the data; a judge that learned so would take a smile for half a woman.
    """
    smile = torch.where(answers[:, SMILE].isnan(), 2, answers[:, SMILE].nan_to_num())
    cell = 2 * smile.long() + (answers[:, GENDER] > 0.5).long()
    return (len(cell) / (6 * torch.bincount(cell, minlength=6).float()))[cell]


def face_loss(logits: Tensor, answers: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy of the smile (where it is sure) and the gender, squared error of the age."""
    sure = ~answers[:, :AGE].isnan()
    questions = F.binary_cross_entropy_with_logits(
        logits[:, :AGE], answers[:, :AGE].nan_to_num(), weights[:, None] * sure, reduction="none"
    )
    return questions.sum() / sure.sum() + 0.2 * F.mse_loss(logits[:, AGE], answers[:, AGE])


def _data(name: str, folder: Path, split: str) -> tuple[Tensor, Tensor]:
    """Pictures (N, C, H, W) as the judge takes them, and the answers."""
    if name == "faces":
        faces = load_faces(folder, split)
        images = torch.from_numpy(faces.images).permute(0, 3, 1, 2).contiguous()
        return images, face_answers(faces.smile, faces.gender, faces.age)
    if name in STYLES:
        load = load_pictures if name == "monet" else load_emoji
        parts = [torch.from_numpy(load(folder, style, split)) for style in STYLES[name]]
        answers = torch.cat([torch.full((len(part),), i) for i, part in enumerate(parts)])
        return torch.cat(parts).permute(0, 3, 1, 2).contiguous(), answers
    digits = load_digits(folder, name, "test" if split == "validation" else split)
    return torch.tensor(digits.images)[:, None], torch.tensor(digits.labels).long()


def evenly(answers: Tensor) -> Tensor:
    """Indices of all items in which those of rarer classes repeat as often as fits into the largest class."""
    counts = torch.bincount(answers)
    return torch.arange(len(answers)).repeat_interleave(counts.max() // counts[answers])


def varied(name: str, images: Tensor, answers: Tensor, device: torch.device) -> Tensor:
    """The pictures of a batch, uint8, as they might also have been taken, ready for the judge.

    A judge of style also sees the tricks that it must not fall for, played on both styles.
    """
    if name in STYLES:
        return attacked(in_style(name, images, device), answers.to(device))
    x = to_input(images.to(device))
    if name == "digits":
        return x
    if name == "fashion":  # 28 pixels leave little to turn
        return jitter(x, turn_by=0.05, scale_by=0.05)
    return relight(jitter(x))


def in_style(name: str, images: Tensor, device: torch.device) -> Tensor:
    """Pictures of a judge of style, varied as far as the style allows."""
    if name == "monet":  # colour is part of the style, so the light hardly changes
        return relight(to_input(landscapes(images).to(device)), 0.08)
    x = to_input(images.to(device))  # so are colour, size and posture of a drawing; a part must do, edges sharp or soft
    soft = torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5
    return piece(torch.where(soft, jitter(x, turn_by=0, scale_by=0), mirrored(x)))


@torch.no_grad()
def accuracy(name: str, judge: Judge, images: Tensor, answers: Tensor) -> dict[str, float | str]:
    """Shares of right answers on a validation split; smiles where the data set is sure, ages in years."""
    logits = torch.cat([judge(to_input(x)) for x in images.split(100)])
    if name in STYLES:
        right = logits.argmax(dim=1) == answers
        shares = {style: right[answers == i].float().mean().item() for i, style in enumerate(STYLES[name])}
        return {"accuracy": sum(shares.values()) / len(shares), **shares}
    if name != "faces":
        return {"accuracy": (logits.argmax(dim=1) == answers).float().mean().item()}
    sure = ~answers[:, SMILE].isnan()
    right = (logits[:, :AGE] > 0) == (answers[:, :AGE] > 0.5)
    years = 14 * (logits[:, AGE] - answers[:, AGE]).abs().mean().item()
    return {
        "smile": right[sure, SMILE].float().mean().item(),
        "gender": right[:, GENDER].float().mean().item(),
        "age_error_years": years,
    }


def settle(judge: Judge, images: Tensor, answers: Tensor) -> None:
    """Fit what the varied pictures have biased to the pictures as they are: batch statistics, then the last layer; that
    still sees the tricks that it must not fall for.

    images: (N, C, H, W) uint8 of the training split, answers: (N,) classes. The judge is on the CPU and in eval mode.
    """
    for part in judge.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.reset_running_stats()
            part.momentum = None  # the mean over all batches
    batches = torch.randperm(len(images)).split(128)
    with torch.no_grad():
        judge.train()
        for chosen in batches:
            judge(to_input(images[chosen]))
        judge.eval()
        seen = [judge.features(to_input(x[chosen])) for x in (images, images.flip(3)) for chosen in batches]
        seen += [judge.features(attacked(to_input(images[chosen]), answers[chosen])) for chosen in batches]
    rows, wanted = torch.cat(seen), answers[torch.cat(3 * batches)]
    optimizer = torch.optim.LBFGS(judge.head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = F.cross_entropy(judge.head(rows), wanted) + 1e-3 * judge.head.weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)


def begin_from(judge: Judge, start: Path) -> None:
    """Take the weights of another judge of the same widths; its last layer only if it answers as many questions.

    270 paintings are too few to learn edges and textures from: the judge of faces knows them already.
    Raises WeightsError for a file that cannot be read, RuntimeError for other widths.
    """
    own = judge.state_dict()
    given = {k: v for k, v in read_tensors(start).items() if not k.startswith("head.") or v.shape == own[k].shape}
    judge.load_state_dict(own | given)


def train(
    name: str, run: Run, folder: Path, network: dict[str, Any] | None = None, start: Path | None = None
) -> tuple[Judge, dict[str, float | str]]:
    """Train the network (default: the judge's) for the run's budget and measure it on the validation split."""
    images, answers = _data(name, folder, "train")
    weights = balance(answers) if name == "faces" else torch.ones(len(answers))
    rows = torch.arange(len(answers)) if name == "faces" else evenly(answers)
    judge = channels_last(Judge(**(network or NETWORKS[name])), run.device)
    if start:
        begin_from(judge, start)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.02)
    average = Average(judge, decay=0.99)
    parts: dict[str, Stateful] = {"judge": judge, "optimizer": optimizer, "average": average}
    run.resume(parts)
    for turn in run.batches(len(rows), BATCHES.get(name, 128)):
        chosen = rows[turn]
        for group in optimizer.param_groups:
            group["lr"] = run.cosine(2e-3)
        x, y = varied(name, images[chosen], answers[chosen], run.device), answers[chosen].to(run.device)
        with run.autocast():
            logits = judge(x.contiguous(memory_format=torch.channels_last)).float()
        loss = face_loss(logits, y, weights[chosen].to(y)) if name == "faces" else F.cross_entropy(logits, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(judge)
        if average.steps % 25 == 0:
            run.say(loss=loss.item())
        run.save(parts)
    run.finish()
    judge.load_state_dict({k: v.to(judge.state_dict()[k].dtype) for k, v in average.weights.items()})
    judge = judge.cpu().eval()
    if name == "emoji":  # its pieces and soft edges are a good half of what it has seen
        settle(judge, images, answers)
    held_out = _data(name, folder, "validation")
    return judge, accuracy(name, judge, *held_out) | (fooled(judge, *held_out) if name in STYLES else {})


def fooled(judge: Judge, images: Tensor, answers: Tensor) -> dict[str, float | str]:
    """The battery on held-out pictures of the first style: how many it takes for the second."""
    x = to_input(images)
    return {**battery(judge, x[answers == 0], x[answers == 1], 1)}


def main() -> None:
    args = arguments("Train a judge.", list(NETWORKS), minutes=4).parse_args()
    run = Run.of(f"judge-{args.name}", args)
    judge, quality = train(args.name, run, data_folder(args.data), start=args.start)
    name = f"judge-{args.name}"
    more = args.start is not None and args.start.stem == name
    before = earlier(args.start if more else None)
    sha256 = save_weights(judge.state_dict(), WEIGHTS / f"{name}.safetensors", half=True)
    source = SOURCES[args.name]
    card = Card(
        name=name,
        title=f"Judge of {args.name}",
        params=sum(p.numel() for p in judge.parameters()),
        file=f"{name}.safetensors",
        sha256=sha256,
        recipe=command("judges", args),
        data=source.data,
        data_terms=source.terms,
        licence=source.terms,
        evaluation_only=True,
        quality=quality,
        quality_on=source.measured_on,
        trained=spent(before, run.seconds / 60, run.images, run.machine),
    )
    save_card(card, WEIGHTS / f"{name}.toml")
    print(f"\n{name}: {card.figures()}")
