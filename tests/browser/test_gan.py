"""The GAN room as a visitor meets it: with the hand, with keys, by a link, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from models.weights.cards import load_card
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

SAMPLE, TRAINING = "#act-gan-sample", "#act-gan-training"
TOLD = f"{SAMPLE} .block.v-gan-told"
PATIENCE = 90_000
MOVES = 60


def knob(page: Page, name: str) -> object:
    return page.evaluate(f"vernissage.room('gan').knobs.{name}")


def judged(page: Page, times: int = 1) -> None:
    """Wait until D has judged what is shown, so often."""
    page.wait_for_function(
        "n => Number(document.querySelector('.v-w-gan-sample')?.dataset.judged) >= n", arg=times, timeout=PATIENCE
    )


def pixels(page: Page, selector: str) -> str:
    """What a picture shows, as text to compare."""
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", selector))


def test_every_view_has_its_pictures(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&lang=en")
    for model, sheet in (("faces", 36), ("fashion", 70)):
        for view, count in (("sheet", sheet), ("near", 1), ("walk", 2), ("mix", 3)):
            page.evaluate("knobs => vernissage.room('gan').set(knobs)", {"model": model, "view": view})
            expect(page.locator(f"{SAMPLE} .v-stage canvas:visible")).to_have_count(count, timeout=PATIENCE)


def test_a_picture_is_chosen_and_the_one_before_is_the_second(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&lang=en")
    judged(page)
    before = pixels(page, f"{SAMPLE} .v-outcome canvas")
    page.locator(f"{SAMPLE} .v-gan-cell").nth(4).click()
    assert (knob(page, "face"), knob(page, "other")) == (4, 28)
    page.wait_for_function(
        "([s, b]) => document.querySelector(s).toDataURL() !== b", arg=[f"{SAMPLE} .v-outcome canvas", before]
    )
    expect(page.locator(f"{SAMPLE} .v-gan-cell[aria-pressed=true]")).to_have_count(1)
    letters = "[...document.querySelectorAll('.v-gan-cell')].map(n => n.dataset.letter).filter(Boolean)"
    assert page.evaluate(letters) == ["A", "B"]
    expect(page.locator(TOLD)).to_contain_text("seed 4 · ψ = 0.70 · D(x) = 0.", timeout=PATIENCE)
    page.wait_for_function("location.search.includes('face=4') && location.search.includes('other=28')")
    again = visit(page.url)
    judged(again)
    assert pixels(again, f"{SAMPLE} .v-outcome canvas") == pixels(page, f"{SAMPLE} .v-outcome canvas")


def test_the_sheet_is_sorted_by_what_the_discriminator_says(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&sort=verdict&lang=en")
    judged(page)
    said = [float(each) for each in page.locator(f"{SAMPLE} .v-gan-verdict").all_inner_texts()]
    assert said == sorted(said, reverse=True) and said[0] > said[-1]
    page.click(f"{SAMPLE} .v-seg[data-knob=sort] [data-value=seed]")
    verdict = re.compile(r"^Choose: seed 0, D\(x\) = 0\.\d\d$")
    expect(page.locator(f"{SAMPLE} .v-gan-cell").first).to_have_attribute("aria-label", verdict)


def test_a_neighbour_is_stepped_to_by_click_and_by_enter_and_a_link_finds_it(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&view=near&lang=en")
    judged(page)
    picture = f"{SAMPLE} .v-gan-in-near .v-figure canvas"
    first = pixels(page, picture)
    page.locator(".v-gan-step").nth(6).click()
    judged(page, 2)
    page.locator(".v-gan-step").nth(1).focus()
    page.keyboard.press("Enter")
    judged(page, 3)
    expect(page.locator(TOLD)).to_contain_text("2 steps on")
    there = pixels(page, picture)
    page.wait_for_function("location.search.includes('path=745')")
    again = visit(page.url)
    judged(again)
    assert pixels(again, picture) == there != first
    page.get_by_role("button", name="A step back").click()
    assert knob(page, "path") == 15


def test_truncated_to_nothing_the_sheet_is_one_face(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&psi=0&lang=ru")
    judged(page)
    cells = "[...document.querySelectorAll('.v-gan-cell canvas')].map(c => c.toDataURL())"
    assert len(set(page.evaluate(cells))) <= 6, "but for what JPEG makes of their neighbours"
    expect(page.locator(TOLD)).to_contain_text("recall 0,0 %")


def drag(page: Page, selector: str) -> int:
    """Moves along an element, 16 ms apart; the pictures that answered."""
    box = page.locator(selector).first.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.evaluate("performance.clearMeasures()")
    page.mouse.move(box["x"] + 0.05 * box["width"], y)
    page.mouse.down()
    for move in range(MOVES):
        page.mouse.move(box["x"] + box["width"] * (0.05 + 0.9 * move / MOVES), y)
        page.wait_for_timeout(16)
    page.mouse.up()
    page.wait_for_timeout(300)
    return int(page.evaluate("performance.getEntriesByName('plane.frame').length"))


def test_every_move_of_psi_is_answered(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan")
    judged(page)
    heard = "window.heard = 0; vernissage.room('gan').on('knobs', ({ changed }) => { heard += changed.has('psi') })"
    page.evaluate(heard)
    # two pictures show each move: the chosen one, and the average beside it
    assert drag(page, f"{SAMPLE} .v-gan-psi .v-sliders-input") >= 2 * page.evaluate("heard") > 20


def test_layers_are_crossed_by_keys_and_bars_follow(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&view=mix&layer=0&lang=en")
    judged(page)
    smile = page.locator(f"{SAMPLE} .v-gan-layers .v-bars-number").first
    expect(smile).to_have_text("100")
    page.locator(f"{SAMPLE} .v-gan-layers [data-value='0']").focus()
    page.keyboard.press("ArrowDown")
    assert knob(page, "layer") == 2
    expect(smile).to_have_text(f"{100 * float(load_card('gan-faces').quality['from_2_smile']):.0f}")
    expect(page.locator(TOLD)).to_contain_text("2 layers from A, 7 from B")
    page.get_by_role("button", name="A ⇄ B").click()
    assert (knob(page, "face"), knob(page, "other")) == (16, 28)


def test_clothes_say_what_their_variety_is(visit: Visit, gallery: str) -> None:
    recall = 100 * float(load_card("gan-fashion").quality["recall_psi_10"])
    page = visit(f"{gallery}/?room=gan&model=fashion&psi=1&lang=en")
    judged(page)
    expect(page.locator(TOLD)).to_contain_text(f"recall {recall:.1f}%: the share of real clothes")
    assert page.locator(f"{SAMPLE} .v-gan-heads span").count() == 10
    page.locator(f"{SAMPLE} .v-gan-cell").nth(13).click()
    assert (knob(page, "face"), knob(page, "label")) == (1, "3")
    expect(page.locator(TOLD)).to_contain_text("dress, seed 1", timeout=PATIENCE)


def test_the_die_draws_others_and_a_film_goes_along_the_walk(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&view=walk&t=0&lang=en")
    judged(page)
    page.get_by_role("button", name="Others").locator("visible=true").click()
    assert (knob(page, "face"), knob(page, "other")) != (28, 16)
    judged(page, 2)
    page.locator(f"{SAMPLE} .v-film-strip").focus()
    page.keyboard.press("End")
    assert knob(page, "t") == 1
    expect(page.locator(f"{SAMPLE} .v-film-caption").last).to_have_text("t = 1.00")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_which_is_ours_is_told_after_the_answer_only(visit: Visit, gallery: str, lang: str) -> None:
    quality = load_card("gan-faces").quality
    own, theirs = (f"{quality[f'{whose}frechet_at_500k']:.1f}" for whose in ("", "dcgan_"))
    page = visit(f"{gallery}/?room=gan&act=training&lang={lang}")
    film = page.locator(f"{TRAINING} .v-w-film")
    expect(film).to_have_attribute("data-frames", "11", timeout=PATIENCE)
    act = page.locator(TRAINING)
    assert page.locator(f"{TRAINING} figcaption").all_inner_texts() == ["A", "B"]
    assert page.locator(f"{TRAINING} .v-gan-dot:visible").count() == 0
    assert f" {own}" not in act.inner_text().replace(",", ".")
    page.locator(f"{TRAINING} .v-gan-answers button").first.click()
    said = page.locator(f"{TRAINING} .v-gan-answer")
    expect(said).to_contain_text("Нет, наш B" if lang == "ru" else "No, ours is B")
    for figure in (own, theirs):
        expect(said).to_contain_text(figure.replace(".", ",") if lang == "ru" else figure)
    measured = sum(key.startswith(("frechet_at_", "dcgan_frechet_at_")) for key in quality)
    assert page.locator(f"{TRAINING} .v-gan-dot:visible").count() == measured
    expect(page.locator(f"{TRAINING} figcaption").first).to_contain_text("DCGAN")
    page.wait_for_function("location.search.includes('guess=a')")
    page.get_by_role("button", name="Спросите ещё раз" if lang == "ru" else "Ask again").click()
    assert page.locator(f"{TRAINING} figcaption").all_inner_texts() == ["A", "B"]


def test_the_film_of_training_is_scrubbed_and_a_link_finds_its_frame(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=gan&act=training&mark=20000&lang=en")
    caption = page.locator(f"{TRAINING} .v-film-caption").last
    expect(caption).to_have_text("after 20,000 pictures", timeout=PATIENCE)
    page.locator(f"{TRAINING} .v-film-strip").focus()
    before = pixels(page, f"{TRAINING} .v-gan-rows canvas")
    page.keyboard.press("ArrowRight")
    expect(caption).to_have_text("after 40,000 pictures")
    assert page.evaluate("vernissage.room('gan').knobs.mark") == 40_000
    assert pixels(page, f"{TRAINING} .v-gan-rows canvas") != before
    page.get_by_role("button", name="From the very beginning").click()
    page.wait_for_function("vernissage.room('gan').knobs.mark > 2000", timeout=PATIENCE)


@pytest.mark.parametrize(("act", "name"), [("sample&view=walk", "sample"), ("training", "training")])
def test_a_film_is_saved_for_a_slide(visit: Visit, gallery: str, act: str, name: str) -> None:
    page = visit(f"{gallery}/?room=gan&act={act}&lang=en")
    here = page.locator(f"#act-gan-{name}")
    frames = "21" if name == "sample" else "11"
    expect(here.locator(".v-w-film")).to_have_attribute("data-frames", frames, timeout=PATIENCE)
    here.locator(".v-film-menu summary").click()
    with page.expect_download(timeout=PATIENCE) as saved:
        here.get_by_role("button", name="MP4").click()
    assert re.fullmatch(rf"vernissage-gan-{name}[\w.-]*\.mp4", saved.value.suggested_filename)
    high, wide = first_frame(saved.value.path()).shape
    assert high == 720 and wide > 1.5 * high, "both ways, or both generators, side by side"


def first_frame(path: Path) -> np.ndarray:
    with av.open(path) as video:
        return next(video.decode(video=0)).to_ndarray(format="gray")
