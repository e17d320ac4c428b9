"""A full hall, as `benchmarks.hall` prints it: programs that ask at once, and widget calls that are all waiting."""

from __future__ import annotations

import asyncio
import io
import json
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from PIL import Image

CALLS = 5
"""Of each visitor, one after the other."""
Question = tuple[str, list[Any]]
"""An endpoint, and its arguments."""
POINTS = [(round(u, 2), round(v, 2)) for u in np.linspace(-2, 2, 5) for v in np.linspace(-2, 2, 5)]
PLANE: list[Question] = [("vae_plane", ["digits", 1, *point]) for point in POINTS]
ROUNDED = 1
"""Of 255: what a picture of a batch may differ by from the same one alone."""
FETCHED = 20
"""Scripts that are fetched while others wait."""


def client() -> httpx.AsyncClient:
    """Without a bound on its connections or its patience, and without certificates, which take long to read. A
    connection that rests is given up before the echo's server closes it after 5 seconds: what is sent at that moment
    would be lost."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=2)
    return httpx.AsyncClient(timeout=None, limits=limits, verify=False)


async def portrait(url: str) -> bytes:
    """A face that the gallery draws, framed like its data: a PNG."""
    async with client() as web:
        path = await ask(web, url, ("vae_sample", ["faces", 3, 0.7]), "one")
        return (await web.get(f"{url}/gradio_api/file={path}")).raise_for_status().content


async def faces(web: httpx.AsyncClient, url: str, photo: bytes) -> list[Question]:
    """Quick calls of the faces' rooms, in turn: the VAE edits the photo, uploaded first; the GAN draws four."""
    sent = await web.post(f"{url}/gradio_api/upload", files={"files": ("face.png", photo, "image/png")})
    uploaded = {"path": sent.raise_for_status().json()[0], "meta": {"_type": "gradio.FileData"}}
    edits: list[Question] = [("vae_edit", [uploaded, k, 0, 0]) for k in np.linspace(-2, 2, 5).tolist()]
    drawings: list[Question] = [("gan_sample", ["faces", 10 * n, 4, 1, ""]) for n in range(5)]
    return [question for pair in zip(edits, drawings, strict=True) for question in pair]


async def ask(web: httpx.AsyncClient, url: str, question: Question, session: str) -> str:
    """The answer without the server's address. Raises LookupError for one that failed, with what was said."""
    endpoint, data = question
    body = {"data": data, "session_hash": session}
    call = f"{url}/gradio_api/call/{endpoint}"
    try:
        asked = await web.post(call, json=body)
        answer = (await web.get(f"{call}/{asked.raise_for_status().json()['event_id']}")).text
        found = re.findall(r"^event: complete\ndata: (.*)$", answer, flags=re.MULTILINE)
    except httpx.HTTPError as error:
        raise LookupError(repr(error)) from error
    if not found:
        raise LookupError(answer[:200])
    told = json.loads(found[-1])[-1]
    return str(told["path"] if isinstance(told, dict) else told)


@dataclass
class Crowd:
    """What visitors met. times: seconds of each answer; wrong: "lost" and "swapped"; said: of what was lost."""

    times: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def at(self, percent: float) -> float:
        return float(np.percentile(self.times, percent))


async def crowd(url: str, visitors: int, known: bool, photo: bytes = b"") -> Crowd:
    """Visitors who each ask CALLS times, all at once. known: each has a session that the server has met; else it
    meets a new one with every call. photo: one is edited, and faces drawn, in the place of points of the plane."""
    met = Crowd()
    async with client() as web:
        questions = await faces(web, url, photo) if photo else PLANE
        proper = [await ask(web, url, question, "one") for question in questions]

        async def visit(who: int) -> None:
            if known:
                await ask(web, url, questions[0], f"visitor{who}")
            await start.wait()
            for turn in range(CALLS):
                which = (who * CALLS + turn) % len(questions)
                session = f"visitor{who}" if known else secrets.token_hex(6)
                began = time.perf_counter()
                try:
                    answer = await ask(web, url, questions[which], session)
                    if answer != proper[which]:
                        other.append((which, answer))
                except LookupError as lost:
                    met.wrong["lost"] += 1
                    met.said.append(str(lost))
                met.times.append(time.perf_counter() - began)

        other: list[tuple[int, str]] = []
        start = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for who in range(visitors):
                group.create_task(visit(who))
                if known:
                    await asyncio.sleep(0.05)  # they come one by one
            start.set()
        for which, answer in other:
            met.wrong["swapped"] += await far(web, url, answer, proper[which])
    return met


async def far(web: httpx.AsyncClient, url: str, *answers: str) -> bool:
    """Whether two answers are not the same picture but for rounding: of a batch a row may differ by that."""
    if not all(answer.endswith(".png") for answer in answers):
        return True
    found = [await web.get(f"{url}/gradio_api/file={answer}") for answer in answers]
    a, b = (np.array(Image.open(io.BytesIO(each.content)), int) for each in found)
    return a.shape != b.shape or bool(np.abs(a - b).max() > ROUNDED)


async def waits(url: str, calls: int) -> float:
    """Seconds of the slowest of FETCHED fetches of gradio's own script and of ours, while widget calls wait."""
    async with client() as web:
        page = (await web.get(url)).text
        scripts = [f"{url}/{name}" for name in re.findall(r'src="\./([^"]+\.js[^"]*)"', page)]
        config = (await web.get(f"{url}/config")).json()
        plane = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "plane")

        async def call(who: int) -> None:
            asked = {"component_id": plane, "session_hash": f"visitor{who}", "fn_name": "ask"}
            await web.post(f"{url}/gradio_api/component_server", json=asked | {"data": [{"model": "slow"}, 0, 0]})

        blocked = [asyncio.create_task(call(who)) for who in range(calls)]
        await asyncio.sleep(3)
        slowest = 0.0
        for i in range(FETCHED):
            began = time.perf_counter()
            (await web.get(scripts[i % len(scripts)])).raise_for_status()
            slowest = max(slowest, time.perf_counter() - began)
        still = sum(not task.done() for task in blocked)
        await asyncio.gather(*blocked)
    if still < calls:
        raise RuntimeError(f"only {still} of {calls} calls were waiting")
    return slowest
