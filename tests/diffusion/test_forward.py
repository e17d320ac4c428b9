"""Forward time in the diffusion room: the chain and the closed form, schedules drawn by hand, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gallery.rooms.diffusion import forward as diffusion_forward
from gallery.rooms.diffusion import room as diffusion
from models.diffusion import forward
from models.diffusion.forward import BINS, SPAN, Chain, Marks, editable, histogram, seeded, sweep
from models.diffusion.schedules import cosine, linear
from models.pictures import pictures


def url(shape: tuple[int, ...]) -> str:
    """A picture of that shape as the browser sends it."""
    pixels = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
    return pictures.data_url(pictures.png(Image.fromarray(pixels)), "image/png")


FACE, GARMENT = url((64, 64, 3)), url((28, 28))


@pytest.fixture
def knobs() -> dict[str, Any]:
    return {name: knob.default for name, knob in diffusion.KNOBS.items()}


@pytest.mark.parametrize(
    "schedule", [cosine(), linear(), editable((0.9, 0.8, 0.4, 0.1))], ids=["cosine", "linear", "own"]
)
def test_the_chain_adds_as_much_noise_as_the_closed_form(schedule: Any) -> None:
    chain = Chain(torch.linspace(-1, 1, 3 * 64 * 64).view(3, 64, 64), schedule, 5)
    for t in (1, 40, 333, 1000):
        expected = Marks.at(schedule, t).noise
        assert abs(chain.spread(chain.at(t), t) - expected) < 5 * expected / math.sqrt(2 * 3 * 64 * 64)


def test_a_chain_is_the_same_however_one_walks_it() -> None:
    x_0 = torch.zeros(1, 8, 8)
    up, down = Chain(x_0, cosine(), 3), Chain(x_0, cosine(), 3)
    there = [up.at(t) for t in (10, 260, 700)]
    back = [down.at(t) for t in (700, 260, 10)][::-1]
    assert all(torch.equal(a, b) for a, b in zip(there, back, strict=True))
    assert torch.equal(up.at(0), x_0) and not torch.equal(up.at(700), Chain(x_0, cosine(), 4).at(700))


def test_a_drawn_schedule_goes_through_its_points_and_never_rises() -> None:
    heights = (0.9, 0.95, 0.3, 0.2)
    bar = editable(heights).alpha_bar
    assert (bar.diff() <= 0).all() and bar[0] == 1 and bar[-1] < 1e-3
    assert bar[200].sqrt() == pytest.approx(0.9, abs=1e-3) and bar[600].sqrt() == pytest.approx(0.3, abs=1e-3)
    assert bar[400].sqrt() == pytest.approx(0.9, abs=2e-2)  # the point above those before it is lowered


def test_marks_are_those_of_the_schedule() -> None:
    assert Marks.at(cosine(), 0) == Marks(1.0, 0.0, math.inf, 0.0)
    m = Marks.at(linear(), 400)
    assert m.signal**2 + m.noise**2 == pytest.approx(1) and m.snr == pytest.approx((m.signal / m.noise) ** 2)


def test_the_histogram_is_a_density() -> None:
    x = seeded(0, (3, 64, 64))
    values = histogram(x)
    inside = float((x.abs() <= SPAN).float().mean())
    assert sum(values) * 2 * SPAN / BINS == pytest.approx(inside, abs=1e-3)
    middle = -SPAN + (BINS // 2 + 0.5) * 2 * SPAN / BINS
    assert values[BINS // 2] == pytest.approx(math.exp(-0.5 * middle**2) / math.sqrt(2 * math.pi), abs=0.03)


def test_a_sweep_is_the_closed_form_at_every_t() -> None:
    x_0, epsilon = seeded(1, (3, 8, 8)), seeded(2, (3, 8, 8))
    for row, t in zip(sweep(cosine(), x_0, epsilon, [0, 500, 1000]), (0, 500, 1000), strict=True):
        torch.testing.assert_close(row, cosine().closed_form(x_0[None], t, epsilon[None])[0])


@pytest.mark.parametrize("face", [FACE, GARMENT])
@pytest.mark.parametrize("schedule", diffusion_forward.SCHEDULES)
def test_a_call_gives_both_pictures_and_the_numbers(knobs: dict[str, Any], schedule: str, face: str) -> None:
    asked = [knobs | {"t": 137, "schedule": schedule}, {"face": face}]
    answer = diffusion_forward.noise(asked)
    assert "error" not in answer, answer
    assert answer["signal"] ** 2 + answer["noise_part"] ** 2 == pytest.approx(1)
    assert answer["stays"] ** 2 + answer["added"] ** 2 == pytest.approx(1)
    assert all(0 <= y <= 1 for curve in answer["curves"] for y in curve["points"])
    again = diffusion_forward.noise(asked)
    assert [again[name] for name in ("x", "walked")] == [answer[name] for name in ("x", "walked")]
    film = diffusion_forward.film([knobs, {"face": face}])
    assert film["n"] == len(film["values"]) and film["h"] == 3 * film["w"]


def test_noise_stays_the_same_or_is_fresh_as_asked(knobs: dict[str, Any]) -> None:
    seeds = {
        noise: {diffusion_forward.seed_of(knobs | {"noise": noise, "t": t}) for t in (1, 2, 3)}
        for noise in ("same", "fresh")
    }
    assert len(seeds["same"]) == 1 and len(seeds["fresh"]) == 3


def test_without_noise_the_picture_is_itself(knobs: dict[str, Any]) -> None:
    answer = diffusion_forward.noise([knobs | {"t": 0}, {"face": FACE}])
    assert answer["x"] == answer["walked"] and answer["ratio"]["key"] == "diffusion.snr_none"


def test_without_a_signal_the_ratio_is_zero_not_infinite() -> None:
    assert diffusion_forward.ratio(math.inf).key == "diffusion.snr_none"
    assert diffusion_forward.ratio(0.0).key == "diffusion.snr_zero"


def test_curves_show_the_chosen_schedule_in_front(knobs: dict[str, Any]) -> None:
    curves = diffusion_forward.curves([knobs | {"schedule": "linear"}, None])["curves"]
    signal = torch.tensor(curves[-1]["points"]) ** 2
    torch.testing.assert_close(signal, linear().alpha_bar[::10].float(), atol=2e-4, rtol=0)
    assert all(0 <= y <= 1 for curve in curves for y in curve["points"])


@pytest.mark.parametrize(
    ("wrong", "data"),
    [
        ({"t": -1}, {"face": FACE}), ({"t": 1001}, {"face": FACE}), ({"t": 2**63}, {"face": FACE}),
        ({"t": 1.5}, {"face": FACE}), ({"t": True}, {"face": FACE}), ({"schedule": "sqrt"}, {"face": FACE}),
        ({"schedule": "own", "p1": float("nan")}, {"face": FACE}), ({"schedule": "own", "p2": 1.1}, {"face": FACE}),
        ({"draw": -1}, {"face": FACE}), ({"noise": "none"}, {"face": FACE}), ({}, {"face": None}), ({}, {}),
        ({}, None), ({}, {"face": "data:image/png;base64,AAAA"}), ({}, {"face": url((65, 64, 3))}),
        ({}, {"face": [FACE]}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(knobs: dict[str, Any], wrong: dict[str, Any], data: Any) -> None:
    assert "key" in diffusion_forward.noise([knobs | wrong, data])["error"]
    assert diffusion_forward.noise([knobs | wrong, data])["error"]["key"] != "page.failed"


def test_pictures_come_as_the_networks_see_them() -> None:
    x = forward.to_start(np.array([[[0, 255, 128]]], np.uint8))
    assert x.shape == (3, 1, 1) and x.flatten().tolist() == pytest.approx([-1, 1, 128 / 127.5 - 1], abs=1e-6)
