"""The act "plane" of the CycleGAN room as a visitor meets it: two clouds, seeds, a piece of the museum."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.laboratories import PATIENCE, until

pytestmark = pytest.mark.browser

ACT = "#act-cyclegan-plane"
BENCH = f"{ACT} .v-w-cyclegan-plane"


def opened(visit: Visit, gallery: str, query: str = "", lang: str = "en", **options: object) -> Page:
    """The act, its networks there and not yet trained."""
    page = visit(f"{gallery}/?room=cyclegan&act=plane&lang={lang}{query}", **options)
    page.wait_for_function(f"document.querySelector('{BENCH}')?.dataset.frames >= 1", timeout=PATIENCE)
    page.wait_for_selector(f"{ACT} .v-lab-card h3")
    return page


def shown(page: Page) -> str:
    """The square Y."""
    return str(page.evaluate("s => [...document.querySelectorAll(s)].at(-1).toDataURL()", f"{ACT} .v-lab-canvas"))


def test_it_trains_is_stepped_and_keeps_the_picture_of_a_seed(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    before = shown(page)
    page.click(f"{BENCH} [data-t='widgets.training.step']")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("1 · 1")
    page.click(f"{ACT} .v-lab-play")
    until(page, ACT, 40)
    assert shown(page) != before
    lost = page.locator(f"{ACT} [data-reading=cycle] .v-lab-number").text_content() or ""
    assert 0 < float(lost) < 5
    page.click(f"{BENCH} [data-t='cyclegan.plane.next']")
    kept = page.locator(f"{ACT} .v-cyclegan-seed")
    expect(kept).to_have_count(1)
    expect(kept).to_have_text("seed 0")
    page.wait_for_function("location.search.includes('plane_seed=1')")
    until(page, ACT, 5)
    kept.click()
    page.wait_for_function("!location.search.includes('plane_seed=1')")


def test_the_way_of_a_point_is_drawn_under_the_mouse(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    over = f"document.querySelector('{ACT} .v-cyclegan-over').toDataURL()"
    page.click(f"{ACT} [data-show=arrows]")
    without = page.evaluate(over)
    page.hover(f"{ACT} .v-lab-canvas >> nth=0", position={"x": 5, "y": 5})
    assert page.evaluate(over) == without, "no point there"
    box = page.locator(f"{ACT} .v-lab-canvas").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 + 2.1 / 2.8 * box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"w => {over} !== w", arg=without)


def test_a_piece_asks_first_then_runs_and_says_what_our_weights_hide(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&plane_piece=hidden")
    answers = page.locator(f"{ACT} .v-lab-answer")
    expect(answers).to_have_count(3)
    assert page.locator(f"{ACT} .v-lab-why").count() == 0
    answers.nth(1).click()
    expect(answers.nth(1)).to_have_attribute("data-state", "right")
    until(page, ACT, 10)
    told = page.locator(f"{ACT} .v-cyclegan-hidden p")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("held-out pictures")
    page.click(f"{ACT} .v-lab-mend")
    page.wait_for_function("location.search.includes('shake=0.2')")
    page.click(f"{ACT} .v-lab-tape")
    expect(page.locator(f"{ACT} .v-lab-steps")).to_contain_text("Recording")
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.recorded >= 1", timeout=PATIENCE)
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("1500")
    expect(page.locator(f"{ACT} [data-verdict=mended]")).to_be_visible()
    end = shown(page)
    page.click(f"{BENCH} [data-t='widgets.training.step']")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("0 · 0")
    assert shown(page) != end
