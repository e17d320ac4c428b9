"""What the act "matching" of the flow room answers, and what it refuses."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
import pytest

from gallery.rooms.flow import matching as act
from gallery.rooms.flow import matching_ask as asks
from models.flow.vocabulary import EULER, MOMENTS, PAIRINGS, PARTICLES

KNOBS: dict[str, Any] = {name: knob.default for name, knob in act.KNOBS.items()}


def numbers(text: str, kind: str = "<i2") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def test_particles_start_from_one_noise_and_the_figures_are_the_card_s() -> None:
    seen = asks.look([KNOBS])
    assert set(seen["ways"]) == set(seen["beside"]) == set(seen["apart"]) == set(EULER)
    assert numbers(seen["field"], "i1").size == (MOMENTS + 1) * seen["cells"] ** 2 * 2
    for steps in EULER:
        way, beside = (numbers(seen[name][steps]).reshape(-1, PARTICLES, 2) for name in ("ways", "beside"))
        assert len(way) == len(beside) == len(seen["angles"][steps]) == int(steps) + 1
        assert np.array_equal(way[0].ravel(), numbers(seen["noise"]))
        assert np.abs(way[0].astype(int) - beside[0]).max() <= 1, "the same, rounded from float64"
        apart = np.linalg.norm((way[-1] - beside[-1]) * (2 * seen["span"] / 32767), axis=1).mean()
        assert apart == pytest.approx(seen["apart"][steps], abs=0.01)
    assert seen["angles"]["50"][0] == pytest.approx(math.pi / 2, abs=0.01) and seen["angles"]["50"][-1] == 0
    assert [row["pairing"] for row in seen["rows"]] == list(PAIRINGS)
    assert seen["straightness"] == pytest.approx(seen["rows"][0]["straightness"], rel=0.3)


def test_at_random_and_after_reflow_the_ends_are_those_of_the_score() -> None:
    for name in ("independent", "reflow"):
        apart = asks.look([{**KNOBS, "match_pairs": name}])["apart"]
        assert apart["50"] < 0.1 < apart["1"]


def test_one_step_at_random_ends_in_the_middle() -> None:
    seen = asks.look([{**KNOBS, "match_on": "ring"}])
    ends = numbers(seen["ways"]["1"]).reshape(2, PARTICLES, 2)[1] * (2 * seen["span"] / 32767)
    assert np.abs(ends).mean() < 0.2


@pytest.mark.parametrize(
    "knobs", [{"match_on": "lines"}, {"match_pairs": "none"}, {"match_on": None}, {"match_pairs": ["reflow"]}, None, 3]
)
def test_what_is_no_choice_is_refused(knobs: Any) -> None:
    asked = {**KNOBS, **knobs} if isinstance(knobs, dict) else knobs
    assert "key" in asks.look([asked])["error"]
