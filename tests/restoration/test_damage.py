"""Damages against their definitions: moments, places, scipy's Gaussian, numpy's means, OpenCV's bicubic."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from models.restoration.damage import BLURS, FACTORS, KINDS, LARGEST, NOISIEST, damaged, enlarged, gaussian_blur, holes


def faces(count: int = 4) -> torch.Tensor:
    return torch.rand(count, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1


def drawn(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_noise_has_the_deviation_that_its_strength_says() -> None:
    x, strength = faces(), torch.tensor([0.0, 0.25, 0.5, 1.0])
    n = damaged(x, "noise", strength, drawn()) - x
    torch.testing.assert_close(n.std(dim=(1, 2, 3)), NOISIEST * strength, atol=0.01, rtol=0.02)
    assert n.mean(dim=(1, 2, 3)).abs().max() < 0.02


def test_a_hole_is_a_square_inside_the_picture_and_all_else_stays() -> None:
    x, strength = faces(20) + 3, torch.linspace(0, 1, 20)
    y, hole = damaged(x, "hole", strength, drawn()), holes(x, strength, drawn())
    torch.testing.assert_close(y, torch.where(hole.bool(), 0, x))
    for inside, s in zip(hole[:, 0].bool(), strength.tolist(), strict=True):
        side = round(64 * LARGEST * s)
        rows, columns = inside.any(dim=1), inside.any(dim=0)
        assert (int(rows.sum()), int(columns.sum()), int(inside.sum())) == (side, side, side**2)


@pytest.mark.parametrize("deviation", [0.5, 1.0, 2.0, 3.0])
def test_the_blur_is_scipys(deviation: float) -> None:
    x = faces(2).double()
    expected = gaussian_filter(x.numpy(), deviation, mode="nearest", axes=(2, 3), radius=9)
    made = gaussian_blur(x, torch.tensor([deviation, deviation]))
    np.testing.assert_allclose(made.numpy(), expected, atol=1e-10)


def test_each_picture_is_blurred_by_its_own_strength() -> None:
    x, strength = faces(2), torch.tensor([0.0, 1.0])
    together = damaged(x, "blur", strength)
    for i, width in enumerate(BLURS):
        torch.testing.assert_close(together[i : i + 1], gaussian_blur(x[i : i + 1], torch.tensor([width])))


def test_few_pixels_are_means_enlarged() -> None:
    x, strength = faces(2), torch.tensor([0.2, 0.8])
    y = damaged(x, "small", strength)
    for i, factor in enumerate(FACTORS):
        torch.testing.assert_close(y[i], enlarged(x[i : i + 1], factor)[0])
        picture = x[i].permute(1, 2, 0).numpy()
        means = picture.reshape(64 // factor, factor, 64 // factor, factor, 3).mean(axis=(1, 3))
        expected = cv2.resize(means, (64, 64), interpolation=cv2.INTER_CUBIC)
        np.testing.assert_allclose(y[i].permute(1, 2, 0).numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_chance_comes_from_the_generator_alone(kind: str) -> None:
    x, strength = faces(), torch.full((4,), 0.7)
    assert torch.equal(damaged(x, kind, strength, drawn(3)), damaged(x, kind, strength, drawn(3)))


def test_there_is_no_other_damage() -> None:
    with pytest.raises(ValueError, match="no damage 'rain'"):
        damaged(faces(), "rain", torch.ones(4))
