"""The camera as a living picture: translations a second, and frames a second that the page still draws.

    python -m benchmarks.living [--seconds 8]

Starts a gallery and a Chromium that pretends to have a camera; one pair after another, at the sizes that the act sends.
Beside it stand the frames a second that the same page draws with the camera off. Wanted: 5 translations, 30 frames.
"""

from __future__ import annotations

import argparse
import os
import platform

from playwright.sync_api import Page, sync_playwright

from benchmarks.drag import FLAGS, chromium
from benchmarks.started import started

PRETENDED = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
PAIRS = ("monet", "emoji", "smile")
LIVING = "document.querySelector('.v-w-cyclegan-living')"
COUNT = """ms => new Promise((resolve) => {
  const begun = performance.now(); let frames = 0;
  const next = (now) => {
    frames += 1;
    if (now - begun < ms) requestAnimationFrame(next);
    else resolve(1000 * frames / ms);
  };
  requestAnimationFrame(next);
})"""


def rates(page: Page, seconds: float) -> tuple[float, float]:
    """Translations and the page's frames a second, now."""
    before = int(page.evaluate(f"{LIVING}.dataset.frames ?? 0"))
    drawn = float(page.evaluate(COUNT, 1000 * seconds))
    return (int(page.evaluate(f"{LIVING}.dataset.frames ?? 0")) - before) / seconds, drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    seconds = parser.parse_args().seconds
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    with started("app.py", "--offline", "--port") as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=[*FLAGS, *PRETENDED])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{server.url}/?room=cyclegan&act=translate&lang=en")
        page.wait_for_function("Number(document.querySelector('.v-w-cyclegan-translate')?.dataset.frames) > 0")
        print(f"camera off: {float(page.evaluate(COUNT, 1000 * seconds)):.0f} frames a second", flush=True)
        page.get_by_role("button", name="The camera, live").click()
        for pair in PAIRS:
            page.evaluate("pair => vernissage.room('cyclegan').set({pair})", pair)
            page.wait_for_timeout(2000)
            made, drawn = rates(page, seconds)
            width = page.evaluate(f"{LIVING}.querySelector('canvas').width")
            print(f"{pair} at {width} pixels: {made:.1f} translations, {drawn:.0f} frames a second", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
