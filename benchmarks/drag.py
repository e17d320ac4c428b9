"""From the hand to the picture: 120 mouse moves, 16 ms apart, in a real Chromium against the running gallery.

    python app.py &
    python -m benchmarks.drag [--url http://127.0.0.1:7860]

Prints how many pictures were shown, and the median and p90 of the time from a move to its picture on the canvas. To be
trusted on an otherwise idle machine only; the load is printed beside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

MOVES = 120
EVERY = 0.016
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
Path2D = Callable[[float], tuple[float, float]]


def chromium() -> str | None:
    """The browser to drive: $CHROMIUM, else what is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def drag(page: Page, path: Path2D) -> None:
    """Press, 120 moves along `path` (a part in [0, 1] to page coordinates), release; each move at its time."""
    page.mouse.move(*path(0))
    page.mouse.down()
    start = time.perf_counter()
    for move in range(1, MOVES + 1):
        page.mouse.move(*path(move / MOVES))
        time.sleep(max(0.0, start + move * EVERY - time.perf_counter()))
    page.mouse.up()
    page.wait_for_timeout(600)


def measure(page: Page, path: Path2D) -> tuple[list[float], float]:
    """Milliseconds of each picture, from the hand's event to the drawn canvas; and how long the drag took."""
    page.evaluate("performance.clearMeasures()")
    start = time.perf_counter()
    drag(page, path)
    took = time.perf_counter() - start - 0.6
    return page.evaluate("performance.getEntriesByName('plane.frame').map((entry) => entry.duration)"), took


def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of the first visible match."""
    found = page.locator(selector).first.bounding_box()
    if found is None:
        raise RuntimeError(f"{selector} is not on the page")
    return found["x"], found["y"], found["width"], found["height"]


def plane(page: Page, url: str) -> tuple[list[float], float]:
    """A diagonal across the plane of digits."""
    page.goto(f"{url}/?room=vae&act=plane")
    page.wait_for_function("Number(document.querySelector('#act-vae-plane .v-w-picture')?.dataset.frames) > 0")
    page.wait_for_timeout(1500)
    x, y, width, height = box(page, "#act-vae-plane .v-plane-field")
    return measure(page, lambda part: (x + width * (0.1 + 0.8 * part), y + height * (0.15 + 0.7 * part)))


def slider(page: Page, url: str) -> tuple[list[float], float]:
    """The smile from one end to the other."""
    page.goto(f"{url}/?room=vae&act=smile&smile=-3")
    page.wait_for_function("Number(document.querySelector('#act-vae-smile .v-stage .v-w-picture')?.dataset.frames) > 0")
    page.wait_for_timeout(2500)
    x, y, width, height = box(page, "#act-vae-smile .v-sliders-input")
    return measure(page, lambda part: (x + 9 + (width - 18) * part, y + height / 2))


def report(name: str, times: list[float], took: float) -> None:
    """One line of figures."""
    ordered = sorted(times)
    p90 = ordered[int(0.9 * (len(ordered) - 1))] if ordered else float("nan")
    median = statistics.median(ordered) if ordered else float("nan")
    print(f"{name:14} {len(times):4} pictures in {took:.2f} s   median {median:6.1f} ms   p90 {p90:6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="From the hand to the picture, in a real Chromium.")
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    url = parser.parse_args().url.rstrip("/")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for name, act in (("plane", plane), ("smile slider", slider)):
            report(name, *act(page, url))
        browser.close()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
