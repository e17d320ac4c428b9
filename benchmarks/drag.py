"""From the hand to the picture: 120 mouse moves, 16 ms apart, in a real Chromium, beside what a user would write first.

    python -m benchmarks.drag [--rounds 3] [--only knot,mean]

Starts a gallery, and two sliders with a gr.Image on gradio's own queue (`benchmarks.plain`), the same model behind
both, and drags in one and the other in turn. Prints how many pictures were shown, the median and p90 of the time from a
move to its picture, where these milliseconds go, and the ratio of the medians. To be trusted on an otherwise idle
machine only; the load is printed beside.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

from benchmarks.started import started

MOVES = 120
EVERY = 0.016
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
Path2D = Callable[[float], tuple[float, float]]
Way = Callable[[Page, str, "Drags"], None]

WATCH = """
window.hand = []; window.shown = [];
document.addEventListener("input", (event) => window.hand.push(event.timeStamp), true);
document.addEventListener("load", (event) => {
  if (event.target instanceof HTMLImageElement) window.shown.push(performance.now());
}, true);
"""
"""When a slider was moved, and when a picture of gr.Image had been loaded."""
JOINED = """performance.getEntriesByType("resource").filter((entry) => entry.name.includes("queue/join"))
    .map((entry) => entry.startTime)"""
ANSWERED = """performance.getEntriesByType("resource").filter((entry) => entry.name.includes("component_server"))
    .map((entry) => entry.duration)"""


@dataclass
class Drags:
    """Milliseconds of the pictures of one way, over all its drags."""

    name: str
    frames: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    models: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def line(self) -> str:
        """Pictures a second, median and p90; and of what the median consists, where it is known."""
        if not self.frames:
            return f"{self.name:14} no pictures"
        ordered = sorted(self.frames)
        median, p90 = statistics.median(ordered), ordered[int(0.9 * (len(ordered) - 1))]
        rate = len(ordered) / self.seconds
        said = f"{self.name:14} {rate:5.1f} pictures/s   median {median:6.1f} ms   p90 {p90:6.1f} ms"
        if not self.requests:
            return said
        request, model = statistics.median(self.requests), statistics.median(self.models)
        rest = median - request
        return (
            f"{said}   (model {model:.1f}, rest of the request {request - model:.1f}, waiting and drawing {rest:.1f})"
        )


def chromium() -> str | None:
    """The browser to drive: $CHROMIUM, else what is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def drag(page: Page, path: Path2D) -> float:
    """Press, 120 moves along `path` (a part in [0, 1] to page coordinates), release. Returns how long it took, in s."""
    page.evaluate("performance.clearMeasures(); performance.clearResourceTimings()")
    page.evaluate("performance.setResourceTimingBufferSize(2000)")
    page.mouse.move(*path(0))
    page.mouse.down()
    start = time.perf_counter()
    for move in range(1, MOVES + 1):
        page.mouse.move(*path(move / MOVES))
        time.sleep(max(0.0, start + move * EVERY - time.perf_counter()))
    page.mouse.up()
    took = time.perf_counter() - start
    page.wait_for_timeout(600)
    return took


def measure(page: Page, path: Path2D, drags: Drags, asks: bool = True) -> None:
    """One drag in the gallery: from the hand's event to the drawn canvas, and what the requests took, if it asks."""
    drags.seconds += drag(page, path)
    drags.frames += page.evaluate("performance.getEntriesByName('plane.frame').map((entry) => entry.duration)")
    if not asks:
        return
    drags.requests += page.evaluate(ANSWERED)
    drags.models.append(page.evaluate("import('gallery/shell/calls.js').then(({ last }) => last.ms)"))


def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of the first visible match."""
    found = page.locator(selector).first.bounding_box()
    if found is None:
        raise RuntimeError(f"{selector} is not on the page")
    return found["x"], found["y"], found["width"], found["height"]


def along(page: Page, selector: str) -> Path2D:
    """From one end of a slider to the other."""
    x, y, width, height = box(page, selector)
    return lambda part: (x + 9 + (width - 18) * part, y + height / 2)


def plane(page: Page, url: str, drags: Drags) -> None:
    """A diagonal across the plane of digits."""
    page.goto(f"{url}/?room=vae&act=plane")
    page.wait_for_function("Number(document.querySelector('#act-vae-plane .v-w-picture')?.dataset.frames) > 0")
    page.wait_for_timeout(1500)
    x, y, width, height = box(page, "#act-vae-plane .v-plane-field")
    measure(page, lambda part: (x + width * (0.1 + 0.8 * part), y + height * (0.15 + 0.7 * part)), drags)


def smile(page: Page, url: str, drags: Drags) -> None:
    """The smile from one end to the other."""
    page.goto(f"{url}/?room=vae&act=smile&smile=-3")
    page.wait_for_function("Number(document.querySelector('#act-vae-smile .v-stage .v-w-picture')?.dataset.frames) > 0")
    page.wait_for_timeout(2500)
    measure(page, along(page, "#act-vae-smile .v-sliders-input"), drags)


def truncation(page: Page, url: str, drags: Drags) -> None:
    """A face of the GAN from the average one to itself: frames of its film, which the server need not send."""
    page.goto(f"{url}/?room=gan&psi=0")
    page.wait_for_function("Number(document.querySelector('.v-w-gan-sample')?.dataset.judged) > 0")
    measure(page, along(page, ".v-gan-psi .v-sliders-input"), drags, asks=False)


def mix(page: Page, url: str, drags: Drags) -> None:
    """Two faces mixed at every layer, dragged along the film."""
    page.goto(f"{url}/?room=gan&view=mix&layer=0")
    page.wait_for_function("Number(document.querySelector('.v-w-gan-sample')?.dataset.judged) > 0")
    measure(page, along(page, "#act-gan-sample .v-film-strip"), drags, asks=False)


def direction(page: Page, url: str, drags: Drags) -> None:
    """A face of the GAN led along the smile's direction in w: frames of its film; the server is asked when it rests."""
    page.goto(f"{url}/?room=gan&act=steer&smile=-3")
    page.wait_for_function("Number(document.querySelector('#act-gan-steer .v-w-film')?.dataset.frames) > 1")
    page.wait_for_timeout(1500)
    measure(page, along(page, "#act-gan-steer .v-sliders-input"), drags, asks=False)


