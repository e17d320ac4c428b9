"""Visitors who come, look around and go, for a long time: what of them stays in the server.

    python -m benchmarks.soak [--minutes 30] [--visitors 50] [--warm 5]        # --minutes 120 is the long one

Starts a gallery of its own. Each visitor loads the page, drags, draws faces, edits one that he uploads, makes a film,
with a second of thought between, and comes back as somebody new. Printed every minute: memory, open handles, threads,
the temp folder. At the end the growth after the warm-up, a line fitted through all of it. Wanted: under 10 MB an hour,
handles flat, the folder under 200 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
import numpy as np

from benchmarks.crowd import ask, client, faces, portrait
from benchmarks.full.guest import Hall, load
from benchmarks.hall import megabytes
from benchmarks.started import Server, started

THOUGHT = 1.0
"""Seconds between two acts of a visitor."""
EVERY = 10.0
"""Seconds between two looks at the server."""
Look = tuple[float, float, int, int, float]
"""Minutes, MB of memory, handles, threads, MB of the temp folder."""


def folder_size(folder: Path) -> float:
    """MB of all files below; what vanishes meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:
            continue
    return total / 1e6


def look(server: Server, folder: Path, begun: float) -> Look:
    process = Path(f"/proc/{server.pid}")
    handles, threads = (len(list((process / name).iterdir())) for name in ("fd", "task"))
    return (time.monotonic() - begun) / 60, megabytes(server.pid), handles, threads, folder_size(folder)


async def visit(hall: Hall, who: str, photo: bytes, met: Counter[str]) -> None:
    """One visitor, from the page to his leaving."""
    acts = {
        "page": lambda: load(hall.url, True),
        "drag": lambda: hall.quick(who),
        "film": lambda: hall.film(who, abs(hash(who)) % 1000, 10),
    }
    for name, act in acts.items():
        answer = await act()
        met[name if not (isinstance(answer, dict) and "error" in answer) else "refused"] += 1
        await asyncio.sleep(THOUGHT)
    for question in (await faces(hall.web, hall.url, photo))[:4]:
        await ask(hall.web, hall.url, question, who)
        met[question[0]] += 1
        await asyncio.sleep(THOUGHT)


async def come_and_go(hall: Hall, place: int, photo: bytes, end: float, met: Counter[str]) -> None:
    """One visitor after another in a place of the hall."""
    turn = 0
    while time.monotonic() < end:
        turn += 1
        try:
            await visit(hall, f"visitor {place} {turn}", photo, met)
        except (LookupError, OSError, httpx.HTTPError):
            met["lost"] += 1


async def soak(server: Server, folder: Path, minutes: float, visitors: int) -> tuple[list[Look], Counter[str]]:
    """What was seen of the server, and what the visitors met."""
    begun, met, looks = time.monotonic(), Counter[str](), []
    end = begun + 60 * minutes
    photo = await portrait(server.url)
    async with client() as web:
        hall = await Hall.of(server.url, web)
        places = [asyncio.create_task(come_and_go(hall, n, photo, end, met)) for n in range(visitors)]
        while time.monotonic() < end:
            await asyncio.sleep(EVERY)
            looks.append(await asyncio.to_thread(look, server, folder, begun))
            if len(looks) % 6 == 0:
                at, memory, handles, threads, size = looks[-1]
                line = f"{memory:6.0f} MB, {handles:4} handles, {threads:3} threads, temp folder {size:5.1f} MB"
                print(f"{at:6.1f} min  {line}  {dict(met)}", flush=True)
        await asyncio.gather(*places)
    return looks, met


def told(looks: list[Look], warm: float) -> None:
    """Print the growth after the warm-up."""
    at, memory, handles, _, size = np.array([each for each in looks if each[0] >= warm]).T
    print(
        f"memory {60 * np.polyfit(at, memory, 1)[0]:+.1f} MB an hour over {at[-1] - at[0]:.0f} minutes after {warm:.0f}"
    )
    half = len(handles) // 2
    print(f"handles {np.median(handles[:half]):.0f} in the first half, {np.median(handles[half:]):.0f} in the second")
    print(f"temp folder {size.max():.1f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--warm", type=float, default=5, help="minutes that are left out of the line")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        with started("app.py", "--offline", "--port") as server:
            looks, met = asyncio.run(soak(server, Path(folder), asked.minutes, asked.visitors))
            told(looks, asked.warm)
    print(f"{dict(met)}; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
