"""The act "losses" of the CycleGAN room as a visitor meets it: a question, its reveal, other emoji, eight at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

ACT = "#act-cyclegan-losses"
PATIENCE = 90_000


def answered(page: Page, before: int) -> None:
    """Wait for one answer more."""
    found = "([act, n]) => Number(document.querySelector(`${act} .v-w-cyclegan-losses`)?.dataset.frames) > n"
    page.wait_for_function(found, arg=[ACT, before], timeout=PATIENCE)


def sources(page: Page) -> list[str]:
    """The pictures of the table: x, G(x) of each that is shown, y, F(G(x)) of each."""
    return list(page.locator(f"{ACT} .v-losses-table img").evaluate_all("all => all.map(image => image.src)"))


def test_a_network_is_seen_when_its_question_is_answered(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=cyclegan&act=losses&lang=en")
    answered(page, 0)
    here = page.locator(ACT)
    hidden = here.locator(".v-losses-closed")
    lacking = hidden.count() // 2
    assert lacking >= 2 and len(sources(page)) == 4, "x, y, and the full loss there and back"
    assert "?" in here.locator("[data-row=judged]").inner_text()
    question = here.locator(".v-losses-card")
    expect(question.locator("small")).to_have_count(0)
    question.get_by_role("button", name="Neither").click()
    expect(hidden).to_have_count(2 * lacking - 2)
    assert len(set(sources(page))) == 6, "two pictures more, and no two are the same"
    expect(question.locator("small")).to_have_count(2)
    holding = question.locator("[data-state=right]")
    said = question.locator(".v-lab-why")
    right = "Neither" in " ".join(holding.all_inner_texts())
    assert holding.count() == (1 if right else holding.count()) > 0
    expect(said).to_contain_text("Right." if right else "No.")
    page.wait_for_function("location.search.includes('said_nocycle=c')")
    hidden.first.focus()
    page.keyboard.press("Enter")
    expect(here.locator(".v-seg[data-knob=loss] [aria-checked=true]")).to_have_text("No identity")
    question.get_by_role("button", name="Show without an answer").click()
    expect(said).not_to_be_empty()
    assert not said.inner_text().startswith(("Right", "No."))
    question.get_by_role("button", name="Hide and ask again").click()
    expect(hidden).to_have_count(2 * lacking - 2)


def test_other_emoji_the_other_way_and_eight_at_once(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=cyclegan&act=losses&lang=en&emoji=7&said_nocycle=a")
    answered(page, 0)
    here = page.locator(ACT)
    before = sources(page)
    here.get_by_role("button", name="The next eight").click()
    answered(page, 1)
    assert page.evaluate("vernissage.room('cyclegan').knobs.emoji") == 15
    expect(here.locator(".v-losses-chip[aria-pressed=true]")).to_have_attribute("aria-label", "Emoji 16")
    here.get_by_role("button", name="The eight before").click()
    answered(page, 2)
    assert sources(page) == before, "the same emoji, the same pictures"
    here.locator(".v-seg[data-knob=loss_way] [data-value=b2a]").click()
    answered(page, 3)
    turned = sources(page)
    half = len(before) // 2
    assert (turned[0], turned[half]) == (before[half], before[0]), "x and y have changed places"
    here.locator(".v-try", has_text="Eight at once").click()
    rows = here.locator(".v-losses-eight img")
    expect(rows).to_have_count(4, timeout=PATIENCE)
    assert len(set(rows.evaluate_all("all => all.map(image => image.src)"))) == 4
    expect(here.locator(".v-losses-marks span")).to_have_count(16)
    page.evaluate("vernissage.room('cyclegan').set({said_nocycle: 'none'})")
    expect(rows).to_have_count(2)
    expect(here.locator(".v-losses-said")).to_contain_text("Answer the question first")


def test_a_question_behind_the_words_is_brought_before_the_class_votes_on_it(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=cyclegan&act=losses&lang=en")
    answered(page, 0)
    question = page.locator(f"{ACT} .v-losses-card")
    page.keyboard.press("p")
    expect(question).to_be_hidden()
    page.keyboard.press("v")
    code = page.locator(".v-vote-qr svg")
    expect(code).to_be_visible()
    expect(question).to_be_visible()
    button = page.get_by_role("button", name="QR code", exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    button.press("Enter")
    expect(code).to_be_hidden()
    page.wait_for_timeout(2500)  # the count has been asked for anew since
    expect(button).to_be_focused()
    button.press("Enter")
    expect(code).to_be_visible()
