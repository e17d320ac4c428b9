"""A smile in three ways as a visitor meets it: two at once, the third when its face was found; k, direction, a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-cyclegan-translate"
WAYS = f"{ACT} .v-w-cyclegan-ways"
PATIENCE = 90_000


def compared(page: Page, count: int, frames: int = 0) -> None:
    """Wait until so many ways are shown, and more than so many answers have come."""
    told = """([s, n, m]) => {
      const {ways, frames} = document.querySelector(s)?.dataset ?? {};
      return ways === n && Number(frames) > m;
    }"""
    page.wait_for_function(told, arg=[WAYS, str(count), frames], timeout=PATIENCE)


def pictures(page: Page) -> list[str]:
    return list(page.evaluate("s => [...document.querySelectorAll(s)].map(c => c.toDataURL())", f"{WAYS} canvas"))


def frames(page: Page) -> int:
    return int(page.locator(WAYS).get_attribute("data-frames") or 0)


def test_one_face_is_led_in_three_ways(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=cyclegan&act=translate&lang=en")
    page.wait_for_selector(f"{ACT} .v-photo-thumb[aria-pressed=true]", timeout=PATIENCE)
    expect(page.locator(f"{ACT} .block.v-ways-switch")).to_be_hidden()
    page.get_by_role("button", name="Take a smile off in three ways").click()
    compared(page, 2)
    expect(page.locator(f"{ACT} .v-w-cyclegan-translate")).to_be_hidden()
    expect(page.locator(f"{WAYS} figcaption").nth(2)).to_contain_text("looking in w: step", timeout=PATIENCE)
    compared(page, 3)
    shown = pictures(page)
    assert len(set(shown)) == 6
    captions = page.locator(f"{WAYS} figcaption")
    for i, text in enumerate(("smile 100%", "smile 100%", "smile", "smile 0%", "smile 0%", "smile")):
        expect(captions.nth(i)).to_contain_text(text)
    expect(page.locator(f"{ACT} .v-w-cyclegan-ways_side p").nth(2)).to_contain_text("nearest face found in w")

    before = frames(page)
    page.evaluate("vernissage.room('cyclegan').set({strength: 0})")
    compared(page, 3, before)
    still = pictures(page)
    assert still[:3] == still[3:] == shown[:3], "without strength each is the face as it sees it"
    before = frames(page)
    page.evaluate("vernissage.room('cyclegan').set({strength: 1, direction: 'a2b'})")
    compared(page, 3, before)
    expect(page.locator(f"{WAYS} .v-ways-name").first).to_contain_text("G(x)")
    page.click(f"{ACT} .block.v-ways-switch [data-value=off]")
    expect(page.locator(f"{ACT} .v-w-cyclegan-translate")).to_be_visible()
    expect(page.locator(WAYS)).to_be_hidden()
    page.evaluate("vernissage.room('cyclegan').set({direction: 'b2a', picture: '6'})")
    before = frames(page)
    page.click(f"{ACT} .block.v-ways-switch [data-value=on]")
    compared(page, 2, before)
    expect(page.locator(f"{WAYS} .v-ways-name").first).to_contain_text("F(x)")
    expect(page.locator(f"{ACT} .v-w-cyclegan-ways_side")).to_contain_text("The VAE itself drew this face")
    assert pictures(page)[0] != shown[0]
