"""How soon an act lives in a slide: from the frame's address being set to its picture, in a real Chromium.

    python -m benchmarks.slide [--times 7] [--room vae] [--act smile]

Starts a gallery of its own and frames `?embed=1` in a page of another site, in a fresh profile each time: without
anything in the browser's cache. Prints the seconds until the act's main picture has been drawn, median and slowest.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import tempfile
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, sync_playwright

from benchmarks.drag import FLAGS, chromium
from benchmarks.started import started

DRAWN = """() => [...document.querySelectorAll('.v-act:not([hidden]) .v-stage canvas')].some((canvas) => {
  if (!canvas.offsetParent || !canvas.width) return false;
  const small = new OffscreenCanvas(16, 16).getContext('2d');
  small.drawImage(canvas, 0, 0, 16, 16);
  return new Set(small.getImageData(0, 0, 16, 16).data).size > 8;
})"""
"""Whether the stage shows a picture: more than one colour."""

FRAME = """src => {
  const frame = Object.assign(document.createElement('iframe'), { src, width: 960, height: 600 });
  document.body.append(frame);
}"""


def live(browser: Browser, site: str, address: str) -> float:
    """Seconds from the frame's address to its picture."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(site)
    begun = time.perf_counter()
    page.evaluate(FRAME, address)
    while not (frames := [each for each in page.frames if each.url == address or "embed=1" in each.url]):
        page.wait_for_timeout(10)
    frames[0].wait_for_function(DRAWN)
    took = time.perf_counter() - begun
    context.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon an act lives in a slide.")
    parser.add_argument("--times", type=int, default=7, help="fresh profiles")
    parser.add_argument("--room", default="vae", help="the room of the act")
    parser.add_argument("--act", default="smile", help="the act")
    asked = parser.parse_args()
    serving = functools.partial(SimpleHTTPRequestHandler, directory=tempfile.mkdtemp())
    other = ThreadingHTTPServer(("127.0.0.1", 0), serving)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    site = f"http://localhost:{other.server_port}"
    with started("app.py", "--offline", "--frame-from", site, "--port") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        address = f"{server.url}/?embed=1&room={asked.room}&act={asked.act}"
        times = [live(browser, site, address) for _ in range(asked.times)]
        browser.close()
    print(f"{asked.room}, {asked.act}: median {statistics.median(times):.2f} s, slowest {max(times):.2f} s")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
