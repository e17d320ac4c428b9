"""The act "score" as a visitor meets it: time runs, a network learns and is stopped, a density is drawn by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-diffusion-score"
CANVAS = f"{ACT} .v-score-canvas"
LESSON = f"{ACT} .v-w-diffusion-lesson"
PATIENCE = 60_000


def opened(visit: Visit, gallery: str, query: str = "", **options: object) -> Page:
    """The act, its field and its particles there."""
    page = visit(f"{gallery}/?room=diffusion&act=score&lang=en{query}", **options)
    ready(page)
    return page


def ready(page: Page, paths: int = 1) -> None:
    """Wait for so many answers with paths, and for the field of the latest question."""
    page.wait_for_function(
        "([act, n]) => document.querySelector(`${act} .v-w-diffusion-score`)?.dataset.paths >= n"
        " && document.querySelector(`${act} .v-w-film[data-frames]`)"
        " && !document.querySelector(`${act} .v-score-canvas.v-waiting`)",
        arg=[ACT, paths],
        timeout=PATIENCE,
    )


def shown(page: Page) -> str:
    """What the stage shows, as text to compare."""
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", CANVAS))


def knob(page: Page, name: str) -> object:
    return page.evaluate(f"vernissage.room('diffusion').knobs.{name}")


def test_the_slider_of_t_moves_the_stage_and_a_link_restores_it(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&density=moons&time=400&paths=ode")
    before = shown(page)
    strip = page.locator(f"{ACT} .v-film-strip")
    strip.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert knob(page, "time") == 370, "reverse time runs towards the data"
    expect(page.locator(f"{ACT} .v-score-told .v-lines")).to_contain_text("t = 370")
    assert shown(page) != before
    page.wait_for_function("location.search.includes('time=370')")
    again = visit(page.url)
    ready(again)
    assert [knob(again, name) for name in ("density", "time", "paths")] == ["moons", 370, "ode"]
    expect(again.locator(f"{ACT} .v-score-told .v-lines")).to_contain_text("t = 370")


def test_time_runs_to_the_data_and_forward_to_the_noise(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&time=60")
    page.click(f"{ACT} .v-film-play")
    page.wait_for_function("vernissage.room('diffusion').knobs.time === 0", timeout=PATIENCE)
    page.click(f"{ACT} [data-knob=way] [data-value=forward]")
    ready(page, 2)
    page.locator(f"{ACT} .v-film-strip").press("ArrowRight")
    assert knob(page, "time") == 10
    expect(page.locator(f"{ACT} .v-score-told .v-lines")).to_contain_text("both are N(0, I)")


def test_sde_and_ode_are_shown_apart(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&time=300")
    seen = {shown(page)}
    for kind in ("sde", "ode"):
        page.click(f"{ACT} [data-knob=paths] [data-value={kind}]")
        seen.add(shown(page))
    assert len(seen) == 3


def test_a_network_learns_is_stopped_and_stays_for_every_t(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&time=300")
    page.click(f"{LESSON} .v-score-train")
    expect(page.locator(f"{LESSON} .v-score-status")).to_contain_text("of 2000", timeout=PATIENCE)
    first = float(page.locator(f"{LESSON} .v-score-number").inner_text())
    assert knob(page, "field") == "learned" and 0 < first < 2
    page.wait_for_function(
        "([s, x]) => Number(document.querySelector(s).textContent) < 0.9 * x",
        arg=[f"{LESSON} .v-score-number", first],
        timeout=PATIENCE,
    )
    page.click(f"{LESSON} .v-score-train")
    expect(page.locator(LESSON)).to_have_attribute("data-ended", "stopped")
    taken = page.locator(f"{LESSON} .v-score-status").inner_text()
    page.wait_for_function("s => document.querySelector(s).dataset.learned >= 1", arg=LESSON, timeout=PATIENCE)
    assert page.locator(f"{LESSON} .v-score-status").inner_text() == taken, "nothing goes on after a stop"
    learned = shown(page)
    page.click(f"{ACT} [data-knob=field] [data-value=exact]")
    assert shown(page) != learned
    page.click(f"{ACT} [data-knob=density] [data-value=moons]")
    expect(page.locator(f"{LESSON} .v-score-number")).to_have_text("–")


def test_a_density_is_drawn_by_hand_and_by_keys(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&time=100")
    page.click(f"{ACT} [data-knob=density] [data-value=drawn]")
    ready(page, 2)
    box = page.locator(CANVAS).bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 350, box["y"] + 120, steps=10)
    page.mouse.up()
    ready(page, 3)
    drawing = "kit.last(vernissage.room('diffusion'), 'score.drawing').points"
    points = f"import('gallery/widgets/_kit.js').then(kit => {drawing})"
    drawn = page.evaluate(points)
    assert 8 < len(drawn) < 40 and all(abs(v) <= 3 for point in drawn for v in point)
    page.locator(CANVAS).focus()
    page.keyboard.press("Delete")
    for key in ("Shift+ArrowUp", "Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    ready(page, 4)
    assert page.evaluate(points) == [[0, 0.5], [0.2, 0.5]]


def test_a_link_to_a_drawing_says_that_it_stayed_at_home(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&density=drawn")
    expect(page.locator(".v-notice")).to_contain_text("does not travel in a link")


def test_a_phone_shows_everything_in_one_column(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
