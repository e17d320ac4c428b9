"""How good the GANs are: distances to the real pictures, diversity, memorisation; DCGAN's curve beside."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
from torch import Tensor

from models.gan.dcgan import LATENT, DCGenerator
from models.gan.gan import Gan, gan
from models.judges.judges import load_judge
from models.pictures.pictures import to_uint8
from models.runtime.noise import noise_of
from models.weights.cards import load_card, read_tensors
from training.gan.dcgan import curves_on, load_kept
from training.gan.film import CURVE, DCGAN, OURS, Shelf
from training.gan.steering import price_of_truncation, what_goes_over
from training.judges.distances import features, frechet, nearest_pair, precision_recall
from training.judges.floors import MANIFOLD, Figures, floors, real_features
from training.judges.recipe import recognised

SAMPLES = 5000
PAIRS = 1000
"""Samples among which the nearest pair is looked for, and whose nearest training pictures are."""

TRUNCATED = 0.7
"""The psi of the figures that are called truncated."""


def drawn(model: Gan, count: int = SAMPLES, psi: float = 1.0) -> Tensor:
    """The pictures of seeds 0, 1, ...: (count, C, H, W) uint8."""
    return torch.from_numpy(model.sheet(model.of_seeds(range(count), psi))).permute(0, 3, 1, 2)


@torch.no_grad()
def drawn_by_reference(network: DCGenerator, count: int = SAMPLES, batch: int = 250) -> Tensor:
    """DCGAN's pictures of seeds 0, 1, ...: (count, 3, 64, 64) uint8.

    Normalized with the statistics of their batch, as the tutorial draws them.
    """
    network = network.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    parts = [network(z[:, :, None, None]) for z in noise_of(range(count), (LATENT,)).split(batch)]
    return torch.from_numpy(to_uint8(torch.cat(parts))).permute(0, 3, 1, 2)


def nearest(points: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """The distance of each row of points (N, D) to the nearest row of others (M, D), and which it is: two (N,)."""
    distance, index = zip(*(torch.cdist(rows, others).min(dim=1) for rows in points.split(500)), strict=True)
    return torch.cat(distance), torch.cat(index)


def memorised(made: Tensor, train: Tensor, held_out: Tensor) -> Figures:
    """Whether samples are copies: how near the nearest training picture is, for samples and for held-out pictures.

    Three sets of features (., D). A generator that copies comes nearer to its training pictures than held-out ones do.
    A copy is what lies below Tukey's lower fence of the held-out ones' distances (in logarithms, so that it is above
    0): up to a quarter of them may be near-duplicates of training pictures, as some faces are, and it stays in place.
    """
    own, real = (nearest(rows[:PAIRS], train)[0] for rows in (made, held_out))
    low, high = real.clamp(min=1e-9).log().quantile(real.new_tensor([0.25, 0.75]))
    fence = (low - 1.5 * (high - low)).exp()
    return {
        "nearest_training_face": own.median().item(),
        "floor_nearest_training_face": real.median().item(),
        "copies": (own < fence).float().mean().item(),
    }


def curves(train: Tensor, images: int) -> Figures:
    """The Frechet distance of ours ("frechet_at_100k") and DCGAN's at each image count that a filmed run has come to.

    train: features of the training faces; images: what our GAN has seen, up to which the last mark's precision and
    recall of DCGAN are taken. What has been measured before, by the same judge, stays on the card, but not beside
    figures of another run.
    """
    judge, before = load_judge("faces"), curves_on(load_card("gan-faces"))
    figures: Figures = {"dcgan_judge": load_card("judge-faces").sha256[:12]}
    if before.get("dcgan_judge") == figures["dcgan_judge"]:
        figures |= before
    for shelf, key in ((OURS, "frechet_at_"), (DCGAN, "dcgan_frechet_at_")):
        marks = [mark for mark in CURVE if shelf.at(mark).exists()]
        if marks:
            figures = {name: value for name, value in figures.items() if not name.startswith(key)}
        for mark in marks:
            made = features(judge, _drawn_at(shelf, mark))
            figures[f"{key}{mark // 1000}k"] = frechet(train, made)
            if shelf is DCGAN and mark <= images:
                figures["dcgan_precision"], figures["dcgan_recall"] = precision_recall(train, made)
    return figures


def _drawn_at(shelf: Shelf, mark: int) -> Tensor:
    """The pictures of seeds 0, 1, ... by the generator of a mark."""
    if shelf is DCGAN:
        return drawn_by_reference(load_kept(mark))
    card = load_card("gan-faces")
    model = Gan(dataclasses.replace(card, network={**card.network, "soft": False}))  # the filmed run's ends without
    model.generator.load_state_dict(read_tensors(shelf.at(mark)))
    model.generator.settle()
    return drawn(model)


def against_reference(curves: Figures) -> Figures:
    """Our distance as a share of DCGAN's after as many images: at the last of its marks that ours has reached.

    curves: "frechet_at_520k" for ours, "dcgan_frechet_at_500k" for DCGAN's. Of ours the first one counts that has seen
    at least as many as the mark.
    """
    ours, marks = (
        {int(k.removeprefix(key)[:-1]): float(v) for k, v in curves.items() if k.startswith(key)}
        for key in ("frechet_at_", "dcgan_frechet_at_")
    )
    mark = max((mark for mark in marks if mark <= max(ours, default=0)), default=None)
    if mark is None:
        return {}
    count = min(count for count in ours if count >= mark)
    return {"frechet_to_dcgan": ours[count] / marks[mark], "images": 1000 * count, "dcgan_images": 1000 * mark}


@torch.no_grad()
def evaluate_gan_faces(folder: Path) -> tuple[Figures, str]:
    """5,000 samples, not truncated, against the training faces."""
    train, held_out = (real_features("faces", folder, split) for split in ("train", "validation"))
    model, judge = gan("faces"), load_judge("faces")
    made = features(judge, drawn(model))
    distance, floor, images = frechet(train, made), floors("faces", folder), model.card.trained.images
    along = curves(train, images)
    precision, recall = precision_recall(train, made)
    figures: Figures = {"frechet": distance, "frechet_to_floor": distance / float(floor["floor_frechet"])}
    figures |= against_reference(along)
    figures |= {"precision": precision, "recall": recall, "nearest_pair_of_1000": nearest_pair(made[:PAIRS])}
    figures |= floor | memorised(made, train, held_out) | along
    figures["frechet_truncated"] = frechet(train, features(judge, drawn(model, psi=TRUNCATED)))
    figures |= price_of_truncation("faces", folder) | what_goes_over()
    return (
        figures,
        "5,000 samples (psi 1) and the 16,638 training faces, judge-faces; floors: 1,000 held-out faces",
    )


def evaluate_gan_fashion(folder: Path) -> tuple[Figures, str]:
    """500 samples of each label: recognised as it or not; distances to the training pictures."""
    train, judge, model = real_features("fashion", folder, "train"), load_judge("fashion"), gan("fashion")
    made, labels = drawn(model), model.labels(range(SAMPLES))
    right, made_features = recognised(judge, made, labels), features(judge, made)
    precision, recall = precision_recall(train[:MANIFOLD], made_features)
    figures: Figures = {"recognised": right.mean().item()}
    figures["floor_recognised"] = float(load_card("judge-fashion").quality["accuracy"])
    figures["recognised_truncated"] = recognised(judge, drawn(model, psi=TRUNCATED), labels).mean().item()
    figures |= {"frechet": frechet(train, made_features), "precision": precision, "recall": recall}
    figures |= {"nearest_pair_of_1000": nearest_pair(made_features[:PAIRS])} | floors("fashion", folder)
    figures |= {f"recognised_{label}": right[labels == label].mean().item() for label in range(10)}
    figures |= price_of_truncation("fashion", folder)
    return figures, "5,000 samples (psi 1), labels evenly, judge-fashion; floors: the 10,000 test pictures"
