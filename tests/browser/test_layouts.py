"""Every act on the screens that lecturers and students have: nothing covered, nothing cut, the film in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.bench import drawn
from tests.browser.conftest import ROOT, Visit

pytestmark = pytest.mark.browser

LOOK = Path(__file__).with_name("layout.js").read_text("utf-8")
PHOTO = ROOT / "gallery/widgets/samples/astronaut.jpg"
ACTS = [("vae", act) for act in ("plane", "smile")]
ACTS += [("gan", act) for act in ("sample", "steer", "training", "laboratory")]
ACTS += [("cyclegan", act) for act in ("translate", "losses", "training", "plane")]
ACTS += [("diffusion", act) for act in ("reverse", "forward", "lanes", "edit", "score")]
ACTS += [("flow", act) for act in ("line", "plane", "matching", "glow")]
BESIDE = [(1280, 720), (1366, 657)]
"""Screens of a lectern: everything but further words is seen without scrolling."""
SMALL = [(1024, 768), (900, 700), (390, 844), (844, 390)]
PHONE = 480
PATIENCE = 90_000


def hung(page: Page, room: str, act: str) -> None:
    """Wait for an act's film, or, in the laboratories, which have none, for their networks."""
    kinds = (".v-w-film", ".v-w-gan-lab", *(f".v-w-cyclegan-{name}" for name in ("plane", "translate", "losses")))
    kinds += (".v-w-flow-line", ".v-w-flow-plane")
    shows = ", ".join(f"#act-{room}-{act} {kind}[data-frames]:visible" for kind in kinds)
    page.wait_for_selector(shows, timeout=PATIENCE)


def look(page: Page, size: tuple[int, int] | None = None) -> dict[str, Any]:
    """What layout.js says of the act at this size of the page."""
    if size:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        drawn(page)  # widgets draw anew after a resize
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def whole(found: dict[str, Any], where: object) -> None:
    """Nothing hangs over, lies under something else, or is cut off."""
    for fault in ("wide", "covered", "cut"):
        assert found[fault] == [], f"{fault} at {where}"
    assert found["size"][0] <= found["seen"][0], f"sideways scrolling at {where}"


def in_sight(found: dict[str, Any], where: object) -> None:
    """Act, outcome and film are seen at once, and the film lies under none of them."""
    boxes, height = found["boxes"], found["seen"][1]
    assert found["size"][1] <= height, f"scrolling at {where}"
    film = ("play", "film") if boxes["film"] else ()
    for name in ("stage", "outcome", *film):
        assert boxes[name]["bottom"] <= height, f"{name} at {where}"
    end = boxes["film"]["top"] + 1 if film else height
    assert max(boxes["stage"]["bottom"], boxes["outcome"]["bottom"]) <= end, f"film at {where}"


@pytest.mark.parametrize(("room", "act"), ACTS)
def test_an_act_fits_every_screen_and_the_presenter(visit: Visit, gallery: str, room: str, act: str) -> None:
    page = visit(f"{gallery}/?room={room}&act={act}&lang=ru&steps=4&n1=4&n2=4&n3=4")
    hung(page, room, act)
    for size in BESIDE + SMALL:
        found = look(page, size)
        whole(found, size)
        if size in BESIDE:
            in_sight(found, size)
        if size[0] <= PHONE:
            assert found["boxes"]["title"]["top"] < found["boxes"]["stage"]["top"]
    look(page, BESIDE[0])
    presented(page)
    photos = page.locator(f"#act-{room}-{act} .v-w-photo:visible input[type=file]")
    if photos.count():
        photos.first.set_input_files(PHOTO)
        page.wait_for_selector(f"#act-{room}-{act} .v-crop img", timeout=PATIENCE)
        for size in BESIDE:
            in_sight(look(page, size), (size, "photo"))


def presented(page: Page) -> None:
    """The presenter shows words, then numbers, larger and without scrolling; it is left as it was found."""
    size = "s => parseFloat(getComputedStyle([...document.querySelectorAll(s)].find(n => n.offsetParent)).fontSize)"
    read = [".v-act h2", ".v-act .v-idea", ".v-act .katex", ".v-act .v-try", ".v-act .v-widget"]
    before = [page.evaluate(size, selector) for selector in read]
    page.keyboard.press("p")
    found = look(page)
    whole(found, "words")
    assert found["size"][1] <= BESIDE[0][1]
    assert found["boxes"]["outcome"] is None
    after = [page.evaluate(size, selector) for selector in read]
    assert after == pytest.approx([1.5 * each for each in before])
    assert found["boxes"]["try"]["bottom"] <= (found["boxes"]["film"] or {"top": BESIDE[0][1]})["top"]
    page.keyboard.press("w")
    found = look(page)
    whole(found, "numbers")
    in_sight(found, "numbers")
    # On a larger projector there is room for all of it at once.
    found = look(page, (1920, 1080))
    whole(found, "1920x1080")
    in_sight(found, "1920x1080")
    assert found["boxes"]["try"]
    page.keyboard.press("Escape")
    look(page, BESIDE[0])


def test_a_clicker_goes_through_acts_and_rooms(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=plane&lang=en")
    shown = "a => [...document.querySelectorAll('.v-act')].find(n => n.offsetParent)?.id === a"
    page.keyboard.press("PageDown")
    assert page.evaluate(shown, "act-vae-plane")  # the page's own key until somebody presents
    page.keyboard.press("p")
    page.locator("#act-vae-plane .v-film-strip").focus()
    for key, act in [("PageDown", "vae-smile"), ("PageDown", "gan-sample"), ("PageUp", "vae-smile")]:
        page.keyboard.press(key)
        page.wait_for_function(shown, arg=f"act-{act}", timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.keyboard.press("BracketLeft")
    page.wait_for_function(shown, arg="act-vae-plane")


def test_the_museum_can_be_shown(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=lanes&lang=en&n1=4&n2=4&n3=4")
    page.keyboard.press("p")
    page.get_by_role("button", name="Too few steps").click()
    lesson = page.locator("#act-diffusion-lanes .v-diff-lesson")
    lesson.get_by_text("Take more steps").wait_for(timeout=PATIENCE)
    assert page.locator("#act-diffusion-lanes .v-diff-lane:visible").count() == 2


def test_a_long_caption_leaves_room_for_the_buttons_that_fingers_need(visit: Visit, gallery: str) -> None:
    size = {"width": 390, "height": 844}
    page = visit(f"{gallery}/?room=vae&act=plane&lang=en", viewport=size, has_touch=True)
    page.wait_for_selector("#act-vae-plane .v-w-film[data-frames]:visible", timeout=PATIENCE)
    whole(look(page), "a phone")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_tries_on_a_phone_is_led_to_where_it_happens(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=plane&lang=en", viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Walk from 9 to 4").click()
    page.wait_for_function(
        "(() => { const { top } = document.querySelector('#act-vae-plane .v-stage').getBoundingClientRect();"
        " return top >= -2 && top < 300; })()"
    )
