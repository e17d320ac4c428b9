"""Who calls a widget's function, and what happens once he has left: over HTTP, with gradio's own route."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import httpx
import pytest
from starlette.requests import Request

from gallery.shell import visits
from gallery.shell.calls import call
from gallery.shell.visits import address, name_of
from gallery.widgets.base import Widget
from models.runtime.gate import visitor
from tests.shell.started import until_abandoned


def request(peer: str | None, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("198.41.0.4", "", "198.41.0.4"),
        ("198.41.0.4", "10.1.1.1", "198.41.0.4"),
        ("10.0.0.7", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        (None, "", ""),
    ],
)
def test_an_address_is_the_peers_or_what_the_near_proxy_says_last(peer: str, forwarded: str, found: str) -> None:
    assert address(request(peer, forwarded)) == found
    assert name_of(None, request(peer, forwarded)) == name_of({}, request(peer, forwarded)) == f"@{found}"
    assert name_of("a1b2", request(peer, forwarded)) == "a1b2"
    assert len(name_of("x" * 10_000, request(peer, forwarded))) <= visits.LONGEST


@dataclass
class Heard:
    """What the functions of the page below have seen."""

    address: str = ""
    component: int = 0
    visitors: list[object] = field(default_factory=list)
    abandoned: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def ask(self, fn: str, session: str = "s", timeout: float = 20) -> Any:
        body = {"data": [], "component_id": self.component, "fn_name": fn, "session_hash": session}
        return httpx.post(f"{self.address}/gradio_api/component_server", json=body, timeout=timeout).json()


@pytest.fixture
def page() -> Iterator[Heard]:
    heard = Heard()

    @call
    def who(args: list[Any]) -> dict[str, Any]:
        heard.visitors.append(visitor.get())
        return {}

    @call
    def endless(args: list[Any]) -> dict[str, Any]:
        until_abandoned(heard.abandoned)
        return {}

    @call
    def blocked(args: list[Any]) -> dict[str, Any]:
        heard.release.wait(20)
        return {}

    with gr.Blocks() as demo:
        widget = Widget({"room": "vae"}, {"who": who, "endless": endless, "blocked": blocked})
    demo.launch(prevent_thread_lock=True, quiet=True, server_port=None, max_threads=2, ssr_mode=False, _frontend=False)
    heard.address, heard.component = demo.local_url.rstrip("/"), widget._id
    yield heard
    heard.release.set()
    demo.close()


def test_a_widgets_function_knows_its_visitor_and_stops_when_he_has_left(page: Heard) -> None:
    for session in ("first", "second", ""):
        assert page.ask("who", session) == {}
    assert page.visitors == ["first", "second", "@127.0.0.1"]
    with pytest.raises(httpx.ReadTimeout):
        page.ask("endless", timeout=0.5)
    assert page.abandoned.wait(5)
    end = time.monotonic() + 5
    while visits.under_way and time.monotonic() < end:
        time.sleep(0.01)
    assert not visits.under_way


def test_blocked_calls_of_one_visitor_hold_neither_files_nor_others(page: Heard) -> None:
    """As many as he may have wait; one more is told so; another visitor and gradio's own threads are free."""

    async def crowd() -> list[Any]:
        async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=100)) as client:
            body = {"data": [], "component_id": page.component, "fn_name": "blocked", "session_hash": "many"}
            url = f"{page.address}/gradio_api/component_server"
            asked = [asyncio.create_task(client.post(url, json=body)) for _ in range(visits.MOST_EACH + 5)]
            while sum(each.done() for each in asked) < 5:
                await asyncio.sleep(0.02)
            other = await client.post(url, json=body | {"fn_name": "who", "session_hash": "another"})
            config = await client.get(f"{page.address}/config")
            page.release.set()
            return [*[each.json() for each in await asyncio.gather(*asked)], other.json(), config.status_code]

    *answers, other, config = asyncio.run(crowd())
    refused = {"error": {"key": "page.busy", "args": {}}}
    assert [json.dumps(answer) for answer in answers].count(json.dumps(refused)) == 5
    assert other == {} and config == 200 and page.visitors == ["another"]
