"""The line of long work: who has waited longest is next, and how long it takes follows from what has just ended."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gallery.shell import pulls as pulling
from gallery.shell import waits as waiting
from gallery.shell.calls import Part
from gallery.shell.pulls import Pulls, begun
from gallery.shell.waits import Place, Waits
from gallery.widgets import training


@dataclass
class Clock:
    """A clock that the test turns."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_who_has_waited_longest_comes_first_and_nobody_waits_for_himself() -> None:
    clock = Clock()
    line = Waits(clock)
    with ExitStack() as hall:
        hall.enter_context(line.moment())
        assert line.place(5.0) is None, "one alone is slow, but waits for nobody"
        for _ in range(4):
            clock.now += 1.0
            hall.enter_context(line.moment())
        clock.now += 0.5
        # they have waited 4.5, 3.5 ... 0.5 s, each a little longer by his own clock than by the server's
        places = [line.place(waited + 0.1) for waited in (4.5, 3.5, 2.5, 1.5, 0.5)]
        assert [found and found.place for found in places] == [1, 2, 3, 4, 5]
        assert [found and found.others for found in places] == [4] * 5
        last = line.place(-1.0)
        assert last and last.place == 5, "there is no place behind the last"
    assert line.place(5.0) is None


@pytest.mark.parametrize("batch", [1, 8])
def test_the_estimate_is_that_of_the_pace_also_where_a_batch_ends_at_once(batch: int) -> None:
    """Two moments a second, one by one or eight every four seconds: the fortieth comes after 20 s."""
    clock = Clock()
    line = Waits(clock)
    with ExitStack() as hall:
        for _ in range(40):
            hall.enter_context(line.moment())
        for _ in range(320 // batch):
            with ExitStack() as done:
                for _ in range(batch):
                    done.enter_context(line.moment())
                clock.now += 0.5 * batch
        clock.now -= 0.01  # within the last half second
        found = line.place(-1.0)
    assert found and found.place == 40 and found.others == 39
    assert found.every == found.seconds and found.seconds in (20, 25)
    assert found.seconds % waiting.COARSE == 0
    assert line.place(0.0) is None


def test_a_moment_that_fails_has_ended() -> None:
    line = Waits()
    with pytest.raises(ZeroDivisionError), line.moment():
        raise ZeroDivisionError
    with line.moment():
        assert line.place(1.0) is None


@dataclass(frozen=True)
class Stood(Part):
    """What a Standing answers: how many had a moment under way."""

    done: bool
    others: int


@dataclass
class Standing:
    """Work that looks at the line."""

    line: Waits
    done: bool = True

    def moment(self, seconds: float) -> Stood:
        with self.line.moment():
            found = self.line.place(0.0)
        return Stood(True, found.others if found else 0)


def test_what_is_pulled_stands_in_the_line_and_who_waits_for_a_place_to_train_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = Waits()
    monkeypatch.setattr(pulling, "waits", line)
    monkeypatch.setattr(training, "waits", line)
    moment = begun(Pulls(), Standing(line), Standing.moment).moment
    assert isinstance(moment, Stood) and moment.others == 1

    @dataclass
    class Run:
        done: bool = False
        until: int = 0

        def go_on(self, _kind: str, _seconds: float) -> None:
            with line.moment():
                found = line.place(0.0)
            counted.append(found.others if found else 0)

    counted: list[int] = []
    monkeypatch.setattr(training, "places", training.Places(1, 60.0))
    pulls: Pulls[Run] = training.kept()
    for who in range(2):
        token = pulls.put(Run())
        training.moment(pulls, [token, "run", 10, {}], lambda _, turn, __: Stood(False, turn))  # type: ignore[type-var]
        assert counted == [1], who


def test_the_line_is_told_to_whoever_asks_and_nonsense_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Waits()
    monkeypatch.setattr(waiting, "waits", line)
    client = TestClient(Starlette(routes=[waiting.route()]))
    assert client.get("/gallery/waits?waited=2").json() == {}
    with line.moment(), line.moment(), line.moment():
        for asked in ("", "?waited=", "?waited=nan", "?waited=inf", "?waited=-1e999", "?waited=x&waited=[]"):
            answer = client.get(f"/gallery/waits{asked}")
            told = Place(**answer.json())
            assert answer.status_code == 200 and 1 <= told.place <= 3 and told.others == 2, asked
            assert answer.headers["cache-control"] == "no-store"


def test_many_at_once_leave_nobody_behind() -> None:
    line = Waits()
    start = threading.Barrier(20)

    def work() -> None:
        start.wait(10)
        for _ in range(200):
            with line.moment():
                line.place(0.0)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with line.moment():
        assert line.place(0.0) is None
