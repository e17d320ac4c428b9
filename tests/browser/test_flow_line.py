"""The act "line" of the flow room as a visitor meets it: handles on the picture, areas, a question, and a fit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from models.flow.line_fit import STEPS
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-flow-line"
STAGE = f"{ACT} .v-w-flow-line"
PATIENCE = 60_000
KNOBS = "vernissage.room('flow').knobs"


def opened(visit: Visit, gallery: str, query: str = "", lang: str = "en", **options: object) -> Page:
    page = visit(f"{gallery}/?room=flow&act=line&lang={lang}{query}", **options)
    page.wait_for_function(f"document.querySelector('{STAGE}')?.dataset.frames >= 1", timeout=PATIENCE)
    return page


def pull(page: Page, handle: Locator, dx: float, dy: float) -> None:
    """Drag by so many pixels."""
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def areas(page: Page) -> list[float]:
    return [float(text) for text in page.locator(f"{ACT} .v-flow-area b").all_inner_texts()]


def test_handles_move_the_line_and_both_areas_stay_equal(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    expect(page.locator(f"{ACT} .v-flow-law")).to_have_text("x ~ N(5, 2²)")
    first = areas(page)
    assert first == [0.149882, 0.149882]
    pull(page, page.locator(f"{ACT} .v-flow-at"), 60, 0)
    page.wait_for_function(f"{KNOBS}.at > 4.5")
    expect(page.locator(f"{ACT} .v-flow-area b").first).not_to_have_text(str(first[0]))
    now = areas(page)
    assert now[0] == now[1] > first[0]
    pull(page, page.locator(f"{ACT} .v-flow-a"), 0, -70)
    assert page.evaluate(f"{KNOBS}.a") > 0.6
    assert page.evaluate(f"-{KNOBS}.b / {KNOBS}.a") == pytest.approx(5, abs=0.01), "it turns about its crossing"
    pull(page, page.locator(f"{ACT} .v-flow-b"), -80, 0)
    assert page.evaluate(f"-{KNOBS}.b / {KNOBS}.a") < 4
    pull(page, page.locator(f"{ACT} .v-flow-a"), 0, 400)
    assert page.evaluate(f"{KNOBS}.a") < 0
    found = areas(page)
    assert found[0] == pytest.approx(found[1], abs=1e-6)
    page.evaluate("vernissage.room('flow').set({a: 0, b: 0})")
    expect(page.locator(f"{STAGE} .v-flow-word")).to_contain_text("no inverse")
    page.locator(f"{ACT} .v-flow-a").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate(f"{KNOBS}.a") == 0.05
    expect(page.locator(f"{STAGE} .v-flow-word")).to_be_hidden()
    page.locator(f"{ACT} .v-question-answer").nth(1).click()
    expect(page.locator(f"{ACT} .v-question-answer").first).to_have_attribute("data-state", "right")
    expect(page.locator(f"{ACT} .v-question-why")).to_contain_text("|f′|")
    page.click(f"{ACT} [data-knob=form] [data-value=spline]")
    knot = page.locator(f"{ACT} .v-flow-knot").nth(1)
    pull(page, knot, 300, -300)
    x2, x3, z2, z3 = (page.evaluate(f"{KNOBS}.{name}") for name in ("x2", "x3", "z2", "z3"))
    assert x3 - 0.06 < x2 < x3 and z3 - 0.06 < z2 < z3, "a knot stays between its neighbours"


def test_points_fall_once_and_do_not_for_who_wants_no_motion(visit: Visit, gallery: str) -> None:
    over = f"document.querySelector('{STAGE} .v-flow-over').toDataURL()"
    page = opened(visit, gallery, "&form=spline", reduced_motion="reduce")
    rest = page.evaluate(over)
    page.click(f"{STAGE} .v-flow-fall")
    page.wait_for_timeout(300)
    assert page.evaluate(over) == rest
    moving = opened(visit, gallery, "&form=spline", reduced_motion="no-preference")
    one = moving.evaluate(over)
    moving.wait_for_function(f"one => {over} !== one", arg=one)
    moving.wait_for_function(f"rest => {over} === rest", arg=rest, timeout=PATIENCE)


def test_a_drawn_sample_is_fitted_as_well_as_by_kernels(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&form=fit&sample=drawn", lang="ru")
    learn = page.locator(f"{ACT} .v-flow-learn")
    expect(learn).to_be_disabled()
    canvas = page.locator(f"{STAGE} .v-flow-canvas")
    box = canvas.bounding_box()
    assert box
    for part in (0.4, 0.75):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.9 * box["height"])
        page.mouse.down()
        for step in range(60):
            page.mouse.move(box["x"] + (part + 0.001 * step) * box["width"], box["y"] + 0.9 * box["height"])
        page.mouse.up()
    expect(learn).to_be_enabled()
    numbers = page.locator(f"{ACT} .v-flow-number")
    expect(numbers.first).not_to_have_text("–", timeout=PATIENCE)
    before = numbers.first.inner_text()
    page.click(f"{ACT} .v-flow-does [data-t='widgets.training.step']")
    expect(page.locator(f"{ACT} .v-flow-status")).to_contain_text("шаг 1 ")
    learn.click()
    expect(page.locator(f"{ACT} .v-flow-fit")).to_have_attribute("data-steps", str(STEPS), timeout=PATIENCE)
    nll, unseen, beside = (float(text.replace(",", ".").replace("−", "-")) for text in numbers.all_inner_texts())
    assert nll < float(before.replace(",", ".")) and unseen < beside + 0.1
    page.click(f"{ACT} [data-sample=skewed]")
    expect(page.locator(f"{ACT} .v-flow-status")).to_contain_text("200 точек · шаг 0 ")
