"""Mixtures whose parts differ, against torch's own distributions and against samples."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
import torch

from models.plane.measures import near
from models.plane.mixtures import Mixture

ROWS = [(-110, 90, 75, 24, 25, 400), (100, 60, 34, 34, 0, 250), (20, -110, 95, 22, 160, 350)]


def reference(rows: Sequence[tuple[int, ...]]) -> torch.distributions.Distribution:
    """The same by covariances."""
    table = torch.tensor([*rows], dtype=torch.float64)
    t = table[:, 4] * math.pi / 180
    turn = torch.stack([torch.stack([t.cos(), -t.sin()], 1), torch.stack([t.sin(), t.cos()], 1)], 1)
    covariance = turn @ torch.diag_embed((table[:, 2:4] / 100).square()) @ turn.mT
    parts = torch.distributions.MultivariateNormal(table[:, :2] / 100, covariance)
    return torch.distributions.MixtureSameFamily(torch.distributions.Categorical(table[:, 5]), parts)


def test_the_density_is_that_of_torch_s_own_mixture() -> None:
    x = torch.randn(300, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) * 2
    torch.testing.assert_close(Mixture.of(ROWS).log_density(x), reference(ROWS).log_prob(x))
    inside = Mixture.of(ROWS).log_density(x.view(3, 100, 2).float())
    assert inside.shape == (3, 100) and inside.dtype == torch.float32


def test_samples_follow_it() -> None:
    target = Mixture.of(ROWS)
    x = target.sample(40_000, torch.Generator().manual_seed(0))
    assert torch.equal(x[:1], target.sample(40_000, torch.Generator().manual_seed(0))[:1]) and x.dtype == torch.float32
    known = reference(ROWS)
    torch.testing.assert_close(x.double().mean(dim=0), known.mean, atol=0.02, rtol=0)
    torch.testing.assert_close(x.double().var(dim=0), known.variance, atol=0.02, rtol=0)
    assert -float(target.log_density(x.double()).mean()) == pytest.approx(target.entropy, abs=0.02)
    assert bool((x.abs() < target.extent).all())
    # within three standard deviations of one's own part lie 1 - exp(-4.5), and some more near the others
    assert 0.985 < float(near(target, x).float().mean()) < 0.997


def test_a_single_part_has_the_known_entropy_and_the_angle_turns_it() -> None:
    one = Mixture.of([(0, 0, 100, 20, 90, 7)])
    assert one.entropy == pytest.approx(math.log(2 * math.pi * math.e * 0.2), abs=1e-6)
    along, across = torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 0.0]])
    assert float(one.log_density(along)) > float(one.log_density(across)) + 10
    assert bool(one.within(along, 1.1)) and not bool(one.within(across, 3))


@pytest.mark.parametrize("rows", [[], [(0, 0, 0, 20, 0, 5)], [(0, 0, 20, 20, 0, 0)]])
def test_what_is_no_density_is_refused(rows: Sequence[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="mixture"):
        Mixture.of(rows)
