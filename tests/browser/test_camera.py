"""The webcam, in a Chromium that pretends to have two: its light is out whenever nobody sees the preview."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS, chromium
from tests.browser.test_photos import PASTE, corner, encoded

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""
WATCHED = """window.lights = []; const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await asked(wanted); window.lights.push(...stream.getTracks()); return stream; };"""
LIT = "window.lights.filter(({readyState}) => readyState === 'live').length"
DARK = f"{LIT} === 0"
PHOTO = "#act-vae-smile .v-mode-edit .v-w-photo"


@pytest.fixture(scope="module")
def visitor(browser: Browser, gallery: str) -> Iterator[Callable[..., Page]]:
    """Opens the smile's act in a browser with two cameras that draw; script: run before anything else."""
    pretended = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2"]
    started = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *pretended])

    def opened(script: str = "", query: str = "room=vae&act=smile", shown: str = f"{PHOTO} .v-photo-thumb") -> Page:
        page = started.new_context(viewport={"width": 1280, "height": 720}, locale="en-US").new_page()
        page.add_init_script(WATCHED + script)
        page.goto(f"{gallery}/?{query}&lang=en")
        page.wait_for_selector(shown, timeout=PATIENCE)
        return page

    yield opened
    started.close()


def lit(page: Page) -> None:
    """Press the camera's button and wait for its picture."""
    page.locator(f"{PHOTO} .v-photo-start .v-button").nth(1).click()
    expect(page.locator(f"{PHOTO} .v-photo-video ~ .v-photo-bar button").first).to_be_enabled(timeout=PATIENCE)
    assert page.evaluate(LIT) == 1


def dark(page: Page) -> None:
    """The light is out, and the choice of a photo is back."""
    page.wait_for_function(DARK)
    assert page.locator(".v-photo-video").count() == 0


def test_the_light_goes_out_whichever_way_one_leaves(visitor: Callable[..., Page]) -> None:
    page = visitor()
    ways: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        (
            "mode",
            lambda: page.click("[data-knob=mode] [data-value=new]"),
            lambda: page.click("[data-knob=mode] [data-value=edit]"),
        ),
        ("act", lambda: page.click("#act-vae-smile .v-switch [data-value=plane]"), page.go_back),
        ("room", lambda: page.click("[data-room-tab=diffusion]"), page.go_back),
        ("cross", lambda: page.locator(f"{PHOTO} .v-photo-video ~ .v-photo-bar button").nth(1).click(), lambda: None),
        ("paste", lambda: page.evaluate(PASTE, [base64.b64encode(encoded(corner(), "PNG")).decode()]), lambda: None),
    ]  # fmt: skip
    for _, leave, come in ways:
        expect(page.locator(f"{PHOTO} .v-photo-start")).to_be_visible(timeout=PATIENCE)
        lit(page)
        leave()
        dark(page)
        come()


def test_another_camera_can_be_chosen_and_is_remembered(visitor: Callable[..., Page]) -> None:
    page = visitor()
    lit(page)
    cameras = page.locator(f"{PHOTO} .v-photo-cameras")
    expect(cameras).to_be_visible()
    other = cameras.locator("option").nth(1).get_attribute("value")
    assert other and cameras.input_value() != other
    cameras.select_option(other)
    used = "window.lights.filter(({readyState}) => readyState === 'live').map((t) => t.getSettings().deviceId)"
    page.wait_for_function(f"({used}).join() === '{other}'")
    page.reload()
    page.wait_for_selector(f"{PHOTO} .v-photo-thumb", timeout=PATIENCE)
    lit(page)
    assert page.evaluate(used) == [other]


@pytest.mark.parametrize(
    "script",
    [
        "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no', 'NotAllowedError'));",
        "Object.defineProperty(HTMLVideoElement.prototype, 'videoWidth', {get: () => 0});",
    ],
)
def test_a_camera_that_shows_nothing_says_so_and_goes_out(visitor: Callable[..., Page], script: str) -> None:
    page = visitor(script)
    page.locator(f"{PHOTO} .v-photo-start .v-button").nth(1).click()
    expect(page.locator(".v-notice")).to_contain_text("gives no picture", timeout=PATIENCE)
    dark(page)
    expect(page.locator(f"{PHOTO} .v-photo-start")).to_be_visible()


def test_the_shutter_takes_a_photo(visitor: Callable[..., Page]) -> None:
    page = visitor()
    lit(page)
    page.locator(f"{PHOTO} .v-photo-video ~ .v-photo-bar button").first.click()
    expect(page.locator(f"{PHOTO} .v-crop")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate(LIT) == 0


LIVING, TRANSLATE = ".v-w-cyclegan-living", ".v-w-cyclegan-translate"


def alive(page: Page, times: int) -> None:
    """Wait for so many translated frames."""
    page.wait_for_function(
        f"n => Number(document.querySelector('{LIVING}').dataset.frames ?? 0) >= n", arg=times, timeout=PATIENCE
    )


def test_the_camera_is_translated_as_it_sees_and_is_dark_when_it_is_left(visitor: Callable[..., Page]) -> None:
    counted = """window.asked = 0; window.most = 0; const sent = window.fetch;
      window.fetch = async (...args) => {
        const ours = String(args[1]?.body).includes('"live"');
        if (ours) window.most = Math.max(window.most, ++window.asked);
        const answer = await sent(...args);
        if (ours) { await answer.clone().text(); window.asked -= 1; }
        return answer; };"""
    page = visitor(counted, "room=cyclegan&act=translate&pair=monet", f"{TRANSLATE}:not([data-frames='0'])")
    start = page.get_by_role("button", name="The camera, live")
    start.click()
    alive(page, 3)
    made = f"document.querySelector('{LIVING} canvas').toDataURL()"
    before = page.evaluate(made)
    alive(page, 6)
    assert page.evaluate(made) != before and page.evaluate("window.most") == 1, "one frame under way at a time"
    assert page.locator(TRANSLATE).is_hidden()
    expect(page.locator(f"{LIVING} [role=status]")).to_contain_text("translations a second, 128 pixels")
    assert page.locator(f"{LIVING} .v-photo-cameras option").count() == 2
    page.evaluate("vernissage.room('cyclegan').set({pair: 'emoji'})")
    page.wait_for_function(f"document.querySelector('{LIVING} canvas').width === 64", timeout=PATIENCE)
    page.click(f"{LIVING} .v-living-off")
    page.wait_for_function(DARK)
    assert page.locator(LIVING).is_hidden() and page.locator(TRANSLATE).is_visible()
    for leave in ("[data-room-tab=vae]", "#act-cyclegan-translate .v-switch [data-value=plane]"):
        start.click()
        page.wait_for_function(f"{LIT} === 1")
        page.click(leave)
        page.wait_for_function(DARK)
        page.go_back()
        expect(start).to_be_visible(timeout=PATIENCE)
    page.wait_for_function("window.asked === 0")
