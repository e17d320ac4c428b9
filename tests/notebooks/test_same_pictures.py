"""A notebook shows the picture of its state: the same pixels as the gallery answered, to within 1 of 255."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

from gallery.rooms.diffusion import edit_ask
from models.diffusion import editing, score_learning
from models.flow import line_fit
from models.gan import finding
from models.pictures import pictures
from tests.notebooks.answers import SHORT, STATES
from tests.notebooks.running import Ran, rooms, state


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the gallery sends as JPEG is sent without loss, and long work is short."""
    monkeypatch.setattr(pictures, "jpeg", lambda picture, quality=90: pictures.png(picture))
    monkeypatch.setattr(finding.Search.__init__, "__defaults__", (finding.LONGEST, 4))
    monkeypatch.setattr(line_fit, "STEPS", 3)
    monkeypatch.setattr(score_learning, "STEPS", 3)
    monkeypatch.setattr(editing, "INVERTING", 4)
    monkeypatch.setattr(edit_ask, "FILLING", 4)


@pytest.mark.parametrize("query", STATES)
def test_the_notebook_of_a_state_shows_its_picture(query: str) -> None:
    ran = Ran(query, SHORT)
    wanted = STATES[query](state(query)[1], ran)
    assert len(ran.shown) == len(wanted) > 0
    for seen, answered in zip(ran.shown, wanted, strict=True):
        assert seen.dtype == np.uint8 and seen.std() > 0
        if answered is not None:
            assert seen.shape == answered.shape
            assert abs(seen.astype(int) - answered).max() <= 1


def test_every_act_is_held_against_the_gallery() -> None:
    asked = {(given["room"][0], given["act"][0]) for given in map(parse_qs, STATES)}
    there = {(name, act) for name, room in rooms().items() for act in room.KNOBS["act"].choices}
    assert asked == there, "STATES in tests/notebooks/answers.py has a state of each act"
