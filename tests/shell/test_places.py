"""Places for work: a few at once, the others in line, and nobody's place is kept for him for long."""

from __future__ import annotations

import time

from gallery.shell.places import Places
from gallery.shell.pulls import Pulls


def test_a_few_work_and_the_others_have_their_turn_in_the_order_in_which_they_came() -> None:
    places = Places(most=2, silent=60.0)
    assert [places.ask(token) for token in "abcd"] == [0, 0, 1, 2]
    assert places.ask("d") == 2 and places.ask("a") == 0, "who asks again keeps his turn"
    places.leave("b")
    assert [places.ask(token) for token in "cda"] == [0, 1, 0]
    places.leave("nobody")
    assert places.ask("e") == 2


def test_who_is_silent_has_left() -> None:
    places = Places(most=1, silent=0.05)
    assert places.ask("a") == 0 and places.ask("b") == 1
    time.sleep(0.06)
    assert places.ask("b") == 0 and len(places) == 1


def test_a_beacon_gives_the_place_back_at_once_and_so_does_a_newer_job() -> None:
    places = Places(most=1, silent=60.0)
    pulls: Pulls[int] = Pulls(each=1, left=places.leave)
    token = pulls.put(1)
    assert places.ask(token) == 0 and places.ask("other") == 1
    pulls.leave(token)
    assert places.ask("other") == 0
    with pulls.turn(token) as job:
        assert job == 1, "who left may come back"


def test_who_has_had_his_place_for_long_goes_to_the_end_where_others_wait() -> None:
    places = Places(most=1, silent=60.0, longest=0.05)
    assert places.ask("a") == 0
    time.sleep(0.06)
    assert places.ask("a") == 0, "nobody waits for it"
    assert [places.ask("b"), places.ask("a"), places.ask("b"), places.ask("a")] == [1, 1, 0, 1]
    time.sleep(0.06)
    assert [places.ask("b"), places.ask("a")] == [1, 0]
