"""Who may compute when: one call at a time, visitors in turn, quick calls before films, nobody without an end."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Left(Protocol):
    """Says whether somebody has left; an Event does."""

    def is_set(self) -> bool:
        """Whether he has."""


visitor: ContextVar[object] = ContextVar("visitor", default="")
"""Who asks, as the gallery knows it (a session's hash). Unset, every call counts as a visitor of its own."""
address: ContextVar[object] = ContextVar("address", default="")
"""Where he asks from: one program may say that it is a thousand visitors. Unset, each visitor has his own."""
leaving: ContextVar[tuple[Left, ...]] = ContextVar("leaving", default=())
"""As soon as one of them says so, nobody waits for the present answer any more."""
filming: ContextVar[bool] = ContextVar("filming", default=False)
"""Whether this is a step of long work, which may come after whatever a hand waits for."""

QUICK_BETWEEN = 4
"""Quick calls between two steps of films, where both wait: a film goes on, if slowly, while a hall drags."""
SOON = 90
"""Seconds of waiting that are said as seconds; a longer wait is said in minutes."""


class Abandoned(Exception):
    """Nobody waits for what is being computed, so nobody will read the sentence that `key` names."""

    key = "page.failed"


def wanted() -> None:
    """To be called between the pieces of long work. Raises Abandoned."""
    if any(left.is_set() for left in leaving.get()):
        raise Abandoned


@contextmanager
def film(*left: Left) -> Iterator[None]:
    """What is computed inside is a film's, and ends early once one of `left` says so."""
    long, gone = filming.set(True), leaving.set((*leaving.get(), *left))
    try:
        yield
    finally:
        filming.reset(long)
        leaving.reset(gone)


@contextmanager
def on_behalf(of: object, long: bool) -> Iterator[None]:
    """A line of its own for what is done for several visitors at once: it stands in nobody's. long: it is a film's."""
    who, where, before = visitor.set(of), address.set(of), filming.set(long)
    try:
        yield
    finally:
        visitor.reset(who)
        address.reset(where)
        filming.reset(before)


def told(seconds: int) -> tuple[str, dict[str, int]]:
    """The sentence for who has to come again after so many seconds: its key, and what stands in it."""
    return (
        ("page.busy_for", {"n": seconds}) if seconds <= SOON else ("page.busy_minutes", {"n": math.ceil(seconds / 60)})
    )


class DeviceBusy(Exception):
    """Too many calls are waiting. `key` and `args` name the sentence for the visitor.

    seconds: for how long what waits is likely to take; None where the visitor's own calls are too many, or nothing has
    been measured yet.
    """

    key = "page.busy"

    def __init__(self, seconds: int | None = None) -> None:
        super().__init__("The queue for computing is too long right now.")
        self.seconds = seconds
        self.named: dict[str, int] = {}
        if seconds is not None:
            self.key, self.named = told(seconds)

    @property
    def args(self) -> dict[str, int]:  # type: ignore[override]
        return self.named


class Pace:
    """How fast a line moves: the seconds of one, or between two that are done while others wait; the latest count most.

    Its owner's lock guards it.
    """

    RECENT = 0.1
    """Weight of the latest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._mean = 0.0
        self._last: float | None = None

    def begin(self) -> None:
        """One begins."""
        if self._last is None:
            self._last = self.clock()

    def done(self, waiting: bool) -> None:
        """One is done. waiting: whether others wait now."""
        now = self.clock()
        if self._last is not None:
            took = now - self._last
            self._mean = took if self._mean == 0 else self._mean + self.RECENT * (took - self._mean)
        self._last = now if waiting else None

    def of(self, count: int) -> int | None:
        """Whole seconds that as many more are likely to take; what is under way for longer than usual counts."""
        mean = max(self._mean, self.clock() - self._last if self._last is not None else 0.0)
        return max(1, math.ceil(round(count * mean, 3))) if mean > 0 else None


class Lines:
    """Tickets in a line for each visitor; the addresses that visitors ask from are served in turn, and so are the
    visitors of one address."""

    def __init__(self) -> None:
        self._lines: OrderedDict[object, OrderedDict[object, deque[threading.Event]]] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(line) for visitors in self._lines.values() for line in visitors.values())

    def of(self, where: object, who: object) -> int:
        """How many tickets of a visitor wait."""
        visitors = self._lines.get(where)
        return len(visitors.get(who, ())) if visitors else 0

    def add(self, where: object, who: object, ticket: threading.Event) -> None:
        """Wait at the end of a visitor's line."""
        self._lines.setdefault(where, OrderedDict()).setdefault(who, deque()).append(ticket)

    def remove(self, where: object, who: object, ticket: threading.Event) -> None:
        """Leave a line."""
        visitors = self._lines[where]
        visitors[who].remove(ticket)
        if not visitors[who]:
            del visitors[who]
        if not visitors:
            del self._lines[where]

    def next(self) -> threading.Event:
        """The ticket whose turn it is; its address comes after the others then, and its visitor after those there."""
        where, visitors = self._lines.popitem(last=False)
        who, line = visitors.popitem(last=False)
        ticket = line.popleft()
        if line:
            visitors[who] = line
        if visitors:
            self._lines[where] = visitors
        return ticket


class Gate:
    """Lets `slots` calls through at once and the others wait: first come first served, but visitors in turn.

    A visitor with ten calls waiting and one with a single call alternate, so nobody can stall another; so do an address
    with a hundred visitors, who may be one program, and one with a single visitor. Steps of films stand in lines of
    their own, behind QUICK_BETWEEN quick calls. `most_waiting` bounds the queue, `most_each` a visitor's share of it,
    `patience` (s) the wait: DeviceBusy.
    """

    def __init__(self, slots: int = 1, most_waiting: int = 448, most_each: int = 32, patience: float = 60.0) -> None:
        self.most_waiting, self.most_each, self.patience = most_waiting, most_each, patience
        self._free = slots
        self._lock = threading.Lock()
        self._quick, self._films = Lines(), Lines()
        self._since = 0
        self._inside = threading.local()
        self.pace = Pace()

    @property
    def waiting(self) -> int:
        """How many calls wait now."""
        return len(self._quick) + len(self._films)

    @property
    def held(self) -> bool:
        """Whether this thread has its turn now."""
        return bool(getattr(self._inside, "depth", 0))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. A call inside a call passes at once. Raises DeviceBusy, and Abandoned where
        nobody waits for the answer any more when the turn comes."""
        if self.held:
            yield
            return
        self._enter()
        self._inside.depth = 1
        try:
            wanted()
            yield
        finally:
            self._inside.depth = 0
            self._leave()

    def compute(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """fn(*args, **kwargs) in its turn. Long work should come in several turns, one a step."""
        with self.turn():
            return fn(*args, **kwargs)

    def _enter(self) -> None:
        ticket = threading.Event()
        who = visitor.get() or ticket
        where = address.get() or who
        lines = self._films if filming.get() else self._quick
        with self._lock:
            if self._free and not self.waiting:
                self._free -= 1
                self.pace.begin()
                return
            if lines.of(where, who) >= self.most_each:
                raise DeviceBusy
            if self.waiting >= self.most_waiting:
                raise DeviceBusy(self.pace.of(self.waiting))
            lines.add(where, who, ticket)
        if not ticket.wait(self.patience) and not self._withdraw(lines, where, who, ticket):
            raise DeviceBusy(self.pace.of(self.waiting + 1))

    def _withdraw(self, lines: Lines, where: object, who: object, ticket: threading.Event) -> bool:
        """Leave the queue; True where the turn came at the last moment."""
        with self._lock:
            if not ticket.is_set():
                lines.remove(where, who, ticket)
            return ticket.is_set()

    def _leave(self) -> None:
        with self._lock:
            self.pace.done(self.waiting > 0)
            if not self.waiting:
                self._free += 1
                return
            films = self._films and (not self._quick or self._since >= QUICK_BETWEEN)
            self._since = 0 if films else self._since + 1
            (self._films if films else self._quick).next().set()


opening = Gate(slots=2, most_waiting=256, most_each=8)
"""Photos are opened and searched for faces two at a time: a large one takes up to 150 MB and a second."""
saving = Gate(slots=1, most_waiting=24, most_each=2)
"""Films are saved one after another; each that waits holds its sprite, of up to 14 MB."""
