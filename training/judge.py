"""Recipe of the judges: `python -m training.judge digits|fashion|faces --data DIR --minutes M`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.cards import WEIGHTS, Card, Trained, load_card, load_into, save_card, save_weights
from models.judges import Judge
from training.data import SMILING, data_folder, load_digits, load_faces
from training.recipe import Average, Run, arguments, today

NETWORKS = {
    "digits": {"channels": 1, "outputs": 10, "widths": (12, 24, 48)},
    "fashion": {"channels": 1, "outputs": 10, "widths": (16, 32, 64)},
    "faces": {"channels": 3, "outputs": 3, "widths": (16, 32, 48, 80)},
}
SMILE, GENDER, AGE = range(3)
"""What the judge of faces answers: logits of a smile and of a woman, and (age - 35) / 14."""


def load_judge(name: str) -> Judge:
    """The trained judge, in evaluation mode. Raises WeightsError where it has not been trained."""
    judge = Judge(**NETWORKS[name])  # type: ignore[arg-type]
    load_into(judge, load_card(f"judge-{name}"))
    return judge.eval()


def face_answers(smile: np.ndarray, gender: np.ndarray, age: np.ndarray) -> Tensor:
    """Targets (N, 3) in [0, 1] for the two questions; the smile is soft where the data set is unsure."""
    soft = 1 / (1 + np.exp(-smile))
    return torch.from_numpy(np.stack([soft, gender, (age - 35) / 14], axis=1).astype(np.float32))


def balance(answers: Tensor) -> Tensor:
    """Weights (N,) of mean 1 under which smiling and gender are independent and each even.

    Women smile more often in the data; a judge that learned so would take a smile for half a woman.
    """
    cell = 2 * (answers[:, SMILE] > 0.5).long() + (answers[:, GENDER] > 0.5).long()
    return (len(cell) / (4 * torch.bincount(cell, minlength=4).float()))[cell]


def face_loss(logits: Tensor, answers: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy of the smile and the gender, squared error of the age."""
    questions = F.binary_cross_entropy_with_logits(logits[:, :AGE], answers[:, :AGE], weights[:, None])
    return questions + 0.2 * F.mse_loss(logits[:, AGE], answers[:, AGE])


def jitter(x: Tensor) -> Tensor:
    """Mirror half of the pictures and move all of them by up to two pixels."""
    x = torch.where(torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5, x.flip(3), x)
    dx, dy = torch.randint(-2, 3, (2,)).tolist()
    return x.roll((dy, dx), dims=(2, 3))


def _data(name: str, folder: Path, split: str) -> tuple[Tensor, Tensor]:
    """Pictures (N, C, H, W) as the judge takes them, and the answers."""
    if name == "faces":
        faces = load_faces(folder, split)
        images = torch.from_numpy(faces.images).permute(0, 3, 1, 2).contiguous()
        return images, face_answers(faces.smile, faces.gender, faces.age)
    digits = load_digits(folder, name, "test" if split == "validation" else split)
    return torch.tensor(digits.images)[:, None], torch.tensor(digits.labels).long()


def to_input(name: str, images: Tensor) -> Tensor:
    """uint8 to [-1, 1] for faces, to [0, 1] for grey pictures."""
    return images.float() / 127.5 - 1 if name == "faces" else images.float() / 255


@torch.no_grad()
def accuracy(name: str, judge: Judge, images: Tensor, answers: Tensor) -> dict[str, float | str]:
    """Shares of right answers on a validation split; smiles where the data set is sure, ages in years."""
    logits = torch.cat([judge(to_input(name, x)) for x in images.split(500)])
    if name != "faces":
        return {"accuracy": (logits.argmax(dim=1) == answers).float().mean().item()}
    smile_logit = torch.logit(answers[:, SMILE], eps=1e-7)
    sure = smile_logit.abs() > SMILING
    right = (logits[:, :AGE] > 0) == (answers[:, :AGE] > 0.5)
    years = 14 * (logits[:, AGE] - answers[:, AGE]).abs().mean().item()
    return {
        "smile": right[sure, SMILE].float().mean().item(),
        "gender": right[:, GENDER].float().mean().item(),
        "age_error_years": years,
    }


def train(name: str, run: Run, folder: Path) -> tuple[Judge, dict[str, float | str]]:
    """Train for the run's budget and measure on the validation split."""
    images, answers = _data(name, folder, "train")
    weights = balance(answers) if name == "faces" else torch.ones(len(answers))
    judge = Judge(**NETWORKS[name]).to(run.device)  # type: ignore[arg-type]
    optimizer = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.02)
    average = Average(judge, decay=0.99)
    for chosen in run.batches(len(images), 128):
        for group in optimizer.param_groups:
            group["lr"] = run.cosine(2e-3)
        x = to_input(name, images[chosen].to(run.device))
        x, y = jitter(x) if name != "digits" else x, answers[chosen].to(run.device)
        logits = judge(x)
        loss = face_loss(logits, y, weights[chosen].to(y)) if name == "faces" else F.cross_entropy(logits, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(judge)
        run.say(loss=loss.item())
    judge.load_state_dict({k: v.to(judge.state_dict()[k].dtype) for k, v in average.weights.items()})
    judge = judge.cpu().eval()
    return judge, accuracy(name, judge, *_data(name, folder, "validation"))


def main() -> None:
    args = arguments("Train a judge.", list(NETWORKS), minutes=4).parse_args()
    run = Run(f"judge-{args.name}", args.minutes, torch.device(args.device), args.seed)
    judge, quality = train(args.name, run, data_folder(args.data))
    name = f"judge-{args.name}"
    sha256 = save_weights(judge.state_dict(), WEIGHTS / f"{name}.safetensors", half=True)
    data = {"digits": "MNIST", "fashion": "Fashion-MNIST", "faces": "UTKFace, 16,638 aligned faces"}[args.name]
    terms = {
        "digits": "CC BY-SA 3.0",
        "fashion": "MIT",
        "faces": "non-commercial research only (UTKFace)",
    }[args.name]
    card = Card(
        name=name,
        title=f"Judge of {args.name}",
        params=sum(p.numel() for p in judge.parameters()),
        file=f"{name}.safetensors",
        sha256=sha256,
        recipe=f"python -m training.judge {args.name} --minutes {args.minutes:g}",
        data=data,
        data_terms=terms,
        licence=terms,
        evaluation_only=True,
        quality=quality,
        quality_on="the validation split (smiles: where the data set is sure)",
        trained=Trained(round(run.seconds / 60, 1), run.images, args.device, today()),
    )
    save_card(card, WEIGHTS / f"{name}.toml")
    print(f"\n{name}: {card.figures()}")


if __name__ == "__main__":
    main()
