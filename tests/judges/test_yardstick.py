"""The yardstick: what is alike cannot be told apart, what is shifted can; light, spectrum and the battery of tricks."""

from __future__ import annotations

import math

import pytest
import torch
from scipy import stats
from torch import Tensor, nn

from models.judges.judges import Judge
from training.judges import attacks, spectrum
from training.judges.distances import precision_recall
from training.judges.yardstick import (
    compared,
    first_stages,
    random_network,
    roc_auc,
    scatter_within,
    spread_within,
    standardized,
    statistics,
    two_sample_auc,
)


def rows(n: int, seed: int, dimensions: int = 20) -> Tensor:
    return torch.randn(n, dimensions, generator=torch.Generator().manual_seed(seed))


def pictures(n: int, seed: int, size: int = 32) -> Tensor:
    """Smooth random pictures of changing light, (N, 3, S, S) uint8."""
    generator = torch.Generator().manual_seed(seed)
    x = attacks.blurred(torch.randn(n, 3, size, size, generator=generator), 2.0)
    x = 3 * x + 0.5 * torch.randn(n, 1, 1, 1, generator=generator)
    return ((x.clamp(-1, 1) + 1) * 127.5).to(torch.uint8)


def test_what_is_alike_cannot_be_told_apart_and_what_is_shifted_can() -> None:
    alike = [two_sample_auc(rows(400, i), rows(400, 100 + i)) for i in range(8)]
    assert abs(sum(alike) / len(alike) - 0.5) < 4 * 0.02 / math.sqrt(8)  # the deviation of one is about 0.02
    assert two_sample_auc(rows(400, 1), rows(400, 2) + 2) > 0.99
    assert two_sample_auc(rows(400, 1), 1e3 * (rows(400, 2) + 2)) > 0.99


def test_the_area_of_a_known_shift_is_found() -> None:
    """Two Gaussians d apart along one axis: the best area is Phi(d / sqrt 2)."""
    a, b = rows(4000, 3, 4), rows(4000, 4, 4)
    b[:, 0] += 1
    assert two_sample_auc(a, b) == pytest.approx(stats.norm.cdf(1 / math.sqrt(2)), abs=0.015)


def test_the_area_is_that_of_mann_and_whitney() -> None:
    scores, made = torch.tensor([0.1, 0.4, 0.4, 0.8, 0.9, 0.4]), torch.tensor([0, 1, 0, 1, 0, 1]).bool()
    u = stats.mannwhitneyu(scores[made].numpy(), scores[~made].numpy()).statistic
    assert roc_auc(scores, made) == pytest.approx(u / 9)


def test_a_channel_that_hardly_ever_answers_does_not_outweigh_the_others() -> None:
    a, b = rows(200, 1), rows(200, 2)
    a[:, 0], b[:, 0] = 0, 0
    b[7, 0] = 1
    x, y = standardized(a, b)
    assert x[:, 1:].std() == pytest.approx(1, abs=0.05) and y.abs().max() < 15
    assert abs(two_sample_auc(a, b) - two_sample_auc(a[:, 1:], b[:, 1:])) < 0.02


def test_what_is_no_number_is_refused() -> None:
    broken = rows(40, 1)
    broken[3, 2] = math.nan
    for a, b in ((broken, rows(40, 2)), (rows(40, 2), broken), (rows(5, 1), rows(5, 2)), (rows(40, 1), rows(40, 2, 3))):
        with pytest.raises(ValueError):
            two_sample_auc(a, b)
    for a, b in ((broken, rows(40, 2)), (rows(40, 2), broken)):
        with pytest.raises(ValueError):
            precision_recall(a, b)


def test_both_spaces_see_the_same_pictures_alike_and_grey_ones_apart() -> None:
    judge = Judge(3, 2, (8, 8, 8)).eval()
    real, same = pictures(200, 1), pictures(200, 2)
    grey = (real.float() * 0.6 + 51).to(torch.uint8)[torch.randperm(200)]
    alike, apart = compared(real, same, judge), compared(real, grey, judge)
    for space in ("random", "stages"):
        assert float(alike[f"auc_{space}"]) < 0.62 and float(apart[f"auc_{space}"]) > 0.9
        assert float(alike[f"frechet_{space}"]) < float(apart[f"frechet_{space}"])


def test_the_random_network_is_of_its_seed_and_the_stages_are_the_judges() -> None:
    x, judge = pictures(4, 3), Judge(3, 2, (8, 12, 16)).eval()
    a, b, c = (statistics(random_network(3, seed), x) for seed in (0, 0, 1))
    assert torch.equal(a, b) and not torch.allclose(a, c)
    assert statistics(first_stages(judge), x).shape == (4, 2 * (8 + 12))


