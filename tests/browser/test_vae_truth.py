"""The VAE room says what it shows: after clearing, while the film plays, on the way back, with a photo on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.bench import drawn
from tests.browser.conftest import Visit
from tests.browser.test_vae import FACES, PLANE, PORTRAIT, knob, shown

pytestmark = pytest.mark.browser


def total(page: Page) -> float:
    """The ELBO that is on the screen."""
    return float(page.locator(f"{PLANE} .v-vae-sum b").last.inner_text().split()[0].replace("−", "-"))


def test_a_cleared_pad_gives_the_terms_back_to_the_point(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&drawing=4&lang=en")
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Your drawing")
    page.wait_for_function("vernissage.room('vae').knobs.u !== 0.6")
    page.locator(f"{PLANE} .v-sketch-pad").press("Delete")
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Under the point")
    page.wait_for_function("vernissage.room('vae').knobs.drawing === -1")
    page.wait_for_function("new URLSearchParams(location.search).get('drawing') === '-1'")
    again = visit(page.url)
    shown(again, PLANE)
    assert total(page) == pytest.approx(total(again), abs=0.2)


def test_the_film_chooses_the_model_and_view_that_it_shows(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&beta=20&view=scatter&lang=en")
    film = page.locator(f"{PLANE} .v-w-film[data-frames] .v-film-strip")
    film.press("Home")
    assert (knob(page, "beta"), knob(page, "view")) == ("1", "manifold")
    expect(page.locator(f"{PLANE} .v-plane-cover")).to_be_visible()
    page.click(f"{PLANE} .v-seg[data-knob=view] [data-value=scatter]")
    expect(page.locator(f"{PLANE} .v-plane-cover")).to_be_hidden()


def test_to_draw_a_digit_there_must_be_digits(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&data=fashion&lang=en")
    shown(page, PLANE)
    page.click(f"{PLANE} .v-try[data-emit=draw]")
    assert knob(page, "data") == "digits"
    expect(page.locator(f"{PLANE} .v-sketch-pad")).to_be_focused()


def test_back_returns_to_the_other_act_and_keeps_both(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=plane&u=2&lang=en")
    shown(page, PLANE)
    page.click(f"{PLANE} .v-switch [data-value=smile]")
    page.locator(f"{FACES} .v-sliders-input").first.fill("2")
    page.wait_for_function("location.search.includes('smile=2')")
    page.go_back()
    expect(page.locator(f"{PLANE} h2")).to_be_visible()
    assert (knob(page, "u"), knob(page, "smile")) == (2, 2)
    page.go_forward()
    expect(page.locator(f"{FACES} h2")).to_be_visible()
    assert knob(page, "smile") == 2


def test_the_address_follows_while_a_film_plays(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&mode=edit&lang=en")
    shown(page, FACES)
    page.click(f"{FACES} .v-try[data-emit='mix.play']")
    page.wait_for_function("location.search.includes('mode=mix')", timeout=10_000)
    expect(page.locator(f"{FACES} .v-mode-mix .v-film-play")).to_have_attribute("aria-label", "Pause")


@pytest.mark.parametrize("mode", ["edit", "mix"])
def test_a_photo_needs_no_scrolling(visit: Visit, gallery: str, mode: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&mode={mode}&lang=ru")
    page.locator(f"{FACES} .v-photo-thumb").first.wait_for()
    inputs = page.locator(f"{FACES} input[type=file]")
    for index in range(2 if mode == "mix" else 1):
        inputs.nth(index).set_input_files(PORTRAIT)
        page.wait_for_function(f"vernissage.room('vae').knobs.{('face', 'face2')[index]} === 'own'")
    expect(page.locator(f"{FACES} .v-photo-stage ~ .v-photo-strip .v-photo-thumb").first).to_be_visible()
    drawn(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
    page.keyboard.press("p")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= 720


def test_presenter_mode_fits(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=ru")
    page.keyboard.press("p")
    for mode in ("edit", "mix", "new"):
        page.evaluate("mode => vernissage.room('vae').set({mode})", mode)
        page.locator(f"{FACES} .v-mode-{mode} .v-w-film[data-frames]").wait_for()
        drawn(page)
        assert page.evaluate("document.documentElement.scrollHeight") <= 720
        room = page.evaluate(f"(e => [e.scrollHeight, e.clientHeight])(document.querySelector('{FACES} .v-outcome'))")
        assert room[0] <= room[1]


def test_a_link_says_only_what_concerns_the_screen(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&mode=edit&face2=own&lang=en")
    shown(page, FACES)
    assert knob(page, "face2") == "collins"
    assert page.locator(".v-notice").inner_text() == ""


def test_a_frame_set_by_hand_is_acknowledged(visit: Visit, gallery: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    Image.new("RGB", (300, 200), (90, 160, 90)).save(empty)
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    shown(page, FACES)
    page.locator(f"{FACES} input[type=file]").first.set_input_files(empty)
    said = page.locator(f"{FACES} .v-photo-say p").first
    expect(said).to_have_text("No face was found: set the frame yourself.")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Cut out by your frame; you can adjust it.")
    assert knob(page, "face") == "own"
