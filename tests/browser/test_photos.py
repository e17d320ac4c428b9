"""Photos in a real Chromium: formats, memory, forgetting, pasting; what the browser shows is what the server gets."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from models.pictures.pictures import open_upload
from tests.browser.bench import heard, knobs, record
from tests.browser.conftest import Visit
from tests.pictures.files import LINEAR, WIDE

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""
DENIED = 'IDBFactory.prototype.open = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };'
"""A browser that denies storage by throwing."""
PASTE = """([data]) => { const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const moved = new DataTransfer(); moved.items.add(new File([bytes], 'a.png', {type: 'image/png'}));
    document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: moved, bubbles: true, cancelable: true})) }"""
SMILE = "#act-vae-smile"


def corner(side: int = 320) -> Image.Image:
    """White, its upper left quarter red, 5:4."""
    image = Image.new("RGB", (side, side * 4 // 5), "white")
    image.paste((200, 20, 20), (0, 0, side // 2, side * 2 // 5))
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(url: str) -> np.ndarray:
    """The pixels of a data URL."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"), float)


def upload(page: Page, data: bytes, name: str = "photo", kind: str = "", root: str = "#photo") -> None:
    """Choose a file."""
    page.wait_for_selector(f"{root} .v-photo-thumb", timeout=PATIENCE)
    page.set_input_files(f"{root} input[type=file]", {"name": name, "mimeType": kind, "buffer": data})


def displayed(page: Page, root: str = "#photo") -> np.ndarray:
    """What the browser shows of the photo that was chosen."""
    page.wait_for_selector(f"{root} .v-crop img", timeout=PATIENCE)
    return decoded(str(page.locator(f"{root} .v-crop img").get_attribute("src")))


def opened(page: Page) -> Page:
    """Keep what the server is sent."""
    page.evaluate("""() => { window.sent = []; const fetched = window.fetch; window.fetch = (url, options) => {
        if (String(options?.body).includes('"open"')) window.sent.push(JSON.parse(options.body).data[0]);
        return fetched(url, options); } }""")
    return page


# ---- formats -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF"])
def test_browser_and_server_stand_a_photo_the_same_way(visit: Visit, bench: str, kind: str) -> None:
    page = opened(visit(f"{bench}/?act=faces"))
    for count, (orientation, upright) in enumerate({1: 0, 3: 2, 6: 3, 8: 1}.items()):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(corner(), kind, exif=exif)
        upload(page, data, kind=f"image/{kind.lower()}")
        page.wait_for_function("n => window.sent.length > n", arg=count, timeout=PATIENCE)
        seen = displayed(page)
        sent = decoded(page.evaluate("n => window.sent[n]", count))
        wanted = np.rot90(np.asarray(corner(), float), upright)
        assert seen.shape == sent.shape == wanted.shape, orientation
        assert np.abs(seen - wanted).mean() < 3 and np.abs(sent - wanted).mean() < 3, orientation
        if kind != "AVIF":  # which the server leaves to browsers
            assert np.abs(np.asarray(open_upload(data), float) - seen).mean() < 3, orientation


@pytest.mark.parametrize(("icc", "name"), [(LINEAR, "linear"), (WIDE, "wide")])
def test_browser_and_server_see_the_same_colours(visit: Visit, bench: str, icc: bytes, name: str) -> None:
    data = encoded(Image.new("RGB", (320, 256), (200, 100, 60)), "PNG", icc_profile=icc)
    page = opened(visit(f"{bench}/?act=faces"))
    upload(page, data, kind="image/png")
    seen = displayed(page)
    assert np.abs(seen - [200, 100, 60]).max() > 8, "the profile counts"
    assert np.abs(seen - np.asarray(open_upload(data), float)).max() <= 4


@pytest.mark.parametrize("size", [40, 700])
def test_what_a_browser_can_open_is_taken_small_and_large(visit: Visit, bench: str, size: int) -> None:
    page = visit(f"{bench}/?act=faces&lang=en")
    page.wait_for_selector("#photo .v-photo-thumb", timeout=PATIENCE)  # the first sample has been told
    record(page, "photo")
    upload(page, encoded(Image.new("RGB", (size, size), (10, 120, 200)), "AVIF"), "a.avif")
    assert heard(page)[-1]["width"] == size
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"><rect width="9" height="9"/></svg>'
    )
    upload(page, drawing.encode(), "a.svg", "image/svg+xml")
    assert heard(page, 2)[-1]["width"] == size


