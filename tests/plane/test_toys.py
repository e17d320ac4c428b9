"""The two-dimensional targets: densities that integrate to 1, samples that follow them, entropies that are theirs."""

from __future__ import annotations

import math

import pytest
import torch
from scipy import stats

from models.plane.toys import TARGETS, Cells, Gaussians, drawn, target

NAMES = tuple(TARGETS)


def grid(extent: float, cells: int) -> tuple[torch.Tensor, float]:
    """Middles of cells over [-extent, extent]^2, float64, and the area of a cell."""
    at = (torch.arange(cells, dtype=torch.float64) + 0.5) * (2 * extent / cells) - extent
    return torch.cartesian_prod(at, at), (2 * extent / cells) ** 2


@pytest.mark.parametrize("name", NAMES)
def test_a_density_integrates_to_one_within_its_extent(name: str) -> None:
    # 0.2 divides into 4 cells of 0.05: the letter's and the board's edges fall on edges of cells
    extent = math.ceil(target(name).extent / 0.2) * 0.2
    points, area = grid(extent, round(2 * extent / 0.05))
    assert float(target(name).log_density(points).exp().sum()) * area == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_the_entropy_is_the_mean_of_minus_log_p(name: str) -> None:
    x = target(name).sample(40_000, torch.Generator().manual_seed(0))
    minus_log_p = -target(name).log_density(x.double())
    error = float(minus_log_p.std()) / len(x) ** 0.5
    assert float(minus_log_p.mean()) == pytest.approx(target(name).entropy, abs=4 * error + 1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_samples_follow_the_density(name: str) -> None:
    count, cells, extent = 40_000, 16, 3.2
    x = target(name).sample(count, torch.Generator().manual_seed(1))
    points, area = grid(extent, 8 * cells)
    p = target(name).log_density(points).exp().view(cells, 8, cells, 8).sum(dim=(1, 3)).flatten() * area
    column, row = ((x + extent) * cells / (2 * extent)).floor().long().T
    inside = (column >= 0) & (column < cells) & (row >= 0) & (row < cells)
    seen = torch.bincount(column[inside] * cells + row[inside], minlength=cells**2).double()
    often = p * count > 10
    rest = torch.tensor([count - seen[often].sum(), count * (1 - p[often].sum())])
    seen, expected = torch.cat([seen[often], rest[:1]]), torch.cat([p[often] * count, rest[1:].clamp(min=1)])
    statistic = float(((seen - expected) ** 2 / expected).sum())
    assert stats.chi2.sf(statistic, len(seen) - 1) > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_points(name: str) -> None:
    one, two, other = (target(name).sample(50, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6))
    assert torch.equal(one, two) and not torch.equal(one, other) and one.dtype == torch.float32


def test_the_ring_is_the_one_of_the_lecture() -> None:
    ring = target("ring")
    assert isinstance(ring, Gaussians) and ring.sigma == 0.2 and len(ring.centres) == 8
    torch.testing.assert_close(ring.centres.norm(dim=1), torch.full((8,), 2.0, dtype=torch.float64))
    torch.testing.assert_close(ring.centres[1], torch.full((2,), math.sqrt(2), dtype=torch.float64))
    # far apart, so nearly log 8 above the entropy of one: log(2 pi e s^2)
    assert ring.entropy == pytest.approx(math.log(8) + math.log(2 * math.pi * math.e * 0.04), abs=1e-2)


def test_the_board_is_uniform_on_its_eight_squares() -> None:
    board = target("checkerboard")
    assert board.entropy == pytest.approx(math.log(8))
    at = torch.tensor([[-1.5, 1.5], [-0.5, 1.5], [1.5, 1.5], [5.0, 0.0], [math.nan, 0.0]])
    log_p = board.log_density(at)
    assert log_p[0] == pytest.approx(-math.log(8)) and log_p[1] == log_p[2] == log_p[3] == log_p[4] == -math.inf


def test_densities_are_those_of_torch() -> None:
    ring = target("ring")
    assert isinstance(ring, Gaussians)
    parts = torch.distributions.MultivariateNormal(ring.centres, ring.sigma**2 * torch.eye(2, dtype=torch.float64))
    mixture = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(torch.ones(8).double()), parts)
    x = 2 * torch.randn(3, 100, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(ring.log_density(x), mixture.log_prob(x))


def test_the_score_is_the_gradient_of_log_p() -> None:
    moons = target("moons")
    assert isinstance(moons, Gaussians)
    x = torch.randn(50, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (gradient,) = torch.autograd.grad(moons.log_density(x).sum(), x)
    torch.testing.assert_close(moons.score(x.detach()), gradient)


def test_noise_added_to_samples_is_noise_added_to_the_target() -> None:
    noised = target("line").noised(0.6, 0.8)  # type: ignore[attr-defined]
    x = 0.6 * target("line").sample(20_000, torch.Generator().manual_seed(0))
    x = x + 0.8 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1))
    minus_log_p = -noised.log_density(x.double())
    assert float(minus_log_p.mean()) == pytest.approx(noised.entropy, abs=4 * float(minus_log_p.std()) / 20_000**0.5)


@pytest.mark.parametrize("points", [[], [(1.0, 2.0, 3.0)], [(math.nan, 0.0)], [(9.0, 0.0)]])
def test_a_drawing_that_is_none_is_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError):
        drawn(points)


def test_a_drawing_is_a_target_like_any_other() -> None:
    shape = drawn([(-2.0, 0.0), (0.0, 1.0), (2.0, 0.5)], sigma=0.3)
    points, area = grid(4.2, 168)
    assert float(shape.log_density(points).exp().sum()) * area == pytest.approx(1, abs=1e-5)
    with pytest.raises(ValueError):
        Cells(torch.zeros(3, 3, dtype=torch.bool), 1.0)
