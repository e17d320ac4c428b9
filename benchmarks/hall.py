"""What every visitor costs the next one: page loads in a real Chromium, and the server's cost after them.

    python -m benchmarks.hall [--loads 200]

Starts a gallery of its own. After 1, 2, 4, ... loads of the page in fresh profiles it prints the server's CPU-seconds
for /config and for the first request under a host name that it has not seen, and its memory. The last line of the table
over its first one is what must stay near 1 (CPU-seconds hardly depend on what else the machine does).
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.drag import FLAGS, chromium

ASKED = 5
"""Requests of each kind that a figure is the median of: the clock of CPU time ticks every 10 ms."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    page.wait_for_selector(".v-act:not([hidden]) .katex")
    took = time.perf_counter() - start
    context.close()
    return took


def wait_for(url: str) -> None:
    """Until the gallery answers, and has loaded what its rooms need."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=2)
            break
        except OSError:
            time.sleep(0.1)
    time.sleep(20)


def main() -> None:
    parser = argparse.ArgumentParser(description="What every visitor costs the next one.")
    parser.add_argument("--loads", type=int, default=200)
    loads = parser.parse_args().loads
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "app.py", "--offline", "--port", str(port)])
    try:
        wait_for(url)
        print(f"{'loads':>6} {'page, s':>8} {'/config, CPU-s':>15} {'new host, CPU-s':>16} {'memory, MB':>11}")
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
            times: list[float] = []
            for done in range(1, loads + 1):
                times.append(load(browser, url))
                if done & (done - 1) == 0 or done == loads:
                    asked = cost(server.pid, config(url)), cost(server.pid, stranger(url, done))
                    memory = megabytes(server.pid)
                    page = statistics.median(times)
                    print(f"{done:6} {page:8.2f} {asked[0]:15.3f} {asked[1]:16.3f} {memory:11.0f}", flush=True)
                    times.clear()
            browser.close()
    finally:
        server.terminate()
        server.wait(20)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
