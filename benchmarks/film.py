"""From the click to the playing film, in a real Chromium; and how soon a stop is heard.

    python -m benchmarks.film [--clicks 9]

Starts a gallery of its own. 20 steps of the face model at 64x64 (DPM-Solver++, one picture): medians of the time from
the click to the first frame of the film, which plays from then on, and to its last. Then a film of 1,000 steps is
stopped: the page lets go at once, and the server computes at most until it has answered the question that is under way;
the longest of those is printed. To be trusted on an otherwise idle machine only; the load is printed beside.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics

from playwright.sync_api import Page, Request, sync_playwright

from benchmarks.drag import FLAGS, chromium
from benchmarks.started import started

ACT = "#act-diffusion-reverse"
WIDGET = ".v-w-diffusion-reverse"
QUESTION = "component_server"


def runs(page: Page) -> int:
    """How many films have ended."""
    return int(page.locator(WIDGET).get_attribute("data-runs") or 0)


def click(page: Page, seed: int) -> tuple[float, float]:
    """Milliseconds from the click to the first and to the last frame of a film from another noise."""
    page.evaluate(f"vernissage.room('diffusion').set({{ seed: {seed} }}, 'dice'); performance.clearMeasures()")
    before = runs(page)
    page.locator(f"{ACT} .v-generate-go").click()
    page.wait_for_function(f"Number(document.querySelector('{WIDGET}').dataset.runs) > {before}")
    durations = [
        page.evaluate(f"performance.getEntriesByName('{name}').at(-1).duration")
        for name in ("denoise-first", "denoise-last")
    ]
    return durations[0], durations[1]


def stopped(page: Page, url: str) -> list[float]:
    """Milliseconds of each question of a long film that is stopped after three seconds."""
    found: list[float] = []

    def finished(request: Request) -> None:
        if QUESTION in request.url:
            found.append(request.timing["responseEnd"])

    page.goto(f"{url}/?room=diffusion&sampler=ddpm&steps=1000")
    page.wait_for_selector(f"{ACT} .v-generate-go")
    page.wait_for_timeout(1500)
    page.on("requestfinished", finished)
    page.locator(f"{ACT} .v-generate-go").click()
    page.wait_for_timeout(3000)
    page.locator(f"{ACT} .v-generate-go").click()
    page.wait_for_timeout(1000)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clicks", type=int, default=9)
    clicks = parser.parse_args().clicks
    with started("app.py", "--offline", "--port") as gallery, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{gallery.url}/?room=diffusion&steps=20")
        page.wait_for_function(f"document.querySelector('{WIDGET}')?.dataset.ended === 'done'", timeout=120_000)
        times = [click(page, random.randrange(1_000_000)) for _ in range(clicks)]
        for name, column in zip(("click to first frame", "click to last frame"), zip(*times, strict=True), strict=True):
            print(f"{name:22} median {statistics.median(column):6.0f} ms   worst {max(column):6.0f} ms")
        questions = stopped(page, gallery.url)
        print(f"{'longest question':22} {max(questions):6.0f} ms of {len(questions)}: what a stop may have to wait for")
        print(f"load {os.getloadavg()[0]:.1f}")
        browser.close()


if __name__ == "__main__":
    main()
