"""What the act "laboratory" answers: runs that are pulled, pieces of the museum, and what its calls refuse."""

from __future__ import annotations

import base64
import math
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gallery.rooms.gan import lab as act
from gallery.rooms.gan import lab_ask as asks
from gallery.rooms.gan.lab_films import recorded
from gallery.shell.places import Places
from gallery.shell.pulls import Pulls
from gallery.shell.source import ROOT
from gallery.shell.words import all_words
from gallery.widgets import training
from models.gan.lab import Settings
from models.gan.museum import MUSEUM
from models.gan.vocabulary import LOSSES, PIECES
from models.runtime.gate import on_behalf

KNOBS: dict[str, Any] = {name: knob.default for name, knob in act.KNOBS.items()}
MOST = 30_000


def numbers(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Places and runs of this test alone."""
    places = Places(most=1, silent=60.0)
    monkeypatch.setattr(training, "places", places)
    monkeypatch.setattr(asks, "pulls", Pulls(each=1, left=places.leave))
    yield


def test_a_run_begins_before_its_first_step_and_goes_on_when_it_is_asked() -> None:
    begun = asks.begin([KNOBS, None])
    assert begun["pairs"] == 0 and begun["kind"] == "probability" and begun["measured"]["modes"] == 0
    assert numbers(begun["real"], "<i2").size == 600 and numbers(begun["verdicts"], "u1").size == begun["cells"] ** 2
    token, pairs = begun["token"], 0
    for _ in range(5):
        told = asks.more([token, "run", MOST, KNOBS])
        assert told["pairs"] > pairs and told["turn"] == 0 and told["optimum"] is None
        pairs = told["pairs"]
    assert numbers(told["points"], "<i2").size == 600 and math.isfinite(told["norm"]) and told["norm"] > 0
    again = asks.more([token, "look", MOST, {**KNOBS, "dstar": "on"}])
    assert again["pairs"] == pairs and again["points"] == told["points"]
    assert numbers(again["optimum"], "u1").size == begun["cells"] ** 2


def test_the_same_settings_are_the_same_run() -> None:
    def after(steps: int, **knobs: Any) -> str:
        token = asks.begin([{**KNOBS, **knobs}, None])["token"]
        return str([asks.more([token, "both", MOST, KNOBS])["points"] for _ in range(steps)][-1])

    assert after(4) == after(4) != after(4, lab_seed=1)


def test_a_drawing_is_a_target() -> None:
    begun = asks.begin([{**KNOBS, "target": "drawn"}, [[-1, 0.5], [2, 1]]])
    real = numbers(begun["real"], "<i2").reshape(-1, 2) / 32767 * 2 * begun["span"]
    gaps = np.linalg.norm(real[:, None] - np.array([[-1, 0.5], [2, 1]]), axis=2).min(axis=1)
    assert gaps.max() < 0.7 and begun["measured"]["of"] == 2


def test_others_stand_in_line_and_whoever_leaves_makes_room_at_once() -> None:
    tokens = []
    for name in ("first", "second", "third"):
        with on_behalf(name, long=False):
            tokens.append(asks.begin([KNOBS, None])["token"])
    turns = [asks.more([token, "run", MOST, KNOBS]) for token in tokens]
    assert [told["turn"] for told in turns] == [0, 1, 2]
    assert [told["pairs"] > 0 for told in turns] == [True, False, False]
    asks.pulls.leave(tokens[0])
    assert asks.more([tokens[2], "run", MOST, KNOBS])["turn"] == 1
    assert asks.more([tokens[1], "run", MOST, KNOBS])["pairs"] > 0
    # A single step waits for nobody, and gives the place back.
    assert asks.more([tokens[2], "both", MOST, KNOBS])["pairs"] == 1
    assert asks.more([tokens[1], "look", MOST, KNOBS])["turn"] == 0 and len(training.places) == 0


def test_a_visitor_has_one_run() -> None:
    with on_behalf("somebody", long=False):
        old = asks.begin([KNOBS, None])["token"]
        asks.more([old, "run", MOST, KNOBS])
        new = asks.begin([KNOBS, None])["token"]
    assert asks.more([old, "run", MOST, KNOBS])["error"]["key"] == "widgets.generate.gone"
    assert asks.more([new, "run", MOST, KNOBS])["turn"] == 0, "the old one has left its place"


def test_a_beacon_ends_the_moment_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    token = asks.begin([KNOBS, None])["token"]
    monkeypatch.setattr(training, "MOMENT", 60.0)
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(asks.more([token, "run", MOST, KNOBS])))
    asking.start()
    asking.join(0.3)
    assert asking.is_alive()
    asks.pulls.leave(token)
    asking.join(2.0)
    assert not asking.is_alive() and answers == [{"done": True}] and len(training.places) == 0


def test_a_run_ends_at_its_limit() -> None:
    token = asks.begin([KNOBS, None])["token"]
    told = asks.more([token, "run", 3, KNOBS])
    assert told["done"] and told["pairs"] == 3 and not told["spent"] and len(training.places) == 0


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_says_its_knobs_and_the_one_that_mends_it(name: str) -> None:
    told = asks.piece([name])
    assert asks.settings_of({**KNOBS, **told["knobs"]}) == MUSEUM[name].settings
    assert asks.settings_of({**KNOBS, **told["knobs"], **told["change"]}) == MUSEUM[name].mending
    assert len(told["change"]) == 1 and told["right"] in (0, 1, 2)
    words = {f"gan.piece.{name}.{part}" for part in ("question", "a", "b", "c", "why", "change", "failed", "mended")}
    assert words <= set(all_words())


def test_the_default_knobs_are_the_default_settings() -> None:
    assert asks.settings_of(KNOBS) == Settings()
    assert asks.told.knobs(Settings()) == {name: KNOBS[name] for name in (*asks.CHOICES, "lab_seed")}


def test_every_choice_and_every_number_has_its_words_and_there_are_no_others() -> None:
    tables = ("target", "loss", "z", "optimiser", "knob", "reading", "piece")
    said = {name: {key for key in all_words() if key.startswith(f"gan.laboratory.{name}.")} for name in tables}
    worded = {name: {f"gan.laboratory.{name}.{value}" for value in asks.CHOICES[name]} for name in tables[:4]}
    for name, keys in worded.items():
        assert said[name] == keys | {f"gan.laboratory.{name}.label"}
    numbers_of = set(asks.CHOICES) - set(worded) | {"lab_seed"}
    assert said["knob"] == {f"gan.laboratory.knob.{name}" for name in numbers_of}
    told = {
        "of",
        "loss_d",
        "loss_g",
        "norm",
        "auc",
        "log_loss",
        "modes",
        "near",
        "w1",
        "auc_hint",
        "w1_hint",
    }
    assert said["reading"] == {f"gan.laboratory.reading.{name}" for name in told}
    pieces = {key.split(".")[2] for key in all_words() if key.startswith("gan.piece.")}
    assert pieces == set(PIECES)


DRAWINGS: list[Any] = [
    *(None, [], "x", {}, [None], [[0]], [[0, 0, 0]], [[0, 0]] * (training.MOST_POINTS + 1)),
    *([[value, 0]] for value in (math.nan, math.inf, 2**63, 3.1, True, "1", None, [1])),
]
BAD: list[tuple[Callable[[list[Any]], dict[str, Any]], list[Any]]] = [
    (asks.begin, []),
    (asks.begin, [None, None]),
    (asks.begin, [{}, None]),
    *((asks.begin, [{**KNOBS, name: value}, None]) for name in asks.CHOICES for value in ("no", None, 2**63, ["adam"])),
    *((asks.begin, [{**KNOBS, "lab_seed": value}, None]) for value in (-1, 2**63, math.nan, "7", None, 0.5)),
    *((asks.begin, [{**KNOBS, "piece": value}, None]) for value in ("no", None, 1)),
    *((asks.begin, [{**KNOBS, "target": "drawn"}, points]) for points in DRAWINGS),
    *((asks.more, [token, "run", 10, KNOBS]) for token in ("nobody knows it", ["x"], None, "x" * 1000)),
    (asks.piece, ["no"]),
    (asks.piece, [None]),
    (asks.piece, []),
]


@pytest.mark.parametrize(("fn", "args"), BAD)
def test_anything_else_is_refused_with_a_sentence(fn: Callable[[list[Any]], dict[str, Any]], args: list[Any]) -> None:
    key = fn(args)["error"]["key"]
    assert key in all_words() and key != "page.failed"


def test_so_is_what_a_run_cannot_do() -> None:
    token = asks.begin([KNOBS, None])["token"]
    bad: list[list[Any]] = [
        *([token, kind, 10, KNOBS] for kind in ("walk", None, 1)),
        *([token, "run", until, KNOBS] for until in (-1, MOST + 1, math.nan, "1", None, 2**63)),
        [token, "look", 10, None],
        [token, "look", 10],
    ]
    for args in bad:
        key = asks.more(args)["error"]["key"]
        assert key in all_words() and key != "page.failed", args


@pytest.mark.parametrize("name", PIECES)
def test_a_film_travels_whole(name: str) -> None:
    told = recorded([name])
    for kind in ("failed", "mended"):
        assert numbers(told[kind]["points"], "i1").size == 2 * told["frames"] * told["count"]
        assert numbers(told[kind]["verdicts"], "u1").size == told["frames"] * told["cells"] ** 2
        assert {len(row) for row in told[kind]["figures"].values()} == {told["frames"]}
    assert recorded(["no"])["error"]["key"] == "input.choice"


def test_each_loss_has_a_formula_and_the_page_shows_it_alone() -> None:
    assert set(act.MINIMISED) == set(LOSSES)
    rules = (ROOT / "gallery/rooms/gan/lab.css").read_text("utf-8")
    for name in LOSSES:
        assert f'[data-is-loss="{name}"] #act-gan-laboratory .v-lab-of:not(.v-lab-of-{name})' in rules
