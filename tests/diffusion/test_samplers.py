"""Our samplers against diffusers' schedulers, step by step in float64, and the laws of the noising process."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    HeunDiscreteScheduler,
)
from diffusers.schedulers import scheduling_dpmsolver_multistep, scheduling_euler_discrete
from scipy import integrate, stats

from models.diffusion.samplers import (
    SAMPLERS,
    State,
    ddim,
    ddpm,
    dpm,
    euler,
    even_times,
    heun,
    invert,
    karras_times,
    ode_start,
    sampler,
    times,
    times_of,
)
from models.diffusion.schedules import LARGEST_BETA, Schedule, cosine, drawn, linear
from models.runtime.noise import Noise

SCHEDULES = {
    "linear": linear(),
    "cosine": cosine(),
    "drawn": drawn([(0.0, 1.0), (0.3, 0.9), (0.6, 0.2), (1.0, 0.001)]),
}
CASES = [(name, steps) for name in SCHEDULES for steps in (4, 20, 37)] + [("cosine", 1000), ("linear", 1000)]
"""Schedules and numbers of steps in the comparisons with diffusers."""
SPREAD = 0.3
SHAPE = (2, 3, 4, 4)


class Exact:
    """E[x_0 | x_t] where each pixel is -1 or +1 with normal noise of SPREAD: what a perfect network would say."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule, self.calls = schedule, 0

    def __call__(self, x_t: torch.Tensor, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        self.calls += 1
        bar = self.schedule.alpha_bar[t].item()
        a, variance = math.sqrt(bar), 1 - bar
        total = bar * SPREAD**2 + variance
        sign = torch.tanh(a * x_t / total)
        x0 = sign + a * SPREAD**2 / total * (x_t - a * sign)
        return x0, (x_t - a * x0) / math.sqrt(variance)


def start() -> torch.Tensor:
    return torch.randn(SHAPE, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def noise(seed: int) -> Noise:
    generator = torch.Generator().manual_seed(seed)
    return lambda: torch.randn(SHAPE, dtype=torch.float64, generator=generator)


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of diffusers' schedulers round to single precision in every step; for a comparison they may not."""
    torch_in_double = SimpleNamespace(**{**vars(torch), "float32": torch.float64})
    for module in (scheduling_dpmsolver_multistep, scheduling_euler_discrete):
        monkeypatch.setattr(module, "torch", torch_in_double)


def theirs(kind: Any, schedule: Schedule, **options: Any) -> Any:
    """A scheduler of diffusers with our schedule in double precision; its index t is our t + 1."""
    made = kind(trained_betas=schedule.beta[1:].numpy(), prediction_type="epsilon", **options)
    made.alphas_cumprod = schedule.alpha_bar[1:]
    made.alphas, made.betas = schedule.alpha[1:], schedule.beta[1:]
    made.one, made.final_alpha_cumprod = torch.ones((), dtype=torch.float64), torch.ones((), dtype=torch.float64)
    return made


def sigmas(schedule: Schedule, ts: list[int]) -> torch.Tensor:
    """sqrt(1 / SNR) at the times, and 0 at the end, in double precision; diffusers rounds its own to single."""
    return torch.cat([schedule.snr[torch.tensor(ts)].rsqrt(), torch.zeros(1, dtype=torch.float64)])


def walk(scheduler: Any, predict: Exact, x: torch.Tensor, **options: Any) -> Iterator[torch.Tensor]:
    """x at each time of a scheduler that works on x_t itself."""
    for t in scheduler.timesteps.tolist():
        x = scheduler.step(predict(x, int(t) + 1)[1], t, x, **options).prev_sample
        yield x


def same(ours: Iterator[State], expected: list[torch.Tensor]) -> None:
    states = list(ours)[1:]
    for state, x in zip(states, expected, strict=True):
        torch.testing.assert_close(state.x, x, atol=1e-6, rtol=0)
    assert states[-1].x.std() > 0.5


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_ddpm_is_that_of_diffusers(name: str, steps: int) -> None:
    schedule = SCHEDULES[name]
    scheduler = theirs(DDPMScheduler, schedule, clip_sample=False)
    ts = times(schedule, steps)
    scheduler.set_timesteps(timesteps=[t - 1 for t in ts])
    generator = torch.Generator().manual_seed(5)
    expected = list(walk(scheduler, Exact(schedule), start(), generator=generator))
    same(ddpm(Exact(schedule), schedule, ts, start(), noise(5)), expected)


@pytest.mark.parametrize(("name", "steps"), [case for case in CASES if 1000 % case[1] == 0])  # diffusers wants it so
@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
def test_ddim_is_that_of_diffusers(name: str, steps: int, eta: float) -> None:
    schedule = SCHEDULES[name]
    scheduler = theirs(DDIMScheduler, schedule, clip_sample=False, timestep_spacing="trailing")
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(5)
    expected = list(walk(scheduler, Exact(schedule), start(), eta=eta, generator=generator))
    same(ddim(Exact(schedule), schedule, even_times(steps), start(), noise(5), eta), expected)


@pytest.mark.parametrize(("name", "steps"), CASES)
@pytest.mark.usefixtures("double")
def test_dpm_is_that_of_diffusers(name: str, steps: int) -> None:
    schedule = SCHEDULES[name]
    scheduler = theirs(DPMSolverMultistepScheduler, schedule, final_sigmas_type="zero")
    ts = times(schedule, steps)
    scheduler.set_timesteps(timesteps=[t - 1 for t in ts])
    scheduler.sigmas = sigmas(schedule, ts)
    same(dpm(Exact(schedule), schedule, ts, start()), list(walk(scheduler, Exact(schedule), start())))


def walk_scaled(scheduler: Any, predict: Exact, x: torch.Tensor) -> Iterator[torch.Tensor]:
    """x at each time of a scheduler that works on x-bar = x sqrt(1 + sigma^2), given back as x."""
    bar = x * (1 + scheduler.sigmas[0] ** 2).sqrt()
    for i, t in enumerate(scheduler.timesteps):
        scaled = scheduler.scale_model_input(bar, t)
        bar = scheduler.step(predict(scaled, int(t) + 1)[1], t, bar).prev_sample.double()
        yield bar / (1 + scheduler.sigmas[i + 1] ** 2).sqrt()


@pytest.mark.parametrize(("name", "steps"), CASES)
@pytest.mark.usefixtures("double")
def test_euler_is_that_of_diffusers(name: str, steps: int) -> None:
    schedule = SCHEDULES[name]
    scheduler = theirs(EulerDiscreteScheduler, schedule)
    ts = times(schedule, steps)
    scheduler.set_timesteps(timesteps=[t - 1 for t in ts])
    scheduler.sigmas = sigmas(schedule, ts)
    same(euler(Exact(schedule), schedule, ts, start()), list(walk_scaled(scheduler, Exact(schedule), start())))


@pytest.mark.parametrize(("name", "steps"), CASES)
def test_heun_is_that_of_diffusers(name: str, steps: int) -> None:
    schedule = SCHEDULES[name]
    scheduler = theirs(HeunDiscreteScheduler, schedule)
    ts = even_times(min(steps, 500), ode_start(schedule))
    scheduler.set_timesteps(timesteps=[t - 1 for t in ts])
    s = sigmas(schedule, ts)
    scheduler.sigmas = torch.cat([s[:1], s[1:-1].repeat_interleave(2), s[-1:]])
    every = list(walk_scaled(scheduler, Exact(schedule), start()))
    same(heun(Exact(schedule), schedule, ts, start()), [*every[1::2], every[-1]])


@pytest.mark.parametrize("name", SAMPLERS)
def test_predictions_explain_the_state_and_evaluations_are_counted(name: str) -> None:
    schedule = cosine()
    predict = Exact(schedule)
    states = list(sampler(name, predict, schedule, 20, start(), noise(0)))
    assert predict.calls == (39 if name == "heun" else 20)
    assert [s.t for s in states][1:] == sorted((s.t for s in states[1:]), reverse=True) and len(states) == 21
    for state in states[:-1]:
        again = schedule.closed_form(state.x0, state.t, state.epsilon)
        torch.testing.assert_close(again, state.x, atol=1e-12, rtol=0)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_left_early_computes_no_more(name: str) -> None:
    predict = Exact(cosine())
    states = sampler(name, predict, cosine(), 50, start(), noise(0))
    next(states), next(states)
    assert predict.calls == (3 if name == "heun" else 2)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_draws_from_the_data(name: str) -> None:
    """The exact denoiser and many steps give the distribution itself: Kolmogorov-Smirnov at the 99.9 % level."""
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(4000, 1, dtype=torch.float64, generator=generator)
    fresh = lambda: torch.randn(4000, 1, dtype=torch.float64, generator=generator)  # noqa: E731
    *_, last = sampler(name, Exact(cosine()), cosine(), 250, x, fresh)
    data = lambda v: (stats.norm.cdf(v, -1, SPREAD) + stats.norm.cdf(v, 1, SPREAD)) / 2  # noqa: E731
    assert stats.kstest(last.x[:, 0].numpy(), data).pvalue > 0.001


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("way", [euler, ddim])
def test_euler_and_ddim_solve_the_same_equation_as_scipy(name: str, way: Any) -> None:
    """d(x-bar) / d(sigma) = epsilon-hat along x-bar = x / sqrt(alpha-bar), Song et al. 2021, eq. 14: an ODE solver that
    knows nothing of steps ends where many of ours do, and half as many steps miss it by about twice as much."""
    schedule = SCHEDULES[name]
    begin = ode_start(schedule)
    sigma = schedule.snr[1:].rsqrt().numpy()

    def slope(s: float, bar: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(bar) / math.sqrt(1 + s * s)
        total = SPREAD**2 + s * s
        sign = torch.tanh(torch.from_numpy(bar) / total)
        x0 = sign + SPREAD**2 / total * (torch.from_numpy(bar) - sign)
        return ((x * math.sqrt(1 + s * s) - x0) / s).numpy()

    bar = start().flatten() * (1 + sigma[begin - 1] ** 2) ** 0.5
    solved = integrate.solve_ivp(slope, (sigma[begin - 1], sigma[0]), bar.numpy(), rtol=1e-8, atol=1e-10)
    exact = torch.from_numpy(solved.y[:, -1]) / math.sqrt(1 + sigma[0] ** 2)
    missed = []
    for steps in (200, 100):
        ts = [*even_times(steps, begin), 1]
        *_, before, _ = way(Exact(schedule), schedule, sorted(set(ts), reverse=True), start())
        assert before.t == 1
        missed.append((before.x.flatten() - exact).abs().mean().item())
    assert missed[0] < 0.02 and 1.6 < missed[1] / missed[0] < 2.6, missed


def test_the_slip_of_the_slide_takes_noise_away() -> None:
    """beta-tilde in place of its root is far too little noise: the samples collapse onto the modes."""
    schedule, x = cosine(), torch.randn(4000, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    spread = []
    for sigma in (math.sqrt, lambda variance: variance):
        generator = torch.Generator().manual_seed(3)
        fresh = lambda: torch.randn(4000, 1, dtype=torch.float64, generator=generator)  # noqa: B023, E731
        *_, last = ddpm(Exact(schedule), schedule, even_times(1000), x, fresh, sigma)
        spread.append((last.x.abs() - 1).std().item())
    assert abs(spread[0] - SPREAD) < 0.02 and spread[1] < 0.5 * SPREAD


@pytest.mark.parametrize(("steps", "tolerance"), [(20, 1e-2), (100, 1e-3)])
def test_inverted_ddim_comes_back(steps: int, tolerance: float) -> None:
    schedule, ts = cosine(), even_times(steps)
    *_, made = ddim(Exact(schedule), schedule, ts, start())
    path = list(invert(Exact(schedule), schedule, ts, made.x, rounds=40))
    assert [t for t, _ in path] == ts[::-1]
    *_, again = ddim(Exact(schedule), schedule, ts, path[-1][1])
    torch.testing.assert_close(again.x, made.x, atol=tolerance, rtol=0)
    torch.testing.assert_close(path[-1][1], start(), atol=0.05, rtol=0)


@pytest.mark.parametrize("ours", ["linear", "cosine"])
def test_schedules_are_those_of_diffusers(ours: str) -> None:
    name = {"linear": "linear", "cosine": "squaredcos_cap_v2"}[ours]
    scheduler: Any = DDPMScheduler(beta_schedule=name)
    expected = scheduler.alphas_cumprod.double()
    torch.testing.assert_close(SCHEDULES[ours].alpha_bar[1:], expected, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_a_schedule_is_a_schedule(schedule: Schedule) -> None:
    assert schedule.alpha_bar[0] == 1 and schedule.steps == 1000
    assert (schedule.beta[1:] > 0).all() and (schedule.beta <= LARGEST_BETA + 1e-12).all()
    torch.testing.assert_close(schedule.alpha[1:].cumprod(0), schedule.alpha_bar[1:])
    angle = schedule.level * math.pi / 2
    torch.testing.assert_close(angle.cos() ** 2, schedule.alpha_bar)
    torch.testing.assert_close((angle.cos() / angle.sin())[1:] ** 2, schedule.snr[1:])


def test_a_drawn_schedule_goes_through_its_points_and_never_rises() -> None:
    schedule = SCHEDULES["drawn"]
    for t, height in ((300, 0.9), (450, 0.55), (1000, 0.001)):
        assert schedule.alpha_bar[t].item() == pytest.approx(height, rel=1e-3)
    hill = drawn([(0.2, 0.3), (0.5, 0.9), (1.0, 0.0)])
    assert (hill.alpha_bar.diff() < 0).all() and hill.alpha_bar[-1] < 1e-3
    assert (drawn([(0.5, 0.5)]).alpha_bar.diff() < 0).all()


@pytest.mark.parametrize("points", [[], [(0.0, 2.0)], [(float("nan"), 0.5)], [(0.5, float("nan"))], [(-1.0, 0.1)]])
def test_a_schedule_cannot_be_drawn_from_nonsense(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError):
        drawn(points)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("t", [1, 40, 400, 1000])
def test_the_chain_of_single_steps_is_the_closed_form(schedule: Schedule, t: int) -> None:
    """Mean and variance of x_t over 10,000 noises, both ways, within the 99.9 % interval of the exact ones."""
    n, x_0 = 10_000, 0.7
    generator = torch.Generator().manual_seed(11 + t)
    chain = torch.full((n,), x_0, dtype=torch.float64)
    for s in range(1, t + 1):
        chain = schedule.step(chain, s, torch.randn(n, dtype=torch.float64, generator=generator))
    whole = torch.full((n,), x_0, dtype=torch.float64)
    whole = schedule.closed_form(whole, t, torch.randn(n, dtype=torch.float64, generator=generator))
    mean, variance = math.sqrt(schedule.alpha_bar[t]) * x_0, 1 - schedule.alpha_bar[t].item()
    low, high = stats.chi2.ppf([0.0005, 0.9995], n - 1) / (n - 1)
    for x in (chain, whole):
        assert abs(x.mean().item() - mean) < stats.norm.ppf(0.9995) * math.sqrt(variance / n)
        assert low < x.var().item() / variance < high


@pytest.mark.parametrize("t", [2, 300, 1000])
def test_the_posterior_is_that_of_bayes(t: int) -> None:
    """q(x_{t-1} | x_t, x_0) ~ q(x_t | x_{t-1}) q(x_{t-1} | x_0), on a fine grid of x_{t-1}."""
    schedule, x_0, x_t = cosine(), torch.tensor(0.4, dtype=torch.float64), torch.tensor(-0.3, dtype=torch.float64)
    mean, variance = schedule.posterior(x_t, x_0, t)
    grid = mean + math.sqrt(variance) * torch.linspace(-9, 9, 20_001, dtype=torch.float64)
    bar, alpha = schedule.alpha_bar[t - 1], schedule.alpha[t]
    log_p = stats.norm.logpdf(x_t, alpha.sqrt() * grid, (1 - alpha).sqrt())
    log_p = torch.from_numpy(log_p + stats.norm.logpdf(grid, bar.sqrt() * x_0, (1 - bar).sqrt()))
    p = torch.softmax(log_p, dim=0)
    torch.testing.assert_close(mean, (p * grid).sum(), atol=1e-8, rtol=1e-6)
    assert (p * (grid - mean) ** 2).sum().item() == pytest.approx(variance, rel=1e-5)


def test_times_are_even_and_bounded() -> None:
    assert even_times(4) == [1000, 750, 500, 250] and even_times(3, 10) == [10, 7, 3]
    for steps in (0, 1001):
        with pytest.raises(ValueError):
            even_times(steps)
        with pytest.raises(ValueError):
            times(cosine(), steps)


def test_twenty_times_of_the_cosine_are_those_that_were_measured() -> None:
    assert times(cosine(), 20) == [1000, 996, 990, 982, 972, *range(960, 0, -64)]
    assert times_of("dpm++", cosine(), 20, even=True) == even_times(20)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("start", [1, 3, 480, 961, 1000])
@pytest.mark.parametrize("steps", [1, 2, 4, 20, 250, 999, 1000])
def test_times_fall_from_the_start_and_each_comes_once(schedule: Schedule, start: int, steps: int) -> None:
    steps = min(steps, start)
    found = times(schedule, steps, start)
    assert len(found) == steps and found[0] == start and found[-1] >= 1
    assert all(a > b for a, b in itertools.pairwise(found))
    if steps == start:
        assert found == list(range(start, 0, -1))


@pytest.mark.parametrize("name", ["ddim", "dpm++"])
def test_few_steps_find_the_spread_of_brightness_that_even_ones_lose(name: str) -> None:
    """Brightness spreads 64 times as far in an orthonormal basis of 64x64 pixels; the ODE only scales a Gaussian."""
    schedule, variance = cosine(), (64 * 0.3) ** 2

    def predict(x_t: torch.Tensor, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        bar = schedule.alpha_bar[t]
        x0 = bar.sqrt() * variance / (bar * variance + 1 - bar) * x_t
        return x0, (x_t - bar.sqrt() * x0) / (1 - bar).sqrt()

    kept = []
    for even in (False, True):
        *_, last = sampler(name, predict, schedule, 20, torch.ones(1, 1, dtype=torch.float64), noise(0), even=even)
        kept.append(last.x.item() / math.sqrt(variance))
    assert abs(kept[0] - 1) < 0.5 * abs(kept[1] - 1) and kept[1] < 0.8, kept


def test_unknown_samplers_and_missing_noise_are_refused() -> None:
    with pytest.raises(ValueError, match="magic"):
        sampler("magic", Exact(cosine()), cosine(), 20, start(), noise(0))
    with pytest.raises(ValueError):
        next(ddim(Exact(cosine()), cosine(), even_times(4), start(), None, eta=0.5))


@pytest.mark.parametrize("steps", [1, 4, 10, 250, 900])
def test_karras_times_fall_and_lie_close_where_noise_is_weak(steps: int) -> None:
    schedule = cosine()
    start = ode_start(schedule)
    found = karras_times(steps, schedule, start)
    assert len(found) == steps and found[0] == start and found[-1] >= 1
    assert all(a > b for a, b in itertools.pairwise(found))
    if steps == 10:  # Karras et al. 2022, eq. 5, to the nearest t
        sigma = (1 / schedule.snr).sqrt()
        wanted = torch.linspace(float(sigma[1] ** (1 / 7)), float(sigma[start] ** (1 / 7)), 10).flip(0) ** 7
        reached = torch.stack([sigma[t] for t in found])
        assert float((reached / wanted).log().abs().median()) < 0.02