def test_light_and_power_are_those_of_known_pictures() -> None:
    size, at = 64, torch.arange(64)
    wave = torch.cos(2 * math.pi * 8 * at / size).expand(size, size)
    levels = torch.tensor([-0.2, 0.0, 0.2])[:, None, None, None]
    x = ((0.5 + 0.25 * wave + levels) * 255).round().to(torch.uint8).expand(3, 3, size, size)
    assert spectrum.brightness_spread(x) == pytest.approx(0.2, abs=0.01)
    assert spectrum.contrast(x[1:2]) == pytest.approx(0.25 / math.sqrt(2), abs=0.01)
    rings = spectrum.radial(spectrum.power(x))
    assert rings.argmax() == 8
    with pytest.raises(ValueError):
        spectrum.contrast(x.float())


def test_a_checkerboard_and_a_grid_are_found() -> None:
    smooth = pictures(20, 5, 64)
    at = torch.arange(64)
    checks = (((at + at[:, None]) % 2) * 12).to(torch.uint8)
    lines = ((at % 2) * 12).to(torch.uint8).expand(64, 64)
    seen = {k: spectrum.light_and_spectrum(smooth, (smooth // 2 + 40 + extra)) for k, extra in (
        ("none", torch.zeros_like(checks)), ("checks", checks), ("lines", lines))}  # fmt: skip
    assert float(seen["checks"]["checkerboard_over_real"]) > 10 * float(seen["none"]["checkerboard_over_real"])
    assert float(seen["lines"]["grid_peak"]) > 5 > float(seen["none"]["grid_peak"])


class Confetti(nn.Module):
    """Takes fine detail for style 1: what a judge trained on clean pictures does."""

    def forward(self, x: Tensor) -> Tensor:
        detail = (x - attacks.blurred(x, 1.0)).flatten(1).std(dim=1)
        return torch.stack([torch.full_like(detail, 0.05), detail], dim=1)


def test_the_battery_finds_a_judge_that_noise_fools() -> None:
    x, y = (pictures(60, seed).float() / 127.5 - 1 for seed in (7, 8))
    shares = attacks.battery(Confetti(), x, y, 1)
    assert shares["attack_noise"] == 1 and shares["attack_blurred"] == 0 and not attacks.passed(shares)
    assert shares == attacks.battery(Confetti(), x, y, 1)
    assert attacks.passed(dict.fromkeys(shares, 0.09)) and not attacks.passed({"attack_noise": 0.1})


def test_a_trick_on_colours_gives_the_targets_mean_and_covariance() -> None:
    x, y = 0.4 * torch.rand(1, 3, 32, 32) - 0.2, pictures(20, 9).float() / 400
    made = attacks.coloured_as(y)(x)[0].flatten(1)
    pixels = y.transpose(0, 1).flatten(1)
    torch.testing.assert_close(made.mean(dim=1), pixels.mean(dim=1), atol=1e-3, rtol=0)
    torch.testing.assert_close(torch.cov(made), torch.cov(pixels), atol=1e-3, rtol=0)


def test_attacked_batches_keep_their_shape_and_range_and_leave_half_alone() -> None:
    torch.manual_seed(0)
    x, answers = pictures(200, 4).float() / 127.5 - 1, torch.arange(200) % 2
    made = attacks.attacked(x, answers)
    untouched = (made == x).flatten(1).all(dim=1).float().mean()
    assert made.shape == x.shape and made.abs().max() <= 1 and 0.35 < untouched < 0.65


def test_the_spread_within_labels_is_1_for_alike_and_0_for_copies() -> None:
    real, alike = pictures(200, 1), pictures(200, 2)
    labels = torch.arange(200) % 4
    assert spread_within((real, labels), (alike, labels)) == pytest.approx(1, abs=0.1)
    one_each = alike[:4].repeat(50, 1, 1, 1)
    assert spread_within((real, labels), (one_each, labels)) == pytest.approx(0, abs=1e-3)


def test_scatter_is_the_deviation_about_each_labels_own_mean() -> None:
    x, labels = rows(900, 5, 3), torch.arange(900) % 3
    moved = 2 * x + 100 * labels[:, None]
    torch.testing.assert_close(scatter_within(moved, labels), torch.full((3,), 2 * 3**0.5), rtol=0.1, atol=0)
