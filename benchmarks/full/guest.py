"""A visitor as the server meets one: its page, its widgets' calls, its calls of the endpoints. No browser."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from gallery.shell import page

NEEDED = re.compile(r'<(?:script|link)[^>]+(?:src|href)="(\./[^"]+\.(?:js|css|woff2)[^"]*)"')
"""What the page names for its first paint: scripts, modules, styles, fonts."""
CONNECTIONS = 6
"""Of a browser to one host."""
WAITS = 1.0
"""Seconds after which a page asks for its place in the line, as gallery/widgets/_patience.js."""


@dataclass(frozen=True)
class Figure:
    """A line of the table. fine: whether the wish is met, None where it is only told."""

    what: str
    wanted: str
    measured: str
    fine: bool | None

    def __str__(self) -> str:
        mark = {True: "yes", False: "NO", None: "-"}[self.fine]
        return f"| {self.what} | {self.wanted} | {self.measured} | {mark} |"


def percentile(times: list[float], percent: float) -> float:
    """Of seconds; NaN of none."""
    return float(np.percentile(times, percent)) if times else float("nan")


async def timed(work: Awaitable[Any]) -> tuple[float, Any]:
    """Seconds, and what came: an error of the connection is an answer too."""
    begun = time.perf_counter()
    try:
        answer = await work
    except (httpx.HTTPError, OSError) as error:
        answer = error
    return time.perf_counter() - begun, answer


async def at_once(count: int, visit: Callable[[int], Awaitable[Any]]) -> list[tuple[float, Any]]:
    """visit(0) ... visit(count - 1) together: of each its seconds and its answer."""
    return list(await asyncio.gather(*[timed(visit(who)) for who in range(count)]))


class Wire:
    """One connection of a browser, as light as can be: what the visitors cost must not hide what the server does."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = str(parts.hostname), parts.port or 80
        self.pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> bytes:
        """The body, still compressed. Raises OSError for what is not answered with 200."""
        status, body = await self._ask(f"GET {path} HTTP/1.1\r\nAccept-Encoding: gzip\r\n", b"")
        if status != 200:
            raise ConnectionError(f"{path}: {status}")
        return body

    async def post(self, path: str, body: object) -> int:
        """Send JSON. Returns the status. Raises OSError."""
        sent = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(sent)}\r\n"
        return (await self._ask(head, sent))[0]

    async def _ask(self, head: str, body: bytes) -> tuple[int, bytes]:
        if self.pipe is None:
            self.pipe = await asyncio.open_connection(self.host, self.port)
        reader, writer = self.pipe
        writer.write(f"{head}Host: {self.host}:{self.port}\r\n\r\n".encode() + body)
        try:
            told = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = re.search(rb"content-length: (\d+)", told)
            found = await (reader.readexactly(int(length[1])) if length else chunks(reader))
        except asyncio.IncompleteReadError as error:
            raise ConnectionError(f"{head.split()[1]} was cut off") from error
        return int(told.split()[1]), found

    def close(self) -> None:
        if self.pipe:
            self.pipe[1].close()


async def chunks(reader: asyncio.StreamReader) -> bytes:
    """A body without a length."""
    found = b""
    while size := int((await reader.readuntil(b"\r\n")).strip() or b"0", 16):
        found += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return found


async def load(url: str, whole: bool) -> int:
    """The page; whole: and all that it names, over a browser's connections. Returns bytes. Raises OSError."""
    wires = [Wire(url) for _ in range(CONNECTIONS if whole else 1)]
    try:
        body = await wires[0].get("/")
        page = gzip.decompress(body).decode()
        names = sorted(set(NEEDED.findall(page))) if whole else []

        async def fetch(n: int) -> int:
            return sum([len(await wires[n].get(f"/{name[2:]}")) for name in names[n::CONNECTIONS]])

        return len(body) + sum(await asyncio.gather(*map(fetch, range(len(wires)))))
    finally:
        for wire in wires:
            wire.close()


@dataclass
class Hall:
    """A gallery and a way to it. ids: of the components by their server functions, the first of each kind."""

    url: str
    web: httpx.AsyncClient
    ids: dict[frozenset[str], int]
    knobs: dict[str, Any]

    @classmethod
    async def of(cls, url: str, web: httpx.AsyncClient) -> Hall:
        """Raises httpx.HTTPError."""
        ids: dict[frozenset[str], int] = {}
        for each in (await web.get(f"{url}/config")).json()["components"]:
            ids.setdefault(frozenset(each["props"].get("server_fns") or ()), each["id"])
        knobs = {name: knob.default for room in page.load() for name, knob in room.KNOBS.items()}
        return cls(url, web, ids, knobs)

    async def widget(self, functions: str, name: str, data: list[Any], who: str) -> dict[str, Any]:
        """A server function of the first widget that has exactly these: what the page would get."""
        body = {"data": data, "component_id": self.ids[frozenset(functions.split())], "fn_name": name}
        answer = await self.web.post(f"{self.url}/gradio_api/component_server", json=body | {"session_hash": who})
        found = answer.json()
        return found if isinstance(found, dict) else {"answer": found}

    async def quick(self, who: str) -> dict[str, Any]:
        """A drag of the plane's point."""
        return await self.widget("ask background", "ask", [self.knobs, 0.3, -0.4], who)

    async def film(
        self, who: str, seed: int, steps: int, first: list[tuple[float, float]] | None = None
    ) -> dict[str, Any]:
        """A face of the diffusion room, pulled to its end. first: gets the seconds until the page has pictures or
        tells one's place in the line and an estimate, for which it asks after WAITS; and those until the pictures."""
        knobs = self.knobs | {"act": "reverse", "steps": steps, "sampler": "dpm++", "seed": seed, "model": "faces"}
        begun = time.perf_counter()
        asked = asyncio.ensure_future(self.widget("begin more", "begin", [knobs], who))
        await asyncio.wait({asked}, timeout=WAITS)
        line = {"waited": time.perf_counter() - begun}
        place = not asked.done() and (await self.web.get(f"{self.url}/gallery/waits", params=line)).json()
        known = time.perf_counter() - begun
        answer = await asked
        seen = time.perf_counter() - begun
        if first is not None:
            first.append((known if place else seen, seen))
        token = answer.get("token") or (answer.get("first") or {}).get("token", "")
        while not answer.get("done") and "error" not in answer:
            answer = await self.widget("begin more", "more", [token], who)
        return answer
