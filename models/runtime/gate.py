"""Who may compute when: one call at a time, visitors in turn, and nobody waits without an end."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

visitor: ContextVar[str] = ContextVar("visitor", default="")
"""Who asks, as the gallery knows it (a session's hash). Unset, every call counts as a visitor of its own."""


leaving: ContextVar[threading.Event | None] = ContextVar("leaving", default=None)
"""Set once nobody waits for the present answer any more."""


class Abandoned(Exception):
    """Nobody waits for what is being computed."""


def wanted() -> None:
    """To be called between the pieces of long work. Raises Abandoned."""
    event = leaving.get()
    if event is not None and event.is_set():
        raise Abandoned


class DeviceBusy(Exception):
    """Too many calls are waiting. `key` and `args` name the sentence for the visitor."""

    key = "page.busy"

    def __init__(self) -> None:
        super().__init__("The queue for computing is too long right now.")

    @property
    def args(self) -> dict[str, str]:  # type: ignore[override]
        return {}


class Gate:
    """Lets `slots` calls through at once and the others wait: first come first served, but visitors in turn.

    A visitor with ten calls waiting and one with a single call alternate, so nobody can stall another.
    `most_waiting` bounds the queue, `most_each` a visitor's share of it, `patience` (s) the wait: DeviceBusy.
    """

    def __init__(self, slots: int = 1, most_waiting: int = 128, most_each: int = 32, patience: float = 60.0) -> None:
        self.most_waiting, self.most_each, self.patience = most_waiting, most_each, patience
        self._free = slots
        self._lock = threading.Lock()
        self._lines: OrderedDict[object, deque[threading.Event]] = OrderedDict()
        self._inside = threading.local()

    @property
    def waiting(self) -> int:
        """How many calls wait now."""
        return sum(map(len, self._lines.values()))

    @property
    def held(self) -> bool:
        """Whether this thread has its turn now."""
        return bool(getattr(self._inside, "depth", 0))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. A call inside a call passes at once. Raises DeviceBusy."""
        if self.held:
            yield
            return
        self._enter()
        self._inside.depth = 1
        try:
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
        with self._lock:
            if self._free and not self._lines:
                self._free -= 1
                return
            line = self._lines.get(who, deque())
            if self.waiting >= self.most_waiting or len(line) >= self.most_each:
                raise DeviceBusy
            line.append(ticket)
            self._lines[who] = line
        if not ticket.wait(self.patience) and not self._withdraw(who, ticket):
            raise DeviceBusy

    def _withdraw(self, who: object, ticket: threading.Event) -> bool:
        """Leave the queue; True where the turn came at the last moment."""
        with self._lock:
            if ticket.is_set():
                return True
            self._lines[who].remove(ticket)
            if not self._lines[who]:
                del self._lines[who]
            return False

    def _leave(self) -> None:
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            who, line = self._lines.popitem(last=False)
            ticket = line.popleft()
            if line:
                self._lines[who] = line  # to the end: the other visitors come first
            ticket.set()
