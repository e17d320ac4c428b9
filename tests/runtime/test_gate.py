"""Turns: one at a time, in order, visitors alternating, films last, and nobody waits without an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from models.runtime.gate import (
    QUICK_BETWEEN,
    Abandoned,
    DeviceBusy,
    Gate,
    Pace,
    address,
    film,
    filming,
    leaving,
    told,
    visitor,
)


def until(condition: Callable[[], bool]) -> None:
    """Wait for other threads to come so far; fail after five seconds."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def start(fn: Callable[[], object], who: str = "") -> threading.Thread:
    def run() -> None:
        visitor.set(who)
        fn()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_one_at_a_time() -> None:
    gate = Gate()
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with gate.turn():
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1

    for thread in [start(work) for _ in range(20)]:
        thread.join()
    assert most == 1 and gate.waiting == 0 and not gate.held


def test_visitors_take_turns_and_each_keeps_his_order() -> None:
    gate, threads = Gate(), []
    served: list[object] = []
    with gate.turn():
        for number, who in enumerate(["a", "a", "a", "a", "b", "c", "b"]):
            threads.append(start(lambda n=number, w=who: gate.compute(served.append, f"{w}{n}"), who))  # type: ignore[misc]
            until(lambda n=number: gate.waiting == n + 1)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert served == ["a0", "b4", "c5", "a1", "b6", "a2", "a3"]


def test_addresses_take_turns_and_so_do_the_visitors_of_each() -> None:
    """A program that says it is a hundred visitors holds up nobody elsewhere."""
    gate, threads = Gate(), []
    served: list[object] = []

    def ask(where: str, who: str) -> None:
        address.set(where)
        visitor.set(who)
        gate.compute(served.append, who)

    with gate.turn():
        for number, (where, who) in enumerate([("here", f"here {n}") for n in (1, 2, 3, 1)] + [("there", "there")] * 2):
            threads.append(threading.Thread(target=ask, args=(where, who)))
            threads[-1].start()
            until(lambda n=number: gate.waiting == n + 1)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert served == ["here 1", "there", "here 2", "there", "here 3", "here 1"]


def test_unknown_visitors_are_served_as_they_come() -> None:
    gate, threads = Gate(), []
    served: list[object] = []
    with gate.turn():
        for number in range(8):
            threads.append(start(lambda n=number: gate.compute(served.append, n)))  # type: ignore[misc]
            until(lambda n=number: gate.waiting == n + 1)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert served == list(range(8))


@pytest.mark.parametrize("who", ["", "one"])
def test_a_full_queue_refuses_at_once(who: str) -> None:
    gate = Gate(most_waiting=3 if not who else 100, most_each=3)
    threads = []
    with gate.turn():
        for number in range(3):
            threads.append(start(lambda: gate.compute(int), who))
            until(lambda n=number: gate.waiting == n + 1)  # type: ignore[misc]
        refused: list[DeviceBusy] = []

        def ask() -> None:
            try:
                gate.compute(int)
            except DeviceBusy as error:
                refused.append(error)

        start(ask, who).join(1)
        # a visitor's own calls; or all that wait, with the seconds that they will take: one waits already
        wanted = ("page.busy", {}) if who else ("page.busy_for", {"n": 1})
        assert [(error.key, error.args) for error in refused] == [wanted]
        if who:
            threads.append(start(lambda: gate.compute(int), "another"))
            until(lambda: gate.waiting == 4)
    for thread in threads:
        thread.join()
    assert gate.compute(int) == 0


def test_a_line_says_how_long_it_is() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert pace.of(10) is None  # nothing was ever done
    pace.begin()
    now = 3.0
    assert pace.of(10) == 30  # the first has taken that long at least
    for _ in range(200):
        now += 0.5
        pace.done(waiting=True)
    assert pace.of(10) == 5
    now += 8.0
    assert pace.of(2) == 16  # what is under way takes longer than usual
    pace.done(waiting=False)
    now += 1000.0
    assert pace.of(1) in (1, 2)  # an empty line is not a slow one


def test_a_long_wait_is_told_in_minutes() -> None:
    assert told(90) == ("page.busy_for", {"n": 90})
    assert told(91) == ("page.busy_minutes", {"n": 2}) and DeviceBusy(11_751).args == {"n": 196}


def test_patience_ends_and_the_turn_is_not_lost() -> None:
    gate = Gate(patience=0.05)
    errors: list[DeviceBusy] = []

    def ask() -> None:
        try:
            gate.compute(int)
        except DeviceBusy as error:
            errors.append(error)

    with gate.turn():
        start(ask).join(2)
    assert len(errors) == 1 and gate.waiting == 0
    assert gate.compute(int) == 0


def test_an_error_gives_the_turn_back_and_calls_may_nest() -> None:
    gate = Gate()
    with pytest.raises(ZeroDivisionError):
        gate.compute(lambda: 1 // 0)
    assert gate.compute(lambda: gate.compute(lambda: gate.held))
    assert not gate.held


def test_quick_calls_go_before_the_steps_of_films_and_films_still_go_on() -> None:
    gate, threads = Gate(), []
    served: list[str] = []

    def ask(name: str, long: bool, who: str) -> None:
        def take() -> None:
            filming.set(long)
            gate.compute(served.append, name)

        waiting = gate.waiting
        threads.append(start(take, who))
        until(lambda: gate.waiting == waiting + 1)

    with gate.turn():
        for step in range(3):
            ask(f"film {step}", True, f"visitor {step}")
        for number in range(QUICK_BETWEEN + 2):
            ask(str(number), False, "visitor 1")
    for thread in threads:
        thread.join()
    quick = [str(number) for number in range(QUICK_BETWEEN + 2)]
    assert served == [*quick[:QUICK_BETWEEN], "film 0", *quick[QUICK_BETWEEN:], "film 1", "film 2"]


def test_who_has_left_gets_no_turn_and_keeps_nobody_waiting() -> None:
    gate, gone = Gate(), threading.Event()
    served: list[str] = []

    def ask() -> None:
        leaving.set((threading.Event(), gone))
        with pytest.raises(Abandoned):
            gate.compute(served.append, "left")

    with gate.turn():
        threads = [start(ask, "one")]
        until(lambda: gate.waiting == 1)
        threads.append(start(lambda: gate.compute(served.append, "stayed"), "two"))
        until(lambda: gate.waiting == 2)
        gone.set()
    for thread in threads:
        thread.join()
    assert served == ["stayed"] and not gate.waiting
    assert gate.compute(int) == 0


def test_a_film_is_a_film_only_while_it_is_made() -> None:
    gone = threading.Event()
    with film(gone):
        assert filming.get() and leaving.get() == (gone,)
        with film():
            assert leaving.get() == (gone,)
    assert not filming.get() and not leaving.get()
