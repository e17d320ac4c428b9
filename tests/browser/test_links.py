"""What a link, a reload and the browser's "back" bring, and what is said of the rest."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""
EDIT = "#act-diffusion-edit"
PAINT = f"{EDIT} .v-edit-paint"

COVERED = """() => {
  const box = (node) => node.getBoundingClientRect();
  const word = box([...document.querySelectorAll('.v-generate-word')].find((node) => node.offsetParent));
  const meets = (a) => a.left < word.right && word.left < a.right && a.top < word.bottom && word.top < a.bottom;
  const all = [...document.querySelectorAll('figcaption, .v-edit-pad, .v-diff-choices')];
  const seen = all.filter((node) => node.offsetParent);
  return seen.filter((node) => meets(box(node))).map((node) => node.textContent || node.className);
}"""
"""What the word over empty cards lies on."""


def painted(page: Page) -> str:
    """What is painted on the face, as text; "" for nothing."""
    found = """s => { const c = document.querySelector(s);
        return c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(Boolean) ? c.toDataURL() : "" }"""
    return str(page.evaluate(found, PAINT))


def wait_painted(page: Page, wanted: bool) -> None:
    """Wait until something, or nothing, is painted."""
    found = """([s, wanted]) => { const c = document.querySelector(s);
        return c && c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(Boolean) === wanted }"""
    page.wait_for_function(found, arg=[PAINT, wanted], timeout=PATIENCE)


def test_back_undoes_a_try_and_stays_in_the_act(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en&u=2&v=1")
    page.evaluate("vernissage.room('example').set({u: -1})")  # not yet in the address when the prompt is pressed
    page.click("text=Walk from 9 to 4")
    page.wait_for_function("vernissage.room('example').knobs.u === 1.5")
    page.go_back()
    page.wait_for_function("vernissage.room('example').knobs.u === -1")
    assert page.evaluate("vernissage.room('example').knobs.v") == 1
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    page.go_forward()
    page.wait_for_function("vernissage.room('example').knobs.u === 1.5")


def test_what_a_try_paints_is_in_the_link_and_what_a_hand_paints_is_said_not_to_be(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=edit&t0=100&lang=en")
    page.wait_for_function(
        "document.querySelector('.v-edit-base')?.getContext('2d').getImageData(99, 99, 1, 1).data[3]"
    )
    page.locator(f"{EDIT} .v-try").first.click()
    wait_painted(page, True)
    page.wait_for_function("location.search.includes('paint=glasses')")
    glasses = painted(page)
    other = visit(page.url)
    wait_painted(other, True)
    assert painted(other) == glasses
    other.click("[data-do=link]")
    expect(other.locator(".v-notice")).not_to_contain_text("by hand")
    page.go_back()
    wait_painted(page, False)
    other.locator(f"{EDIT} .v-edit-pad").click(position={"x": 40, "y": 40})
    assert painted(other) != glasses
    other.wait_for_function("location.search.includes('paint=none')")
    other.click("[data-do=link]")
    expect(other.locator(".v-notice")).to_contain_text("drawn by hand is kept neither by a link")
    other.reload()
    expect(other.locator(".v-notice")).to_contain_text("drawn by hand is kept neither by a link")


def test_a_reload_keeps_the_presenter_and_says_what_it_loses(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?lang=en")
    notice, root = page.locator(".v-notice"), page.locator("html")
    film = page.locator("#act-vae-plane .v-w-film[data-frames]")
    for back, said in ((1, True), (0, False)):
        expect(film).to_be_visible(timeout=PATIENCE)
        for _ in range(back):
            film.locator(".v-film-tools button").first.click()
        page.click("[data-do=link]")
        expect(notice).to_contain_text("Link copied")
        expect(notice).to_contain_text("frame" if said else "")
        page.keyboard.press("p")
        page.reload()
        page.wait_for_selector("#act-vae-plane .katex")
        expect(root).to_have_class(re.compile("v-present" if said else "^(?!.*v-present)"))
        expect(notice).to_have_text(
            "The frame at which a film stands is kept neither by a link nor by a reload." if said else ""
        )


@pytest.mark.parametrize(("lang", "word"), [("ru", "нажмите «Сгенерировать»"), ("en", "press “Generate”")])
def test_a_link_to_something_slow_says_why_nothing_hangs_there(
    visit: Visit, gallery: str, lang: str, word: str
) -> None:
    page = visit(f"{gallery}/?room=diffusion&lang={lang}&steps=4")
    for given in ("act=reverse&sampler=ddpm&steps=1000", "act=lanes&n1=1000", "act=edit&edit=between"):
        page.goto(f"{gallery}/?room=diffusion&{given}&lang={lang}")
        expect(page.locator(".v-act:not([hidden]) .v-generate-word")).to_contain_text(word, timeout=PATIENCE)
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize(
    ("given", "word"), [("act=reverse&model=cat", "has to be downloaded"), ("act=edit&edit=fill", "First rub out")]
)
def test_what_has_to_be_done_first_is_said_and_covers_nothing(
    visit: Visit, gallery: str, given: str, word: str
) -> None:
    page = visit(f"{gallery}/?room=diffusion&{given}&lang=en")
    expect(page.locator(".v-act:not([hidden]) .v-generate-word")).to_contain_text(word, timeout=PATIENCE)
    assert page.evaluate(COVERED) == []


def test_two_faces_hang_there_before_one_is_led_into_the_other(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=edit&edit=between&lang=en")
    page.wait_for_function(
        "[...document.querySelectorAll('.v-edit-led canvas')].filter((each) => each.width > 100).length === 2",
        timeout=PATIENCE,
    )


def test_the_formula_is_that_of_the_mode(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    formulas = page.locator("#act-vae-smile .v-words .v-formula:visible annotation")
    for mode, sign in (("edit", "neutral"), ("mix", "(1 - t)"), ("new", "p(z)")):
        page.evaluate("mode => vernissage.room('vae').set({ mode })", mode)
        expect(formulas).to_have_count(1)
        expect(formulas).to_contain_text(sign)


def test_what_there_is_not_is_not_offered(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=forward&lang=en")
    page.wait_for_selector("#act-diffusion-forward .v-photo-thumb", timeout=PATIENCE)
    expect(page.locator("#act-diffusion-forward .v-w-diffusion-forward button")).to_be_hidden()
    # Of the kind: nothing that is marked as hidden is seen, whatever its class says of its layout.
    seen = "[...document.querySelectorAll('[hidden]')].filter((node) => node.getClientRects().length)"
    assert page.evaluate(f"{seen}.map((node) => node.className)") == []
