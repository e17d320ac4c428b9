"""An eye that is not fooled: made pictures beside unseen real ones, in features that no recipe reads.

Every generator that learns from a critic, or is measured by a judge for long enough, learns what that one overlooks.
So the two-sample test asks a question that nobody has trained against: can a linear classifier tell the two sets apart,
in the features of a network that has never learned anything, and in the first stages of a judge? 0.5 is not at all, 1
always. Lopez-Paz & Oquab 2017, arXiv:1610.06545; random features: Rahimi & Recht 2007.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.judges.judges import Judge, to_input
from training.judges.distances import frechet, precision_recall
from training.judges.spectrum import light_and_spectrum

Figures = dict[str, float | str]
WIDTHS = (32, 64, 96)
"""Channels of the random network's three layers."""
FOLDS = 5
RIDGE = 10.0
"""In standardized features; as strong as ten pictures."""


def random_network(channels: int, seed: int = 0) -> list[nn.Module]:
    """Three layers of convolution, ReLU and halving with weights of that seed: stages of (B, channels, H, W)."""
    generator, stages, before = torch.Generator().manual_seed(seed), list[nn.Module](), channels
    for width in WIDTHS:
        conv = nn.Conv2d(before, width, 5 if before == channels else 3, padding="same", padding_mode="reflect")
        with torch.no_grad():
            fan = before * conv.kernel_size[0] ** 2
            conv.weight.copy_(torch.randn(conv.weight.shape, generator=generator) * (2 / fan) ** 0.5)
            conv.bias.copy_(0.1 * torch.randn(width, generator=generator))  # type: ignore[union-attr]
        stages.append(nn.Sequential(conv, nn.ReLU(), nn.AvgPool2d(2)))
        before = width
    return stages


def first_stages(judge: Judge, count: int = 2) -> list[nn.Module]:
    """The judge up to its first halving, and from there to its second: what it sees, before it knows what it is."""
    stages, part = list[nn.Module](), list[nn.Module]()
    for layer in judge.features:
        part.append(layer)
        if isinstance(layer, nn.MaxPool2d):
            stages.append(nn.Sequential(*part))
            part = []
    return stages[:count]


@torch.no_grad()
def statistics(stages: list[nn.Module], images: Tensor, batch: int = 100) -> Tensor:
    """Mean and standard deviation of every channel of every stage: (N, D) of pictures (N, C, H, W) uint8."""
    rows = []
    for part in images.split(batch):
        x, found = to_input(part), []
        for stage in stages:
            x = stage(x)
            found += [x.mean(dim=(2, 3)), x.std(dim=(2, 3))]
        rows.append(torch.cat(found, dim=1))
    return torch.cat(rows)


def roc_auc(scores: Tensor, made: Tensor) -> float:
    """The area under the ROC curve: how often a made picture scores above a real one, ties counting half."""
    order = scores.unique(return_inverse=True)[1]
    counts = torch.bincount(order)
    rank = (counts.cumsum(0) - (counts - 1) / 2)[order].double()
    n, m = int(made.sum()), int((~made).sum())
    return ((rank[made].sum() - n * (n + 1) / 2) / (n * m)).item()


def deviations(x: Tensor) -> Tensor:
    """The standard deviation of each column of x (N, D), at least a tenth of their median: (D,).

    A channel that answers to one picture in a thousand would else be stretched until it outweighs all others.
    """
    spread = x.std(dim=0)
    return spread.clamp(min=max(1e-9, 0.1 * spread.median().item()))


