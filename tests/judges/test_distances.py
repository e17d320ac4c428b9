"""Frechet distance, precision and recall against closed forms, torchmetrics and brute force; splits of the data."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

import training.judges.floors as floors_module
from models.judges.judges import Judge
from training.data import _part, load_emoji, load_pictures
from training.judges.distances import (
    covered,
    features,
    frechet,
    frechet_of_moments,
    nearest_distances,
    nearest_pair,
    precision_recall,
)

needs_data = pytest.mark.skipif("GALLERY_DATA" not in os.environ, reason="GALLERY_DATA names no data")


def draw(count: int, dims: int, seed: int) -> Tensor:
    return torch.randn(count, dims, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def exactly(mean: Tensor, factor: Tensor, count: int = 400, seed: int = 0) -> Tensor:
    """Rows whose sample mean is `mean` and whose sample covariance is `factor @ factor.T`, both exactly."""
    x = draw(count, len(mean), seed)
    x = x - x.mean(dim=0)
    white = torch.linalg.solve_triangular(torch.linalg.cholesky(torch.cov(x.T)), x.T, upper=False).T
    return white @ factor.T + mean


def test_frechet_of_commuting_gaussians_is_the_closed_form() -> None:
    """Covariances with the same axes: the squared difference of the means plus that of the standard deviations."""
    axes = torch.linalg.qr(draw(6, 6, 1)).Q
    s, t = draw(6, 1, 2)[:, 0].abs(), draw(6, 1, 3)[:, 0].abs()
    mu, nu = draw(2, 6, 4)
    a, b = exactly(mu, axes @ s.diag()), exactly(nu, axes @ t.diag(), seed=5)
    expected = (mu - nu).square().sum() + (s - t).square().sum()
    assert frechet(a, b) == pytest.approx(expected.item(), rel=1e-9)


def test_frechet_of_rank_one_gaussians_is_the_closed_form() -> None:
    """tr of the root of u u' v v' is |u . v|, where a root of the product itself would be of rank one at most."""
    u, v = draw(2, 50, 6)
    zero = torch.zeros(50, dtype=torch.float64)
    got = frechet_of_moments(zero, torch.outer(u, u), zero, torch.outer(v, v))
    assert got == pytest.approx((u @ u + v @ v - 2 * (u @ v).abs()).item(), rel=1e-6)


class Rows(nn.Module):
    """Gives torchmetrics rows that are features already, in place of the Inception network's."""

    num_features = 12

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)


def test_frechet_is_the_one_of_torchmetrics() -> None:
    a = draw(300, 12, 7) @ draw(12, 12, 8)
    b = draw(200, 12, 9) @ draw(12, 12, 10) + 0.3
    metric = FrechetInceptionDistance(feature=Rows(), input_img_size=(3, 2, 2)).set_dtype(torch.float64)
    metric.update(a.reshape(-1, 3, 2, 2), real=True)
    metric.update(b.reshape(-1, 3, 2, 2), real=False)
    assert frechet(a, b) == pytest.approx(float(metric.compute()), rel=1e-6)


def test_frechet_is_a_distance() -> None:
    a, b = draw(100, 20, 11), 1.5 * draw(150, 20, 12)
    assert frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet(a, b) == pytest.approx(frechet(b, a), rel=1e-9)
    shifted = [frechet(a, a + shift) for shift in (0.1, 0.2, 0.4)]
    np.testing.assert_allclose(shifted, [20 * s * s for s in (0.1, 0.2, 0.4)], rtol=1e-6)


@pytest.mark.parametrize("count", [2, 5, 30])
def test_frechet_holds_for_fewer_rows_than_dimensions(count: int) -> None:
    a = draw(count, 96, 13).float()
    assert frechet(a, a) == pytest.approx(0, abs=1e-5)
    assert frechet(a, a + 1) == pytest.approx(96, rel=1e-4)
    assert frechet(1e4 + a, 1e4 + a.flip(0)) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("rows", [torch.zeros(1, 4), torch.zeros(4)])
def test_what_has_no_covariance_is_refused(rows: Tensor) -> None:
    with pytest.raises(ValueError, match="N of at least 2"):
        frechet(rows, torch.zeros(5, 4))


def modes(which: tuple[int, ...], count: int, seed: int, spread: float = 0.1) -> Tensor:
    """A cloud of `count` points around each of some corners of a large cube."""
    return torch.cat([10 * torch.eye(8, dtype=torch.float64)[m] + spread * draw(count, 8, seed + m) for m in which])


def test_a_missing_mode_costs_recall_only() -> None:
    real, all_modes = modes((0, 1, 2, 3), 300, 20), modes((0, 1, 2, 3), 300, 40)
    assert min(precision_recall(real, all_modes)) > 0.8
    precision, recall = precision_recall(real, modes((0, 1), 300, 40))
    assert precision > 0.8
    assert recall == pytest.approx(precision_recall(real, all_modes)[1] / 2, abs=0.05)


def test_an_invented_mode_costs_precision_only() -> None:
    real = modes((0, 1), 300, 20)
    precision, recall = precision_recall(real, modes((0, 1, 2, 3), 300, 40))
    assert precision == pytest.approx(precision_recall(real, modes((0, 1), 300, 40))[0] / 2, abs=0.05)
    assert recall > 0.8


