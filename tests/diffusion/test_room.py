"""The diffusion room's films, what is pulled of them, and what its calls refuse. The networks here are random."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch

from gallery.rooms.diffusion import reverse as diffusion_reverse
from gallery.rooms.diffusion.reverse import FILLED, FORMULAS, MEANINGS
from gallery.shell import pulls
from models.diffusion import denoising
from models.diffusion.denoising import MOST_FRAMES, Shoot, Slip, form, numbers, plan, race, states, thinned
from models.diffusion.diffusion import TASKS, Diffusion, Wish
from models.diffusion.samplers import SAMPLERS, State
from tests.diffusion.small_diffusion import Counted, room, small

__all__ = ["room"]


@pytest.fixture(params=["faces", "fashion"])
def model(request: pytest.FixtureRequest) -> Diffusion:
    return small(TASKS[request.param])


def film(knobs: dict[str, Any]) -> list[dict[str, Any]]:
    """All answers of a film, pulled to its end."""
    answers = [diffusion_reverse.begin([knobs])]
    assert "error" not in answers[0], answers[0]
    while not answers[-1]["done"]:
        answers.append(diffusion_reverse.more([answers[0]["token"]]))
    return answers


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_last_frame_is_what_make_makes(model: Diffusion, name: str) -> None:
    wish = Wish(sampler=name, steps=6, eta=0.5)
    shoot = Shoot(model, [5, 6], wish)
    while not shoot.done:
        shoot.step()
    np.testing.assert_array_equal(shoot.final, model.make([5, 6], wish))
    assert [frame.t for frame in shoot.frames] == plan(wish)
    assert np.array_equal(shoot.frames[-1].x, shoot.frames[-1].x0)


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_numbers_shown_lead_from_each_state_to_the_next(model: Diffusion, name: str) -> None:
    wish = Wish(sampler=name, steps=5, eta=0.0 if name == "ddim" else 0.7)
    path: list[State] = list(states(model, [1], wish))
    bar = wish.noising.alpha_bar
    before: State | None = None
    for now, then in itertools.pairwise(path):
        n = numbers(wish, now.t, then.t, before.t if before else None)
        a = math.sqrt(bar[then.t])
        if name == "ddpm":
            mean, left = n["x0"] * now.x0 + n["x"] * now.x, n["sigma"]
            z = (then.x - mean) / left if left else torch.zeros(1)
            assert 0.9 < float(z.std()) < 1.1 if left else torch.allclose(then.x, mean, atol=1e-5)
        elif name == "ddim":
            torch.testing.assert_close(then.x, n["x0"] * now.x0 + n["epsilon"] * now.epsilon, atol=1e-4, rtol=1e-4)
        elif name == "dpm++":
            d = now.x0 + n["r"] * (now.x0 - before.x0) if before else now.x0
            torch.testing.assert_close(then.x, n["x"] * now.x + n["d"] * d, atol=1e-4, rtol=1e-4)
        elif name == "euler":
            # x-bar without the cancellation of its large numbers: x0-hat + nu epsilon-hat
            torch.testing.assert_close(then.x, a * (now.x0 + n["nu_s"] * now.epsilon), atol=1e-4, rtol=1e-4)
        else:
            assert n["nu_t"] > n["nu_s"] >= 0
        before = now


def test_the_last_step_of_heun_is_eulers_and_is_shown_as_such(model: Diffusion) -> None:
    *_, last, end = states(model, [1], Wish(sampler="heun", steps=5))
    n = numbers(Wish(sampler="heun", steps=5), last.t, 0, None)
    assert form("heun", 0, None) == "euler" and form("heun", last.t, None) == "heun"
    # x-bar_0 = x-bar_t + (nu_0 - nu_t) epsilon-hat_t: one slope, in large numbers that nearly cancel
    x_bar = last.x / math.sqrt(Wish(sampler="heun").noising.alpha_bar[last.t])
    assert n["nu_s"] == 0
    torch.testing.assert_close(end.x, x_bar - n["nu_t"] * last.epsilon, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_step_has_a_formula_its_meaning_and_its_numbers(name: str) -> None:
    for s, before in ((500, None), (500, 900), (0, 900)):
        shown = form(name, s, before)
        assert {shown} <= set(FORMULAS) & set(MEANINGS) & set(FILLED)
        # A letter that stands for a number in one formula stands for nothing else in another: sigma is fresh noise.
        assert ("\\sigma" in FORMULAS[shown]) == (name in ("ddpm", "ddim"))
    assert form("dpm++", 500, None) == form("dpm++", 0, 900) == "first" != form("dpm++", 500, 900)


def test_films_are_thinned_evenly_and_keep_both_ends() -> None:
    for count in (2, 5, 60, 61, 500, 1001):
        kept = thinned(count)
        assert kept[0] == 0 and kept[-1] == count - 1 and len(kept) == min(count, MOST_FRAMES)
        gaps = np.diff(kept)
        assert gaps.min() >= 1 and gaps.max() - gaps.min() <= 1


def test_a_film_that_nobody_asks_for_stands_still(model: Diffusion) -> None:
    counted = Counted(model)
    shoot = Shoot(model, [1], Wish(steps=500, sampler="ddim"))
    new = shoot.go_on(0.05)
    assert 0 < counted.calls < 500 and not shoot.done and len(new) > 0
    assert not shoot.frames, "what was sent is not kept"
    assert shoot.taken == counted.calls  # one evaluation a step, and none since


def test_a_race_gives_every_film_one_step_in_turn(model: Diffusion) -> None:
    short, long = (Shoot(model, [1], Wish(steps=steps, sampler="ddim")) for steps in (4, 40))
    race([short, long], 0.0)
    assert short.taken == long.taken == 1
    while not short.done:
        race([short, long], 0.0)
    assert long.taken == 5 and not long.done
    np.testing.assert_array_equal(short.final, model.make([1], Wish(steps=4, sampler="ddim")))


@pytest.mark.parametrize("slip", [Slip(told="linear"), Slip(variance=True)])
def test_a_slip_changes_the_picture_and_none_does_not(model: Diffusion, slip: Slip) -> None:
    wish = Wish(sampler="ddpm", steps=8)
    *_, right = states(model, [2], wish)
    *_, wrong = states(model, [2], wish, slip)
    np.testing.assert_array_equal(model.pictures(right.x), model.make([2], wish))
    assert not torch.allclose(right.x, wrong.x, atol=1e-2)


def test_the_same_seed_gives_the_same_bytes(room: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulls, "FIRST", 0.0)  # one step: what was sent is not kept
    knobs = room | {"steps": 6, "mood": "smile", "sampler": "ddpm"}
    shoots = []
    for _ in range(2):
        answer = diffusion_reverse.begin([knobs])
        with diffusion_reverse.pulls.turn(answer["token"]) as shoot:
            shoots.append(shoot.go_on(60))
    assert len(shoots[0]) == 6
    for a, b in zip(*shoots, strict=True):
        assert a.t == b.t and all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("x", "x0", "epsilon"))


@pytest.mark.parametrize(
    ("model_name", "count", "side"), [("faces", "1", 64), ("faces", "4", 128), ("fashion", "9", 84)]
)
def test_a_film_comes_in_parts_that_fit(room: dict[str, Any], model_name: str, count: str, side: int) -> None:
    answers = film(room | {"model": model_name, "count": count, "steps": 30})
    head = answers[0]
    assert sum(answer["n"] for answer in answers) == head["total"] == len(head["frames"]) <= MOST_FRAMES
    assert (head["w"], head["h"]) == (side, side)
    assert [frame["t"] for frame in head["frames"]] == sorted((f["t"] for f in head["frames"]), reverse=True)
    assert head["frames"][0]["t"] == 1000 and head["frames"][-1] == {
        "step": 30,
        "t": 0,
        "s": 0,
        "form": "",
        "numbers": {},
    }
    # what is done is forgotten
    assert diffusion_reverse.more([head["token"]])["error"]["key"] == "widgets.generate.gone"


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 3}, {"steps": 1001}, {"steps": 2**63}, {"steps": 20.5}, {"steps": True}, {"steps": None},
        {"w": -0.1}, {"w": 8.1}, {"w": float("nan")}, {"w": "3"}, {"eta": 1.01}, {"eta": [0]},
        {"seed": -1}, {"seed": 10**6}, {"seed": []}, {"sampler": "plms"}, {"sampler": ["ddim"]}, {"model": "cats"},
        {"mood": "unsure"}, {"who": "smile"}, {"model": "fashion", "garment": "10"}, {"count": 4}, {"count": "16"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(room: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert diffusion_reverse.begin([room | wrong])["error"]["key"].startswith("input.")


@pytest.mark.parametrize("args", [None, [], [None], ["knobs"], [{}], [{}, {}]])
def test_calls_of_another_shape_are_refused(args: Any) -> None:
    assert diffusion_reverse.begin(args)["error"]["key"].startswith("input.")
    assert "key" in diffusion_reverse.more(args)["error"]


def test_evaluations_are_counted(model: Diffusion) -> None:
    for name in SAMPLERS:
        counted = Counted(model)
        list(states(model, [1], Wish(sampler=name, steps=7)))
        assert counted.calls == denoising.evaluations(Wish(sampler=name, steps=7))
