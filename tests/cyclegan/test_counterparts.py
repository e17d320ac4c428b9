"""True counterparts: laws of what is measured by them, the emoji that ship, and what the act "losses" answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gallery.rooms.cyclegan import losses, losses_ask
from gallery.shell.words import all_words
from models.cyclegan import counterparts, cyclegan
from models.cyclegan.vocabulary import CLAIMS, HELD_OUT, LOSSES, MUCH, QUESTIONS, SHOWN, SIDES, WAYS
from training.cyclegan import sheets

KNOBS = {"emoji": 9, "loss_way": "b2a", "loss": "nocycle"}
RANDOM = np.random.default_rng(0)
PICTURES = RANDOM.integers(0, 256, (6, 64, 64, 3), np.uint8)


def test_the_nearest_is_in_the_first_place_and_moving_a_pixel_by_one_hardly_counts() -> None:
    found, own = counterparts.pooled(PICTURES), np.arange(6)
    assert found.shape == (6, 768) and found[0, :3] == pytest.approx(PICTURES[0, :4, :4].mean((0, 1)))
    assert counterparts.places(found, found, own).tolist() == [1] * 6
    turned = counterparts.places(found, found, np.roll(own, 1))
    assert (turned > 1).all() and (turned <= 6).all()
    line = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    assert counterparts.distances(line[:1], line).tolist() == [[0, 5, 10]]
    assert counterparts.places(line[[0, 0, 0]], line, np.arange(3)).tolist() == [1, 2, 3]
    assert counterparts.places(line[:1], line[[0, 0]], np.array([1])).tolist() == [1], "a tie puts nobody back"
    assert counterparts.share_nearest(PICTURES, PICTURES) == 1
    assert counterparts.share_nearest(PICTURES, np.roll(PICTURES, 1, axis=0)) == 0


def test_differences_are_shares_of_the_whole_range_and_colour_forgets_where_it_is() -> None:
    black, white = np.zeros((2, 8, 8, 3), np.uint8), np.full((2, 8, 8, 3), 255, np.uint8)
    assert counterparts.mean_difference(black, white) == counterparts.mean_difference(white, black) == 1
    assert counterparts.colour_difference(black, white) == 1
    flipped = PICTURES[:, ::-1]
    assert counterparts.colour_difference(PICTURES, flipped) == pytest.approx(0, abs=1e-12)
    assert counterparts.mean_difference(PICTURES, flipped) > 0.1
    red = white.copy()
    red[..., 1:] = 0
    assert counterparts.colour_difference(white, red) == pytest.approx(2 / 3)


def test_many_to_one_has_no_spread() -> None:
    assert counterparts.spread(np.repeat(PICTURES[:1], 4, axis=0)) == pytest.approx(0)
    two = np.stack([np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 2, np.uint8)])
    assert counterparts.spread(two) == pytest.approx(2 * np.sqrt(3))
    assert counterparts.spread(np.concatenate([two, two])) == pytest.approx(2 * np.sqrt(3) * 8 / 12)


def test_a_sheet_is_cut_into_what_it_was_made_of() -> None:
    small = PICTURES[:, :16, :16]
    assert np.array_equal(counterparts.cut(counterparts.sheet(small), 16, 6), small)
    means = sheets.means(PICTURES)
    assert abs(means.reshape(6, -1) - counterparts.pooled(PICTURES)).max() <= 0.5


def test_the_emoji_that_ship_are_pairs() -> None:
    a, b = (counterparts.held_out(side) for side in SIDES)
    for side in (a, b):
        assert side.shown.shape == (SHOWN, 64, 64, 3) and side.all.shape == (HELD_OUT, 768)
        assert len({row.tobytes() for row in side.all}) == HELD_OUT, "each another"
        assert np.array_equal(side.all[:SHOWN], counterparts.pooled(side.shown))
    own = counterparts.places(a.all, b.all, np.arange(HELD_OUT))
    turned = counterparts.places(a.all, b.all, np.roll(np.arange(HELD_OUT), 1))
    assert np.median(own) < 5 < np.median(turned), "row i of one is the same sign as row i of the other"
    assert sum(path.stat().st_size for path in counterparts.FOLDER.iterdir()) < 200_000


def test_a_claim_holds_where_its_figure_is_worse_and_only_there() -> None:
    full = dict.fromkeys(CLAIMS.values(), 0.5)
    for claim, name in CLAIMS.items():
        assert not counterparts.holds(claim, full, full)
        worse, better = (0.4, 0.6) if claim == "style" else (0.6, 0.4)
        assert counterparts.holds(claim, full, full | {name: worse})
        assert not counterparts.holds(claim, full, full | {name: better})
        others = {other: worse for other in full if other != name}
        assert not counterparts.holds(claim, full, full | others), "no other figure speaks for it"
    assert set(QUESTIONS) == set(LOSSES) and {claim for two in QUESTIONS.values() for claim in two} == set(CLAIMS)


def test_every_answer_has_words_and_a_reason() -> None:
    for name, two in QUESTIONS.items():
        for claim in (*two, "neither"):
            assert {f"cyclegan.lost.{name}.{claim}", f"cyclegan.lost.{name}.why_{claim}"} <= set(all_words())
    assert {f"said_{name}" for name in LOSSES} <= set(losses.KNOBS)


@pytest.mark.parametrize("name", [losses_ask.FULL, *losses_ask.offered()])
@pytest.mark.parametrize("direction", cyclegan.DIRECTIONS)
def test_cards_have_measured_what_is_asked_of_them(name: str, direction: str) -> None:
    found = losses_ask.figures(name, direction)
    assert {*losses_ask.SAYS, "spread"} <= set(found), (
        f"python -m training.evaluate cyclegan-{losses_ask.pair_of(name)}"
    )
    shares = [key for key in losses_ask.SAYS if not key.startswith("grain")]
    assert all(0 <= found[key] <= 1 for key in shares) and found["spread"] > 0
    assert 0.5 < found["grain_counterpart"] < 1 and found["grain"] > 0.5, "no emoji has a grid of its own"


@pytest.mark.parametrize("direction", cyclegan.DIRECTIONS)
def test_a_discriminator_of_whole_pictures_lets_a_grid_pass_and_so_does_a_lack_of_the_cycle(direction: str) -> None:
    full, whole, nocycle = (losses_ask.figures(name, direction)["grain"] for name in ("full", "whole", "nocycle"))
    assert whole > MUCH * full and nocycle > MUCH * full, "as the sentence says"


@pytest.mark.parametrize("way", WAYS)
def test_an_emoji_is_compared_with_its_own_counterpart(way: str) -> None:
    told = losses_ask.compare([KNOBS | {"loss_way": way}])
    side, direction = WAYS.index(way), cyclegan.DIRECTIONS[WAYS.index(way)]
    x, y = (counterparts.held_out(SIDES[each]).shown[9] for each in (side, 1 - side))
    assert told["first"] == 8 and told["untouched"] == pytest.approx(counterparts.mean_difference(x, y))
    names = [column["name"] for column in told["columns"]]
    assert names == ["full", *losses_ask.offered()] and set(told["claims"]) == set(names[1:])
    for column in told["columns"]:
        model = cyclegan.translators(losses_ask.pair_of(column["name"]))
        trip = model.round_trip(direction, x)
        assert column["cycle"] == pytest.approx(trip.cycle_error)
        assert column["apart"] == pytest.approx(counterparts.mean_difference(trip.translated, y))
        same = model.translate(direction, y)
        assert column["same"] == pytest.approx(counterparts.mean_difference(same, y))
        assert 1 <= column["place"] <= HELD_OUT and 1 <= column["found"] <= HELD_OUT
    for name, claims in told["claims"].items():
        full, other = (losses_ask.figures(each, direction) for each in ("full", name))
        assert [claim["name"] for claim in claims] == list(QUESTIONS[name])
        assert all(claim["holds"] == counterparts.holds(claim["name"], full, other) for claim in claims)


def test_eight_are_those_among_which_the_emoji_stands() -> None:
    told = losses_ask.many([KNOBS])
    given = counterparts.held_out("b").shown[8:16]
    back = [cyclegan.round_trip("emoji-nocycle", "back", x).returned for x in given]
    assert told["other"]["found"] == losses_ask.places(np.stack(back), 1, range(8, 16))
    assert told["full"]["made"] != told["other"]["made"]
    assert told["found_back"] == [losses_ask.figures(name, "back")["found_back"] for name in ("full", "nocycle")]


@pytest.mark.parametrize("bad", [float("nan"), [], 2**63, "train", None, True, -1, SHOWN, 0.5])
def test_what_makes_no_sense_gets_a_sentence(bad: Any) -> None:
    assert losses_ask.compare([KNOBS | {"emoji": bad}])["error"]["key"].startswith("input.")
    assert losses_ask.compare([KNOBS | {"loss_way": bad}])["error"]["key"] == "input.choice"
    assert losses_ask.many([KNOBS | {"loss": bad}])["error"]["key"] == "input.choice"
