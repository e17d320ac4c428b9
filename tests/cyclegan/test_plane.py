"""A CycleGAN in the plane: its chain rule against autograd, what the seed fixes, and rings that become moons."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.cyclegan.plane import Plane, Settings, distance
from models.cyclegan.plane_measures import Judge, alike
from models.cyclegan.plane_training import Run
from models.plane.nets import LEAK, Perceptron
from models.plane.pulled import MOST_STEPS
from models.plane.toys import target

WITHIN = 2500
"""Steps in which rings become moons: some ten seconds of one core."""


def as_autograd_sees(net: Perceptron, x: Tensor, theta: Tensor) -> Tensor:
    *hidden, (weight, bias) = net.views(theta)
    for w, b in hidden:
        x = F.leaky_relu(F.linear(x, w, b), LEAK)
    return F.linear(x, weight, bias)


class Noted(Plane):
    """A plane that takes no step, but keeps the slopes; the same batch at every call."""

    def batch(self) -> tuple[Tensor, Tensor]:
        random = torch.Generator().manual_seed(5)
        return self.clouds[0].sample(16, random), self.clouds[1].sample(16, random)

    def slopes(self) -> tuple[Tensor, Tensor]:
        before = [net.theta.clone() for net in (self.g, self.f)]
        for net in (self.g, self.f):
            self.moves[net].step = lambda slope: None  # type: ignore[method-assign]
        self.step_g()
        assert all(torch.equal(a, net.theta) for a, net in zip(before, (self.g, self.f), strict=True))
        return self.g.slope.clone(), self.f.slope.clone()


@pytest.mark.parametrize("cycle, identity", [(0.0, 0.0), (1.0, 0.0), (3.0, 0.7)])
def test_the_chain_rule_around_the_cycle_is_autograds(cycle: float, identity: float) -> None:
    plane = Noted(Settings(cycle=cycle, identity=identity, width=12, seed=3))
    x, y = plane.batch()
    g, f = (net.theta.clone().requires_grad_() for net in (plane.g, plane.f))
    made_y, made_x = as_autograd_sees(plane.g, x, g), as_autograd_sees(plane.f, y, f)
    told = [F.softplus(-as_autograd_sees(d, made, d.theta)) for d, made in ((plane.d_y, made_y), (plane.d_x, made_x))]
    gaps = [as_autograd_sees(plane.f, made_y, f) - x, as_autograd_sees(plane.g, made_x, g) - y]
    still = [as_autograd_sees(plane.g, y, g) - y, as_autograd_sees(plane.f, x, f) - x]
    loss = sum(each.mean() for each in told) + cycle * sum(gap.norm(dim=1).mean() for gap in gaps)
    loss = loss + identity * sum(gap.norm(dim=1).mean() for gap in still)
    wanted = torch.autograd.grad(loss, (g, f))
    for found, right in zip(plane.slopes(), wanted, strict=True):
        torch.testing.assert_close(found, right, rtol=1e-3, atol=1e-5)
    assert plane.lost == pytest.approx(float(sum(gap.detach().norm(dim=1).mean() for gap in gaps)) / 2, rel=1e-3)


def test_the_seed_fixes_everything() -> None:
    def after(seed: int) -> Tensor:
        plane = Plane(Settings(seed=seed, width=16))
        for _ in range(5):
            plane.step()
        return torch.cat([plane.g.theta, plane.f.theta, plane.d_x.theta, plane.d_y.theta, plane.there(plane.x)[0]])

    assert torch.equal(after(1), after(1)) and not torch.equal(after(1), after(2))


def test_noise_before_the_way_back_is_added_only_where_it_is_asked_for() -> None:
    still, shaken = Plane(Settings(width=8)), Plane(Settings(width=8, shake=0.3))
    zeros = torch.zeros(4000, 2)
    assert still.shaken(zeros) is zeros
    assert float(shaken.shaken(zeros).std()) == pytest.approx(0.3, rel=0.05)


def test_a_distance_is_a_mean_of_lengths_with_its_slope() -> None:
    a, b = torch.tensor([[3.0, 4.0], [0.0, 1.0]]), torch.zeros(2, 2)
    found, slope = distance(a, b)
    assert found == pytest.approx(3.0, abs=1e-4)
    torch.testing.assert_close(slope, torch.tensor([[0.3, 0.4], [0.0, 0.5]]))


def test_two_samples_are_nearer_than_two_clouds() -> None:
    plane = Plane(Settings(width=8))
    judge = Judge(plane)
    assert judge.alike_x == alike(target("rings")) < 0.15 > judge.alike_y
    before = judge(plane)
    assert before.ratio > 5 and before.cycle > 0.5 and before.noisy == pytest.approx(before.closed, rel=0.2)


def test_a_drawing_is_a_cloud_and_an_unknown_one_is_none() -> None:
    plane = Plane(Settings(target="drawn", width=8), [(1.0, 1.0)])
    assert (plane.y - torch.tensor([1.0, 1.0])).norm(dim=1).max() < 0.7
    with pytest.raises(KeyError):
        Plane(Settings(source="nothing"))
    with pytest.raises(ValueError, match="at least one"):
        Plane(Settings(target="drawn"))


def test_a_run_knows_its_bounds_and_takes_its_steps_in_turn() -> None:
    run = Run(Settings(width=8))
    for kind in ("slow", "slow", "slow"):
        run.go_on(kind, 0.0)
    assert (run.plane.steps_d, run.plane.steps) == (2, 1)
    run.until = 4
    run.go_on("run", 60.0)
    assert run.done and not run.spent and run.taken == 4 and run.verdict == ""
    seen = run.seen()
    assert seen.made_y.shape == seen.again_x.shape == (300, 2) and run.measures is not None
    run.plane.loss_g = float("nan")
    assert run.diverged and run.spent
    run.plane.loss_g, run.plane.steps = 0.0, MOST_STEPS
    assert run.spent


def test_rings_become_moons_and_come_back() -> None:
    plane = Plane(Settings(seed=0))
    judge = Judge(plane)
    for _ in range(WITHIN):
        plane.step()
    found = judge(plane)
    assert found.cycle < 0.1 and found.ratio < 2, found
