"""Targets of the visitor's own and the museum, as the page asks for them: answers, runs, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from gallery.rooms.flow import plane as act
from gallery.rooms.flow import plane_ask as asks
from gallery.rooms.flow import plane_own as own
from models.flow.flow import middles
from models.flow.museum import MUSEUM
from models.flow.vocabulary import MIXTURE, MOST_PARTS, PIECES
from models.plane.mixtures import Mixture
from models.runtime.gate import Abandoned
from tests.flow.test_plane_room import KNOBS, fresh, numbers

__all__ = ["fresh"]
MIXED = {**KNOBS, "flow_target": "mixture", "flow_depth": "2"}
DRAWN = {**MIXED, "flow_target": "drawn"}
HOSTILE = ("", "1_2", "0_0_20_20_0_0", "0_0_20_20_0_1" + ".0_0_20_20_0_1" * MOST_PARTS, "0_0_1e9_20_0_1", None, 2**63)


def test_the_exact_density_is_that_of_the_mixture() -> None:
    told = own.aim([MIXED])
    cells, truth = told["truth"]["cells"], told["truth"]
    rows = own.KNOB.rows(MIXED["flow_mixture"])
    p = Mixture.of(rows or []).log_density(middles(cells, told["span"]).double()).exp()
    shown = numbers(truth["density"], "u1") / 255
    assert np.abs(shown - p.div(truth["top"]).clamp(0, 1).sqrt().numpy()).max() < 0.004


def test_bounds_of_the_knob_are_mixtures_of_a_finite_entropy() -> None:
    for row in ([lo for lo, _ in MIXTURE], [hi for _, hi in MIXTURE]):
        assert np.isfinite(Mixture.of([row] * MOST_PARTS).entropy)
    assert act.KNOBS["flow_mixture"].fits(act.KNOBS["flow_mixture"].default)


@pytest.mark.parametrize("knobs", [MIXED, DRAWN])
def test_a_flow_learns_it(knobs: dict[str, Any]) -> None:
    points = [[-1, 0.5], [0, 1.5], [1, 0.5]] if knobs is DRAWN else None
    begun = asks.begin([knobs, points])
    token, first = begun["token"], begun["measured"]
    for _ in range(3):
        told = asks.more([token, "run", 300, knobs])
    assert told["pairs"] > 0 and told["verdict"] == ""
    assert first["held"] == pytest.approx(first["entropy"] + first["gap"], abs=0.05)
    exact = asks.point([token, knobs, 0, [0.3, 0.4]])["exact"]
    target = own.own_of(knobs, points)
    assert target is not None
    assert exact == pytest.approx(float(target.log_density(torch.tensor([0.3, 0.4]))), abs=1e-3)


@pytest.mark.parametrize("code", HOSTILE)
def test_a_mixture_that_is_none_is_refused_in_a_sentence(code: Any) -> None:
    knobs = {**MIXED, "flow_mixture": code}
    for answer in (own.aim([knobs]), asks.begin([knobs, None])):
        assert answer["error"]["key"] == "flow.plane.mixture_code"


def test_other_bad_questions_too() -> None:
    assert asks.begin([DRAWN, None])["error"]["key"] == "widgets.training.points"
    assert asks.begin([DRAWN, [[0, float("nan")]]])["error"]["key"] == "input.range"
    assert asks.look([MIXED])["error"]["key"] == "input.choice", "no flow ships for it"
    assert asks.begin([{**KNOBS, "flow_piece": "none of them"}, None])["error"]["key"] == "input.choice"
    assert asks.piece(["none"])["error"]["key"] == "input.choice"


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_is_hung_by_knobs_and_mended_by_one(name: str) -> None:
    told = asks.piece([name])
    assert len(told["change"]) == 1 and told["pairs"] == MUSEUM[name].steps
    knobs = {**KNOBS, **told["knobs"], "flow_piece": name}
    assert all(act.KNOBS[knob].fits(value) for knob, value in {**told["knobs"], **told["change"]}.items())
    begun = asks.begin([knobs, None])
    assert begun["until"] == told["pairs"] and begun["pairs"] == 0 and begun["verdict"] == ""


def test_a_run_that_was_left_answers_nothing_and_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    token = asks.begin([{**KNOBS, "flow_depth": "2"}, None])["token"]

    def leave(_: object) -> None:
        raise Abandoned

    monkeypatch.setattr(asks.plane_training.Run, "looked", leave)
    assert asks.layer([token, KNOBS, 1]) == asks.point([token, KNOBS, 0, [0, 0]]) == {"done": True}
