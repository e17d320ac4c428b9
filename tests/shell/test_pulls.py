"""Work that is pulled a moment at a time: kept by token, forgotten in time, ended where nobody waits."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gallery.shell import pulls as pulling
from gallery.shell import sweep
from gallery.shell.calls import Answer, Part, Refusal, sent
from gallery.shell.pulls import Pulls, begun, pulled
from models.runtime.gate import Abandoned, leaving, on_behalf, wanted


@dataclass(frozen=True)
class Worked(Part):
    """What an Endless answers."""

    done: bool
    pieces: int


@dataclass
class Endless:
    """Works in small pieces until it is left."""

    done: bool = False
    pieces: int = 0

    def moment(self, seconds: float) -> Worked:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            wanted()
            self.pieces += 1
            time.sleep(0.002)
        return Worked(self.done, self.pieces)


def test_jobs_are_kept_by_tokens_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    pulls: Pulls[int] = Pulls()
    first = pulls.put(1)
    with pulls.turn(first) as job:
        assert job == 1
    tokens = {pulls.put(n) for n in range(pulling.KEPT + 20)}
    assert len(tokens) == pulling.KEPT + 20 and len(pulls) <= pulling.KEPT
    for token in (first, "x" * 41, "", None, 3):
        with pytest.raises(Refusal), pulls.turn(token):
            pass


def test_a_whole_turn_outlives_the_word_that_its_job_is_left() -> None:
    pulls: Pulls[int] = Pulls()
    token = pulls.put(1)
    with pulls.turn(token, whole=True):
        pulls.leave(token)
        wanted()
    with pytest.raises(Abandoned), pulls.turn(token):
        pulls.leave(token)
        wanted()


def test_a_job_with_a_photo_is_forgotten_though_no_other_begins_and_a_training_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun_at = now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    search: Pulls[int] = Pulls()
    training: Pulls[int] = Pulls(forgotten=600.0)
    search.put(1)
    training.put(2)
    now = begun_at + 100
    sweep.forget()
    assert len(search) == 1
    now = begun_at + 590  # the longest that the sweep, once a minute, may be late
    sweep.forget()
    assert len(search) == 0 and len(training) == 1


def test_a_beacon_ends_the_moment_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    pulls: Pulls[Endless] = Pulls()
    first = sent(begun(pulls, Endless(), Endless.moment))
    assert not first["done"] and first["pieces"] > 0
    monkeypatch.setattr(pulling, "MOMENT", 60.0)
    answers: list[Answer] = []
    worker = threading.Thread(target=lambda: answers.append(sent(pulled(pulls, [first["token"]], Endless.moment))))
    worker.start()
    client = TestClient(Starlette(routes=[pulling.route()]))
    assert client.post("/gallery/left", content=b"another's").status_code == 204
    assert client.post("/gallery/left", content=b"\xff" * 10_000).status_code == 204
    time.sleep(0.05)
    assert worker.is_alive()
    client.post("/gallery/left", content=first["token"])
    worker.join(10)
    assert answers == [{"done": True}] and len(pulls) == 0


def test_a_job_that_was_left_between_two_moments_goes_on_when_it_is_asked_again() -> None:
    pulls: Pulls[Endless] = Pulls()
    first = sent(begun(pulls, Endless(), Endless.moment))
    pulls.leave(first["token"])
    assert sent(pulled(pulls, [first["token"]], Endless.moment))["pieces"] > first["pieces"]
    assert not leaving.get()


def test_one_visitors_jobs_push_only_his_own_out() -> None:
    pulls: Pulls[int] = Pulls()
    hall = {}
    for who in range(200):
        with on_behalf(f"visitor {who}", long=False):
            hall[who] = pulls.put(who)
    with on_behalf("many", long=False):
        tokens = [pulls.put(n) for n in range(600)]
    for who, token in hall.items():
        with pulls.turn(token) as job:
            assert job == who
    assert len(pulls) == 200 + pulling.KEPT_EACH
    for token in tokens[-pulling.KEPT_EACH :]:
        with pulls.turn(token) as job:
            assert job >= 600 - pulling.KEPT_EACH
