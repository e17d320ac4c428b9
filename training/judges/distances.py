"""How far made pictures are from real ones, in the features of a judge: Frechet distance, precision, recall, diversity.

The features of another judge give other numbers, so each figure stands beside its floor (training/judges/floors.py).
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.judges.judges import Judge, to_input

BLOCK = 1024
"""Rows whose distances to all others are held at once: 136 MB for 16,638 others in double precision."""


@torch.no_grad()
def features(judge: Judge, images: Tensor, batch: int = 250) -> Tensor:
    """The judge's feature vectors (N, D), float32 on the CPU.

    images: (N, C, H, W), uint8, or floats as the judge takes them: colour in [-1, 1], grey in [0, 1].
    """
    where = next(judge.parameters()).device
    parts = []
    for chunk in images.split(batch):
        x = chunk if chunk.is_floating_point() else to_input(chunk)
        parts.append(judge.features(x.to(where)).float().cpu())
    return torch.cat(parts)


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (D,) and unbiased covariance (D, D) of rows (N, D), in double precision. Raises ValueError for N < 2."""
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"features must be (N, D) with N of at least 2, not {tuple(x.shape)}")
    x = x.double()
    return x.mean(dim=0), torch.cov(x.T).reshape(x.shape[1], x.shape[1])


def _root(covariance: Tensor) -> Tensor:
    """The symmetric square root of a covariance, whatever its rank."""
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T


def frechet_of_moments(mu_a: Tensor, cov_a: Tensor, mu_b: Tensor, cov_b: Tensor) -> float:
    """||mu_a - mu_b||^2 + tr(A + B - 2 (A B)^1/2), the squared 2-Wasserstein distance of two Gaussians.

    Dowson, Landau 1982; Heusel et al. 2017. tr (A B)^1/2 is the sum of the singular values of A^1/2 B^1/2, which
    needs no inverse and no root of a product: it holds for covariances of deficient rank.
    """
    cross = torch.linalg.svdvals(_root(cov_a) @ _root(cov_b)).sum()
    distance = (mu_a - mu_b).square().sum() + cov_a.trace() + cov_b.trace() - 2 * cross
    return max(0.0, distance.item())


def frechet(a: Tensor, b: Tensor) -> float:
    """The Frechet distance between features a (N, D) and b (M, D), computed in double precision.

    Its bias grows with 1/N and 1/M: compare figures of equal numbers of pictures. Raises ValueError for other shapes.
    """
    return frechet_of_moments(*_moments(a), *_moments(b))


def neighbour_distances(x: Tensor, k: int) -> Tensor:
    """The distance of each row of x (N, D) to its k-th nearest other row: (N,), double.

    Raises ValueError for N <= k.
    """
    if len(x) <= k:
        raise ValueError(f"{len(x)} rows have no {k}-th nearest other row")
    x = _centred(x, x)
    parts = []
    for i in range(0, len(x), BLOCK):
        d = torch.cdist(x[i : i + BLOCK], x)
        d[torch.arange(len(d)), torch.arange(i, i + len(d))] = torch.inf
        parts.append(d.topk(k, dim=1, largest=False).values[:, -1])
    return torch.cat(parts)


def _centred(x: Tensor, around: Tensor) -> Tensor:
    """x in double precision, moved so that products of its rows lose no digits to a common offset."""
    return x.double() - around.double().mean(dim=0)


def covered(points: Tensor, centres: Tensor, radii: Tensor) -> float:
    """The share of points (N, D) that lie in any ball with one of the centres (M, D) and its radius (M,)."""
    c, p = _centred(centres, centres), _centred(points, centres)
    inside = [(torch.cdist(rows, c) <= radii).any(dim=1) for rows in p.split(BLOCK)]
    return torch.cat(inside).double().mean().item()


def precision_recall(real: Tensor, fake: Tensor, k: int = 3) -> tuple[float, float]:
    """Precision and recall of Kynkäänniemi et al. 2019, eq. 1 and 2, for features real (N, D) and fake (M, D).

    A set's manifold is the union of balls around its points, each reaching to the k-th nearest other point.
    Precision: the share of the fake points in the real manifold; recall: of the real points in the fake manifold.
    Raises ValueError for features that are no numbers: NaN lies in no ball, and would pass for a bad model.
    """
    if not (real.isfinite().all() and fake.isfinite().all()):
        raise ValueError("features that are not numbers have neither precision nor recall")
    precision = covered(fake, real, neighbour_distances(real, k))
    recall = covered(real, fake, neighbour_distances(fake, k))
    return precision, recall


def nearest_distances(x: Tensor) -> Tensor:
    """The distance of each row of x (N, D) to the nearest other row: (N,), double."""
    return neighbour_distances(x, 1)


def nearest_pair(x: Tensor) -> float:
    """The distance of the two rows of x (N, D) that are nearest to each other: 0 where a picture is made twice."""
    return nearest_distances(x).min().item()
