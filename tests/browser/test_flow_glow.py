"""The act "glow" of the flow room as a visitor meets it: there and back, levels, a smile, new faces, the surprise."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-flow-glow"
HERO = f"{ACT} .v-glow-in-{{}} > .block:first-child .v-w-picture canvas"
PATIENCE = 90_000


def knob(page: Page, name: str) -> Any:
    return page.evaluate(f"vernissage.room('flow').knobs.{name}")


def view(page: Page, name: str) -> None:
    page.click(f"{ACT} [data-knob=glow_view] [data-value={name}]")


def filmed(page: Page, frames: int) -> None:
    page.wait_for_selector(f"{ACT} .v-w-film[data-frames='{frames}']:visible", timeout=PATIENCE)


def hero(page: Page, name: str) -> str:
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", HERO.format(name)))


def other(page: Page, name: str, before: str) -> None:
    """Wait for another large picture."""
    page.wait_for_function(
        "([s, before]) => document.querySelector(s).toDataURL() !== before",
        arg=[HERO.format(name), before],
        timeout=PATIENCE,
    )


def test_a_face_loses_levels_smiles_is_mixed_and_new_ones_come(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=flow&act=glow&lang=ru")
    filmed(page, 13)
    expect(page.locator(f"{ACT} .v-glow-lines:visible").first).to_contain_text(
        re.compile(r"max \|f⁻¹\(f\(x\)\)\s−\sx\|\s=\s\d,\d·10⁻[⁶⁷]")
    )
    expect(page.locator(f"{ACT} .v-bars-number:visible").first).to_have_text(re.compile(r"^[12],\d\d$"))
    half = hero(page, "code")
    page.locator(f"{ACT} [data-knob=glow_z3] [data-value=noise]").click()
    expect(page.locator(f"{ACT} .v-film-caption:visible").last).to_have_text("z₁ → 0, z₃ → ε: 100 %", timeout=PATIENCE)
    other(page, "code", half)
    page.locator(f"{ACT} .v-film-strip:visible").focus()
    page.keyboard.press("Home")
    assert knob(page, "glow_gone") == 0

    view(page, "edit")
    filmed(page, 17)
    before = hero(page, "edit")
    page.locator(f"{ACT} .v-sliders-input:visible").nth(1).focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert (knob(page, "age"), knob(page, "along")) == (0.5, "age")
    expect(page.locator(f"{ACT} .v-w-plaque:visible", has_text="z′ =")).to_contain_text("+ 0,50·v₂")
    other(page, "edit", before)

    view(page, "mix")
    filmed(page, 25)
    expect(page.locator(f"{ACT} .v-w-plaque:visible", has_text="z(A)")).to_contain_text("t = 0,50")

    view(page, "new")
    filmed(page, 13)
    page.locator(f"{ACT} .v-portraits-cell").nth(7).click()
    assert [knob(page, f"glow_{name}") for name in ("view", "face", "cell")] == ["edit", "drawn", 7]
    expect(page.locator(f"{ACT} .v-w-plaque:visible", has_text="z′ =")).to_be_visible()
    filmed(page, 17)


def test_the_answer_is_shown_after_a_guess_only(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=flow&act=glow&glow_view=odd&lang=en")
    legend, scores = page.locator(f"{ACT} .v-glow-legend li"), page.locator(f"{ACT} .v-glow-scores b")
    expect(legend).to_have_count(1, timeout=PATIENCE)
    expect(scores).to_have_text(["?"] * 11)
    page.locator(f"{ACT} .v-question-answer").nth(1).click()
    expect(legend).to_have_count(4)
    expect(legend.nth(2)).to_contain_text("MNIST")
    numbers = [float(each) for each in scores.all_inner_texts()]
    assert numbers == sorted(numbers) and len(set(numbers)) > 8
    assert page.locator(f"{ACT} .v-glow-plot path").count() == 4
    expect(page.locator(f"{ACT} .v-question-answer").first).to_have_attribute("data-state", "right")
