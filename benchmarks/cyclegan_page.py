"""The act "translate": from a click to the picture, a large picture in time and memory, tiles against the whole.

    python -m benchmarks.cyclegan_page [--runs 9]

Starts a gallery and clicks in a real Chromium on the other direction of pictures of 256x256 that nobody has translated
yet; the network alone is timed in between, on the same picture. In brackets: to the request, the request, to the
picture. Then 512x512: a translation as the room calls it, the
most memory of the gallery above what it had before, and how far 16 tiles of it are from the whole.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Page, sync_playwright

from benchmarks.drag import FLAGS, chromium
from benchmarks.started import Server, started
from gallery.widgets.answers import jpeg_url
from models.cyclegan.cyclegan import in_tiles, translators
from models.cyclegan.networks import Local
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device

SIDE, LARGE, TILE = 256, 512, 128
WIDGET = ".v-w-cyclegan-translate"
WATCH = """selector => {
  addEventListener("click", (event) => { window.clicked = event.timeStamp; }, true);
  const root = document.querySelector(selector);
  const seen = () => { window.shown = performance.now(); };
  new MutationObserver(seen).observe(root, { attributeFilter: ["data-shown"] });
}"""
"""When something was clicked, and when its translation had been drawn."""
BRING = """face => {
  const room = vernissage.room("cyclegan");
  room.set({ picture: "own", direction: "a2b" });
  room.emit("picture", { face });
}"""
FRAMES = "selector => Number(document.querySelector(selector)?.dataset.frames)"


def photograph(side: int, seed: int) -> np.ndarray:
    """Something smooth that is another picture with every seed, (side, side, 3) uint8."""
    coarse = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return to_uint8(torch.nn.functional.interpolate(coarse, (side, side), mode="bicubic"))[0]


def settled(page: Page, before: float) -> None:
    """Wait until one more picture has come, and has come back."""
    page.wait_for_function(f"([s, n]) => ({FRAMES})(s) > n", arg=[WIDGET, before], timeout=120_000)
    page.wait_for_timeout(300)


def bring(page: Page, picture: np.ndarray) -> None:
    """Give the act a picture as a visitor's own, and wait until it has been there and back."""
    before = page.evaluate(FRAMES, WIDGET)
    page.evaluate(BRING, jpeg_url(picture, 95))
    settled(page, before)


PARTS = """() => {
  const asked = performance.getEntriesByType("resource").find(({ name }) => name.includes("component_server"));
  const { startTime, responseEnd } = asked;
  return [startTime - window.clicked, responseEnd - startTime, window.shown - responseEnd];
}"""


def click(page: Page) -> list[float]:
    """A click on the other direction: milliseconds to its request, of the request, and to the picture."""
    before = page.evaluate(FRAMES, WIDGET)
    page.evaluate("performance.clearResourceTimings()")
    page.click("#act-cyclegan-translate [data-knob=direction] [data-value=b2a]")
    settled(page, before)
    return list(page.evaluate(PARTS))


def alone(picture: np.ndarray) -> float:
    """Milliseconds of the network itself, from a tensor to a tensor."""
    x = from_uint8(picture[None]).contiguous(memory_format=torch.channels_last)
    start = time.perf_counter()
    with torch.inference_mode():
        translators("monet").networks["back"](x)
    return 1000 * (time.perf_counter() - start)


def clicks(page: Page, runs: int) -> tuple[list[list[float]], list[float]]:
    """Clicks and the network alone in turn, in milliseconds; the first of each warms up."""
    there, own = [], []
    for run in range(runs + 1):
        picture = photograph(SIDE, run)
        bring(page, picture)
        there.append(click(page))
        own.append(alone(picture))
    return there[1:], own[1:]


def kilobytes(pid: int, name: str) -> int:
    """A line of what Linux tells of a process's memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def memory(page: Page, server: Server) -> float:
    """Megabytes that a picture of 512x512 there and back takes above what the gallery had before, at most."""
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    before = kilobytes(server.pid, "VmRSS")
    bring(page, photograph(LARGE, 0))
    return (kilobytes(server.pid, "VmHWM") - before) / 1000


def large(runs: int) -> tuple[float, int]:
    """Median seconds of a translation of 512x512, and the largest difference of tiles from the whole, of 255."""
    model, picture = translators("monet"), photograph(LARGE, 1)
    spent = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        model.translate("there", picture)
        spent.append(time.perf_counter() - start)
    net, x = model.networks["there"], from_uint8(picture[None])
    assert isinstance(net, Local)
    with torch.inference_mode():
        tiles, whole = to_uint8(in_tiles(net, x, net.reach, TILE)), to_uint8(net(x))
    return statistics.median(spent[1:]), int(np.abs(tiles.astype(int) - whole).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    device.set_device("cpu")
    with started("app.py", "--offline", "--port") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{server.url}/?room=cyclegan&act=translate")
        settled(page, 0)
        page.evaluate(WATCH, WIDGET)
        there, own = clicks(page, runs)
        most = memory(page, server)
        browser.close()
    seconds, apart = large(runs)
    click_ms, own_ms = statistics.median(map(sum, there)), statistics.median(own)
    parts = " + ".join(f"{statistics.median(part):.0f}" for part in zip(*there, strict=True))
    print(f"{device.describe()}, {torch.get_num_threads()} thread(s), {os.cpu_count()} cores, medians of {runs}")
    best, least = min(map(sum, there)), min(own)
    print(f"click to picture {click_ms:.0f} ms ({parts}), the network {own_ms:.0f} ms, ratio {click_ms / own_ms:.2f}")
    print(f"at their best {best:.0f} ms, the network {least:.0f} ms, ratio {best / least:.2f}")
    print(f"{LARGE}x{LARGE}: {seconds:.2f} s, {most:.0f} MB above idle, tiles against whole {apart} of 255")
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
