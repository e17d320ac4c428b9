"""Work that the browser pulls, a moment at a time: who no longer asks, because he pressed stop or left, has stopped it.
The moment that is under way then ends early: the browser says so with a beacon, which also outlives its page.

A job is kept under a token that nobody can guess; it is forgotten when it is done, two minutes after the last question,
or when its visitor has begun several newer ones.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gallery.shell.calls import Part, Refusal, text, values
from gallery.shell.waits import waits
from models.runtime.gate import Abandoned, film, visitor


class Job(Protocol):
    """Work that knows when it is at its end."""

    @property
    def done(self) -> bool: ...


class Pulled(Protocol):
    """What a moment of work answers: a Part that says whether it was the last."""

    @property
    def done(self) -> bool: ...


J = TypeVar("J")
W = TypeVar("W", bound=Job)

FIRST = 0.08
"""Seconds of work in the answer that begins a job: the first pictures come at once."""
MOMENT = 0.2
"""Seconds of work in every further answer; a stop is heard after it."""
KEPT, KEPT_EACH = 512, 8
"""Jobs, and those of one visitor: a newer one takes the place of his oldest."""
FORGOTTEN = 120.0
"""Seconds."""
LONGEST = 40
"""Characters of a token."""


@dataclass
class _Entry(Generic[J]):
    job: J
    who: object = field(default_factory=visitor.get)
    asked: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)
    leaving: threading.Event = field(default_factory=threading.Event)


everywhere: WeakSet[Pulls[Any]] = WeakSet()


class Pulls(Generic[J]):
    """The jobs in work, by token. forgotten: seconds after the last question; each: jobs that a visitor may have.

    left(token): is told when a job is left, or has to make place; its visitor may still come back to it.
    """

    def __init__(
        self, forgotten: float = FORGOTTEN, each: int = KEPT_EACH, left: Callable[[str], object] = lambda _: None
    ) -> None:
        self.forgotten, self.each, self._left = forgotten, each, left
        self._jobs: OrderedDict[str, _Entry[J]] = OrderedDict()
        self._lock = threading.Lock()
        everywhere.add(self)

    def __len__(self) -> int:
        return len(self._jobs)

    def put(self, job: J) -> str:
        """Keep a job; returns its token."""
        token = secrets.token_urlsafe(12)
        self.forget()
        with self._lock:
            entry = _Entry(job)
            own = [name for name, other in self._jobs.items() if entry.who and other.who == entry.who]
            if len(own) >= self.each:
                self._jobs.pop(own[0]).leaving.set()
                self._left(own[0])
            while len(self._jobs) >= KEPT:
                self._jobs.popitem(last=False)
            self._jobs[token] = entry
        return token

    @contextmanager
    def turn(self, token: object, whole: bool = False) -> Iterator[J]:
        """The job, for one caller at a time; its turns come after quick calls. Raises Refusal if it is gone.

        whole: is not ended by `leave`: who stops a job and asks at once for what it has may overtake his own word.
        """
        name = text(token, LONGEST, "token")
        with self._lock:
            entry = self._jobs.get(name)
            if entry is not None:
                entry.asked = time.monotonic()
                self._jobs.move_to_end(name)
        if entry is None:
            raise Refusal("widgets.generate.gone")
        with entry.lock:
            entry.leaving.clear()
            with film() if whole else film(entry.leaving):
                yield entry.job

    def leave(self, token: str) -> None:
        """Let the moment that is under way end at its next piece. An unknown token is nothing."""
        entry = self._jobs.get(token)
        if entry is not None:
            entry.leaving.set()
            self._left(token)

    def forget(self) -> None:
        """Let go of the jobs that nobody has asked for any more for so long."""
        with self._lock:
            old = [name for name, entry in self._jobs.items() if time.monotonic() - entry.asked > self.forgotten]
            for name in old:
                del self._jobs[name]

    def drop(self, token: object) -> None:
        """Forget a job that is done."""
        with self._lock:
            self._jobs.pop(str(token), None)


def forget(age: float) -> None:
    """Let go of the jobs that should have been forgotten within age seconds: only they hold a visitor's photo.

    Trainings live longer and hold nothing of the kind; a paused one goes when another begins.
    """
    for pulls in list(everywhere):
        if pulls.forgotten <= age:
            pulls.forget()


@dataclass(frozen=True)
class Ended(Part):
    """What a moment answers that nobody waits for any more."""

    done: bool = True


@dataclass(frozen=True)
class First(Part):
    """A job's token, and what its first moment answers beside it."""

    token: str
    moment: Pulled


def begun(pulls: Pulls[W], job: W, moment: Callable[[W, float], Pulled]) -> First:
    """Keep a job and let it work for the first moment: what `moment(job, seconds)` answers, with its token."""
    token = pulls.put(job)
    return First(token, _moment(pulls, token, moment, FIRST))


def pulled(pulls: Pulls[W], args: object, moment: Callable[[W, float], Pulled]) -> Pulled:
    """[token] -> what `moment` answers for the job's next moment. Raises Refusal where it is gone."""
    (token,) = values(args, 1)
    return _moment(pulls, token, moment, MOMENT)


def _moment(pulls: Pulls[W], token: object, moment: Callable[[W, float], Pulled], seconds: float) -> Pulled:
    answer: Pulled
    with pulls.turn(token) as job:
        try:
            with waits.moment():
                answer = moment(job, seconds)
        except Abandoned:
            answer = Ended()
    if answer.done:
        pulls.drop(token)
    return answer


async def _left(request: Request) -> Response:
    """A beacon: the body is the token of what its visitor has stopped or left."""
    body = await request.body()
    for pulls in everywhere:
        pulls.leave(body[:LONGEST].decode("ascii", "replace"))
    return Response(status_code=204)


def route() -> Route:
    """To be given to gradio's app before its own routes."""
    return Route("/gallery/left", _left, methods=["POST"])
