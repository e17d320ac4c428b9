"""How well what is foreign is told from what is known: areas under ROC curves, beside PCA with as many numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from models.anomaly.anomaly import CLASSES, face_guard, foreignness, nine_of_ten
from models.pictures.pictures import UNIT, from_bytes
from training.data import load_digits, load_emoji, load_faces, load_pictures
from training.judges.yardstick import roc_auc

Figures = dict[str, float | str]


def told_apart(score: Callable[[Tensor], Tensor], known: Tensor, foreign: Tensor) -> float:
    """How often a foreign picture scores above a known one: the area under the ROC curve."""
    scores = torch.cat([score(known), score(foreign)])
    return roc_auc(scores, torch.arange(len(scores)) >= len(known))


def pca(x: Tensor, components: int) -> Callable[[Tensor], Tensor]:
    """The squared error of the best linear autoencoder with as many numbers: what lies off its plane.

    x: (N, C, H, W), what it learns from. Returns a score of pictures, (B, C, H, W) to (B,).
    """
    flat = x.flatten(1)
    mean = flat.mean(dim=0)
    centred = flat - mean
    axes = torch.linalg.eigh(centred.T @ centred)[1][:, -components:]  # (D, components)

    def score(pictures: Tensor) -> Tensor:
        off = pictures.flatten(1) - mean
        return foreignness(off, off @ axes @ axes.T)

    return score


@torch.no_grad()
def evaluate_digits(folder: Path) -> tuple[Figures, str]:
    """For each class, the test digits of it and of the nine others, seen by the autoencoder that does not know it."""
    train, test = (load_digits(folder, "digits", split) for split in ("train", "test"))
    learned, shown = (from_bytes(torch.from_numpy(each.images.copy())[:, None], UNIT) for each in (train, test))
    known_labels, labels = torch.from_numpy(train.labels.copy()), torch.from_numpy(test.labels.copy())
    model, ours, linear = nine_of_ten(), [], []
    for missing in range(CLASSES):
        apart = (shown[labels != missing], shown[labels == missing])
        ours.append(told_apart(model.without(missing).foreignness, *apart))
        linear.append(told_apart(pca(learned[known_labels != missing], model.card.network["latent"]), *apart))
    figures: Figures = {"auc_best": max(ours), "auc_mean": sum(ours) / CLASSES}
    figures |= {"auc_best_pca": max(linear), "auc_mean_pca": sum(linear) / CLASSES}
    figures |= {f"auc_{missing}": auc for missing, auc in enumerate(ours)}
    figures |= {f"auc_{missing}_pca": auc for missing, auc in enumerate(linear)}
    return figures, "10,000 test digits: those of the class that was never seen, against those of the nine others"


def as_faces(x: Tensor) -> Tensor:
    """Pictures (N, 1 or 3, H, W) in [0, 1] as the network of faces takes them: (N, 3, 64, 64)."""
    return F.interpolate(x, size=(64, 64), mode="area" if x.shape[2] > 64 else "bilinear").expand(-1, 3, -1, -1)


def strangers(folder: Path, faces: Tensor) -> dict[str, Tensor]:
    """What is no face, or none as faces are, by name: (N, 3, 64, 64) in [0, 1]."""
    grey = {name: torch.from_numpy(load_digits(folder, data, "test").images[:1000].copy())[:, None]
            for name, data in (("clothes", "fashion"), ("digits", "digits"))}  # fmt: skip
    colour = {
        "emoji": load_emoji(folder, "noto", "validation"),
        "photographs": load_pictures(folder, "photos", "validation"),
        "paintings": load_pictures(folder, "monet", "validation"),
    }
    pictures = grey | {name: torch.from_numpy(x).permute(0, 3, 1, 2) for name, x in colour.items()}
    made = {name: as_faces(from_bytes(x, UNIT)) for name, x in pictures.items()}
    return made | {"faces_upside_down": faces.flip(2), "faces_inverted": 1 - faces}


@torch.no_grad()
def evaluate_faces(folder: Path) -> tuple[Figures, str]:
    """Held-out faces against pictures of other kinds, and against the same faces upside down and as negatives."""
    learned, shown = (
        from_bytes(torch.from_numpy(load_faces(folder, split).images).permute(0, 3, 1, 2), UNIT)
        for split in ("train", "validation")
    )
    guard = face_guard()
    linear = pca(F.avg_pool2d(learned, 2), guard.card.network["latent"])
    figures: Figures = {}
    for name, foreign in strangers(folder, shown).items():
        figures[f"auc_{name}"] = told_apart(guard.foreignness, shown, foreign)
        figures[f"auc_{name}_pca"] = told_apart(linear, F.avg_pool2d(shown, 2), F.avg_pool2d(foreign, 2))
    return figures, "1,000 held-out faces against other pictures; _pca: as many numbers, pictures of 32x32"
