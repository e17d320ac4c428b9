"""What the room says beside its controls: the price of truncation, and what each layer's style takes over."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.gan.gan import Gan, gan
from models.gan.stylegan import mix_styles
from models.judges.judges import Judge, load_judge, verdicts
from training.judges.distances import covered, features, neighbour_distances
from training.judges.floors import MANIFOLD, Figures, real_features

TENTHS = range(11)
"""The psi at which precision and recall are measured, in tenths."""
SAMPLES = 5000
NEIGHBOUR = 3
PAIRS = 1000
TRUNCATED = 0.7
"""The psi at which pairs are mixed: the one that the room opens with."""


def made(model: Gan, w: Tensor) -> Tensor:
    """Pictures of styles (N, layers, D): (N, C, H, W) uint8."""
    return torch.from_numpy(model.sheet(w)).permute(0, 3, 1, 2)


@torch.no_grad()
def price_of_truncation(name: str, folder: Path) -> Figures:
    """Precision and recall of 5,000 samples at psi = 0, 0.1, ..., 1: "recall_psi_07" for 0.7.

    As `training.judges.distances.precision_recall` has them (Kynkäänniemi et al. 2019), the radii of the training
    pictures computed once. At psi = 0 all pictures are one, whose ball has no radius: it covers nothing.
    """
    model, judge = gan(name), load_judge(name)
    train = real_features(name, folder, "train")[:MANIFOLD]
    radii = neighbour_distances(train, NEIGHBOUR)
    figures: Figures = {}
    for tenths in TENTHS:
        points = features(judge, made(model, model.of_seeds(range(SAMPLES), tenths / 10)))
        figures[f"precision_psi_{tenths:02d}"] = covered(points, train, radii)
        figures[f"recall_psi_{tenths:02d}"] = covered(train, points, neighbour_distances(points, NEIGHBOUR))
    return figures


def traits(judge: Judge, pictures: Tensor) -> dict[str, Tensor]:
    """What is looked at in faces (N, 3, H, W) uint8: the judge's logits and age, colour and light: each (N, K)."""
    logits, pixels = verdicts(judge, pictures), pictures.double() / 255
    half = pixels.shape[-1] // 2
    light = pixels[..., :half].mean(dim=(1, 2, 3)) - pixels[..., half:].mean(dim=(1, 2, 3))
    smile, gender, age = logits.double().split(1, dim=1)
    return {"smile": smile, "gender": gender, "age": age, "colour": pixels.mean(dim=(2, 3)), "light": light[:, None]}


def taken_over(mixed: Tensor, a: Tensor, b: Tensor) -> float:
    """How much of the way from a to b a trait went: E[(m - a)(b - a)] / E[(b - a)^2], each (N, K).

    The slope of a regression through the origin: 0 where nothing goes over, 1 where all of it does.
    """
    way = b - a
    return ((mixed - a) * way).sum().item() / way.square().sum().item()


@torch.no_grad()
def what_goes_over() -> Figures:
    """What a face takes over from another one that gives its styles from layer L on: "from_1_smile" for all but one.

    Pairs of seeds (0, 1), (2, 3), ... at psi 0.7, mixed as the room mixes them; from layer 0 on it is the other face.
    """
    model, judge = gan("faces"), load_judge("faces")
    a, b = (model.of_seeds(range(start, 2 * PAIRS, 2), TRUNCATED) for start in (0, 1))
    before, after = (traits(judge, made(model, w)) for w in (a, b))
    figures: Figures = {}
    for layer in range(1, model.shape.layers):
        mixed = traits(judge, made(model, mix_styles(a, b, layer)))
        figures |= {f"from_{layer}_{name}": taken_over(mixed[name], before[name], after[name]) for name in mixed}
    return figures
