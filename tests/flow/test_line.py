"""The change of variables in one dimension: areas, densities, inverses; and a fit beside a kernel density estimate."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from scipy import integrate, stats

from gallery.rooms.flow import line, line_api, line_ask, line_fit_ask
from models.flow.line import LECTURE, Bent, Function, Line, area_x, area_z, curve, dots, log_density, terms
from models.flow.line_fit import BINS, CROWDED, FOLDS, STEPS, Fit, Kernels, knots_of, sample

KNOTS = [(1.7, -1.65), (4.12, -0.08), (5.0, 0.0), (5.88, 0.08), (8.3, 1.65)]
FUNCTIONS: dict[str, Function] = {
    "lecture": LECTURE,
    "steep": Line(2.0, -9.0),
    "falling": Line(-0.7, 3.0),
    "spline": Bent.at(KNOTS),
    "sharp": Bent.at([(0.0, -2.9), (4.9, -2.8), (5.0, 2.5), (5.1, 2.6), (9.0, 2.8)]),
}
PIECES = [(3.0, 4.0), (-2.0, 12.0), (4.95, 5.05), (9.0, 9.5)]


@pytest.fixture(params=FUNCTIONS)
def f(request: pytest.FixtureRequest) -> Function:
    return FUNCTIONS[request.param]


def test_the_area_over_a_piece_is_that_over_its_image(f: Function) -> None:
    for low, high in PIECES:
        assert area_x(f, low, high) == pytest.approx(
            area_z(*f.forward(torch.tensor([low, high], dtype=torch.float64))[0].tolist()), abs=1e-6
        )


def test_a_density_integrates_to_one(f: Function) -> None:
    near, far = sorted(f.inverse(torch.tensor([-9.0, 9.0], dtype=torch.float64)).tolist())
    p = lambda x: log_density(f, torch.tensor([x], dtype=torch.float64)).exp().item()  # noqa: E731
    places = [x for x, _ in f.knots] if isinstance(f, Bent) else f.inverse(torch.zeros(1, dtype=torch.float64)).tolist()
    total = integrate.quad(p, near, far, limit=400, points=places)[0]
    assert total == pytest.approx(1, abs=1e-6)


def test_the_inverse_leads_back_and_the_slope_is_the_derivative(f: Function) -> None:
    x = torch.linspace(-4, 14, 97, dtype=torch.float64, requires_grad=True)
    z, log_slope = f.forward(x)
    assert torch.allclose(f.inverse(z), x, atol=1e-8)
    (slope,) = torch.autograd.grad(z.sum(), x)
    assert torch.allclose(slope.abs().log(), log_slope, atol=1e-8)
    assert (slope > 0).all() or (slope < 0).all()


def test_the_lectures_example_has_a_deviation_of_two_not_a_variance() -> None:
    x = torch.linspace(-2, 12, 29, dtype=torch.float64)
    ours = log_density(LECTURE, x)
    assert torch.allclose(ours, torch.from_numpy(stats.norm(5, 2).logpdf(x.numpy())))
    assert not torch.allclose(ours, torch.from_numpy(stats.norm(5, math.sqrt(2)).logpdf(x.numpy())), atol=0.1)
    assert (LECTURE.mean, LECTURE.deviation) == (5, 2)
    mirrored = Line(-0.5, 2.5)
    assert torch.allclose(ours, log_density(mirrored, x)), "the sign of a changes nothing"


def test_knots_on_the_line_give_the_line_and_others_are_passed() -> None:
    x = torch.linspace(-3, 13, 50, dtype=torch.float64)
    straight = Bent.at([(1, -2), (3, -1), (5, 0), (7, 1), (9, 2)])
    assert torch.allclose(straight.forward(x)[0], LECTURE.forward(x)[0])
    at, through = torch.tensor(KNOTS, dtype=torch.float64).T
    assert torch.allclose(Bent.at(KNOTS).forward(at)[0], through)


def test_points_that_fall_are_the_same_each_time_and_as_the_density_says() -> None:
    z, x = dots(LECTURE, 160)
    assert torch.equal(z, dots(LECTURE, 160)[0]) and torch.allclose(LECTURE.forward(x)[0], z)
    assert stats.kstest(z.numpy(), "norm").statistic <= 1 / 160 + 1e-9
    found = curve(LECTURE, -2, 12, 141)
    f_x, p_z, slope, p_x = terms(LECTURE, [3.5])[0]
    assert p_x == pytest.approx(p_z * slope) == pytest.approx(found.p[55].item())
    assert f_x == pytest.approx(found.z[55].item()) == -0.75


def test_the_kernel_estimate_is_scipys_at_the_best_of_all_widths() -> None:
    x = sample("bumps")
    kernels = Kernels(x)
    scipys = stats.gaussian_kde(x.numpy(), bw_method=kernels.width / x.std().item())
    at = torch.linspace(0, 10, 21, dtype=torch.float64)
    assert torch.allclose(kernels.density(at), torch.from_numpy(scipys(at.numpy())))

    def left_out(width: float) -> float:
        others = [torch.cat([x[:i], x[i + 1 :]]) for i in range(len(x))]
        each = [stats.norm(rest.numpy(), width).pdf(x[i].item()).mean() for i, rest in enumerate(others)]
        return -sum(math.log(p) for p in each) / len(x)

    assert kernels.nll == pytest.approx(left_out(kernels.width))
    assert kernels.nll <= min(left_out(kernels.width * factor) for factor in (0.7, 1.4)) + 1e-6


@pytest.mark.parametrize("name", ["bumps", "skewed", "uniform"])
def test_a_fit_is_as_good_as_the_kernel_estimate_on_what_it_has_not_seen(name: str) -> None:
    fit = Fit(sample(name))
    before = fit.unseen
    fit.go_on("run", 60.0)
    assert fit.done and fit.taken == STEPS
    assert fit.unseen < before - 0.03
    assert fit.unseen == pytest.approx(fit.kernels.nll, abs=0.05)
    assert fit.nll == pytest.approx(-log_density(fit.function(), fit.x).mean().item(), abs=2e-3)


def test_no_spline_is_judged_by_a_point_that_it_learned_from() -> None:
    fit = Fit(sample("bumps"))
    assert fit.learns.shape == (FOLDS + 1, 200)
    assert fit.learns[:-1].sum(dim=0).tolist() == [FOLDS - 1] * 200 and fit.learns[-1].all()
    fit.step()
    moved = Fit(fit.x.clone())
    hidden = int((~fit.learns[0]).nonzero()[0])
    moved.x[hidden] += 2.0
    moved.step()
    change = (fit.raw - moved.raw).detach().abs().amax(dim=(0, 1))
    assert change[0] == 0 and change[-1] > 0


def test_the_endpoint_tells_the_density() -> None:
    told = line_api.flow_line(-0.5, 2.5, None)
    assert (told["mean"], told["deviation"]) == (5, 2)
    assert told["p"] == pytest.approx(stats.norm(5, 2).pdf(told["x"]), abs=1e-6)


def test_bad_input_is_refused_in_a_sentence() -> None:
    knobs: dict[str, Any] = {name: knob.default for name, knob in line.KNOBS.items()}
    assert "area_x" in line_ask.look([knobs])
    bad: list[dict[str, Any]] = [{"a": 0}, {"a": math.nan}, {"b": [1]}, {"at": 2**63}, {"form": "fit"}]
    bad.append({"form": "spline", "x2": 1.0})
    keys = [line_ask.look([knobs | each])["error"]["key"] for each in bad]
    assert keys[0] == "flow.line.flat" and keys[-1] == "flow.line.order"
    assert set(keys[1:-1]) == {"input.range", "input.number", "input.choice"}
    drawn = {"sample": "drawn"}
    for points in (None, [5.0] * 19, [5.0] * 201, [math.nan] * 50, [[5.0]] * 50):
        assert "error" in line_fit_ask.begin([drawn, points])


def test_a_fit_is_pulled_by_moments_and_steps() -> None:
    begun = line_fit_ask.begin([{"sample": "drawn"}, [3.0 + 0.05 * i for i in range(60)]])
    assert begun["steps"] == 0 if "steps" in begun else begun["first"]["steps"] == 0
    step = line_fit_ask.more([begun["token"], "both", 400, {}])
    assert step["steps"] == 1 and not step["done"] and len(step["knots"]) == BINS + 1
    run = line_fit_ask.more([begun["token"], "run", 400, {}])
    assert run["steps"] > 1 and run["nll"] < step["nll"]


@pytest.mark.parametrize(("count", "width"), [(1, 0.1), (1, 0.03), (2, 0.03), (4, 0.05), (5, 0.1)])
def test_needles_are_fitted_as_well_as_bumps(count: int, width: float) -> None:
    """Held-out points, and seeds that no setting was chosen by."""
    generator = torch.Generator().manual_seed(11 + count)
    centre = torch.linspace(1.2, 9.1, count, dtype=torch.float64)[torch.randint(count, (200,), generator=generator)]
    fit = Fit(centre + width * torch.randn(200, dtype=torch.float64, generator=generator))
    while not fit.done:
        fit.step()
    assert fit.unseen <= fit.kernels.nll + 0.05


def test_every_spline_begins_as_the_lectures_line_with_its_knots_where_its_points_are() -> None:
    fit = Fit(sample("bumps"))
    x = torch.linspace(-1, 11, 50, dtype=torch.float64)
    torch.testing.assert_close(fit.function().forward(x)[0], LECTURE.forward(x)[0])
    u = LECTURE.forward(fit.x)[0]
    knots = knots_of(u)
    assert (knots[0], knots[-1]) == (-3, 3) and (knots.diff() > 0).all()
    most = torch.histogram(u.float(), knots.float()).hist.max().item()
    assert most <= 1.3 * len(u) / (BINS * CROWDED) + 1
