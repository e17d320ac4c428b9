"""The VAE room as a visitor meets it: with the hand, with keys, by a link, with a photo, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PORTRAIT = Path(__file__).parents[2] / "gallery" / "widgets" / "samples" / "astronaut.jpg"
PLANE, FACES = "#act-vae-plane", "#act-vae-smile"


def knob(page: Page, name: str) -> object:
    return page.evaluate(f"vernissage.room('vae').knobs.{name}")


def pixels(page: Page, selector: str) -> str:
    """What a picture shows, as text to compare."""
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", selector))


def shown(page: Page, act: str, times: int = 1) -> None:
    """Wait until the act's first picture has been drawn so often."""
    picture = f"{act} .v-outcome .v-w-picture" if act == PLANE else f"{act} .v-stage .v-w-picture"
    page.wait_for_function("([s, n]) => Number(document.querySelector(s)?.dataset.frames) >= n", arg=[picture, times])


def test_a_drag_is_followed_by_pictures(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae")
    shown(page, PLANE)
    box = page.locator(f"{PLANE} .v-plane-field").bounding_box()
    assert box
    before = int(page.locator(f"{PLANE} .v-w-plane").get_attribute("data-frames") or 0)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for step in range(25):
        page.mouse.move(box["x"] + 60 + 12 * step, box["y"] + 60 + 9 * step)
        page.wait_for_timeout(16)
    page.mouse.up()
    page.wait_for_function(
        "([s, n]) => Number(document.querySelector(s).dataset.frames) >= n", arg=[f"{PLANE} .v-w-plane", before + 5]
    )
    assert knob(page, "u") != 0.6


def test_switching_beta_changes_plane_and_terms(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&lang=en")
    shown(page, PLANE)
    page.click(f"{PLANE} .v-seg[data-knob=beta] [data-value='0']")
    expect(page.locator(f"{PLANE} .v-vae-sum")).to_contain_text("no σ")
    expect(page.locator(f"{PLANE} .v-bars-number").nth(3)).to_have_text("–")
    page.click(f"{PLANE} .v-seg[data-knob=view] [data-value=scatter]")
    expect(page.locator(f"{PLANE} .v-legend-entry")).to_have_count(10)


def test_a_sketch_moves_the_point_and_fills_the_bars(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&lang=en")
    shown(page, PLANE)
    pad = page.locator(f"{PLANE} .v-sketch-pad").bounding_box()
    assert pad
    middle = pad["x"] + pad["width"] / 2
    page.mouse.move(middle, pad["y"] + 20)
    page.mouse.down()
    page.mouse.move(middle - 8, pad["y"] + pad["height"] - 20, steps=12)
    page.mouse.up()
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Your drawing")
    page.wait_for_function("vernissage.room('vae').knobs.u !== 0.6")
    expect(page.locator(f"{PLANE} .v-vae-sum")).to_contain_text("ELBO = −")
    page.locator(f"{PLANE} .v-plane-field").press("ArrowLeft")
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Under the point")


def test_a_link_restores_drawing_model_and_view(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&data=fashion&beta=4&view=scatter&drawing=1&lang=en")
    expect(page.locator(f"{PLANE} .v-vae-thumb[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Your drawing")
    page.wait_for_function("new URLSearchParams(location.search).get('u') !== '0.6'")
    again = visit(page.url)
    expect(again.locator(f"{PLANE} .v-vae-what")).to_have_text("Your drawing")
    again.wait_for_timeout(500)
    assert [knob(again, name) for name in ("u", "v", "drawing")] == [knob(page, name) for name in ("u", "v", "drawing")]


def test_a_slider_moves_the_face_and_the_sum(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    shown(page, FACES)
    face = f"{FACES} .v-stage canvas"
    before = pixels(page, face)
    page.locator(f"{FACES} .v-sliders-input").first.fill("2")
    expect(page.locator(f"{FACES} .v-outcome .v-w-plaque").first).to_contain_text("z′ = z + 2.0·v₁")
    page.wait_for_function("([s, b]) => document.querySelector(s).toDataURL() !== b", arg=[face, before])
    assert knob(page, "along") == "smile"


def test_an_upload_is_found_framed_and_reconstructed(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    shown(page, FACES)
    page.locator(f"{FACES} input[type=file]").first.set_input_files(PORTRAIT)
    page.wait_for_function("vernissage.room('vae').knobs.face === 'own'")
    expect(page.locator(f"{FACES} .v-photo-say").first).to_contain_text("A face was found")
    # A link does not carry the photo: it opens with one of our faces, and says so.
    page.wait_for_function("location.search.includes('face=own')")
    other = visit(page.url)
    expect(other.locator(".v-notice")).to_contain_text("does not travel in a link")
    assert knob(other, "face") == "1"


def test_two_faces_are_mixed_and_a_new_one_is_taken(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&mode=mix&t=0&lang=en")
    film = page.locator(f"{FACES} .v-mode-mix .v-w-film[data-frames]")
    expect(film).to_have_count(1)
    page.click(f"{FACES} .v-seg[data-knob=mode] [data-value=new]")
    page.locator(f"{FACES} .v-portraits-cell").nth(7).click()
    page.wait_for_function(
        "import('gallery/widgets/_kit.js').then(kit => kit.last(vernissage.room('vae'), 'photo')?.sample === 'drawn')"
    )
    assert (knob(page, "face"), knob(page, "cell"), knob(page, "mode")) == ("drawn", 7, "edit")


def test_everything_can_be_done_with_keys(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&lang=en")
    shown(page, PLANE)
    page.locator(f"{PLANE} .v-plane-field").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    assert (knob(page, "u"), knob(page, "v")) == (0.5, 0.05)
    page.locator(f"{PLANE} .v-seg[data-knob=beta] [aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    assert knob(page, "beta") == "4"
    page.locator(f"{PLANE} .v-sketch-pad").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(f"{PLANE} .v-vae-what")).to_have_text("Your drawing")
    page.locator(f"{PLANE} .v-seg[data-knob=act] [aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(FACES)).to_be_visible()
    page.locator(f"{FACES} .v-sliders-input").first.focus()
    page.keyboard.press("ArrowRight")
    assert knob(page, "smile") == 0.1


def test_walk_goes_from_one_class_to_another(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&lang=en&beta=20", reduced_motion="reduce")
    shown(page, PLANE)
    page.get_by_role("button", name="Walk from 9 to 4").click()
    page.wait_for_function("vernissage.room('vae').knobs.u !== 0.6")
    assert knob(page, "beta") == "1"


def test_phone_shows_act_first_and_nothing_is_cut_off(visit: Visit, gallery: str) -> None:
    for act in ("plane", "smile"):
        page = visit(f"{gallery}/?room=vae&act={act}", viewport={"width": 390, "height": 844})
        shown(page, f"#act-vae-{act}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
