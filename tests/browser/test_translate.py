"""The act "translate" of the CycleGAN room as a visitor meets it: the other way, the divider, strength, patches."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-cyclegan-translate"
PATIENCE = 90_000


def opened(visit: Visit, gallery: str, query: str) -> Page:
    """The act with a picture that was translated."""
    page = visit(f"{gallery}/?room=cyclegan&act=translate&lang=en&{query}")
    answered(page, 0)
    return page


def answered(page: Page, before: int) -> None:
    """Wait for one answer more."""
    found = "([act, n]) => Number(document.querySelector(`${act} .v-w-cyclegan-translate`)?.dataset.frames) > n"
    page.wait_for_function(found, arg=[ACT, before], timeout=PATIENCE)


def pictures(page: Page) -> list[str]:
    """Input, translation, reconstruction, map."""
    return list(
        page.evaluate("s => [...document.querySelectorAll(s)].map(c => c.toDataURL())", f"{ACT} .v-paper canvas")
    )


def test_a_painting_that_goes_the_wrong_way_is_turned_round(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "picture=painting1")
    notice = page.locator(f"{ACT} .v-cyclegan-already")
    expect(notice).to_contain_text("a painting here")
    notice.get_by_role("button", name="The other way").click()
    answered(page, 1)
    expect(notice).to_be_hidden()
    page.wait_for_function("location.search.includes('direction=b2a') && location.search.includes('picture=painting1')")
    last = pictures(page)
    assert len(set(last)) == 4
    assert pictures(opened(visit, gallery, page.url.partition("?")[2])) == last, "a link makes the same pictures"


def test_the_divider_and_the_strength_show_how_much_is_the_networks(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "pair=smile&direction=b2a")
    divider = page.get_by_role("slider", name="Divider between input and translation")
    divider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    given, translated, *_ = pictures(page)
    assert translated == given, "left of the divider is the input"
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert pictures(page)[1] != given
    page.evaluate("vernissage.room('cyclegan').set({strength: 0})")
    assert pictures(page)[1] == given
    expect(page.locator(f"{ACT} .v-lines")).to_contain_text("k = 0.00")


def test_patches_are_shown_of_every_pair(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "over=patches")
    said = page.locator(f"{ACT} .v-lines")
    expect(said).to_contain_text("34×34")
    page.hover(f"{ACT} .v-paper canvas >> nth=0", position={"x": 90, "y": 90})
    expect(page.locator(f"{ACT} .v-cyclegan-patch")).to_be_visible()
    page.click(f"{ACT} .v-seg[data-knob=pair] [data-value=emoji]")
    answered(page, 1)
    expect(said).to_contain_text("34×34")
    expect(page.locator(f"{ACT} .v-paper canvas").nth(1)).to_be_visible()


def test_what_is_drawn_is_translated_kept_over_a_reload_and_put_away_by_a_sample(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "pair=emoji&picture=noto1")
    sample = pictures(page)
    page.get_by_role("button", name="Draw", exact=True).click()
    pad, photo = page.locator(".v-drawing-pad"), page.locator(f"{ACT} .v-w-photo")
    expect(pad).to_be_focused()
    expect(photo).to_be_hidden()
    assert pictures(page) == sample, "an empty sheet is no picture yet"
    page.get_by_role("button", name="Red").click()
    pad.focus()
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator(f"{ACT} .v-lines")).to_contain_text("Cycle error")
    page.wait_for_function("a => document.querySelector(`${a} .v-paper canvas`).width === 64", arg=ACT)
    red = """a => {
      const data = document.querySelector(`${a} .v-paper canvas`)?.getContext("2d").getImageData(32, 32, 1, 1).data;
      return data?.[0] > 180 && data[1] < 90 && data[2] < 110;
    }"""
    page.wait_for_function(red, arg=ACT)
    answered(page, 1)
    page.wait_for_function("location.search.includes('picture=own')")
    page.reload()
    page.wait_for_function(red, arg=ACT, timeout=PATIENCE)
    expect(pad).to_be_visible()
    page.get_by_role("button", name="To the pictures").click()
    page.get_by_role("button", name="Twemoji 1").click()
    page.wait_for_function(f"a => !({red})(a)", arg=ACT)
    page.get_by_role("button", name="Draw", exact=True).click()
    page.wait_for_function(red, arg=ACT)
    page.get_by_role("button", name="Clear all").click()
    page.wait_for_function(f"a => !({red})(a)", arg=ACT)
    page.get_by_role("button", name="Undo a stroke").click()
    page.wait_for_function(red, arg=ACT)
    page.click(f"{ACT} .v-seg[data-knob=pair] [data-value=smile]")
    expect(pad).to_be_hidden()
    expect(photo).to_be_visible()


def test_the_identity_and_the_sizes_take_the_place_of_the_four_pictures(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "look=identity")
    said = page.locator(f"{ACT} .v-lines:visible")
    expect(said).to_contain_text("without the identity term")
    number = page.locator(f"{ACT} .v-identity-number")
    assert 0.01 < float(number.inner_text()) < 0.5
    page.click(f"{ACT} .v-seg[data-knob=look] [data-value=sizes]")
    answered(page, 1)
    expect(number).to_be_hidden()
    tiles = page.locator(f"{ACT} .v-sizes-one")
    boxes = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(i => [i.width, i.naturalWidth])", f"{ACT} .v-sizes img"
    )
    assert [natural for _, natural in boxes] == [96, 128, 192, 256, 384, 512] and len(
        {shown for shown, _ in boxes}
    ) == 1
    expect(tiles.nth(3)).to_have_attribute("aria-pressed", "true")
    tiles.nth(1).click()
    answered(page, 2)
    expect(said).to_contain_text("128 × 128")
    assert page.evaluate("s => document.querySelector(s).width", f"{ACT} .v-paper canvas") == 128
    page.wait_for_function("location.search.includes('size=128') && location.search.includes('look=trip')")