def test_points_of_the_set_itself_are_all_precise() -> None:
    real = modes((0, 1, 2), 100, 60)
    assert precision_recall(real, real) == (1, 1)
    precision, recall = precision_recall(real, real[:50])
    assert precision == 1 and recall < 0.6
    assert precision_recall(real, real[:50] + 100)[0] == 0


def test_precision_is_the_definition_word_by_word() -> None:
    """One loop for each quantifier of eq. 1 and 2 in Kynkäänniemi et al. 2019."""
    real, fake = draw(40, 3, 70).numpy(), 1.3 * draw(30, 3, 71).numpy()

    def inside(point: np.ndarray, others: np.ndarray) -> bool:
        for i, centre in enumerate(others):
            radius = sorted(np.linalg.norm(centre - other) for j, other in enumerate(others) if j != i)[2]
            if np.linalg.norm(point - centre) <= radius:
                return True
        return False

    expected = np.mean([inside(p, real) for p in fake]), np.mean([inside(p, fake) for p in real])
    assert precision_recall(torch.from_numpy(real), torch.from_numpy(fake)) == pytest.approx(expected)


def test_blocks_are_not_seen_in_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = draw(150, 5, 80), draw(90, 5, 81)
    whole = (nearest_distances(x), covered(y, x, nearest_distances(x)))
    monkeypatch.setattr("training.judges.distances.BLOCK", 32)
    torch.testing.assert_close(nearest_distances(x), whole[0])
    assert covered(y, x, nearest_distances(x)) == whole[1]


def test_the_nearest_pair_is_the_one_of_pdist() -> None:
    x = draw(1500, 24, 90).float()
    assert nearest_pair(x) == pytest.approx(torch.pdist(x.double()).min().item(), rel=1e-9)
    every = torch.cdist(x.double(), x.double()).fill_diagonal_(torch.inf).min(dim=1).values
    torch.testing.assert_close(nearest_distances(x), every)
    x[7] = x[1200]
    assert nearest_pair(x) == pytest.approx(0, abs=1e-6)
    with pytest.raises(ValueError, match="no 1-th nearest"):
        nearest_distances(x[:1])


def test_features_do_not_depend_on_the_batch_nor_on_the_form_of_the_pictures() -> None:
    torch.manual_seed(0)
    judge = Judge(3, 2, (8, 12), fold=2).eval()
    images = torch.randint(0, 256, (7, 3, 32, 32), dtype=torch.uint8)
    expected = judge.features(images.float() / 127.5 - 1)
    torch.testing.assert_close(features(judge, images, batch=3), expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(features(judge, images.float() / 127.5 - 1), expected, atol=1e-5, rtol=1e-4)


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ["GALLERY_DATA"])


def hashes(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}


@needs_data
def test_no_painting_is_in_both_splits(folder: Path) -> None:
    train, held_out = (load_pictures(folder, "monet", split) for split in ("train", "validation"))
    assert train.shape == (270, 256, 256, 3) and held_out.shape == (30, 256, 256, 3)
    assert not hashes(train) & hashes(held_out)


@needs_data
def test_the_last_250_photographs_are_held_out(folder: Path) -> None:
    held_out = load_pictures(folder, "photos", "validation")
    with zipfile.ZipFile(folder / "photos-256.zip") as archive:
        first, last = (np.asarray(Image.open(archive.open(name))) for name in ("2250.jpg", "2499.jpg"))
    assert len(held_out) == 250
    assert np.array_equal(held_out[0], first) and np.array_equal(held_out[-1], last)


def test_a_split_is_all_but_the_end() -> None:
    items = list(range(10))
    assert _part(items, 3, "train") + _part(items, 3, "validation") == items
    assert _part(items, 3, "validation") == [7, 8, 9]
    with pytest.raises(ValueError, match="no split"):
        _part(items, 3, "test")


@needs_data
def test_rows_of_emoji_are_the_same_signs_in_both_styles(folder: Path) -> None:
    noto, twemoji = (load_emoji(folder, style, "validation") for style in ("noto", "twemoji"))
    assert noto.shape == twemoji.shape == (161, 64, 64, 3)
    assert len(load_emoji(folder, "noto", "train")) == 1450
    # France and its territories share a flag, and two families a drawing: other names, the same picture.
    assert len(hashes(noto) & hashes(load_emoji(folder, "noto", "train"))) <= 2
    near = [np.abs(noto.astype(int) - np.roll(twemoji, turn, axis=0)).mean() for turn in range(161)]
    assert np.argmin(near) == 0 and near[0] < 0.7 * np.median(near)


def test_floors_are_what_held_out_pictures_score(monkeypatch: pytest.MonkeyPatch) -> None:
    clouds = {"train": modes((0, 1), 600, 100), "validation": modes((0,), 150, 120)}
    monkeypatch.setattr(floors_module, "real_features", lambda name, folder, split: clouds[split])
    measured = floors_module.floors("faces", Path("nowhere"))
    assert measured["floor_frechet"] == frechet(clouds["train"], clouds["validation"])
    expected = precision_recall(clouds["train"], clouds["validation"])
    assert (measured["floor_precision"], measured["floor_recall"]) == expected
    nearest = nearest_distances(clouds["train"])
    assert nearest.min() <= float(measured["floor_nearest_pair"]) <= nearest.quantile(0.01)
    assert float(measured["nearest_pair_of_1000_real"]) == nearest_pair(clouds["train"][:1000])
    floors_module.floors.cache_clear()


def test_a_set_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there are faces"):
        floors_module.real_pictures("cats", Path("nowhere"), "train")
