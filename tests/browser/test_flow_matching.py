"""The act "matching" of the flow room as a visitor meets it: steps, pairings, one point's lines, and a question."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 60_000
ACT = "#act-flow-matching"
STAGE = f"{ACT} .v-w-flow-matching"
CANVAS, SCORE = f"{ACT} .v-match-canvas", f"{ACT} .v-flow-square"
CHIP, APART, NOW = f"{ACT} .v-flow-chip", f"{ACT} .v-match-apart", f"{ACT} .v-match-table td[data-on]"


def frames(page: Page, count: int) -> None:
    page.wait_for_function(
        "([stage, n]) => document.querySelector(stage)?.dataset.frames >= n", arg=[STAGE, count], timeout=PATIENCE
    )


def shown(page: Page, canvas: str = CANVAS) -> str:
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", canvas))


def turned(page: Page, knob: str, value: str) -> None:
    page.click(f"{ACT} [data-knob={knob}] [data-value='{value}']")


def test_steps_pairings_points_and_the_question(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=flow&act=matching&lang=en&match_on=rings&match_t=0.7")
    frames(page, 1)
    expect(page.locator(f"{ACT} .v-w-film")).to_have_attribute("data-frames", "51")
    expect(page.locator(CHIP)).to_have_text("t = 0.70 · 50 Euler steps; dashed: straight to the ends")
    pictures, scores, figures = {shown(page)}, {shown(page, SCORE)}, {page.inner_text(NOW)}
    for steps in ("8", "1"):
        turned(page, "match_steps", steps)
        pictures.add(shown(page))
        scores.add(shown(page, SCORE))
        figures.add(page.inner_text(NOW))
    expect(page.locator(CHIP)).to_contain_text("1 Euler step;")
    for show in ("pairs", "point"):
        turned(page, "match_show", show)
        pictures.add(shown(page))
    assert len(pictures) == 5 and len(scores) == len(figures) == 3

    canvas = page.locator(CANVAS)
    expect(canvas).to_have_attribute("role", "application")
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.85 * box["width"], box["y"] + 0.5 * box["height"])
    chosen = page.evaluate("vernissage.room('flow').knobs.match_point")
    assert chosen > 0
    pictures.add(shown(page))
    canvas.press("ArrowRight")
    assert page.evaluate("vernissage.room('flow').knobs.match_point") == (chosen + 1) % 256
    assert shown(page) not in pictures

    turned(page, "match_pairs", "reflow")
    frames(page, 2)
    expect(page.locator(CHIP)).to_contain_text("its partner")
    expect(page.locator(APART)).to_contain_text("keeps their ends")
    expect(page.locator(f"{ACT} tr[data-mine] th")).to_have_text("Reflow")

    page.click(f"{ACT} .v-question-answer >> nth=1")  # who answers is shown: one step of pairs at random, to its end
    frames(page, 3)
    expect(page.locator(CHIP)).to_have_text("t = 1.00 · 1 Euler step; dashed: straight to the ends")
    expect(page.locator(f"{ACT} .v-question-why")).to_contain_text("Right.")
    expect(canvas).to_have_attribute("role", "img")

    page.select_option(f"{ACT} select", "checkerboard")
    frames(page, 4)
    page.click(f"{ACT} .v-film-play")
    page.wait_for_function("vernissage.room('flow').knobs.match_t > 0 && vernissage.room('flow').knobs.match_t < 1")
