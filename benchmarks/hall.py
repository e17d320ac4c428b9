"""What visitors cost one another: widget calls that wait, programs that ask at once, page loads.

    python -m benchmarks.hall [--waiting 60 200] [--visitors 100 200] [--rounds 5] [--loads 200] [--quick]

Starts servers of its own. Prints (a) how long a script takes while widget calls wait; (b) the time of an answer of
/vae_plane (--quick: of /vae_edit and /gan_sample) to visitors who ask five times each, sessions new and known, beside
an app that only echoes (`ours / echo`, medians of rounds in turn, and the medians of their ratios; the CPU time of a
call, which a busy machine changes less), with what was lost or given to another; (c) after 1, 2, 4, ... loads of the
page in fresh profiles the server's CPU-seconds for /config and for the first request under a host name that it has not
seen, and its memory.
The last line of (c) over its first one is what must stay near 1 (CPU-seconds hardly depend on what else the machine
does). (a) and (b) are to be trusted on an otherwise idle machine only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.crowd import crowd, portrait, waits
from benchmarks.drag import FLAGS, chromium
from benchmarks.started import Server, started

ASKED = 100
"""Requests of each kind that a figure is the median of: the clock of CPU time ticks every 10 ms."""


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(process: int) -> float:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cost(process: int, ask: Callable[[int], object]) -> float:
    """CPU-seconds of one request: all of ASKED over their number."""
    before = cpu_seconds(process)
    for i in range(ASKED):
        ask(i)
    return (cpu_seconds(process) - before) / ASKED


def config(url: str) -> Callable[[int], object]:
    return lambda _: urllib.request.urlopen(f"{url}/config").read()


def stranger(url: str, loads: int) -> Callable[[int], object]:
    """The page, asked for under a name that the server has not heard."""

    def ask(i: int) -> object:
        request = urllib.request.Request(f"{url}/", headers={"Host": f"lecture-{loads}-{i}.local"})
        return urllib.request.urlopen(request).read()

    return ask


def load(browser: Browser, url: str) -> float:
    """One visitor: seconds until the first act is there."""
    context = browser.new_context()
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    took = time.perf_counter() - start
    context.close()
    return took


def loads(browser: Browser, server: Server, count: int) -> None:
    """Print what the first and the last of many page loads cost, and what stands between."""
    print(f"{'loads':>6} {'page, s':>8} {'/config, CPU-s':>15} {'new host, CPU-s':>16} {'memory, MB':>11}")
    times: list[float] = []
    for done in range(1, count + 1):
        times.append(load(browser, server.url))
        if done & (done - 1) == 0 or done == count:
            asked = cost(server.pid, config(server.url)), cost(server.pid, stranger(server.url, done))
            page = statistics.median(times)
            memory = megabytes(server.pid)
            print(f"{done:6} {page:8.2f} {asked[0]:15.4f} {asked[1]:16.4f} {memory:11.0f}", flush=True)
            times.clear()


@dataclass
class Side:
    """What one of both servers did in each round. times: (p50, p99) in seconds; cpu: seconds of a call."""

    times: list[tuple[float, float]] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def ask(self, server: Server, visitors: int, known: bool, photo: bytes) -> None:
        before = cpu_seconds(server.pid)
        met = asyncio.run(crowd(server.url, visitors, known, photo))
        self.cpu.append((cpu_seconds(server.pid) - before) / len(met.times))
        self.times.append((met.at(50), met.at(99)))
        self.wrong += met.wrong
        for said in met.said:
            print(f"lost by {server.url}: {said}", flush=True)


def crowds(visitors: list[int], rounds: int, quick: bool) -> None:
    """Print what programs wait for /vae_plane, beside the same calls of an app that only echoes, in turn.

    quick: for /vae_edit and /gan_sample in its place.
    """
    titles = f"{'p50, s':>14} {'p99, s':>14} {'ratios':>11} {'CPU, ms':>12}"
    print(f"{'visitors':>8} {'sessions':>8} {titles} {'lost':>5} {'swapped':>8}")
    with started("app.py", "--offline", "--port") as ours, started("-m", "benchmarks.echo") as bare:
        photo = asyncio.run(portrait(ours.url)) if quick else b""
        for count, known in itertools.product(visitors, (False, True)):
            us, echo = Side(), Side()
            for _ in range(rounds):
                us.ask(ours, count, known, photo)
                echo.ask(bare, count, known, photo)
            pairs = [list(zip(*both, strict=True)) for both in zip(us.times, echo.times, strict=True)]
            seconds, ratios = zip(*(middle([pair[i] for pair in pairs]) for i in (0, 1)), strict=True)
            cpu = f"{1000 * statistics.median(us.cpu):5.1f} /{1000 * statistics.median(echo.cpu):5.1f}"
            wrong = f"{us.wrong['lost']:5} {us.wrong['swapped']:8}"
            said = f"{' '.join(seconds)} {' '.join(ratios)} {cpu}"
            print(f"{count:8} {'known' if known else 'new':>8} {said} {wrong}", flush=True)


def middle(pairs: list[tuple[float, float]]) -> tuple[str, str]:
    """The medians of both sides, and of their ratios."""
    ours, echo = (statistics.median(side) for side in zip(*pairs, strict=True))
    return f"{ours:6.3f} /{echo:6.3f}", f"{statistics.median(a / b for a, b in pairs):5.2f}"


def scripts(calls: list[int]) -> None:
    """Print how long a script takes while widget calls wait."""
    with started("-m", "benchmarks.blocked", "--offline", "--port") as server:
        for count in calls:
            slowest = asyncio.run(waits(server.url, count))
            print(f"{count:4} widget calls wait: a script takes {slowest:.3f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="What visitors cost one another.")
    parser.add_argument("--loads", type=int, default=200, help="page loads in a browser")
    parser.add_argument("--visitors", type=int, nargs="*", default=[100, 200], help="programs that ask at once")
    parser.add_argument("--rounds", type=int, default=5, help="times that they ask each server, in turn")
    parser.add_argument("--quick", action="store_true", help="they ask for VAE edits and four GAN faces")
    parser.add_argument("--waiting", type=int, nargs="*", default=[60, 200], help="widget calls that wait")
    asked = parser.parse_args()
    if asked.waiting:
        scripts(asked.waiting)
    if asked.visitors:
        crowds(asked.visitors, asked.rounds, asked.quick)
    if asked.loads:
        with started("app.py", "--offline", "--port") as server, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
            loads(browser, server, asked.loads)
            browser.close()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
