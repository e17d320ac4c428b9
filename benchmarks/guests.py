"""What guests at their worst cost the others: floods of jobs, films to save, photos, and quick calls behind films.

    python -m benchmarks.guests [--seconds 20] [--films 20] [--jobs 400]

Starts a gallery of its own and prints a line for each act: how long another visitor waited for a quick call meanwhile,
how long the server was busy after everybody had left, and its peak of memory above idle. Wanted: 5 s, 5 s, 600 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from benchmarks.hall import cpu_seconds, megabytes
from benchmarks.started import Server, started
from gallery.shell import page

BUSY = 0.15
"""Cores: below it, over half a second, the server counts as idle."""
SETTLED = 30.0
"""Seconds after which no idle server is waited for."""
TRIES = 8
"""Quick calls of the other visitor in each act."""


@dataclass
class Watched:
    """The gallery and its peak of memory. base: MB when idle; ids: of the component that has a server function."""

    server: Server
    client: httpx.AsyncClient
    knobs: dict[str, Any]
    ids: dict[str, int]
    base: float = 0.0
    peak: float = field(default=0.0)

    async def call(self, fn: str, data: list[Any], who: str) -> Any:
        """A widget's function, as the page calls it."""
        name = fn.rpartition(".")[2]
        body = {"data": data, "component_id": self.ids[fn], "fn_name": name, "session_hash": who}
        answer = await self.client.post("/gradio_api/component_server", json=body)
        return answer.json()

    async def quick(self) -> float:
        """Seconds that a drag of the plane's point takes another visitor."""
        begun = time.perf_counter()
        answer = await self.call("plane.ask", [self.knobs, 0.3, -0.4], "quick")
        assert "image" in answer, answer
        return time.perf_counter() - begun

    async def watch(self) -> None:
        """Follow the memory, for as long as it is let."""
        while True:
            self.peak = max(self.peak, megabytes(self.server.pid))
            await asyncio.sleep(0.05)

    async def idle(self) -> float:
        """Seconds until the server has nothing to do."""
        begun = time.perf_counter()
        while time.perf_counter() - begun < SETTLED:
            spent = cpu_seconds(self.server.pid)
            await asyncio.sleep(0.5)
            if cpu_seconds(self.server.pid) - spent < 0.5 * BUSY:
                break
        return max(0.0, time.perf_counter() - begun - 0.5)


def components(config: dict[str, Any]) -> dict[str, int]:
    """The components that the acts need, by their server functions."""
    wanted = {
        "plane.ask": ("ask", "background"),
        "open": ("open",),
        "export": ("export",),
        "film.begin": ("begin", "more"),
    }
    found: dict[str, int] = {}
    for each in config["components"]:
        functions = set(each["props"].get("server_fns") or ())
        for name, needed in wanted.items():
            if functions >= set(needed) and name not in found:
                found[name] = each["id"]
    return found | {"film.more": found["film.begin"]}


def noise(frames: int, side: int) -> list[Any]:
    """The arguments of a film of noise to be saved as GIF."""
    pixels = np.random.default_rng(0).integers(0, 256, (side, side * frames, 3), dtype=np.uint8)
    options = {"n": frames, "w": side, "h": side, "columns": frames, "fps": 10, "bounce": False, "pixelated": False}
    return [url(Image.fromarray(pixels), "JPEG"), options, "gif"]


