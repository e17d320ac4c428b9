"""An act in a slide of a real reveal.js deck, which another site serves: it shows, gives and takes its state, leaves
the clicker to the deck, and has the camera."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from gallery.shell import page as house
from tests.browser.conftest import FLAGS, ROOT, Visit, chromium, serve

pytestmark = pytest.mark.browser

PATIENCE = 90_000
REVEAL = ROOT / "node_modules" / "reveal.js" / "dist"
DECK = (ROOT / "docs" / "embedding.md").read_text("utf-8").split("```html\n")[1].split("```")[0]
"""The deck of the documentation."""
HEARD = """const said = [];
addEventListener("message", ({ data }) => data.type?.startsWith("vernissage:") && said.push(data));
const give = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
const show = (link) => give({ type: "vernissage:show", link });
const last = () => new URLSearchParams(said.findLast(({ type }) => type === "vernissage:state")?.link.split("?")[1]);"""


@pytest.fixture(scope="module")
def reveal() -> Path:
    """reveal.js, which npm brings."""
    if not REVEAL.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no reveal.js: `npm install` brings it")
        pytest.skip("no reveal.js here: `npm install` brings it")
    return REVEAL


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site(reveal: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Another site, "localhost": its address, and the folder that it serves."""
    folder = tmp_path_factory.mktemp("deck")
    (folder / "node_modules").symlink_to(reveal.parents[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}", folder
    server.shutdown()


@pytest.fixture(scope="module")
def deck(browser: Browser, site: tuple[str, Path]) -> Iterator[Page]:
    """The deck's page, at its first slide, in a browser with a camera that draws."""
    address, folder = site
    pretended = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    started = browser.browser_type.launch(executable_path=chromium(), args=[*FLAGS, *pretended])
    for gallery in serve("app.py", "--frame-from", f"{address},file:"):
        (folder / "index.html").write_text(DECK.replace("http://127.0.0.1:7860", gallery), "utf-8")
        page = started.new_context(viewport={"width": 1280, "height": 720}, locale="en-US").new_page()
        page.add_init_script(f"if (self === top) {{ {HEARD} Object.assign(window, {{said, give, show, last}}); }}")
        page.goto(address)
        page.wait_for_function("Reveal.isReady()")
        yield page
    started.close()


def act(page: Page) -> Frame:
    """The gallery's frame, once its act is there."""
    frame = next(each for each in page.frames if "embed=1" in each.url)
    frame.wait_for_selector(".v-act:not([hidden]) h2:visible", timeout=PATIENCE)
    return frame


def slide(page: Page, n: int) -> None:
    page.wait_for_function("n => Reveal.getIndices().h === n", arg=n)


def test_an_act_stands_in_a_slide_alone_and_fits(deck: Page) -> None:
    deck.keyboard.press("ArrowRight")
    slide(deck, 1)
    frame = act(deck)
    expect(frame.locator("#act-vae-smile h2")).to_be_visible()
    for gone in (".v-header", ".v-switch", ".v-skip", "footer"):
        assert frame.locator(f"{gone}:visible").count() == 0
    # As large as its frame, whatever reveal.js makes of that: nothing scrolls.
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame.wait_for_selector("#act-vae-smile .v-w-film[data-frames]:visible", timeout=PATIENCE)
    frame.locator("#act-vae-smile h2").click()
    deck.keyboard.press("w")
    expect(frame.locator("#act-vae-smile .v-idea")).to_be_visible()
    for key in ("w", "p", "]", "2", "l", "?", "Escape"):
        deck.keyboard.press(key)
    assert frame.evaluate("vernissage.room('vae').knobs.act") == "smile"
    assert frame.locator("dialog").count() == 0
    expect(frame.locator("#act-vae-smile .v-idea")).to_be_hidden()


def test_its_state_is_given_and_taken_and_a_foreign_link_is_not(deck: Page) -> None:
    frame = act(deck)
    deck.wait_for_function("last().get('smile') === '1.5' && last().get('act') === 'smile'")
    frame.evaluate("vernissage.room('vae').set({smile: -2})")
    deck.wait_for_function("last().get('smile') === '-2'")
    links: set[str] = set(deck.evaluate("said.filter((each) => each.link).map((each) => each.link)"))
    here = frame.url.partition("?")[0]
    assert all(each.startswith(f"{here}?room=vae&act=smile&") for each in links) and "embed" not in "".join(links)

    for link in (f"{here}?room=vae&act=smile&smile=0.5", "?room=vae&act=smile&smile=1", "room=vae&act=smile&smile=2"):
        deck.evaluate("show", link)
        deck.wait_for_function("k => last().get('smile') === k", arg=link.rpartition("=")[2])
    deck.evaluate("show('?room=vae&act=smile&smile=99')")
    expect(frame.locator(".v-notice")).to_contain_text("out of range")
    deck.wait_for_function("last().get('smile') === '3'")  # what is used is answered
    deck.evaluate("show('?room=nowhere&smile=0')")
    expect(frame.locator(".v-notice")).to_contain_text("no room “nowhere”")
    before = frame.evaluate("[location.pathname, history.length]")
    count = deck.evaluate("said.length")
    hostile = [
        "javascript:alert(1)", "https://evil.example/?room=gan", "//evil.example/?room=gan", f"{here}other?room=gan",
        "data:text/html,x", "", 3, None, {}, ["?room=gan"], f"?room=gan&x={'x' * 3000}", "http://[",
    ]  # fmt: skip
    for given in hostile:
        deck.evaluate("show", given)
    deck.evaluate("[null, 3, '{}', 'slide:start', {type: 'vernissage:else'}].forEach(give)")
    deck.wait_for_function("n => said.length > n", arg=count)
    deck.evaluate("said.length = 0, give({type: 'vernissage:ask'})")
    deck.wait_for_function("last().get('smile') === '3'")
    assert frame.evaluate("[location.pathname, history.length]") == before
    assert frame.evaluate("vernissage.room('vae').knobs.smile") == 3
    # From anywhere else than the page around it nothing is taken.
    frame.evaluate("postMessage({ type: 'vernissage:show', link: '?room=gan' }, '*')")
    deck.evaluate("show('?room=vae&act=plane&u=1')")
    expect(frame.locator("#act-vae-plane h2")).to_be_visible()
    deck.wait_for_function("last().get('u') === '1'")


def test_a_clicker_goes_to_the_deck_whatever_has_the_focus(deck: Page) -> None:
    frame = act(deck)
    frame.locator(".v-act:not([hidden]) h2").click()
    deck.keyboard.press("PageDown")
    deck.wait_for_function("last().get('smile') === '-2'")  # the slide's fragment comes before the next slide
    frame.locator(".v-act:not([hidden]) h2").click()
    deck.keyboard.press("PageDown")
    slide(deck, 2)
    assert deck.evaluate("said.findLast(({ type }) => type === 'vernissage:key').key") == "PageDown"
    deck.keyboard.press("ArrowLeft")  # the deck's own keys are the deck's again
    slide(deck, 1)
    frame.locator(".v-act:not([hidden]) [role=radio][aria-checked=true]:visible").first.focus()
    deck.keyboard.press("PageUp")  # the fragment's
    deck.keyboard.press("PageUp")
    slide(deck, 0)
    deck.keyboard.press("ArrowRight")
    slide(deck, 1)
    assert frame.evaluate("vernissage.room('vae').knobs.act") == "smile"


def test_the_camera_works_where_the_deck_allows_it(deck: Page) -> None:
    frame = act(deck)
    deck.evaluate("show('?room=vae&act=smile')")
    photo = frame.locator("#act-vae-smile .v-mode-edit .v-w-photo")
    expect(photo.locator(".v-photo-thumb").first).to_be_visible(timeout=PATIENCE)
    photo.locator(".v-photo-start .v-button").nth(1).click()
    shutter = photo.locator(".v-photo-video ~ .v-photo-bar button").first
    expect(shutter).to_be_enabled(timeout=PATIENCE)
    shutter.click()
    expect(photo.locator(".v-crop")).to_be_visible(timeout=PATIENCE)


def test_a_deck_on_a_disk_may_be_let_in_and_another_site_is_not(deck: Page, site: tuple[str, Path]) -> None:
    address, folder = site
    page = deck.context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("ArrowRight")
    expect(act(page).locator("#act-vae-smile h2")).to_be_visible()
    page.goto(address.replace("localhost", "127.0.0.1"))
    page.wait_for_function("Reveal.isReady()")
    assert not any("embed=1" in each.url for each in page.frames if each.url.startswith("http"))
    page.close()


def test_every_act_fits_into_its_frame(visit: Visit, gallery: str) -> None:
    rooms = house.load()
    opened = visit("about:blank", shown=False, viewport={"width": 960, "height": 600})
    large: list[str] = []
    for room in rooms:
        opened.goto(f"{gallery}/?embed=1&lang=ru&theme=dark&room={room.NAME}")
        for act in room.KNOBS["act"].choices:
            opened.evaluate("([room, act]) => vernissage.room(room).set({act})", [room.NAME, act])
            opened.wait_for_selector(f"#act-{room.NAME}-{act} h2:visible", timeout=PATIENCE)
            opened.wait_for_timeout(300)
            sizes = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            wide, high = opened.evaluate(sizes)
            large += [f"{room.NAME}, {act}: {wide}x{high}"] if wide > 960 or high > 600 else []
    assert large == []
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 22, 26)"
