"""Phones that follow a lecturer: from his step to the link at every phone, and to its picture.

    python -m benchmarks.follow [--phones 200] [--steps 20]

Starts a gallery of its own. Each phone holds one event stream; at each step the lecturer's page says where it is on the
latent plane, and each phone that hears of it asks for the picture there, as its page does. Prints both times over all
phones and steps, how many states never came, and what the phones heard of a drag of 100 states. Server and phones share
the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np

from benchmarks.crowd import client
from benchmarks.started import started

KEY = "benchmark-" + "k" * 20
RESTS = 3.0
"""Seconds between two steps, at least."""
PATIENCE = 30.0
"""Seconds after which what has not come is lost."""
DRAG = 100
"""States of a drag."""
ASKED = ["ask", "background"]
"""What the latent plane's component answers."""
MODEL = {"data": "digits", "beta": "1"}


@dataclass
class Met:
    """What all phones met. links, pictures: seconds from the lecturer's step; lost: requests without a picture."""

    links: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    told: dict[int, list[str]] = field(default_factory=dict)
    """By phone, the links that it has heard of."""


@dataclass
class Line:
    """A phone's connection for its questions, as plain as can be: 200 phones share two cores with the server, and httpx
    takes longer for a question than the server for its answer."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, url: str) -> Line:
        host, port = str(urlsplit(url).hostname), urlsplit(url).port
        return cls(*await asyncio.open_connection(host, port))

    async def post(self, path: str, asked: object) -> bytes:
        """The body of an answer."""
        body = json.dumps(asked).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        self.writer.write(head.encode() + b"\r\n\r\n" + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        return await self.reader.readexactly(int(re.findall(rb"(?i)content-length: (\d+)", answer)[0]))


@dataclass
class Hall:
    """A gallery with a lecturer in it. plane: the number of the component that answers with pictures."""

    web: httpx.AsyncClient
    url: str
    plane: int
    met: Met = field(default_factory=Met)
    since: float = 0.0
    """When the lecturer began his last step."""

    async def lead(self, link: str) -> str:
        """The lecturer's page says what it shows; the code of his hall."""
        asked = {"key": KEY, "do": "lead", "link": link}
        return str((await self.web.post(f"{self.url}/gallery/lead", json=asked)).json()["code"])

    async def phone(self, who: int, code: str) -> None:
        """A phone, until it is cancelled."""
        told = self.met.told.setdefault(who, [])
        own = await Line.to(self.url)
        async with self.web.stream("GET", f"{self.url}/f/{code}/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    told.append(json.loads(line.removeprefix("data: "))["link"])
                    if self.since:
                        self.met.links.append(time.perf_counter() - self.since)
                        await self.picture(who, told[-1], own)

    async def picture(self, who: int, link: str, line: Line) -> None:
        """What the phone's page asks for."""
        u, v = (float(re.findall(rf"[?&]{name}=([\d.-]+)", f"?{link}")[0]) for name in "uv")
        asked = {"component_id": self.plane, "session_hash": f"phone{who}", "fn_name": "ask"}
        began = self.since
        answer = await line.post("/gradio_api/component_server", asked | {"data": [MODEL, u, v]})
        self.met.pictures.append(time.perf_counter() - began)
        if b'"image"' not in answer:
            self.met.lost.append(str(answer[:200]))


def place(n: int) -> str:
    """The n-th state of the lecturer."""
    return f"room=vae&act=plane&data=digits&beta=1&u={n % 40 / 10 - 2:.2f}&v={n % 7 / 3 - 1:.2f}"


async def lecture(url: str, phones: int, steps: int) -> None:
    """Print what the phones met."""
    async with client() as web:
        config = (await web.get(f"{url}/config")).json()
        plane = next(each["id"] for each in config["components"] if each["props"].get("server_fns") == ASKED)
        hall = Hall(web, url, plane)
        code = await hall.lead(place(0))
        async with asyncio.TaskGroup() as group:
            following = [group.create_task(hall.phone(who, code)) for who in range(phones)]
            while sum(bool(told) for told in hall.met.told.values()) < phones:
                await asyncio.sleep(0.1)
            for n in range(1, steps + 1):
                hall.since = time.perf_counter()
                await hall.lead(place(n))
                await asyncio.sleep(RESTS)
                while len(hall.met.pictures) < n * phones and time.perf_counter() - hall.since < PATIENCE:
                    await asyncio.sleep(0.1)
            report(hall.met, phones, steps)
            hall.since = 0.0
            for n in range(DRAG):
                await hall.lead(place(n))
                await asyncio.sleep(2 / DRAG)
            await asyncio.sleep(RESTS)
            drag(hall.met.told.values(), steps + 1)
            for task in following:
                task.cancel()


def report(met: Met, phones: int, steps: int) -> None:
    print(f"{phones} phones, {steps} steps, {machine()}")
    for name, times in (("link", met.links), ("picture", met.pictures)):
        p50, p95, most = np.percentile(times, [50, 95, 100])
        never = phones * steps - len(times)
        print(f"step to {name:8} p50 {p50:.3f} s  p95 {p95:.3f} s  slowest {most:.3f} s  never {never}")
    print(f"pictures lost: {len(met.lost)}", *met.lost[:3])


def drag(told: Iterable[list[str]], before: int) -> None:
    seen = [len(links) - before for links in told]
    last = sum(links[-1] == place(DRAG - 1) for links in told)
    print(
        f"a drag of {DRAG} states in {2:.0f} s or more: {min(seen)} to {max(seen)} at a phone, the last one at {last}"
    )


def machine() -> str:
    """The kind of machine, and what else it does."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    kind = names[0] if names else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores of {kind}, load average {os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Phones that follow a lecturer.")
    parser.add_argument("--phones", type=int, default=200, help="phones that follow")
    parser.add_argument("--steps", type=int, default=20, help="steps of the lecturer")
    asked = parser.parse_args()
    with started("app.py", "--offline", "--device", "cpu", "--port") as server:
        asyncio.run(lecture(server.url, asked.phones, asked.steps))


if __name__ == "__main__":
    main()