def two_sample_auc(real: Tensor, made: Tensor, seed: int = 0) -> float:
    """Cross-validated area under the ROC curve of a ridge classifier of made (M, D) against real (N, D) features.

    Equal numbers of both, the first ones. About 0.5 where nothing tells them apart, 1 where one look does. The mean of
    FOLDS folds. Raises ValueError for NaN, for other shapes, and for fewer than 2 * FOLDS of either.
    """
    n = min(len(real), len(made))
    if real.ndim != 2 or real.shape[1:] != made.shape[1:] or n < 2 * FOLDS:
        raise ValueError(f"two sets of at least {2 * FOLDS} equal rows are needed, not {real.shape} and {made.shape}")
    x = torch.cat([real[:n], made[:n]]).double()
    if not x.isfinite().all():
        raise ValueError("features that are not numbers cannot be told apart")
    y = torch.arange(2 * n) >= n
    generator = torch.Generator().manual_seed(seed)
    fold = torch.cat([torch.randperm(n, generator=generator) % FOLDS for _ in range(2)])
    areas = []
    for i in range(FOLDS):
        learned, asked = fold != i, fold == i
        mean, spread = x[learned].mean(dim=0), deviations(x[learned])
        rows, wanted = (x - mean) / spread, 2 * y.double() - 1
        gram = rows[learned].T @ rows[learned] + RIDGE * torch.eye(x.shape[1], dtype=x.dtype)
        weights = torch.linalg.solve(gram, rows[learned].T @ wanted[learned])
        areas.append(roc_auc(rows[asked] @ weights, y[asked]))
    return sum(areas) / FOLDS


def standardized(real: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
    """Both sets in units of the real one's deviations, so that no channel outshouts the others."""
    mean, spread = real.mean(dim=0), deviations(real)
    return (real - mean) / spread, (made - mean) / spread


def spaces(channels: int, judge: Judge) -> dict[str, list[nn.Module]]:
    """The two sets of features: "random" and "stages"."""
    return {"random": random_network(channels), "stages": first_stages(judge)}


def compared(real: Tensor, made: Tensor, judge: Judge, prefix: str = "") -> Figures:
    """AUC, Frechet distance, precision and recall of made against real pictures (N, C, H, W) uint8 in both spaces.

    Equal numbers of both, the first ones. Keys: auc_random, frechet_random, ..., with the prefix before them.
    """
    n, figures = min(len(real), len(made)), Figures()
    for space, stages in spaces(real.shape[1], judge).items():
        rows = standardized(statistics(stages, real[:n]), statistics(stages, made[:n]))
        figures[f"{prefix}auc_{space}"] = two_sample_auc(*rows)
        figures[f"{prefix}frechet_{space}"] = frechet(*rows)
        precision, recall = precision_recall(*rows)
        figures |= {f"{prefix}precision_{space}": precision, f"{prefix}recall_{space}": recall}
    return figures


def beside(real: Tensor, other: Tensor, made: Tensor, judge: Judge) -> Figures:
    """`compared` for made pictures and, as the floor, for `other` real ones, at the same numbers; light and spectrum.

    real: unseen pictures, other: further real ones, made: what the model made; all (N, C, H, W) uint8.
    """
    n = min(len(real), len(other), len(made))
    figures = compared(real[:n], made[:n], judge) | light_and_spectrum(real[:n], made[:n])
    return figures | compared(real[:n], other[:n], judge, "floor_")


def scatter_within(rows: Tensor, labels: Tensor) -> Tensor:
    """How far rows (N, D) lie from the mean of their own label (N,), root mean square, for each label in order."""
    kinds = (rows[labels == label] for label in labels.unique())
    return torch.stack([(kind - kind.mean(dim=0)).square().sum(dim=1).mean().sqrt() for kind in kinds])


def spread_within(real: tuple[Tensor, Tensor], made: tuple[Tensor, Tensor]) -> float:
    """What is left of the variety within a label: scatter of made pictures over that of real ones, mean over labels.

    Each: pictures (N, C, H, W) uint8 and their labels (N,), the same labels in both. In the random network's features,
    standardized; 1 is as varied as real, 0 a single picture for each label.
    """
    network = random_network(real[0].shape[1])
    rows = standardized(*(statistics(network, pictures) for pictures, _ in (real, made)))
    theirs, ours = (scatter_within(x, labels) for x, (_, labels) in zip(rows, (real, made), strict=True))
    return (ours / theirs).mean().item()
