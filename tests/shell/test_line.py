"""The endpoints' queue: a share for each visitor, turns between them, and an end when the caller has left."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from gallery.shell import line
from gallery.shell.blocks import Gallery
from gallery.shell.calls import endpoint
from gallery.shell.words import sentence
from gallery.widgets import endpoints
from gallery.widgets.endpoints import numeral
from models.runtime.gate import visitor
from tests.shell.started import until_abandoned


@dataclass
class Desk:
    """A small page with one endpoint that blocks and one that goes on for ever."""

    address: str = ""
    queue: Any = None
    served: list[tuple[object, int]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    abandoned: threading.Event = field(default_factory=threading.Event)

    def url(self, name: str) -> str:
        return f"{self.address}/gradio_api/call/{name}"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk()

    @endpoint
    def blocked(n: float) -> float:
        desk.served.append((visitor.get(), int(n)))
        desk.release.wait(20)
        return n

    @endpoint
    def endless(n: float) -> float:
        until_abandoned(desk.abandoned)
        return n

    monkeypatch.setattr(endpoints, "AT_ONCE", 2)
    with Gallery() as demo:
        for fn in (blocked, endless):
            endpoints.publish(fn, [numeral("n")], [numeral("out")])
    line.install(demo)
    desk.queue = demo._queue
    demo.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False, _frontend=False, enable_monitoring=False)
    desk.address = demo.local_url.rstrip("/")
    yield desk
    desk.release.set()
    demo.close()


async def ask(
    client: httpx.AsyncClient, desk: Desk, n: int, session: str | None, lang: str = "en", here: str = "10.0.0.1"
) -> httpx.Response:
    body: dict[str, Any] = {"data": [n]} | ({"session_hash": session} if session else {})
    headers = {"accept-language": lang, "x-forwarded-for": here}
    return await client.post(desk.url("blocked"), json=body, headers=headers)


async def until(desk: Desk, count: int) -> None:
    end = time.monotonic() + 5
    while len(desk.served) < count:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("session", ["many", None])
def test_400_jobs_of_one_client_leave_room_for_others(desk: Desk, session: str | None) -> None:
    async def crowd() -> None:
        async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=50)) as client:
            answers = await asyncio.gather(*[ask(client, desk, n, session, "ru") for n in range(400)])
            taken = [answer for answer in answers if answer.status_code == 200]
            refused = {answer.json()["detail"] for answer in answers if answer.status_code == 429}
            assert len(taken) == line.MOST_EACH and len(answers) - len(taken) == 400 - line.MOST_EACH
            assert refused == {sentence("page.share", "ru")}
            await until(desk, 2)
            others = [await ask(client, desk, 1000 + i, f"visitor {i}") for i in range(3)]
            assert [answer.status_code for answer in others] == [200] * 3
            desk.release.set()
            await until(desk, line.MOST_EACH + 3)

    asyncio.run(crowd())
    first = {who for who, _ in desk.served[:2]}
    assert len(first) == 1 and (session is None or first == {session})
    # the last of them may begin in the same moment as the crowd's next
    assert {who for who, _ in desk.served[2:6]} >= {f"visitor {i}" for i in range(3)}


def test_a_session_for_each_job_does_not_keep_another_address_waiting(desk: Desk) -> None:
    desk.queue.most_here = 20

    async def crowd() -> list[int]:
        async with httpx.AsyncClient(timeout=30) as client:
            many = [await ask(client, desk, n, f"session {n}") for n in range(30)]
            others = [await ask(client, desk, 1000 + n, f"other {n}", here="10.0.0.2") for n in range(2)]
            assert [answer.status_code for answer in others] == [200] * 2
            desk.release.set()
            await until(desk, 24)
            return [answer.status_code for answer in many]

    assert asyncio.run(crowd()).count(503) == 8  # two run, twenty wait
    # Its first comes next, and its second when that is done: the crowd's other eighteen do not stand before them.
    turns = [n for _, n in desk.served]
    assert turns.index(1000) < 6 and turns.index(1001) < 16


def test_where_all_places_are_taken_one_learns_at_once_when_to_come_again(desk: Desk) -> None:
    desk.queue.max_size = 3

    async def crowd() -> httpx.Response:
        async with httpx.AsyncClient(timeout=30) as client:
            await asyncio.gather(*[ask(client, desk, n, f"visitor {n}") for n in range(2)])
            await until(desk, 2)
            desk.queue.pace.clock = lambda: time.monotonic() + 20  # they have run for so long
            taken = [await ask(client, desk, n, f"visitor {n}") for n in range(2, 5)]
            assert [answer.status_code for answer in taken] == [200] * 3
            return await ask(client, desk, 5, "late")

    refused = asyncio.run(crowd())
    assert refused.status_code == 503 and 60 <= int(refused.headers["retry-after"]) <= 90


def test_what_a_caller_asked_for_ends_when_he_has_left(desk: Desk) -> None:
    event = httpx.post(desk.url("endless"), json={"data": [1]}).json()["event_id"]
    with pytest.raises(httpx.ReadTimeout), httpx.stream("GET", f"{desk.url('endless')}/{event}", timeout=0.5) as answer:
        for _ in answer.iter_lines():
            pass
    assert desk.abandoned.wait(5)


def test_what_is_cancelled_ends_too(desk: Desk) -> None:
    joined = {"data": [1], "session_hash": "one", "fn_index": 1}
    event = httpx.post(f"{desk.address}/gradio_api/queue/join", json=joined).json()["event_id"]
    time.sleep(0.3)
    cancelled = {"session_hash": "one", "fn_index": 1, "event_id": event}
    httpx.post(f"{desk.address}/gradio_api/cancel", json=cancelled, timeout=10)
    assert desk.abandoned.wait(5)


def test_1000_jobs_of_200_visitors_lose_none(desk: Desk) -> None:
    desk.release.set()

    async def hall() -> list[list[str]]:
        async with httpx.AsyncClient(
            timeout=60, limits=httpx.Limits(max_connections=200, max_keepalive_connections=0)
        ) as client:

            async def one(who: int, n: int) -> str:
                joined = await ask(client, desk, n, None if who < 0 else f"visitor {who}-{n}")
                answer = await client.get(f"{desk.url('blocked')}/{joined.json()['event_id']}")
                return answer.text

            return [await asyncio.gather(*[one(who, n) for who in range(200)]) for n in range(2)]

    for n, answers in enumerate(asyncio.run(hall())):
        assert answers == [f"event: complete\ndata: [{n}]\n\n"] * 200
    assert len(desk.served) == 400 and len({who for who, _ in desk.served}) == 400


def test_of_callers_that_leave_nothing_is_kept_and_who_waits_gets_his_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.queue, "most_kept", 20)

    async def crowd() -> tuple[str, str]:
        async with httpx.AsyncClient(timeout=30) as client:

            async def asked(n: int) -> str:
                return str((await ask(client, desk, n, f"visitor {n}")).json()["event_id"])

            async def answer(event: str) -> str:
                return (await client.get(f"{desk.url('blocked')}/{event}")).text

            early = await asked(0)
            await until(desk, 1)
            waiting = asyncio.create_task(answer(early))
            for n in range(1, 100):
                left = await asked(n)
            assert len(desk.queue.pending_event_ids_session) == 100  # nobody who waits is forgotten
            desk.release.set()
            await until(desk, 100)
            for n in range(100, 110):
                await asked(n)
            await until(desk, 110)
            return await answer(left), await waiting

    assert asyncio.run(crowd()) == tuple(f"event: complete\ndata: [{n}]\n\n" for n in (99, 0))
    for kept in (desk.queue.pending_event_ids_session, desk.queue.pending_messages_per_session):
        assert len(kept) <= 20


def test_more_run_together_than_one_visitor_may_have() -> None:
    assert line.MOST_EACH < endpoints.AT_ONCE and line.MOST_WAITING > 5 * 200
