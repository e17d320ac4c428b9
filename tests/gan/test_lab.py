"""The laboratory: slopes against autograd, the lecture's measures against references, and a ring that is learned."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from scipy.stats import wasserstein_distance
from torch import Tensor

from models.gan import lab_views as views
from models.gan.lab import NOISES, Lab, Settings, noise
from models.gan.lab_training import Run
from models.gan.vocabulary import LOSSES as LOSS_NAMES
from models.gan.vocabulary import NOISES as NOISE_NAMES
from models.gan.vocabulary import OPTIMISERS as OPTIMISER_NAMES
from models.plane import measures as measures
from models.plane.losses import LOSSES, near_one, near_zero
from models.plane.nets import LEAK, OPTIMISERS, Adam, Perceptron
from models.plane.pulled import MOST_STEPS
from models.plane.toys import target


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_autograd(net: Perceptron, x: Tensor, theta: Tensor) -> Tensor:
    """The network's output as autograd sees it, with other weights."""
    *hidden, (weight, bias) = net.views(theta)
    for w, b in hidden:
        x = F.leaky_relu(F.linear(x, w, b), LEAK)
    return F.linear(x, weight, bias)


# ---- networks and losses ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("sizes", [(2, 5, 1), (1, 4, 6, 2), (2, 3, 3, 3, 1)])
def test_the_chain_rule_by_hand_is_autograds(sizes: tuple[int, ...]) -> None:
    net = Perceptron(sizes, seeded())
    x = torch.randn(7, sizes[0], generator=seeded(1), requires_grad=True)
    out = torch.randn(7, sizes[-1], generator=seeded(2))
    theta = net.theta.clone().requires_grad_()
    by_theta, by_x = torch.autograd.grad((by_autograd(net, x, theta) * out).sum(), (theta, x))
    with torch.no_grad():
        torch.testing.assert_close(net.forward(x), by_autograd(net, x, theta))
        torch.testing.assert_close(net.backward(out), by_x)
    torch.testing.assert_close(net.slope, by_theta)


@pytest.mark.parametrize("price", [near_one, near_zero])
def test_the_price_of_ds_gradients_has_autograds_slope(price: object) -> None:
    net = Perceptron((2, 6, 5, 1), seeded())
    x = torch.randn(8, 2, generator=seeded(1), requires_grad=True)
    batch = 8 if price is near_one else 4
    theta = net.theta.clone().requires_grad_()
    (gradients,) = torch.autograd.grad(by_autograd(net, x, theta).sum(), x, create_graph=True)
    value, along = price(gradients, 0.7, batch)  # type: ignore[operator]
    torch.testing.assert_close(along, torch.autograd.grad(value, gradients, retain_graph=True)[0])
    (wanted,) = torch.autograd.grad(value, theta)
    with torch.no_grad():
        net.slope.zero_()
        paid = net.pay(x.detach(), lambda found: price(found, 0.7, batch))  # type: ignore[operator]
    torch.testing.assert_close(paid, value.detach())
    torch.testing.assert_close(net.slope, wanted)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("name", LOSS_NAMES)
def test_every_loss_has_the_slopes_of_its_value(name: str, smoothing: float) -> None:
    loss = LOSSES[name]
    r, f = (torch.randn(9, generator=seeded(i), dtype=torch.float64, requires_grad=True) for i in (1, 2))
    wanted = torch.autograd.grad(loss.d(r, f, smoothing), (r, f))
    for found, right in zip(loss.d_slopes(r, f, smoothing), wanted, strict=True):
        torch.testing.assert_close(found / 9, right)
    torch.testing.assert_close(loss.g_slope(r, f) / 9, torch.autograd.grad(loss.g(r, f), f)[0])


def test_the_lectures_loss_vanishes_where_d_is_sure_and_the_other_does_not() -> None:
    sure = torch.full((4,), -20.0)
    assert LOSSES["minimax"].g_slope(sure, sure).abs().max() < 1e-8
    assert LOSSES["nonsaturating"].g_slope(sure, sure).abs().min() > 0.999
    # Where D knows nothing it pays log 4, as in Goodfellow et al. 2014.
    zero = torch.zeros(4)
    assert float(LOSSES["minimax"].d(zero, zero, 0.0)) == pytest.approx(math.log(4))


