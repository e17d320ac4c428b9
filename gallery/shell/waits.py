"""Who waits for the next moment of long work beside others is told his place and how long it is likely to take.

Visitors are served in turn, so who has waited longest comes first: how long one waits says which place one has, and
nobody has to say who he is.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

RECENT = 10.0
"""Seconds over which it is counted how many moments come to an end: those of one batch end together."""
FINE, COARSE = 10, 5
"""Whole seconds up to here; a longer wait in steps of so many, since it is not known better."""


class Place(NamedTuple):
    """A place in the line, from 1, and the seconds until its moment is likely to be through; how many others have one
    under way, and the seconds from one moment to the next of who goes on."""

    place: int
    seconds: int
    others: int
    every: int


class Waits:
    """The moments of work that are under way, as they came, and when the last ones came to an end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._begun: dict[object, float] = {}
        self._ended: deque[float] = deque()
        self._busy = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is computed inside is one of them."""
        own = object()
        with self._lock:
            if not self._begun:
                self._busy = self.clock()
                self._ended.clear()
            self._begun[own] = self.clock()
        try:
            yield
        finally:
            with self._lock:
                del self._begun[own]
                self._ended.append(self.clock())
                self._forget()

    def place(self, waited: float) -> Place | None:
        """The place of who has waited for so many seconds; None where nobody waits beside him."""
        with self._lock:
            count = len(self._begun)
            if count < 2:
                return None
            since = self.clock() - waited
            place = min(count, 1 + sum(begun < since for begun in self._begun.values()))
            return Place(place, self._seconds(place), count - 1, self._seconds(count))

    def _seconds(self, count: int) -> int:
        """For as many moments to come to an end."""
        self._forget()
        span = min(RECENT, self.clock() - self._busy)
        seconds = max(1, math.ceil(round(count * span / max(1, len(self._ended)), 3)))
        return seconds if seconds <= FINE else COARSE * math.ceil(seconds / COARSE)

    def _forget(self) -> None:
        while self._ended and self._ended[0] < self.clock() - RECENT:
            self._ended.popleft()


waits = Waits()
"""Of all rooms together."""


async def _told(request: Request) -> Response:
    """?waited=SECONDS -> a Place, or {} where one waits for nobody."""
    try:
        waited = float(request.query_params.get("waited", 0))
    except ValueError:
        waited = 0.0
    found = waits.place(waited)
    return JSONResponse(found._asdict() if found else {}, headers={"cache-control": "no-store"})


def route() -> Route:
    """To be given to gradio's app before its own routes."""
    return Route("/gallery/waits", _told, methods=["GET"])
