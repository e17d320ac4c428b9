"""The act "steer" of the GAN room as a visitor meets it: sliders, the search, what was found led on, links, words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-gan-steer"
HERO = f"{ACT} .v-stage .v-steer-in-{{}} .v-w-picture canvas"
PATIENCE = 90_000
MOVES = 40


def knob(page: Page, name: str) -> object:
    return page.evaluate(f"vernissage.room('gan').knobs.{name}")


def rested(page: Page, times: int = 1) -> None:
    """Wait until what is asked for at rest has been asked, so often, and the film of the slider has come."""
    page.wait_for_function(
        f"n => Number(document.querySelector('{ACT} .v-w-gan-steer')?.dataset.rests) >= n"
        f" && Number(document.querySelector('{ACT} .v-steer-in-edit .v-w-film')?.dataset.frames) > 1",
        arg=times,
        timeout=PATIENCE,
    )


def pixels(page: Page, doing: str) -> str:
    """What the large picture shows, as text to compare."""
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", HERO.format(doing)))


def searched(page: Page, how: str = "done") -> None:
    page.wait_for_function(
        "([s, how]) => document.querySelector(s)?.dataset.ended === how",
        arg=[f"{ACT} .v-w-gan-finding", how],
        timeout=PATIENCE,
    )


def test_a_slider_leads_the_face_and_a_link_makes_it_again(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&face=16&lang=en")
    rested(page)
    before = pixels(page, "edit")
    slider = page.locator(f"{ACT} .v-steer-sliders .v-sliders-input").first
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert knob(page, "smile") == 2
    rested(page, 2)
    page.wait_for_function("location.search.includes('smile=2') && location.search.includes('face=16')")
    again = visit(page.url)
    rested(again)
    again.wait_for_timeout(600)
    made = pixels(again, "edit")
    assert made != before
    # The eight steps of the slider are answered one after the other, on a busy machine not within a fixed time.
    page.wait_for_function(
        "([s, made]) => document.querySelector(s).toDataURL() === made",
        arg=[HERO.format("edit"), made],
        timeout=PATIENCE,
    )


def test_every_move_of_a_direction_is_answered(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&smile=-3&lang=en")
    rested(page)
    box = page.locator(f"{ACT} .v-steer-sliders .v-sliders-input").first.bounding_box()
    assert box is not None
    page.evaluate("performance.clearMeasures()")
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 9, y)
    page.mouse.down()
    for move in range(1, MOVES + 1):
        page.mouse.move(box["x"] + 9 + (box["width"] - 18) * move / MOVES, y)
    page.mouse.up()
    frames = page.evaluate("performance.getEntriesByName('plane.frame').length")
    assert frames >= 24, "a frame for each stop of the slider"
    assert knob(page, "smile") == 3


def test_the_slider_that_is_touched_is_the_one_that_the_film_goes_along(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&lang=en")
    rested(page)
    page.locator(f"{ACT} .v-steer-sliders .v-sliders-input").nth(4).focus()
    assert knob(page, "along") == "axis2"
    expect(page.locator(f"{ACT} .v-steer-in-edit .v-film-caption").last).to_contain_text("axis 2", timeout=PATIENCE)


def test_a_photo_is_found_watched_and_led_on(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&doing=find&lang=en")
    go = page.locator(f"{ACT} .v-w-gan-finding .v-generate-go")
    page.wait_for_function(
        "s => Number(document.querySelector(s)?.closest('.v-w-picture').dataset.frames) > 0",
        arg=HERO.format("find"),
        timeout=PATIENCE,
    )
    guessed = pixels(page, "find")
    go.click()
    searched(page)
    assert pixels(page, "find") != guessed
    frames = int(page.locator(f"{ACT} .v-steer-in-find .v-w-film").get_attribute("data-frames") or 0)
    assert frames >= 2
    assert page.evaluate(f"document.querySelector('{ACT} .v-steer-plot polyline').getAttribute('points')")
    expect(page.locator(f"{ACT} .v-w-plaque:visible").first).to_contain_text("MSE 0.0")
    page.click(f"{ACT} .v-w-gan-finding [data-t='gan.steer.lead']")
    assert (knob(page, "doing"), knob(page, "who")) == ("edit", "found")
    page.wait_for_timeout(1500)
    led = pixels(page, "edit")
    page.locator(f"{ACT} .v-steer-sliders .v-sliders-input").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("([s, b]) => document.querySelector(s).toDataURL() !== b", arg=[HERO.format("edit"), led])
    page.click("[data-do=link]")
    expect(page.locator(".v-notice")).to_contain_text("The face that was found is not in the link")


def test_a_press_stops_the_search_and_what_was_found_is_kept(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&doing=find&space=offsets&lang=en")
    go = page.locator(f"{ACT} .v-w-gan-finding .v-generate-go")
    page.wait_for_function(
        "s => Number(document.querySelector(s)?.closest('.v-w-picture').dataset.frames) > 0",
        arg=HERO.format("find"),
        timeout=PATIENCE,
    )
    go.click()
    page.wait_for_function(
        f"Number(document.querySelector('{ACT} .v-w-gan-finding').dataset.moments) >= 2", timeout=PATIENCE
    )
    go.click()
    searched(page, "stopped")
    expect(go).to_have_text("Look again")
    assert knob(page, "who") == "found"
    moments = page.locator(f"{ACT} .v-w-gan-finding").get_attribute("data-moments")
    page.wait_for_timeout(1500)
    assert page.locator(f"{ACT} .v-w-gan-finding").get_attribute("data-moments") == moments


def test_a_link_to_what_was_found_opens_with_a_seed_and_says_so(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&who=found&lang=en")
    expect(page.locator(".v-notice")).to_contain_text("The face that was found is not in the link")
    assert knob(page, "who") == "seed"


def test_a_walk_and_a_mixture_lead_to_the_partner(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=steer&doing=meet&share=0&lang=en")
    page.wait_for_function(
        f"Number(document.querySelector('{ACT} .v-steer-in-meet .v-w-film')?.dataset.frames) > 1", timeout=PATIENCE
    )
    page.wait_for_timeout(500)
    first = pixels(page, "meet")
    page.locator(f"{ACT} .v-steer-in-meet .v-film-strip").focus()
    page.keyboard.press("End")
    assert knob(page, "share") == 1 and pixels(page, "meet") != first
