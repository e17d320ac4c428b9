"""Event streams of phones: what each is to see, whenever that changes, and a sign of life in between.

All run on the event loop. A stream waits for its own phone alone: one that is slow gets fewer changes, always the last.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import StreamingResponse

from gallery.lecture.votes import Lecture, Lectures
from gallery.shell.calls import Refusal

PING = 15.0
"""Seconds after which a silent stream says that it is there."""
RETRY = 1000
"""Milliseconds after which a browser tries again by itself when its stream is cut."""
MOST_STREAMS = 2000
NO_STORE = {"cache-control": "no-store"}

Seen = Callable[[], dict[str, Any]]
"""What a phone is to see now."""


class Streams:
    """The open streams of all lectures. pace: seconds between two changes that a phone is told of."""

    def __init__(self, pace: float = 0.0) -> None:
        self.pace = pace
        self.open: Counter[str] = Counter()
        """How many are open, by code."""
        self._bells: dict[str, asyncio.Event] = {}

    def ring(self, lecture: Lecture) -> None:
        """Wake the streams of a lecture's phones."""
        bell = self._bells.pop(lecture.code, None)
        if bell:
            bell.set()

    def answer(self, lectures: Lectures, lecture: Lecture, seen: Seen) -> StreamingResponse:
        """One phone's stream, until the phone or the lecture is gone. Raises Refusal where there are too many."""
        if self.open[lecture.code] >= MOST_STREAMS:
            raise Refusal("lecture.vote.busy")
        lines = self._lines(lecture.code, lambda: lectures.here(lecture), seen)
        headers = NO_STORE | {"x-accel-buffering": "no"}
        return StreamingResponse(lines, media_type="text/event-stream", headers=headers)

    async def _lines(self, code: str, here: Callable[[], bool], seen: Seen) -> AsyncIterator[str]:
        self.open[code] += 1
        told = ""
        try:
            yield f"retry: {RETRY}\n\n"
            while here():
                now = json.dumps(seen(), ensure_ascii=False)
                if now != told:
                    told = now
                    yield f"data: {now}\n\n"
                    await asyncio.sleep(self.pace)
                elif not await self._rung(code):
                    yield ": \n\n"
        finally:
            self.open[code] -= 1
            if not self.open[code]:
                del self.open[code]

    async def _rung(self, code: str) -> bool:
        """Whether the bell was rung, within PING."""
        try:
            await asyncio.wait_for(self._bells.setdefault(code, asyncio.Event()).wait(), PING)
        except TimeoutError:
            return False
        return True