def test_our_adam_is_torchs() -> None:
    theta, slope = torch.randn(20, generator=seeded()), torch.randn(5, 20, generator=seeded(1))
    parameter = torch.nn.Parameter(theta.clone())
    ours, torchs = Adam(theta, 0.01), torch.optim.Adam([parameter], lr=0.01, betas=(0.5, 0.99))
    for each in slope:
        ours.step(each)
        parameter.grad = each.clone()
        torchs.step()
    torch.testing.assert_close(theta, parameter.detach())


def test_all_names_are_there() -> None:
    assert set(LOSSES) == set(LOSS_NAMES) and set(NOISES) == set(NOISE_NAMES)
    assert set(OPTIMISERS) == set(OPTIMISER_NAMES)


@pytest.mark.parametrize("kind", NOISE_NAMES)
def test_noise_is_what_it_is_called(kind: str) -> None:
    z = noise(kind, 20_000, seeded())
    assert z.shape == (20_000, NOISES[kind])
    assert float(z.var()) == pytest.approx(1 / 3 if kind == "uniform1" else 1, abs=0.03)
    assert (z.abs().max() <= 1) == (kind == "uniform1")


# ---- a training ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_same_settings_give_the_same_networks_however_often_one_looks(loss: str) -> None:
    labs = [Lab(Settings(loss=loss, k=2, seed=3)) for _ in range(2)]
    for _ in range(6):
        for lab in labs:
            lab.pair()
        with torch.no_grad():
            views.verdicts(labs[0]), views.arrows(labs[0]), views.warped(labs[0]), labs[0].points()
    assert torch.equal(labs[0].g.theta, labs[1].g.theta) and torch.equal(labs[0].d.theta, labs[1].d.theta)
    assert labs[0].pairs == 6 and labs[0].steps_d == 12
    assert not torch.equal(labs[0].g.theta, Lab(Settings(loss=loss, k=2, seed=4)).g.theta)


def test_a_step_of_d_leaves_g_alone_and_the_other_way_round() -> None:
    lab = Lab(Settings())
    d, g = lab.d.theta.clone(), lab.g.theta.clone()
    lab.step_d()
    assert torch.equal(lab.g.theta, g) and not torch.equal(lab.d.theta, d)
    d = lab.d.theta.clone()
    lab.step_g()
    assert torch.equal(lab.d.theta, d) and not torch.equal(lab.g.theta, g)
    assert lab.norm == pytest.approx(float(lab.g.slope.norm()))


def test_clipping_holds() -> None:
    lab = Lab(Settings(loss="wasserstein", clip=0.03))
    lab.step_d()
    assert lab.d.theta.abs().max() <= 0.03 + 1e-9


@pytest.mark.slow
def test_the_ring_is_learned_with_the_default_settings() -> None:
    """All eight modes, and nine points of ten within 3 sigma; python -m benchmarks.lab does it for five seeds."""
    lab = Lab(Settings())
    best = 0.0
    for i in range(1, 7001):
        lab.pair()
        if i >= 3000 and i % 500 == 0:
            x = lab.points()
            if measures.covered(lab.target, x) == (8, 8):
                best = max(best, float(measures.near(lab.target, x).float().mean()))
                if best >= 0.9:
                    break
    assert best >= 0.9


# ---- measures --------------------------------------------------------------------------------------------------
def test_a_fresh_classifier_is_lost_where_both_are_the_same_and_sure_where_they_are_apart() -> None:
    ring = target("ring")
    real, same = (ring.sample(2000, seeded(i)) for i in (1, 2))
    auc, loss = measures.told_apart(real, same)
    assert auc == pytest.approx(measures.WON[0], abs=0.03) and loss == pytest.approx(measures.WON[1], abs=0.02)
    auc, loss = measures.told_apart(real, torch.randn(2000, 2, generator=seeded()) * 0.2)
    assert auc > 0.999 and loss < 0.02


def test_auc_is_the_share_of_pairs_in_order() -> None:
    said = [torch.tensor([0.1, 0.5, 0.5, 0.9]), torch.tensor([0.5, 0.2])]
    pairs = [(a > b) + 0.5 * (a == b) for a in said[0] for b in said[1]]
    assert measures.auc(*said) == pytest.approx(float(sum(pairs)) / 8)


