"""What the act "plane" of the flow room answers: finished flows, pulled runs, endpoints, and refusals."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
import pytest

from gallery.rooms.flow import plane as act
from gallery.rooms.flow import plane_api as api
from gallery.rooms.flow import plane_ask as asks
from gallery.shell.places import Places
from gallery.shell.pulls import Pulls
from gallery.shell.words import all_words
from gallery.widgets import training
from models.flow.flow import flows
from models.flow.plane_training import Settings
from models.plane.toys import target

KNOBS: dict[str, Any] = {name: knob.default for name, knob in act.KNOBS.items()}
MOST = 30_000


def numbers(text: str, kind: str = "<i2") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Places and runs of this test alone."""
    places = Places(most=1, silent=60.0)
    monkeypatch.setattr(training, "places", places)
    monkeypatch.setattr(asks, "pulls", Pulls(each=1, left=places.leave))
    yield


def test_the_room_opens_on_a_finished_flow() -> None:
    seen = asks.look([KNOBS])
    assert seen["k"] == 0 and len(seen["kept"]) == 12 and seen["params"] == flows()["realnvp", "moons"].params
    assert seen["measured"]["held"] == pytest.approx(target("moons").entropy + seen["measured"]["gap"])
    assert numbers(seen["shades"]["density"], "u1").size == seen["shades"]["cells"] ** 2
    assert numbers(seen["real"]).size == numbers(seen["made"]).size == 1000
    point = seen["point"]
    assert point["path"][0] == [KNOBS["flow_u"], KNOBS["flow_v"]] and len(point["terms"]) == 12
    assert point["total"] == pytest.approx(point["base"] + sum(point["terms"]))


def test_a_layer_is_asked_for_by_itself_and_a_link_may_name_too_many() -> None:
    third = asks.layer([None, KNOBS, 3])
    assert third["k"] == 3 and numbers(third["stretch"], "i1").size == third["blocks"] ** 2
    assert asks.layer([None, {**KNOBS, "flow_model": "spline"}, 17])["k"] == 4


def test_a_place_after_a_layer_leads_back_to_its_point() -> None:
    path = asks.look([KNOBS])["point"]["path"]
    again = asks.point([None, KNOBS, 5, path[5]])
    assert again["path"][0] == pytest.approx(path[0], abs=1e-3)
    assert again["exact"] == pytest.approx(
        float(target("moons").log_density(asks.views.torch.tensor(path[0]))), abs=0.02
    )


def test_a_run_begins_as_the_identity_and_goes_on_when_it_is_asked() -> None:
    knobs = {**KNOBS, "flow_depth": "4"}
    begun = asks.begin([knobs, None])
    assert begun["pairs"] == 0 and begun["until"] == MOST and begun["point"]["total"] == begun["point"]["base"]
    token, pairs = begun["token"], 0
    for _ in range(2):
        told = asks.more([token, "run", MOST, knobs])
        assert told["pairs"] > pairs and told["turn"] == 0
        pairs = told["pairs"]
    assert told["made"] != begun["made"] and told["measured"]["train"] is None
    assert asks.more([token, "both", MOST, knobs])["pairs"] == pairs + 1
    assert asks.layer([token, knobs, 2])["k"] == 2
    assert asks.point([token, knobs, 0, [0.5, 0.5]])["terms"] != [0, 0, 0, 0]
    few = asks.begin([{**knobs, "flow_points": "50"}, None])
    assert isinstance(few["measured"]["train"], float) and numbers(few["real"]).size == 100


def test_flow_matching_is_not_trained_here() -> None:
    assert asks.begin([{**KNOBS, "flow_model": "matching"}, None])["error"]["key"] == "flow.plane.elsewhere"


def test_the_default_knobs_are_the_default_settings_and_those_that_ship() -> None:
    assert asks.told.settings(Settings(), KNOBS) == Settings()
    assert asks.told.knobs(Settings()) == {name: KNOBS[name] for name in act.FRESH}
    for model, (depth, width) in asks.words.OWN.items():
        network = flows()[model, "moons"].network
        couplings = [layer for layer in network.layers if hasattr(layer, "keep")]  # type: ignore[union-attr]
        assert (len(couplings), couplings[0].net.first.out_features) == (depth, width)


def test_every_choice_and_every_knob_has_its_words_and_there_are_no_others() -> None:
    worded = ("flow_target", "flow_model", "flow_masks", "flow_points")
    for name in worded:
        said = {key for key in all_words() if key.startswith(f"flow.plane.{name}.")}
        assert said == {f"flow.plane.{name}.{value}" for value in ("label", *asks.CHOICES[name])}
    knobs = {key for key in all_words() if key.startswith("flow.plane.knob.")}
    assert knobs == {f"flow.plane.knob.{name}" for name in set(act.FRESH) - set(worded)}


def test_programs_ask_in_raw_coordinates() -> None:
    drawn = api.flow_sample("ring", "realnvp", 300, 7, None)
    assert drawn[:4] == api.flow_sample("ring", "realnvp", 4, 7, None) and len(drawn) == 300
    told = api.flow_log_prob("ring", "realnvp", drawn, None)
    assert -sum(told) / 300 == pytest.approx(target("ring").entropy, abs=0.2)
    assert api.flow_log_prob("ring", "realnvp", [[1e6, -1e6]], None)[0] < -1e12
    assert api.flow_density("ring", "nice", None).size == (384, 384)


@pytest.mark.parametrize(
    "points", [[], [[0, 0]] * 10_001, [[0]], [[0, math.nan]], [[0, "1"]], [[True, 0]], {"x": 1}, [[2**63, 0]], [0, 0]]
)
def test_points_that_are_none_are_refused(points: Any) -> None:
    with pytest.raises(gr.Error):
        api.flow_log_prob("moons", "realnvp", points, None)


def test_bad_questions_are_answered_in_a_sentence() -> None:
    bad: list[dict[str, Any]] = [
        {"flow_u": math.nan},
        {"flow_layer": 2**63},
        {"flow_target": "glow"},
        {"flow_model": 3},
    ]
    keys = [asks.look([KNOBS | each])["error"]["key"] for each in bad]
    assert keys == ["input.range", "input.range", "input.choice", "input.choice"]
    for args in (
        [None, KNOBS, 0, [math.inf, 0]],
        [None, KNOBS, -1, [0, 0]],
        [None, KNOBS, 0, [0]],
        ["x", KNOBS, 0, [0, 0]],
    ):
        assert "error" in asks.point(args)
    assert "error" in asks.begin([{**KNOBS, "flow_depth": "999"}, None])
