"""gradio's queue for the endpoints, with a share for each address and each visitor: nobody's jobs stand before
everybody else's."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from typing import Any, NamedTuple

import gradio as gr
from fastapi import HTTPException, Request
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, EventQueue, Queue
from gradio.utils import LRUCache

from gallery.shell.visits import address, name_of
from gallery.shell.words import preferred, sentence
from models.runtime import gate
from models.runtime.gate import Pace, leaving, visitor

MOST_WAITING = 2048
"""Jobs that may wait: five of each visitor of a full hall, twice."""
MOST_HERE = MOST_WAITING // 2
"""Jobs of one address that may wait, whatever sessions they name: a whole hall has one address, and so has one greedy
program with a session for each of its jobs."""
MOST_EACH = 16
"""Jobs of one visitor that may wait or run. More of an endpoint run together, so that another visitor's can begin."""
MOST_KEPT = 2 * MOST_WAITING
"""Sessions whose answers wait to be fetched: all that may wait, and as many that have theirs."""
TOLD = 5.0
"""Seconds after which those who wait are told how long it will be."""


class Gone:
    """Says of a job that its caller has left, or has cancelled it. task: in which it is run."""

    def __init__(self, event: Event, task: asyncio.Task[Any] | None) -> None:
        self.event, self.task = event, task

    def is_set(self) -> bool:
        """Whether nobody waits for it any more."""
        return not self.event.alive or (self.task is not None and self.task.cancelling() > 0)


class Caller(NamedTuple):
    """Whose job it is: the address that it comes from, and the visitor."""

    where: str
    who: str


NOBODY = Caller("", "")


def caller_of(event: Event) -> Caller:
    """Whose job it is; nobody's where it has not been counted yet."""
    return getattr(event, "caller", NOBODY)


class Line(Queue):
    """gradio's queue; visitors are served in turn."""

    def __init__(self, blocks: gr.Blocks, most_waiting: int = MOST_WAITING, most_each: int = MOST_EACH) -> None:
        super().__init__(
            live_updates=False,  # gradio would tell everybody of every job: a million messages for a thousand
            concurrency_count=blocks.max_threads,
            update_intervals=TOLD,
            max_size=most_waiting,
            blocks=blocks,
        )
        self.most_each, self.most_here = most_each, MOST_HERE
        self.most_kept = MOST_KEPT
        self.pending_messages_per_session = LRUCache(MOST_KEPT + 1)  # gradio's 2,000 are fewer than may wait
        self._served: dict[str, int] = {}
        self._count = 0
        self.pace = Pace()

    async def push(self, body: PredictBodyInternal, request: Request, username: str | None) -> Any:
        """As gradio's. Raises HTTPException 429 for a visitor who has his share already, and 503 where all places are
        taken, with the seconds after which to come again."""
        here = address(request)
        if len(self) >= (self.max_size or math.inf) or self._takes_all(here):
            soon = self.pace.of(len(self))
            raise HTTPException(503, headers={"retry-after": str(soon)} if soon else None)
        who = name_of(body.session_hash, request)
        if self.jobs_of(who) >= self.most_each:
            lang = preferred(request.headers.get("accept-language", ""))
            raise HTTPException(429, sentence("page.share", lang))
        pushed = await super().push(body, request, username)
        event = self.event_ids_to_events.get(str(pushed[1]))
        if event is not None:
            event.caller = Caller(place_of(here), who)  # ours, and gone with the event
            self._keep(event.session_hash)
        return pushed

    def _keep(self, session: str) -> None:
        """The sessions that asked last, and all whose jobs wait or run: gradio keeps the names of all, for ever."""
        answers, jobs = self.pending_messages_per_session, self.pending_event_ids_session
        answers[session], jobs[session] = answers.pop(session), jobs.pop(session)
        if len(jobs) <= self.most_kept:
            return
        done = (each for each, ids in list(jobs.items()) if ids.isdisjoint(self.event_ids_to_events))
        while len(jobs) > self.most_kept and (gone := next(done, None)) is not None:
            jobs.pop(gone)
            answers.pop(gone, None)

    def knows(self, name: str) -> bool:
        """Whether there is a session of that name, or a job whose answer has not been fetched."""
        if name in self.pending_messages_per_session or name in self.event_ids_to_events:
            return True
        return any(name in jobs for jobs in self.pending_event_ids_session.values())

    def jobs_of(self, who: str) -> int:
        """How many jobs of a visitor wait or run."""
        return sum(caller_of(event).who == who for event in [*self._waiting(), *self.running()])

    def _waiting(self) -> list[Event]:
        return [event for line in self.event_queue_per_concurrency_id.values() for event in line.queue]

    def _takes_all(self, here: str) -> bool:
        """Whether as many jobs of one address wait as may."""
        place = place_of(here)
        return len(self) >= self.most_here <= sum(caller_of(event).where == place for event in self._waiting())

    def running(self) -> list[Event]:
        """The jobs that are being computed."""
        return [event for jobs in self.active_jobs if jobs for event in jobs]

    def get_events(self) -> tuple[list[Event], bool, str] | None:
        """As gradio's, but the address with the fewest running jobs comes first, then which was served longest ago; of
        its visitors likewise."""
        for line in self.event_queue_per_concurrency_id.values():
            if len(line.queue) > 1 and line.current_concurrency < (line.concurrency_limit or len(line.queue)):
                self._fair(line)
        return super().get_events()

    def _fair(self, line: EventQueue) -> None:
        running = Counter(name for event in self.running() for name in caller_of(event))

        def place(event: Event) -> list[int]:
            return [n for name in caller_of(event) for n in (running[name], self._served.get(name, 0))]

        chosen = min(line.queue, key=place)
        line.queue.remove(chosen)
        line.queue.insert(0, chosen)

    async def process_events(self, events: list[Event], *others: Any) -> None:
        """As gradio's, on behalf of the visitor and for as long as he waits."""
        caller = caller_of(events[0])
        self._count += 1
        waiting = {name for event in self._waiting() for name in caller_of(event)}
        served = self._served | dict.fromkeys(caller, self._count)
        self._served = {name: n for name, n in served.items() if name in waiting}
        visitor.set(caller.who or events[0].session_hash)
        gate.address.set(caller.where)
        leaving.set((Gone(events[0], asyncio.current_task()),))
        self.pace.begin()
        await super().process_events(events, *others)
        self.pace.done(len(self) > 0)

    def compute_analytics_summary(self, records: Any) -> dict[str, Any]:
        """None: gradio makes a table of ten thousand jobs for each that fails, for a page that we do not have."""
        return {}


def place_of(here: str) -> str:
    """An address as the queue keeps it: never the name of a session, nor of a visitor without one."""
    return f" {here}"


def install(demo: gr.Blocks) -> None:
    """Give a page this queue."""
    demo.queue(max_size=MOST_WAITING)
    demo._queue = Line(demo)
