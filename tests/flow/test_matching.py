"""Matched flows: Euler and straightness against closed forms, optimal pairs, and the score's ODE as the same field."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor, nn

from models.diffusion import score
from models.diffusion.schedules import cosine
from models.flow.flow import middles, noise
from models.flow.matching import Matching
from models.flow.matching_views import ARROWS, arrows, data, partners, ways
from models.flow.pairings import STEPS, bends, euler, pairings, straightness
from models.flow.plane_views import SPAN
from models.flow.vocabulary import MOMENTS, PAIRINGS, TARGETS
from models.plane.toys import Target, target
from training.flow import pairings as recipe
from training.flow.evaluation import CELLS_OF_MATCHING, WIDE, integral, transport


class Known(nn.Module):
    """A velocity that is known: v = M x."""

    def __init__(self, matrix: list[list[float]]) -> None:
        super().__init__()
        self.matrix = torch.tensor(matrix, dtype=torch.float64)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return x @ self.matrix.T


def along(matrix: list[list[float]]) -> Matching:
    flow = Matching(4)
    flow.velocity = Known(matrix)  # type: ignore[assignment]
    return flow


def cloud(count: int = 50) -> Tensor:
    return torch.randn(count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("steps", [1, 2, 8, 50])
def test_euler_multiplies_by_one_plus_h_in_each_step(steps: int) -> None:
    path = euler(along([[1.0, 0.0], [0.0, -0.5]]), z := cloud(), steps)
    factors = torch.tensor([(1 + 1 / steps) ** steps, (1 - 0.5 / steps) ** steps], dtype=torch.float64)
    torch.testing.assert_close(path[-1], z * factors)
    assert path.shape == (steps + 1, 50, 2)


def test_half_a_turn_has_the_straightness_of_the_closed_form() -> None:
    """v is pi |x| long and turns by pi: S = E|v|^2 - |x_1 - x_0|^2 = (pi^2 - 4) E|x|^2 in the limit of many steps."""
    z = cloud()
    path = euler(along([[0.0, -math.pi], [math.pi, 0.0]]), z, 20_000)
    assert straightness(path) == pytest.approx((math.pi**2 - 4) * float(z.square().sum(dim=1).mean()), rel=1e-3)


def test_straight_is_zero_and_every_step_counts_alike() -> None:
    z, end = cloud(), cloud().flip(0)
    t = torch.linspace(0, 1, 9, dtype=torch.float64)[:, None, None]
    assert straightness((1 - t) * z + t * end) == pytest.approx(0, abs=1e-12)
    bent = euler(along([[0.0, -1.0], [1.0, 0.0]]), z, 10)
    assert straightness(bent) == pytest.approx(float(bends(bent).mean())) and bool((bends(bent) > 0).all())


def test_the_pairs_are_the_cheapest_of_all_orders() -> None:
    z, x = cloud(6), cloud(12)[6:]
    cost = [float((z - x[list(order)]).square().sum()) for order in itertools.permutations(range(6))]
    assert float((z - recipe.cheapest(z, x)).square().sum()) == pytest.approx(min(cost))


def test_a_batch_meets_all_times_and_a_group_keeps_its_pairs() -> None:
    generator = torch.Generator().manual_seed(0)
    t = recipe.times(200, generator)[:, 0]
    assert bool(((t * 200).floor() == torch.arange(200)).all())
    z, x = recipe.transport(target("moons"))(generator)
    found = {(*a, *b) for a, b in zip(z.tolist(), x.tolist(), strict=True)}
    assert len(z) == recipe.BATCH and len(found) == recipe.GROUP


class Straight:
    """The exact velocity E[x - z | x_t] of independent pairs: (x_t + (1 - t) s) / t, s the score of p_t."""

    def __init__(self, of: Target) -> None:
        self.of = of

    def __call__(self, x: Tensor, t: float) -> Tensor:
        return (x + (1 - t) * score.noised(self.of, t, 1 - t).score(x)) / t


def test_the_relation_of_velocity_and_score_is_the_mean_of_the_pairs() -> None:
    """A Gaussian of the data near x_t, by importance: the mean of x - z over pairs that meet there."""
    ring, t = target("ring"), 0.6
    x_t = torch.tensor([[0.9, 0.4]], dtype=torch.float64)
    x = ring.sample(400_000, torch.Generator().manual_seed(3)).double()
    z = (x_t - t * x) / (1 - t)
    weight = (-0.5 * z.square().sum(dim=1)).softmax(dim=0)
    torch.testing.assert_close(Straight(ring)(x_t, t)[0], weight @ (x - z), atol=0.02, rtol=0.01)


@pytest.mark.parametrize("name", ["ring", "checkerboard"])
def test_the_score_s_ode_takes_the_same_noise_to_the_same_data(name: str) -> None:
    """What the room says of independent pairs: both fields are one, so their exact solutions end alike."""
    exact, z, steps = score.Exact(target(name)), noise(0, 60).double(), 500
    *_, ends = score.flow(exact, exact.schedule, range(1000, -1, -2), z)
    # The other way, by the midpoint method from t near 0, where x_t is (1 - t) z to the first order, to near 1.
    velocity, first, last = Straight(exact.target), 1e-4, 1 - 2e-3
    h = (last - first) / steps
    x = (1 - first) * z + first * exact.target.sample(20_000, torch.Generator().manual_seed(5)).double().mean(dim=0)
    for i in range(steps):
        t = first + i * h
        x = x + h * velocity(x + h / 2 * velocity(x, t), t + h / 2)
    assert float((x - ends).norm(dim=1).median()) < 0.01


def test_the_score_s_euler_goes_to_the_ode_as_its_steps_become_more() -> None:
    exact, z = score.Exact(target("moons")), noise(0, 100).double()
    *_, ends = score.flow(exact, cosine(), range(1000, -1, -20), z)
    far = [float((list(score.euler(exact, cosine(), n, z))[-1] - ends).norm(dim=1).mean()) for n in (8, 50, 250, 1000)]
    assert far == sorted(far, reverse=True) and far[-1] < 0.01
    assert len(list(score.euler(exact, cosine(), 8, z))) == 9


def test_a_reflow_straightens_and_two_steps_do_what_eight_did() -> None:
    held = pairings()
    assert set(held.networks) == {(pairing, name) for pairing in PAIRINGS for name in TARGETS}
    for name in TARGETS:
        first, second = held["independent", name], held["reflow", name]
        with torch.no_grad():
            before, after = (straightness(euler(network, noise(4, 500), STEPS)) for network in (first, second))
            assert after < 0.1 * before
            fresh = target(name).sample(1000, torch.Generator().manual_seed(6))
            two, eight = (transport(euler(f, noise(5, 1000), n)[-1], fresh) for f, n in ((second, 2), (first, 8)))
        assert two <= eight, name
        assert held.quality[f"straightness_reflow_{name}"] == pytest.approx(after, rel=0.5, abs=0.01)


@pytest.mark.parametrize("name", ["rings", "checkerboard"])
def test_fifty_steps_are_near_the_data(name: str) -> None:
    with torch.no_grad():
        made = euler(pairings()["independent", name], noise(6, 1000), 50)[-1]
    one, other, third = (target(name).sample(1000, torch.Generator().manual_seed(seed)) for seed in (7, 8, 9))
    assert transport(made, one) < 1.5 * transport(other, third)


def test_what_a_room_shows_is_what_was_learned() -> None:
    network = pairings()["independent", "moons"]
    field = arrows(network)
    assert field.shape == (MOMENTS + 1, ARROWS**2, 2) and field.dtype == torch.int8
    corner = middles(ARROWS, SPAN)[:1]
    with torch.no_grad():
        v = network.velocity(corner, torch.tensor([[0.5]]))[0]
    seen = field[MOMENTS // 2, 0].float()
    assert float(torch.cosine_similarity(seen, v, dim=0)) > 0.99
    assert float(seen.norm()) / 127 == pytest.approx(1 - math.exp(-0.5 * float(v.norm())), abs=0.01)
    assert {steps: len(way) for steps, way in ways("independent", "moons").items()}["8"] == 9
    random, optimal, made = (partners(pairing, "moons") for pairing in PAIRINGS)
    first = noise(0, len(random))
    assert float((first - optimal).square().sum()) < float((first - random).square().sum())
    assert torch.allclose(optimal.sort(dim=0).values, data("moons").sort(dim=0).values, atol=2e-3), "the same points"
    end = ways("independent", "moons")["50"][-1]
    assert float((made - end).norm(dim=1).median()) < 0.05 and float(made.abs().max()) < 2 * SPAN


class Gaussian(Matching):
    """N(mean, deviation^2 I), whose integral is known."""

    def __init__(self, mean: tuple[float, float], deviation: float) -> None:
        super().__init__(4)
        self.mean, self.deviation = torch.tensor(mean), deviation

    def log_density(self, x: Tensor) -> Tensor:
        far = ((x - self.mean) / self.deviation).square().sum(dim=1)
        return -far / 2 - math.log(2 * math.pi * self.deviation**2)


@pytest.mark.parametrize(("mean", "deviation"), [((0.3, -1.0), 0.2), ((0.0, 0.0), 3.0), ((2.0, -WIDE), 1.0)])
def test_few_cells_integrate_a_density_to_1_also_beyond_the_square_and_across_its_border(
    mean: tuple[float, float], deviation: float
) -> None:
    assert integral(Gaussian(mean, deviation), *CELLS_OF_MATCHING) == pytest.approx(1, abs=5e-3)
    assert integral(Gaussian((0.0, 0.0), 12.0), *CELLS_OF_MATCHING) < 0.9, "what lies beyond 20 is missed"
