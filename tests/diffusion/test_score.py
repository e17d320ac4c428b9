"""The score in the plane: exact against autograd and quadrature, SDE against ODE, learned against exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from torch import Tensor

from models.diffusion import score_views as views
from models.diffusion.schedules import cosine
from models.diffusion.score import Blurred, Exact, drift, flow, noised
from models.diffusion.score_learning import SNRS, Epsilon, Fit, Measure, Training, fit, loss, relative, time_of
from models.plane.toys import Gaussians, drawn, target

ROOM = ("ring", "moons", "spiral", "checkerboard")
ONE = Gaussians(torch.tensor([[0.8, -0.5]]), 0.6)
CHANCE = 1e-3
"""A difference that chance alone brings about less often than this is one."""


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def closed_form(x: Tensor, t: int) -> Tensor:
    """The score of ONE at t, by hand: a Gaussian of mean a c and variance a^2 s^2 + b^2."""
    bar = cosine().alpha_bar[t]
    return (bar.sqrt() * ONE.centres[0] - x) / (bar * ONE.sigma**2 + 1 - bar)


@pytest.mark.parametrize("t", [1, 60, 300, 700, 1000])
@pytest.mark.parametrize("name", ROOM)
def test_the_exact_score_is_the_gradient_of_log_p_t(name: str, t: int) -> None:
    exact = Exact(target(name))
    far = 4 * torch.randn(100, 2, dtype=torch.float64, generator=seeded(1))
    x = torch.cat([exact.sample(100, t, seeded()), far]).requires_grad_()
    (gradient,) = torch.autograd.grad(exact.at(t).log_density(x).sum(), x)
    torch.testing.assert_close(exact.score(x.detach(), t), gradient, rtol=1e-6, atol=1e-7)


def test_the_score_of_one_gaussian_is_the_closed_form() -> None:
    x = 3 * torch.randn(50, 2, dtype=torch.float64, generator=seeded())
    for t in (1, 250, 999):
        torch.testing.assert_close(Exact(ONE).score(x, t), closed_form(x, t))


@pytest.mark.parametrize(("scale", "noise"), [(0.99, 0.1), (0.7, 0.71), (1e-4, 1.0)])
def test_squares_with_noise_are_the_convolution(scale: float, noise: float) -> None:
    board = target("checkerboard")
    p = noised(board, scale, noise)
    for x in torch.tensor([[0.3, -0.2], [1.4, 2.2], [-2.9, 0.1]], dtype=torch.float64):

        def along(corner: float, at: float) -> float:
            return integrate.quad(lambda u: stats.norm.pdf(at, scale * u, noise), corner, corner + 1)[0]

        by_hand = np.mean([along(cx, float(x[0])) * along(cy, float(x[1])) for cx, cy in board.corners.tolist()])  # type: ignore[attr-defined]
        assert math.exp(p.log_density(x[None])) == pytest.approx(by_hand, rel=1e-6)


def test_far_from_all_squares_the_score_points_back_and_is_finite() -> None:
    p = Blurred(torch.tensor([[0.0, 0.0]]), 1.0, 0.01)
    x = torch.tensor([[50.0, 0.5], [-50.0, -60.0]], dtype=torch.float64)
    log_p, s = p.log_density(x), p.score(x)
    assert bool(log_p.isfinite().all() and s.isfinite().all())
    torch.testing.assert_close(s[0], torch.tensor([-49.0, 0.0], dtype=torch.float64) / 1e-4, rtol=1e-3, atol=1e-6)
    assert bool((s[1] > 0).all())


@pytest.mark.parametrize("name", ROOM)
def test_both_readings_explain_x_t_and_the_score_is_minus_epsilon_over_sigma(name: str) -> None:
    exact = Exact(target(name))
    for t in (1, 400, 1000):
        x = exact.sample(64, t, seeded())
        x0, epsilon = exact(x, t)
        torch.testing.assert_close(exact.signal[t] * x0 + exact.noise[t] * epsilon, x)
        torch.testing.assert_close(-epsilon / exact.noise[t], exact.score(x, t))
        assert float(x0.abs().max()) < 4


def moments(x: Tensor) -> Tensor:
    """What is compared of a cloud, for each point: x, y, x^2, y^2, xy, |x|^4."""
    a, b = x.unbind(dim=1)
    return torch.stack([a, b, a * a, b * b, a * b, (a * a + b * b).square()], dim=1)


def same_moments(x: Tensor, y: Tensor) -> None:
    """No moment of two clouds differs by more than chance allows, six of them looked at."""
    p, q = moments(x), moments(y)
    z = (p.mean(dim=0) - q.mean(dim=0)) / (p.var(dim=0) / len(p) + q.var(dim=0) / len(q)).sqrt()
    assert float(z.abs().max()) < stats.norm.isf(CHANCE / 12), z


@pytest.mark.parametrize("way", ["reverse", "forward"])
@pytest.mark.parametrize("name", ["ring", "checkerboard"])
def test_sde_and_ode_have_the_same_marginals(name: str, way: str) -> None:
    exact = Exact(target(name))
    paths = drift(exact, way, count=600, seed=0, apart=50)
    for i, t in enumerate(paths.times):
        if t in (0, 200, 500, 800, 1000):
            truth = exact.target.sample(40_000, seeded(t)).double() if t == 0 else exact.sample(40_000, t, seeded(t))
            same_moments(paths.sde[i], truth)
            same_moments(paths.ode[i], truth)
            same_moments(paths.sde[i], paths.ode[i])


@pytest.mark.parametrize("name", ["ring", "moons"])
def test_reverse_ode_of_forward_ode_returns(name: str) -> None:
    exact = Exact(target(name))
    x = exact.target.sample(100, seeded()).double()
    up = list(range(0, 1001, 10))
    *_, noise = flow(exact, exact.schedule, up, x)
    *_, back = flow(exact, exact.schedule, up[::-1], noise)
    assert float((noise - x).norm(dim=1).mean()) > 0.3
    torch.testing.assert_close(back, x, atol=2e-3, rtol=0)


def test_the_ode_of_one_gaussian_is_a_straight_scaling() -> None:
    exact = Exact(ONE)
    x = ONE.sample(50, seeded()).double()
    *_, noise = flow(exact, exact.schedule, range(0, 1001, 10), x)
    torch.testing.assert_close(noise, (x - ONE.centres[0]) / ONE.sigma, atol=5e-4, rtol=0)


def test_paths_differ_but_begin_alike_and_a_seed_gives_them_again() -> None:
    exact = Exact(target("moons"))
    one, two, other = (drift(exact, "reverse", 40, seed, apart=100) for seed in (5, 5, 6))
    assert torch.equal(one.sde, two.sde) and torch.equal(one.ode, two.ode)
    assert not torch.equal(one.sde, other.sde)
    assert one.times == list(range(1000, -1, -100)) and one.sde.shape == one.ode.shape == (11, 40, 2)
    assert torch.equal(one.sde[0], one.ode[0]) and not torch.allclose(one.sde[-1], one.ode[-1], atol=0.1)

    def length(path: Tensor) -> float:
        return float((path[1:] - path[:-1]).norm(dim=2).sum(dim=0).mean())

    assert length(one.sde) > 1.5 * length(one.ode)


def last(states: Iterator[Fit]) -> Fit:
    return list(states)[-1]


def test_what_is_learned_of_one_gaussian_approaches_the_closed_form() -> None:
    exact = Exact(ONE)
    early, late = (last(fit(exact, steps, width=32)).average for steps in (15, 240))
    x, t = exact.sample(500, 400, seeded()), 400
    wrong = [
        float((net.score(x, t) - closed_form(x, t)).square().sum() / closed_form(x, t).square().sum())
        for net in (early, late)
    ]
    assert wrong[1] < 0.08**2 and wrong[1] < wrong[0] / 4


def test_the_same_seed_learns_the_same() -> None:
    one, two, other = (last(fit(Exact(target("ring")), 6, seed, width=16)) for seed in (3, 3, 4))
    weights = [torch.cat([p.flatten() for p in state.average.parameters()]) for state in (one, two, other)]
    assert one.loss == two.loss and torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_before_training_the_loss_is_that_of_guessing_nothing_but_noise() -> None:
    exact = Exact(ONE)
    network = Epsilon(exact.schedule, 8, seeded())
    x_0, epsilon = torch.zeros(5, 2), torch.randn(5, 2, generator=seeded())
    t = torch.tensor([[1], [250], [500], [750], [1000]])
    bar = exact.schedule.alpha_bar[t].float()
    # with v = 0: epsilon-hat = b x_t = b^2 epsilon
    expected = (bar * epsilon).square().sum(dim=1).mean()
    torch.testing.assert_close(loss(network, x_0, t, epsilon), expected)


class Off(Epsilon):
    """Learned to be the exact score, ten per cent too long."""

    def __init__(self, exact: Exact, factor: float) -> None:
        super().__init__(exact.schedule, 4)
        self.exact, self.factor = exact, factor

    def score(self, x: Tensor, t: int) -> Tensor:
        return self.factor * self.exact.score(x, t)


def test_the_figure_is_the_relative_error() -> None:
    exact = Exact(target("spiral"))
    measure = Measure(exact, points=20)
    assert measure(Off(exact, 1.1)) == pytest.approx(0.1) and measure(Off(exact, 0.0)) == pytest.approx(1)
    snr = [exact.schedule.snr[t].item() for t in measure.times]
    assert snr == pytest.approx(list(SNRS), rel=0.02) and (SNRS[0], SNRS[-1]) == (0.1, 10)
    assert relative([(1.0, 4.0), (0.0, 12.0)]) == 0.25
    assert time_of(exact.schedule, 1.0) == int((exact.schedule.alpha_bar - 0.5).abs().argmin())


def test_a_training_goes_on_while_it_is_asked_and_stops_when_it_is_not() -> None:
    training = Training(Exact(ONE), steps=60)
    assert training.state.steps == 1 and not training.done
    training.go_on(0.001)
    between = training.state.steps
    assert 1 < between < 60 and training.errors[-1][0] == between
    assert training.state.steps == between, "nobody asked"
    while not training.done:
        training.go_on(0.2)
    steps = training.state.steps
    training.go_on(0.2)
    assert steps == training.state.steps == 60
    assert training.errors[-1][1] < training.errors[0][1]


def test_a_fit_can_be_left_at_any_step() -> None:
    states = fit(Exact(ONE), 1000, width=8)
    assert [state.steps for state in islice(states, 3)] == [1, 2, 3]
    states.close()  # type: ignore[attr-defined]
    assert list(states) == []


@pytest.mark.parametrize("name", ROOM)
def test_the_density_shown_is_p_t_on_the_grid(name: str) -> None:
    exact = Exact(target(name))
    for t in (1, 300, 900):
        p = views.density(exact.at(t), 24)
        torch.testing.assert_close(p.view(-1), exact.at(t).log_density(views.grid(24)).exp(), rtol=1e-6, atol=1e-12)
    top = views.grid(24)[0]
    assert float(top[0]) < 0 < float(top[1]), "the first cell is the upper left one"


def test_arrows_point_along_the_score_and_stay_in_their_cell() -> None:
    exact = Exact(target("ring"))
    (field,) = views.fields(exact, [200], 9)
    shown = torch.from_numpy(field.astype(float)).view(-1, 2) / 127
    s = exact.score(views.grid(9), 200)
    assert float(shown.norm(dim=1).max()) <= 1.01
    torch.testing.assert_close(shown.norm(dim=1), 1 - (-(s * exact.noise[200]).norm(dim=1)).exp(), atol=0.01, rtol=0)
    assert bool(((shown * s).sum(dim=1) > 0)[s.norm(dim=1) > 0.2].all())


@pytest.mark.parametrize(("factor", "value"), [(1.0, 0), (0.0, 255)])
def test_the_difference_is_nothing_for_the_exact_score(factor: float, value: int) -> None:
    exact = Exact(ONE)
    shown = views.difference(exact, Off(exact, factor), 300, 16)
    assert (int(shown.max()) if value == 0 else int(shown[0, 0])) == value


def test_paths_are_packed_to_a_few_bytes() -> None:
    paths = drift(Exact(ONE), "forward", 30, 1, apart=200)
    for packed, x in zip(views.packed(paths), (paths.sde, paths.ode), strict=True):
        assert packed.dtype == np.int16 and packed.shape == (6, 30, 2)
        assert np.abs(packed / 32767 * 2 * views.SPAN - x.numpy()).max() < 2e-4


def test_a_drawing_has_a_score_like_any_other() -> None:
    exact = Exact(drawn([(-1.0, 0.0), (1.0, 0.5)]))
    paths = drift(exact, "reverse", 60, 0, apart=100)
    near = (paths.ode[-1][:, None] - exact.target.centres).norm(dim=2).min(dim=1).values  # type: ignore[attr-defined]
    assert float(near.quantile(0.9)) < 4 * 0.12


def test_another_kind_of_target_is_refused() -> None:
    make: Callable[[], object] = lambda: noised(object(), 1.0, 1.0)  # type: ignore[arg-type]  # noqa: E731
    with pytest.raises(TypeError):
        make()
