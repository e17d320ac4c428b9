"""What the act "score" answers: fields, paths and trainings for the browser, and what its calls refuse."""

from __future__ import annotations

import base64
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gallery.rooms.diffusion import lesson
from gallery.rooms.diffusion import score as act
from gallery.rooms.diffusion import score_ask as plane
from gallery.shell.places import Places
from gallery.shell.words import all_words
from models.diffusion import score_learning
from models.diffusion.schedules import cosine
from models.diffusion.score_views import SPAN
from models.diffusion.vocabulary import T

KNOBS: dict[str, Any] = {"seed": 7, **{name: knob.default for name, knob in act.KNOBS.items()}}
DRAWING = [[-1.0, 0.5], [1, -0.5]]


def numbers(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings of 30 steps, the first moment one step long: a quick machine would be done with all at once."""
    monkeypatch.setattr(score_learning, "Training", functools.partial(score_learning.Training, steps=30))
    monkeypatch.setattr(lesson, "FIRST", 0.0)


def test_a_field_has_a_density_and_arrows_for_every_t() -> None:
    answer = act.field([KNOBS, None])
    assert answer["times"] == plane.TIMES and len(answer["snr"]) == len(plane.TIMES)
    assert numbers(answer["arrows"], "i1").size == len(plane.TIMES) * plane.ARROWS**2 * 2
    assert answer["density"].startswith("data:image/jpeg;base64,")
    # At t = 0 there is no noise, and so no number; elsewhere it is the ratio of the t that is shown.
    assert answer["snr"][0] is None
    snr = cosine().snr[plane.TIMES[1:]]
    assert answer["snr"][1:] == pytest.approx(snr.tolist(), abs=1e-6) and (snr.diff() < 0).all()


@pytest.mark.parametrize("way", plane.WAYS)
def test_paths_run_as_time_does_and_the_same_question_has_the_same_answer(way: str) -> None:
    knobs = {**KNOBS, "density": "drawn", "way": way}
    answer = act.paths([knobs, DRAWING])
    assert answer["times"] == (plane.TIMES if way == "forward" else plane.TIMES[::-1])
    sde, ode = (numbers(answer[name], "<i2").reshape(-1, plane.COUNT, 2) for name in ("sde", "ode"))
    assert (sde[0] == ode[0]).all() and (sde[-1] != ode[-1]).any()
    ends = sde[0 if way == "forward" else -1] / 32767 * 2 * SPAN
    gaps = np.linalg.norm(ends[:, None] - np.array(DRAWING), axis=2).min(axis=1)
    assert np.median(gaps) < 0.2, "one end is the drawing"
    plane.paths_of.cache_clear()
    assert act.paths([knobs, DRAWING]) == answer
    assert act.paths([{**knobs, "seed": 8}, DRAWING])["sde"] != answer["sde"]


@pytest.mark.usefixtures("short")
def test_a_training_is_pulled_to_its_end_and_gives_its_place_back() -> None:
    answer = act.begin([KNOBS, None])
    token, figures = answer["token"], [answer["figure"]]
    while not answer["done"]:
        answer = act.more([token, {**KNOBS, "time": 500}])
        figures.append(answer["figure"])
        assert answer["time"] == 500 and numbers(answer["difference"], "u1").size == plane.CELLS**2
    assert answer["taken"] == 30 and figures[-1] < figures[0] < 2
    assert token not in lesson.places._heard
    learned = act.learned([token, KNOBS])
    assert numbers(learned["arrows"], "i1").size == len(plane.TIMES) * plane.ARROWS**2 * 2
    assert learned["paths"]["sde"] != act.paths([KNOBS, None])["sde"]
    assert learned["paths"]["times"][0] == T


@pytest.mark.usefixtures("short")
def test_only_a_few_train_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson, "places", Places(most=1, silent=5.0))
    first = act.begin([KNOBS, None])
    second = act.begin([KNOBS, None])
    assert second == {"token": second["token"], "turn": 1, "done": False}, "nothing is trained, and nothing shown"
    assert act.more([second["token"], KNOBS])["turn"] == 1
    assert act.begin([KNOBS, None])["turn"] == 2
    assert not first["done"] and act.more([first["token"], KNOBS])["taken"] > first["taken"]
    act.learned([first["token"], KNOBS])
    assert act.more([second["token"], KNOBS])["taken"] > 0, "who stopped has left his place"


DRAWINGS: list[Any] = [
    *([], "x", {}, [None], [[0]], [[0, 0, 0]], [[0, 0]] * (plane.MOST_POINTS + 1)),
    *([[value, 0]] for value in (math.nan, math.inf, 2**63, 3.1, True, "1", None, [1])),
]
BAD: list[tuple[Callable[[list[Any]], dict[str, Any]], list[Any]]] = [
    (act.field, []),
    (act.field, [None, None]),
    (act.field, [{}, None]),
    *((act.field, [{**KNOBS, "density": value}, None]) for value in ("letter", 1, None, ["ring"], "drawn")),
    *((act.field, [{**KNOBS, "density": "drawn"}, points]) for points in DRAWINGS),
    *((act.paths, [{**KNOBS, "way": value}, None]) for value in ("back", None, 0)),
    *((act.paths, [{**KNOBS, "seed": value}, None]) for value in (-1, 2**63, math.inf, "7", None, 0.5)),
    *((act.begin, [{**KNOBS, "time": value}, None]) for value in (-1, 1001, math.nan, "1", [1])),
    (act.more, ["nobody knows it", KNOBS]),
    (act.more, [["x"], KNOBS]),
    (act.more, [None, KNOBS]),
    (act.more, ["x" * 1000, KNOBS]),
    (act.learned, ["nobody knows it", KNOBS]),
    (act.learned, ["x", {}]),
]


@pytest.mark.parametrize(("fn", "args"), BAD)
def test_anything_else_is_refused_with_a_sentence(fn: Callable[[list[Any]], dict[str, Any]], args: list[Any]) -> None:
    key = fn(args)["error"]["key"]
    assert key in all_words() and key != "page.failed"
