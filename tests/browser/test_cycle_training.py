"""The act "training" of the CycleGAN room in Chromium: its film, its question, its curves."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_gan import first_frame, pixels

pytestmark = pytest.mark.browser

ACT = "#act-cyclegan-training"
PATIENCE = 90_000


def marker(page: Page) -> float:
    """Where the line of the first plot stands, in hundredths of its width."""
    return float(page.locator(f"{ACT} .v-course-marker").first.evaluate("node => parseFloat(node.style.left)"))


def film_is_scrubbed(page: Page) -> None:
    caption = page.locator(f"{ACT} .v-film-caption").last
    expect(caption).to_have_text("after 5000 pairs", timeout=PATIENCE)
    rows = page.locator(f"{ACT} .v-cyclegan-rows canvas")
    assert rows.count() == 6
    names = page.locator(f"{ACT} figcaption").all_inner_texts()
    assert names == ["x, neutral", "G(x)", "F(G(x))", "y, smiling", "F(y)", "G(F(y))"]
    before = pixels(page, f"{ACT} .v-cyclegan-rows figure:nth-child(2) canvas")
    page.locator(f"{ACT} .v-film-strip").focus()
    page.keyboard.press("ArrowRight")
    expect(caption).to_have_text("after 10,000 pairs")
    assert page.evaluate("vernissage.room('cyclegan').knobs.pairs_seen") == 10_000
    assert pixels(page, f"{ACT} .v-cyclegan-rows figure:nth-child(2) canvas") != before


def curves_come_after_the_answer(page: Page) -> None:
    said = page.locator(f"{ACT} .v-cyclegan-answer")
    assert page.locator(f"{ACT} .v-course").count() == 0 and "0.5" not in page.locator(ACT).inner_text()
    buttons = page.locator(f"{ACT} .v-cyclegan-answers button")
    assert buttons.all_inner_texts() == ["adversarial", "cycle", "identity"]
    buttons.nth(1).click()
    expect(said).to_contain_text(re.compile(r"No: adversarial, 0\.\d\d at the start and 0\.\d\d at the end"))
    expect(page.locator(f"{ACT} .v-course-plot")).to_have_count(2)
    lines = page.locator(f"{ACT} .v-course polyline")
    assert lines.count() == 8, "each of four as it was recorded, and its running mean"
    named = page.locator(f"{ACT} .v-course-name").all_inner_texts()
    assert [name.split()[0] for name in named] == ["adversarial", "judges", "cycle", "identity"]
    rough, smooth = (
        [float(y) for y in re.findall(r",([\d.]+)", str(lines.nth(i).get_attribute("points")))] for i in (0, 2)
    )
    jumps = [sum(abs(b - a) for a, b in pairwise(ys)) for ys in (rough, smooth)]
    assert len(rough) == len(smooth) > 20 and jumps[1] < 0.5 * jumps[0]


def line_goes_with_the_film(page: Page) -> None:
    before = marker(page)
    page.locator(f"{ACT} .v-film-strip").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{ACT} .v-film-caption").last).to_have_text("after 20,000 pairs")
    assert marker(page) == pytest.approx(2 * before, rel=1e-3)


def film_is_saved_with_its_names(page: Page) -> None:
    page.locator(f"{ACT} .v-film-menu summary").click()
    with page.expect_download(timeout=PATIENCE) as saved:
        page.locator(ACT).get_by_role("button", name="MP4").click()
    assert re.fullmatch(r"vernissage-cyclegan-training[\w.-]*\.mp4", saved.value.suggested_filename)
    frame = first_frame(saved.value.path())
    high, wide = frame.shape
    names = frame[:, : wide // 7].astype(float)
    assert high == 720 and names.std() > 5, "names of the rows stand on the left"


def test_the_film_the_question_and_the_curves(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=cyclegan&act=training&pairs_seen=5000&lang=en")
    film_is_scrubbed(page)
    curves_come_after_the_answer(page)
    line_goes_with_the_film(page)
    page.wait_for_function("location.search.includes('term=cycle')")
    film_is_saved_with_its_names(page)
    page.click("[data-do=lang]")
    expect(page.locator(f"{ACT} .v-cyclegan-answer")).to_contain_text("Нет: состязательная, 0,")
    expect(page.locator(f"{ACT} .v-course-name").first).to_contain_text("состязательная")
    page.get_by_role("button", name="Спросите ещё раз").click()
    expect(page.locator(f"{ACT} .v-course")).to_have_count(0)
    page.get_by_role("button", name="С самого начала").click()
    page.wait_for_function("vernissage.room('cyclegan').knobs.pairs_seen >= 5000", timeout=PATIENCE)
