"""Phones follow: the last state always arrives, a slow phone holds nobody up, and only the lecturer leads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gallery.lecture import follow, hall
from gallery.lecture.streams import Streams
from gallery.lecture.votes import LIFE, Lecture, Lectures, code_of
from gallery.shell.border import CHANGED, READ
from tests.lecture.test_votes import KEY, bodies, sentence_of

LINK = "room=vae&act=smile&smile=-1.5&mode=a%2Cb+c"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(hall, "lectures", Lectures())
    with TestClient(Starlette(routes=follow.routes()), follow_redirects=False) as made:
        yield made


def do(client: TestClient, what: str, **more: object) -> dict[str, object]:
    return dict(client.post("/gallery/lead", json={"key": KEY, "do": what, **more}).json())


def test_the_short_address_leads_to_where_the_lecturer_is(client: TestClient) -> None:
    code = code_of(KEY)
    for address in (f"/f/{code}", f"/f/{code.upper()}"):
        assert client.get(address).headers["location"] == f"../?follow={code}"
    assert do(client, "lead", link=LINK) == {"code": code, "phones": 0}
    answer = client.get(f"/f/{code}")
    assert answer.headers["location"] == f"../?{LINK}&follow={code}" and answer.headers["cache-control"] == "no-store"
    assert "svg" in str(do(client, "code", base="http://192.168.1.7:7860/")["qr"])
    do(client, "part")
    assert client.get(f"/f/{code}").headers["location"] == f"../?follow={code}"
    for wrong in ("x", "aaaaaaa", "%2e%2e", "aaaa&b", "<b>"):
        assert client.get(f"/f/{wrong}").headers["location"] == "../"


def test_what_is_no_state_of_a_link_leads_nowhere(client: TestClient) -> None:
    do(client, "lead", link=LINK)
    wrong = ["", "act=plane", "room=", "javascript:alert(1)", "https://evil.example/?room=vae", "room=vae#x",
             "room=v/a", "room=\r\nx", "room=vae&x=<b>", "room=é", f"room=vae&x={'x' * 2000}"]  # fmt: skip
    for link in wrong:
        assert sentence_of(client.post("/gallery/lead", json={"key": KEY, "do": "lead", "link": link})), link
    for body in [*bodies({"key": KEY, "do": "lead", "link": LINK}), *bodies({"key": KEY, "do": "code", "base": "x"})]:
        answer = client.post("/gallery/lead", content=body)
        assert sentence_of(answer) or answer.json()["code"], body[:80]
    assert hall.lectures.of_code(code_of(KEY)).link == LINK


def test_who_has_not_the_key_leads_nobody(client: TestClient) -> None:
    do(client, "lead", link=LINK)
    client.post("/gallery/lead", json={"key": "l" * 24, "do": "lead", "link": "room=gan"})
    client.post("/gallery/lead", json={"key": code_of(KEY), "do": "part"})
    assert hall.lectures.of_code(code_of(KEY)).link == LINK


def test_the_border_lets_these_addresses_through() -> None:
    for path in ("/f/abc234", "/f/abc234/events"):
        assert READ.fullmatch(path) and not CHANGED.fullmatch(path)
    assert CHANGED.fullmatch("/gallery/lead") and not READ.fullmatch("/f/abc234/events/x")


# ---- streams ------------------------------------------------------------------------------------------------
def led(lectures: Lectures) -> Lecture:
    lecture = lectures.of_key(KEY, "here")
    lecture.link = "room=vae&n=0"
    return lecture


def listen(streams: Streams, lectures: Lectures, lecture: Lecture) -> AsyncIterator[str]:
    return streams.answer(lectures, lecture, lambda: follow.seen(lecture)).body_iterator  # type: ignore[return-value]


async def states(lines: AsyncIterator[str], last: str) -> list[str]:
    """The links that a phone is told, up to the one that is waited for."""
    found: list[str] = []
    async for line in lines:
        if line.startswith("data: "):
            found.append(json.loads(line.removeprefix("data: "))["link"])
        if found and found[-1] == last:
            break
    return found


def test_a_drag_is_thinned_and_its_last_state_arrives() -> None:
    async def drag() -> list[list[str]]:
        streams, lectures = Streams(pace=0.05), Lectures()
        lecture = led(lectures)
        phones = [asyncio.create_task(states(listen(streams, lectures, lecture), "room=vae&n=300")) for _ in range(200)]
        await asyncio.sleep(0.05)
        assert streams.open[lecture.code] == 200
        for n in range(1, 301):
            lecture.link = f"room=vae&n={n}"
            streams.ring(lecture)
            await asyncio.sleep(0.001)
        found = await asyncio.wait_for(asyncio.gather(*phones), 30)
        return found

    for told in asyncio.run(drag()):
        numbers = [int(link.rpartition("=")[2]) for link in told]
        assert numbers == sorted(numbers) and numbers[-1] == 300 and 3 <= len(numbers) < 100


def test_a_phone_that_takes_nothing_holds_nobody_up() -> None:
    async def hang() -> list[str]:
        streams, lectures = Streams(), Lectures()
        lecture = led(lectures)
        slow = listen(streams, lectures, lecture)
        await anext(slow)
        await anext(slow)  # and then it is never asked again
        quick = asyncio.create_task(states(listen(streams, lectures, lecture), "room=gan"))
        await asyncio.sleep(0)
        for link in ("room=flow", "room=gan"):
            lecture.link = link
            streams.ring(lecture)
            await asyncio.sleep(0.01)
        found = await asyncio.wait_for(quick, 10)
        assert await asyncio.wait_for(states(slow, "room=gan"), 10) == ["room=gan"]  # late, it gets the last at once
        return found

    assert asyncio.run(hang())[-1] == "room=gan"


def test_a_stream_gives_signs_of_life_and_ends_with_its_lecture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.lecture.streams.PING", 0.01)
    now = 0.0
    lectures = Lectures(lambda: now)

    async def wait() -> list[str]:
        nonlocal now
        streams = Streams()
        lecture = led(lectures)
        lines = listen(streams, lectures, lecture)
        found = [await anext(lines) for _ in range(4)]
        now = LIFE + 1
        lectures.of_key("z" * 24, "another")  # forgets
        found += [line async for line in lines]
        assert streams.open == {}
        return found

    retry, data, *pings = asyncio.run(wait())
    assert retry == "retry: 1000\n\n" and data.startswith("data: ") and set(pings) == {": \n\n"}
