"""What the act "plane" answers: runs that are pulled, pieces of the museum, and what its calls refuse."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gallery.rooms.cyclegan import plane as act
from gallery.rooms.cyclegan import plane_ask as asks
from gallery.rooms.gan import lab, lab_ask
from gallery.shell.places import Places
from gallery.shell.pulls import Pulls
from gallery.shell.words import all_words
from gallery.widgets import training
from models.cyclegan.hidden import asked
from models.cyclegan.museum import MUSEUM
from models.cyclegan.plane import Settings
from models.cyclegan.vocabulary import ASKED, PIECES
from models.runtime.gate import on_behalf

KNOBS: dict[str, Any] = {name: knob.default for name, knob in act.KNOBS.items()}
MOST = 30_000


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<i2")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Places and runs of this test alone."""
    places = Places(most=1, silent=60.0)
    monkeypatch.setattr(training, "places", places)
    for module in (asks, lab_ask):
        monkeypatch.setattr(module, "pulls", Pulls(each=1, left=places.leave))
    yield


def test_a_run_begins_before_its_first_step_and_goes_on_when_it_is_asked() -> None:
    begun = asks.begin([KNOBS, None])
    assert begun["pairs"] == 0 and begun["measured"]["to_y"] > 3 and begun["until"] == MOST
    assert numbers(begun["x"]).size == numbers(begun["made_y"]).size == 600
    token, pairs = begun["token"], 0
    for _ in range(3):
        told = asks.more([token, "run", MOST, KNOBS])
        assert told["pairs"] > pairs and told["turn"] == 0
        pairs = told["pairs"]
    assert told["made_y"] != begun["made_y"] and 0 < told["lost"] < 10
    again = asks.more([token, "look", MOST, KNOBS])
    assert again["pairs"] == pairs and again["again_x"] == told["again_x"]
    assert asks.more([token, "both", MOST, KNOBS])["pairs"] == pairs + 1


def test_the_same_settings_are_the_same_run() -> None:
    def after(**knobs: Any) -> str:
        token = asks.begin([{**KNOBS, **knobs}, None])["token"]
        return str([asks.more([token, "both", MOST, KNOBS])["made_y"] for _ in range(3)][-1])

    assert after() == after() != after(plane_seed=1)


def test_a_drawing_is_the_cloud_y() -> None:
    begun = asks.begin([{**KNOBS, "cloud_y": "drawn"}, [[-1, 0.5]]])
    shown = numbers(begun["y"]).reshape(-1, 2) / 32767 * 2 * begun["span"]
    assert np.abs(shown - [-1, 0.5]).max() < 0.7


def test_both_laboratories_share_their_places() -> None:
    theirs = {name: knob.default for name, knob in lab.KNOBS.items()}
    with on_behalf("one", long=False):
        other = lab_ask.begin([theirs, None])["token"]
        assert lab_ask.more([other, "run", MOST, theirs])["turn"] == 0
    with on_behalf("two", long=False):
        token = asks.begin([KNOBS, None])["token"]
        assert asks.more([token, "run", MOST, KNOBS])["turn"] == 1
    lab_ask.pulls.leave(other)
    assert asks.more([token, "run", MOST, KNOBS])["pairs"] > 0


def test_a_run_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOMENT", 60.0)
    token = asks.begin([KNOBS, None])["token"]
    told = asks.more([token, "run", 3, KNOBS])
    assert told["done"] and told["pairs"] == 3 and not told["spent"] and len(training.places) == 0


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_says_its_knobs_and_the_one_that_mends_it(name: str) -> None:
    told = asks.piece([name])
    assert asks.told.settings(Settings(), {**KNOBS, **told["knobs"]}) == MUSEUM[name].settings
    assert asks.told.settings(Settings(), {**KNOBS, **told["knobs"], **told["change"]}) == MUSEUM[name].mending
    assert len(told["change"]) == 1 and told["right"] in (0, 1, 2)
    words = ("name", "question", "a", "b", "c", "why", "change", "failed", "mended")
    assert {f"cyclegan.piece.{name}.{part}" for part in words} <= set(all_words())


def test_the_default_knobs_are_the_default_settings() -> None:
    assert asks.told.settings(Settings(), KNOBS) == Settings()
    assert asks.told.knobs(Settings()) == {name: KNOBS[name] for name in (*asks.CHOICES, "plane_seed")}


def test_every_choice_and_every_knob_has_its_words_and_there_are_no_others() -> None:
    for name in ("cloud_x", "cloud_y"):
        said = {key for key in all_words() if key.startswith(f"cyclegan.plane.{name}.")}
        assert said == {f"cyclegan.plane.{name}.{value}" for value in ("label", *asks.CHOICES[name])}
    knobs = {key for key in all_words() if key.startswith("cyclegan.plane.knob.")}
    menus = set(asks.CHOICES) - {"cloud_x", "cloud_y"} | {"plane_seed"}
    assert knobs == {f"cyclegan.plane.knob.{name}" for name in menus}
    assert {key.split(".")[2] for key in all_words() if key.startswith("cyclegan.piece.")} == set(PIECES)


@pytest.mark.parametrize("pair", ASKED)
def test_what_a_pair_hides_is_what_was_found(pair: str) -> None:
    told = asks.noise([pair])
    assert (told["plain"], told["noisy"], told["count"]) == (asked(pair).plain, asked(pair).noisy, asked(pair).count)


@pytest.mark.parametrize("asked_for", [asks.begin, asks.more, asks.piece, asks.noise])
@pytest.mark.parametrize("value", [None, [], 2**63, float("nan"), "x", [1, 2, 3, 4, 5]])
def test_nonsense_gets_a_sentence(asked_for: Callable[[list[Any]], Any], value: Any) -> None:
    assert asked_for(value)["error"]["key"]
    assert asked_for([value])["error"]["key"]


@pytest.mark.parametrize("points", [None, [], "x", [[0]], [[0, 9]], [[float("nan"), 0]], [[0, 0]] * 161])
def test_a_drawing_that_is_none_gets_a_sentence(points: Any) -> None:
    assert asks.begin([{**KNOBS, "cloud_y": "drawn"}, points])["error"]["key"]
