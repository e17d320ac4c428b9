"""Whether the swapped face is the other's and keeps the smile; and who finds out."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import torch
from PIL import Image

from models.deepfake.deepfake import PEOPLE, detector, swapper
from models.judges.judges import SMILE, load_judge, verdicts
from models.vae.smile import faces as face_vae
from training.deepfake.people import photographs
from training.deepfake.recipe import PHOTOGRAPHS
from training.judges.distances import features
from training.judges.yardstick import roc_auc

Figures = dict[str, float | str]
HELD_OUT = range(PHOTOGRAPHS, PHOTOGRAPHS + 500)
"""Photographs that no recipe has seen."""


def to_images(pictures: np.ndarray) -> torch.Tensor:
    """(N, H, W, 3) to (N, 3, H, W), uint8."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def as_jpeg(picture: np.ndarray, quality: int = 40) -> np.ndarray:
    """A picture (H, W, 3) uint8 after a JPEG."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out))


def noisy(picture: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) uint8 with Gaussian noise of 12 of 255."""
    noise = np.random.default_rng(int(picture[0, 0, 0])).normal(0, 12, picture.shape)
    return np.clip(picture + noise, 0, 255).round().astype(np.uint8)


DISGUISES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "jpeg": as_jpeg,
    "noise": noisy,
    "blur": lambda picture: cv2.GaussianBlur(picture, (0, 0), 1.0),
}
"""What may happen to pictures on their way, real and swapped alike."""


def found_out(real: np.ndarray, swapped: np.ndarray) -> float:
    """The area under the detector's ROC curve.  real, swapped: (N, 64, 64, 3) uint8."""
    suspicion = torch.from_numpy(detector().suspicion(np.concatenate([real, swapped])))
    return roc_auc(suspicion, torch.arange(len(suspicion)) >= len(real))


@torch.no_grad()
def evaluate_swap() -> tuple[Figures, str]:
    """Held-out photographs of each as the other: whose photographs a judge finds them nearer to, how far the smile is
    kept; and the error of each as itself."""
    judge, model = load_judge("faces"), swapper()
    taken = {person: photographs(person, HELD_OUT) for person in PEOPLE}
    home = {person: features(judge, to_images(taken[person])).mean(dim=0) for person in PEOPLE}
    smiles = {person: verdicts(judge, to_images(taken[person]))[:, SMILE] for person in PEOPLE}
    figures: Figures = {}
    for person, other in zip(PEOPLE, PEOPLE[::-1], strict=True):
        swapped = to_images(model.swap(taken[person], person, other))
        seen = features(judge, swapped)
        nearer = (seen - home[other]).norm(dim=1) < (seen - home[person]).norm(dim=1)
        figures[f"is_{other}_of_{person}"] = float(nearer.float().mean())
        pair = torch.stack([smiles[person], verdicts(judge, swapped)[:, SMILE]])
        figures[f"smile_kept_{person}_to_{other}"] = float(torch.corrcoef(pair)[0, 1])
        own = (model.swap(taken[person], person, person).astype(np.float32) - taken[person]) / 255
        figures[f"mse_{person}"] = float(np.square(own).mean())
        real = features(judge, to_images(taken[person]))
        right = (real - home[person]).norm(dim=1) < (real - home[other]).norm(dim=1)
        figures[f"floor_is_{person}"] = float(right.float().mean())
    return figures, (
        "500 held-out photographs of each; whose mean is nearer in judge-faces' features; correlation of smile logits;"
        " mse: each as itself, values in [0, 1]; floor: the photographs themselves"
    )


@torch.no_grad()
def evaluate_detector() -> tuple[Figures, str]:
    """Held-out photographs against swaps of them; what happens on the way; and another maker's pictures."""
    real = np.concatenate([photographs(person, HELD_OUT) for person in PEOPLE])
    swaps = [swapper().swap(photographs(a, HELD_OUT), a, b) for a, b in zip(PEOPLE, PEOPLE[::-1], strict=True)]
    swapped = np.concatenate(swaps)
    figures: Figures = {"auc": found_out(real, swapped)}
    for name, disguise in DISGUISES.items():
        figures[f"auc_{name}"] = found_out(*(np.stack([disguise(each) for each in many]) for many in (real, swapped)))
    vae = face_vae()
    figures["auc_vae"] = found_out(real, vae.pictures(torch.stack([vae.encode(face).mu for face in real])))
    return figures, (
        "1,000 held-out photographs against their swaps; jpeg (quality 40), noise (12 of 255), blur (1 pixel): both"
        " after it; vae: against the same faces by the VAE, which the detector has never seen"
    )