def test_the_wasserstein_distance_is_scipys_along_lines_and_a_shift_counts_its_length() -> None:
    real, made = target("moons").sample(400, seeded()), torch.randn(400, 2, generator=seeded(1))
    angles = (np.arange(measures.LINES) + 0.5) * np.pi / measures.LINES
    lines = np.stack([np.cos(angles), np.sin(angles)])
    along = [
        wasserstein_distance(a, b)
        for a, b in zip((real @ torch.tensor(lines).float()).T, (made @ torch.tensor(lines).float()).T, strict=True)
    ]
    assert measures.wasserstein(real, made) == pytest.approx(np.mean(along) * np.pi / 2, rel=1e-4)
    assert measures.wasserstein(real, real + torch.tensor([0.3, -0.4])) == pytest.approx(0.5, rel=1e-3)
    # No plan in the plane is cheaper than 2 / pi of it, which is the bound of its mean along lines.
    cost = torch.cdist(real, made).numpy()
    plan = linear_sum_assignment(cost)
    assert measures.wasserstein(real, made) * 2 / math.pi <= cost[plan].mean() + 1e-6


def test_modes_are_counted_where_they_stand_apart() -> None:
    ring = target("ring")
    x = ring.sample(2000, seeded())
    assert measures.covered(ring, x) == (8, 8)
    assert measures.near(ring, x).float().mean() > 0.98
    right = x[x[:, 0] > 0.5]
    assert measures.covered(ring, right) == (3, 8)
    board = target("checkerboard")
    assert measures.covered(board, board.sample(2000, seeded())) == (8, 8)
    assert measures.covered(target("moons"), x) is None
    assert measures.covered(ring, torch.full((100, 2), 50.0)) == (0, 8)


# ---- what is shown ---------------------------------------------------------------------------------------------
def test_the_best_d_is_right_where_the_truth_is_known() -> None:
    blobs = target("blobs")
    p = views.density(blobs)
    same = views.optimum(p, blobs.sample(60_000, seeded())).float() / 255
    dense = p > 0.05
    assert (same[dense] - 0.5).abs().max() < 0.12, "p_G = p: nobody can do better than a coin"
    away = views.optimum(p, torch.full((100, 2), -3.0)).float() / 255
    assert away[dense].min() > 0.99
    assert views.optimum(p, torch.full((100, 2), -3.0), 0.1).float().max() / 255 == pytest.approx(0.9, abs=0.01)


def test_arrows_are_minus_the_gradient_by_autograd() -> None:
    lab = Lab(Settings(loss="nonsaturating"))
    for _ in range(20):
        lab.pair()
    x = lab.points(views.ARROWS).clone().requires_grad_()
    said = by_autograd(lab.d, x, lab.d.theta)[:, 0]
    (slope,) = torch.autograd.grad(F.softplus(-said).mean(), x)
    with torch.no_grad():
        found = views.arrows(lab)
    torch.testing.assert_close(found / found.norm(), -slope / slope.norm(), atol=1e-5, rtol=1e-4)
    assert float(found.norm(dim=1).max()) == pytest.approx(0.6, rel=1e-4)


@pytest.mark.parametrize("kind", NOISE_NAMES)
def test_the_warped_grid_is_where_g_takes_the_noise(kind: str) -> None:
    lab = Lab(Settings(noise=kind))
    with torch.no_grad():
        lines = views.warped(lab)
        middle = lab.g.forward(torch.zeros(1, NOISES[kind]))
    assert lines.shape == (2 * views.LINES if kind == "gauss2" else 1, views.ALONG, 2)
    assert (lines.reshape(-1, 2) - middle).norm(dim=1).min() < 1e-5


# ---- a run that is pulled --------------------------------------------------------------------------------------
def test_a_run_steps_rests_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(Settings(k=3))
    run.go_on("d", 0)
    assert (run.lab.steps_d, run.lab.pairs) == (1, 0)
    for _ in range(7):
        run.go_on("slow", 0)
    assert (run.lab.steps_d, run.lab.pairs) == (6, 2), "slow motion takes k steps of D before one of G"
    run.go_on("both", 0)
    assert (run.lab.steps_d, run.lab.pairs) == (9, 3)
    run.until = 10
    run.go_on("run", 60.0)
    assert run.lab.pairs == 10 and run.done and not run.spent
    run.lab.pairs = MOST_STEPS
    run.go_on("g", 0)
    assert run.spent and run.lab.pairs == MOST_STEPS


def test_a_run_that_diverges_ends_and_is_still_shown() -> None:
    run = Run(Settings(optimiser="sgd", rate_d=0.2, rate_g=0.2, loss="leastsquares", k=12, depth_d=4, depth_g=4))
    run.lab.d.theta.fill_(math.nan)
    run.go_on("run", 5.0)
    assert run.diverged and run.done
    seen = run.seen(True)
    assert seen.points.shape == (views.POINTS, 2) and math.isfinite(seen.half) and run.measures is not None