def url(image: Image.Image, kind: str) -> str:
    out = io.BytesIO()
    image.save(out, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"


def photo() -> str:
    """24 megapixels in a small PNG."""
    y, x = np.mgrid[0:4000, 0:6000]
    return url(Image.fromarray(np.stack([x // 24, y // 16, (x + y) // 40], axis=2).astype(np.uint8)), "PNG")


async def jobs(at: Watched, count: int) -> str:
    """One client asks for many films by the API and listens to those that he gets."""
    asked = {"data": ["faces", 1, 1000, "ddpm", 1.5, "smile"]}
    taken: list[str] = []

    async def one() -> None:
        answer = await at.client.post("/gradio_api/call/diffusion_denoise", json=asked)
        if answer.status_code == 200:
            taken.append(answer.json()["event_id"])

    async def listen(event: str) -> None:
        async with at.client.stream("GET", f"/gradio_api/call/diffusion_denoise/{event}") as answer:
            await answer.aread()

    await asyncio.gather(*[one() for _ in range(count)])
    listeners = [asyncio.create_task(listen(event)) for event in taken]
    waited = [await at.quick() for _ in range(TRIES)]
    return said(waited, f"{len(taken)} taken, {count - len(taken)} refused") + await left(at, listeners)


async def crowd(at: Watched, asked: Callable[[int], Awaitable[Any]], count: int, lasts: float) -> str:
    """Many ask at once; after some seconds those who still wait leave."""
    asking = [asyncio.ensure_future(asked(i)) for i in range(count)]
    await asyncio.sleep(0.3)
    waited = [await at.quick() for _ in range(TRIES)]
    await asyncio.wait(asking, timeout=lasts)
    done = [task.result() for task in asking if task.done() and not task.exception()]
    refused = [answer for answer in done if "error" in answer]
    return said(waited, f"{len(done)} answered, {len(refused)} refused") + await left(at, asking)


async def films(at: Watched, count: int, seconds: float) -> str:
    """Quick calls while many visitors make films."""
    knobs = at.knobs | {"act": "reverse", "steps": 1000, "sampler": "ddpm", "mood": "smile"}

    async def one(i: int) -> None:
        answer = await at.call("film.begin", [knobs | {"seed": i}], f"film {i}")
        while not answer.get("done") and "error" not in answer:
            token = answer.get("token", "")
            answer = await at.call("film.more", [token], f"film {i}") | {"token": token}

    making = [asyncio.create_task(one(i)) for i in range(count)]
    await asyncio.sleep(2)
    waited, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        waited.append(await at.quick())
        await asyncio.sleep(0.05)
    failed = sum(task.done() for task in making)
    return said(waited, f"{len(waited)} quick calls, {failed} films ended") + await left(at, making)


def said(waited: list[float], what: str) -> str:
    ordered = sorted(waited)
    far = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return f"{what:28} another visitor: p50 {1000 * statistics.median(ordered):6.0f} ms, p99 {1000 * far:6.0f} ms; "


async def left(at: Watched, tasks: list[Any]) -> str:
    """Everybody leaves; how long the server stays busy, and its peak of memory."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    busy = await at.idle()
    return f"busy for {busy:4.1f} s more; peak {at.peak - at.base:4.0f} MB above idle"


async def visit(server: Server, seconds: float, film_count: int, job_count: int) -> None:
    limits = httpx.Limits(max_connections=600, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=server.url, timeout=300, limits=limits) as client:
        knobs = {name: knob.default for room in page.load() for name, knob in room.KNOBS.items()}
        config = json.loads((await client.get("/config")).text)
        at = Watched(server, client, knobs, components(config))
        await at.quick()
        await at.idle()
        film, large = noise(46, 256), photo()
        acts: dict[str, Callable[[], Awaitable[str]]] = {
            f"{job_count} jobs of one client": lambda: jobs(at, job_count),
            "20 films saved, all leave": lambda: crowd(at, lambda i: at.call("export", film, f"saver {i}"), 20, 1),
            "8 photos of 24 megapixels": lambda: crowd(
                at, lambda i: at.call("open", [large, None], f"photo {i}"), 8, 60
            ),
            f"behind {film_count} films": lambda: films(at, film_count, seconds),
        }
        for name, act in acts.items():
            at.base = at.peak = megabytes(server.pid)
            watching = asyncio.create_task(at.watch())
            print(f"{name:26} {await act()}", flush=True)
            watching.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description="What guests at their worst cost the others.")
    parser.add_argument("--seconds", type=float, default=20, help="of quick calls behind films")
    parser.add_argument("--films", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=400)
    asked = parser.parse_args()
    assert Path("app.py").exists(), "to be run where app.py is"
    with started("app.py", "--offline", "--port") as server:
        asyncio.run(visit(server, asked.seconds, asked.films, asked.jobs))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
