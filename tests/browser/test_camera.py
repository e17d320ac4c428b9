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

    def opened(script: str = "") -> Page:
        page = started.new_context(viewport={"width": 1280, "height": 720}, locale="en-US").new_page()
        page.add_init_script(WATCHED + script)
        page.goto(f"{gallery}/?room=vae&act=smile&lang=en")
        page.wait_for_selector(f"{PHOTO} .v-photo-thumb", timeout=PATIENCE)
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