def test_a_photo_that_no_browser_opens_is_shown_as_the_server_opened_it(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    root = f"{SMILE} .v-w-photo"
    upload(page, encoded(corner(), "TIFF"), "a.tif", "image/tiff", root)
    seen = displayed(page, root)
    assert np.abs(seen - np.asarray(corner(), float)).mean() < 3
    recent = page.locator(f"{root} .v-photo-strip").last.locator("img").first
    expect(recent).to_be_attached()
    assert recent.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_what_nobody_can_open_is_answered_with_the_names_of_formats(visit: Visit, gallery: str, lang: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang={lang}")
    upload(page, b"a letter, not a picture" * 40, "a.txt", "text/plain", f"{SMILE} .v-w-photo")
    expect(page.locator(".v-notice")).to_contain_text("JPEG, PNG, WebP", timeout=PATIENCE)


# ---- memory --------------------------------------------------------------------------------------------------
def test_a_browser_that_denies_storage_keeps_photos_for_the_pages_life(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces", shown=False, fresh=True)
    page.context.add_init_script(DENIED)
    page.reload()
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    page.wait_for_selector("#photo .v-photo-thumb", timeout=PATIENCE)
    record(page, "photo")
    upload(page, encoded(corner(300).resize((300, 300)), "PNG"))
    assert heard(page)[-1]["width"] == 300
    recent = page.locator("#photo .v-photo-strip").last.locator(".v-photo-thumb")
    expect(recent).to_have_count(1)
    page.locator("#photo .v-photo-forget").click()
    expect(recent).to_have_count(0)


def test_an_own_photo_and_its_frame_are_there_after_a_reload(visit: Visit, bench: str) -> None:
    """The photo has no face to be found: what the hand framed is what comes back, without a question to the visitor."""
    page = visit(f"{bench}/?act=faces&lang=en")
    page.wait_for_selector("#photo .v-photo-thumb", timeout=PATIENCE)
    record(page, "photo")
    upload(page, encoded(corner(400), "PNG"))
    page.locator("#photo .v-crop-found").nth(1).click()
    before = heard(page)[-1]["face"]
    page.wait_for_function("location.search.includes('face=own')")
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_function("document.querySelector('#photo .v-crop-frame')?.style.left === '60%'", timeout=PATIENCE)
    expect(page.locator(".v-notice")).not_to_contain_text("does not travel")
    page.wait_for_selector("#photo .v-photo-strip:first-child .v-photo-thumb", timeout=PATIENCE)  # the samples too
    record(page, "photo")
    page.evaluate("vernissage.room('bench').set({face: '1'})")
    page.evaluate("vernissage.room('bench').set({face: 'own'})")
    assert heard(page, 2)[-1]["face"] == before
    page.wait_for_function("location.search.includes('face=own')", timeout=PATIENCE)  # which follows
    other = visit(page.url)  # another browser
    expect(other.locator(".v-notice")).to_contain_text("does not travel", timeout=PATIENCE)
    assert knobs(other)["face"] == "0"


def test_forgotten_means_forgotten_in_every_room(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    here, there = f"{SMILE} .v-w-photo", "#act-diffusion-forward .v-w-photo"
    upload(page, encoded(corner(400), "PNG"), root=here)
    page.locator(f"{here} .v-crop-frame").first.press("Enter")
    page.wait_for_function("vernissage.room('vae').knobs.face === 'own'", timeout=PATIENCE)
    page.click("[data-room-tab=diffusion]")
    page.evaluate("vernissage.room('diffusion').set({act: 'forward'})")
    recent = page.locator(f"{there} .v-photo-strip").last.locator(".v-photo-thumb")
    expect(recent).to_have_count(1, timeout=PATIENCE)  # what was brought in one room is offered in the others
    recent.click()
    page.locator(f"{there} .v-crop-frame").press("Enter")
    page.wait_for_function("vernissage.room('diffusion').knobs.picture === 'own'", timeout=PATIENCE)
    page.locator(f"{there} .v-photo-forget").click()
    for room, knob, usual in (("vae", "face", "1"), ("diffusion", "picture", "1")):
        page.wait_for_function(
            "([r, k, u]) => vernissage.room(r).knobs[k] === u", arg=[room, knob, usual], timeout=PATIENCE
        )
    expect(page.locator(".v-photo-stage:not(:empty)")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".v-photo-strip:last-child .v-photo-thumb")).to_have_count(0, timeout=PATIENCE)
    # Nothing red is left in what was made of it.
    page.click("[data-room-tab=vae]")
    red = """() => { const c = document.querySelector('#act-vae-smile .v-vae-faces .v-w-picture:last-child canvas');
        const [r, g] = c.getContext('2d').getImageData(2, 2, 1, 1).data; return r > g + 60 }"""
    page.wait_for_function(f"!({red})()", timeout=PATIENCE)


def test_one_paste_goes_to_one_photo(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&mode=mix&lang=en")
    both = page.locator(f"{SMILE} .v-w-photo")
    page.wait_for_function("document.querySelectorAll('#act-vae-smile .v-photo-thumb').length > 20", timeout=PATIENCE)
    data = base64.b64encode(encoded(corner(400), "PNG")).decode()
    page.evaluate(PASTE, [data])
    expect(both.first.locator(".v-crop")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)
    assert both.nth(1).locator(".v-crop").count() == 0
    both.first.locator(".v-photo-say button").last.click()
    both.nth(1).locator(".v-photo-bar button").first.focus()
    page.evaluate(PASTE, [data])
    expect(both.nth(1).locator(".v-crop")).to_be_visible(timeout=PATIENCE)
    assert both.first.locator(".v-crop").count() == 0


COURSE = {
    "gan": ("steer", {"doing": "find"}, "portrait"),
    "cyclegan": ("translate", {"pair": "smile"}, "picture"),
    "diffusion": ("forward", {}, "picture"),
    "flow": ("glow", {}, "glow_face"),
}
"""Of each room an act that takes a face, what shows its photo, and the knob that says "own"."""


def test_one_photo_goes_through_the_whole_course(visit: Visit, gallery: str) -> None:
    """Framed by hand once, taken by one press in every other room, and forgotten everywhere by one press."""
    page = visit(f"{gallery}/?room=vae&act=smile&lang=en")
    upload(page, encoded(corner(400), "PNG"), root=f"{SMILE} .v-w-photo")
    frame = page.locator(f"{SMILE} .v-crop-frame").first
    frame.press("Shift+ArrowLeft", timeout=PATIENCE)
    frame.press("Enter")
    page.wait_for_function("vernissage.room('vae').knobs.face === 'own'", timeout=PATIENCE)
    left = frame.evaluate("frame => frame.style.left")
    expect(page.locator(f"{SMILE} .v-photo-say").first).to_contain_text("in every room, kept in this browser only")
    for room, (act, more, knob) in COURSE.items():
        page.click(f"[data-room-tab={room}]")
        page.wait_for_selector(f"#room-{room} .v-act", timeout=PATIENCE)
        page.evaluate("([r, set]) => vernissage.room(r).set(set)", [room, {"act": act, **more}])
        offered = page.locator(f"#act-{room}-{act} .v-w-photo").first.locator(".v-photo-strip").last
        expect(offered.locator(".v-photo-thumb")).to_have_count(1, timeout=PATIENCE)
        offered.locator(".v-photo-thumb").click()
        own = "([r, k]) => vernissage.room(r).knobs[k] === 'own'"
        page.wait_for_function(own, arg=[room, knob], timeout=PATIENCE)
        if room != "cyclegan":  # which takes the whole picture
            taken = page.locator(f"#act-{room}-{act} .v-crop-frame").first
            assert taken.evaluate("frame => frame.style.left") == left, "the frame that was set by hand"
    page.locator("#act-flow-glow .v-photo-forget").first.click()
    for room, knob in {"vae": "face", **{room: knob for room, (_, _, knob) in COURSE.items()}}.items():
        gone = "([r, k]) => vernissage.room(r).knobs[k] !== 'own'"
        page.wait_for_function(gone, arg=[room, knob], timeout=PATIENCE)
    assert page.locator(".v-photo-strip:last-child .v-photo-thumb").count() == 0
    kept = """new Promise(done => { const asked = indexedDB.open('vernissage'); asked.onsuccess = () => {
        const stores = ['photos', 'chosen'].map(name => asked.result.transaction(name).objectStore(name).count());
        Promise.all(stores.map(s => new Promise(r => { s.onsuccess = () => r(s.result) }))).then(done) } })"""
    assert page.evaluate(kept) == [0, 0]