def on_line(query: str, handle: str, dx: float, dy: float) -> Way:
    """A handle of the flow room's line, from its place by so many pixels: each move asks the server."""

    def way(page: Page, url: str, drags: Drags) -> None:
        page.goto(f"{url}/?room=flow&act=line&{query}")
        page.wait_for_function("Number(document.querySelector('.v-w-flow-line')?.dataset.frames) > 0")
        page.wait_for_timeout(8000)
        x, y, width, height = box(page, f"#act-flow-line {handle}:visible")
        measure(page, lambda part: (x + width / 2 + part * dx, y + height / 2 + part * dy), drags, asks=False)

    return way


slope = on_line("", ".v-flow-a", 0, -120)
shift = on_line("", ".v-flow-b", -140, 0)
knot = on_line("form=spline", ".v-flow-knot", 60, 60)


def flow_point(page: Page, url: str, drags: Drags) -> None:
    """The mouse over the plane of a flow: each move asks the server for the point's way through all layers."""
    page.goto(f"{url}/?room=flow&act=plane")
    page.wait_for_function("Number(document.querySelector('.v-w-flow-plane')?.dataset.films) > 0")
    page.wait_for_timeout(1500)
    x, y, width, height = box(page, "#act-flow-plane .v-lab-canvas")
    measure(page, lambda part: (x + width * (0.1 + 0.8 * part), y + height * (0.15 + 0.7 * part)), drags, asks=False)


def mixture(page: Page, url: str, drags: Drags) -> None:
    """A mean of the mixture that a flow is to learn: each move asks the server for the exact density."""
    page.goto(f"{url}/?room=flow&act=plane&flow_target=mixture")
    page.wait_for_function("Number(document.querySelector('.v-w-flow-plane')?.dataset.films) > 0")
    page.wait_for_timeout(1500)
    x, y, width, height = box(page, "#act-flow-plane .v-flow-centre:visible")
    measure(page, lambda part: (x + width / 2 + 90 * part, y + height / 2 + 60 * part), drags, asks=False)


def image(page: Page, url: str, drags: Drags) -> None:
    """gr.Image: each picture was asked for by one entry into the queue, for the last move before it."""
    page.goto(url)
    page.wait_for_selector("input[type=range]")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    drags.seconds += drag(page, along(page, "input[type=range]"))
    hand, joined, shown = (page.evaluate(what) for what in ("window.hand", JOINED, "window.shown"))
    asked = [max((moved for moved in hand if moved <= start), default=start) for start in joined]
    drags.frames += [there - moved for moved, there in zip(asked, shown, strict=False)]


BESIDE: dict[str, Way] = {
    "psi": truncation,
    "mix": mix,
    "direction": direction,
    "a": slope,
    "b": shift,
    "knot": knot,
    "point": flow_point,
    "mean": mixture,
}
"""Held against the plane of digits."""


def main() -> None:
    parser = argparse.ArgumentParser(description="From the hand to the picture, in a real Chromium.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="WAY,WAY", help="these ways, beside the plane of digits and gr.Image")
    args = parser.parse_args()
    ways: dict[Way, Drags] = {plane: Drags("plane"), smile: Drags("smile slider"), image: Drags("gr.Image")}
    ways |= {way: Drags(name) for name, way in BESIDE.items()}
    if args.only:
        kept = {"plane", "gr.Image", *args.only.split(",")}
        if unknown := kept - {drags.name for drags in ways.values()}:
            parser.error(f"no such way: {', '.join(sorted(unknown))}")
        ways = {way: drags for way, drags in ways.items() if drags.name in kept}
    gallery, plain = started("app.py", "--offline", "--port"), started("-m", "benchmarks.plain")
    with gallery as ours, plain as theirs, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for _, (way, drags) in itertools.product(range(args.rounds), ways.items()):
            way(page, theirs.url if way is image else ours.url, drags)
        browser.close()
    for drags in ways.values():
        print(drags.line())
    median = {way: statistics.median(drags.frames) for way, drags in ways.items()}
    print(
        "   ".join(f"{name} / plane {median[way] / median[plane]:.2f}" for name, way in BESIDE.items() if way in median)
    )
    ratio = median[plane] / median[image]
    print(f"plane / gr.Image {ratio:.2f}   load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
