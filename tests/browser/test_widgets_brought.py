"""What the visitor brings: sketches and photos, in real Chromium against rooms/bench."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.bench import heard, knobs, place, record
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def strokes(page: Page, *points: tuple[float, float]) -> None:
    """A line on the pad through points given as fractions."""
    pad = page.locator("#sketch .v-sketch-pad")
    pad.hover()  # once it rests where it is seen: what is mounted above it pushes it down
    box = place(pad)
    (x, y), *rest = [(box["x"] + a * box["width"], box["y"] + b * box["height"]) for a, b in points]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def test_sketch_is_boxed_and_centred_by_mass_wherever_it_is_drawn(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    record(page, "sketch")
    strokes(page, (0.1, 0.1), (0.45, 0.1), (0.2, 0.6))  # a seven in the upper left
    page.wait_for_timeout(150)
    sent = heard(page)[-1]
    ink = np.array(sent["pixels"], float).reshape(28, 28)
    y, x = np.mgrid[:28, :28]
    assert (x * ink).sum() / ink.sum() == pytest.approx(14, abs=0.15)
    assert (y * ink).sum() / ink.sum() == pytest.approx(14, abs=0.15)
    rows = np.flatnonzero(ink.max(1) > 20)
    assert 18 <= rows[-1] - rows[0] + 1 <= 21, "twenty pixels high"
    assert ink.max() > 230 and ink[0, 0] == 0 and sent["empty"] is False
    top, foot = ink[rows[0] : rows[0] + 3].mean(), ink[rows[-1] - 2 : rows[-1] + 1].mean()
    assert top > foot, "the bar of the seven is above"
    page.locator("#sketch button").nth(2).press("Enter")
    page.wait_for_timeout(50)
    assert heard(page)[-1] == {"pixels": [0] * 784, "empty": True, "given": False}


def test_sketch_by_keyboard(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    record(page, "sketch")
    page.focus("#sketch .v-sketch-pad")
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(150)
    ink = np.array(heard(page)[-1]["pixels"], float).reshape(28, 28)
    assert np.ptp(np.flatnonzero(ink.max(1))) > 2 * np.ptp(np.flatnonzero(ink.max(0))), "an upright line"
    page.keyboard.press("Delete")
    assert heard(page)[-1]["empty"] is True


def picture(width: int, height: int) -> bytes:
    """A JPEG with a gradient."""
    x = np.linspace(0, 255, width)[None, :].repeat(height, 0)
    out = io.BytesIO()
    Image.fromarray(np.stack([x, 255 - x, x / 2], 2).astype(np.uint8)).save(out, "JPEG")
    return out.getvalue()


def upload(page: Page, data: bytes) -> None:
    page.set_input_files("#photo input", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data})


def test_samples_are_there_and_follow_the_knob(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces&face=2")
    thumbs = page.locator("#photo .v-photo-strip").first.locator("button")
    expect(thumbs.nth(2)).to_have_attribute("aria-pressed", "true")
    record(page, "photo")
    thumbs.nth(1).click()
    assert heard(page)[-1]["sample"] == "1"
    assert knobs(page)["face"] == "1"


def test_upload_is_made_smaller_remembered_and_forgotten(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    page.wait_for_selector("#photo .v-photo-thumb")
    record(page, "photo")
    upload(page, picture(2400, 2400))
    answer = heard(page)[-1]
    assert (answer["width"], answer["height"]) == (1600, 1600)
    assert answer["face"].startswith("data:image/jpeg;base64,")
    assert knobs(page)["face"] == "own"
    recent = page.locator("#photo .v-photo-strip").last
    expect(recent.locator(".v-photo-thumb")).to_have_count(1)
    page.wait_for_function("location.search.includes('face=own')")
    page.reload()
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    expect(recent.locator(".v-photo-thumb")).to_have_count(1)
    expect(page.locator("#photo .v-crop")).to_be_visible()
    recent.locator(".v-photo-forget").click()
    expect(recent.locator(".v-photo-thumb")).to_have_count(0)


def test_several_faces_are_chosen_from_and_the_frame_moves_by_hand_and_keys(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    page.wait_for_selector("#photo .v-photo-thumb")
    record(page, "photo")
    upload(page, picture(600, 400))
    found = page.locator("#photo .v-crop-found")
    expect(found).to_have_count(2)
    expect(page.locator("#photo .v-photo-say [role=status]")).to_have_text("Choose a face, or set the frame yourself.")
    found.nth(1).click()
    assert (heard(page)[-1]["width"], heard(page)[-1]["height"]) == (180, 180)
    frame = page.locator("#photo .v-crop-frame")
    frame.focus()
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    assert heard(page, 2)[-1]["width"] == 192, "0.3 and twice 0.01 of the width"
    box = place(frame)
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] - 900, box["y"] - 900, steps=5)
    page.mouse.up()
    heard(page, 3)
    assert frame.evaluate("f => [f.style.left, f.style.top]") == ["0%", "0%"], "kept within the photo"


def test_no_face_starts_in_the_middle_and_enter_takes_it(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces&lang=ru")
    page.wait_for_selector("#photo .v-photo-thumb")
    record(page, "photo")
    upload(page, picture(300, 500))
    expect(page.locator("#photo .v-photo-say [role=status]")).to_contain_text("Лицо не найдено")
    expect(page.locator("#photo .v-crop-frame")).to_be_focused()
    page.keyboard.press("Enter")
    assert heard(page)[-1]["width"] == 240, "eight tenths of the shorter side"


def test_a_pasted_picture_and_a_dropped_one_are_opened(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    page.wait_for_selector("#photo .v-photo-thumb")
    record(page, "photo")
    data = base64.b64encode(picture(80, 80)).decode()
    carry = """([data, event]) => { const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
        const moved = new DataTransfer(); moved.items.add(new File([bytes], 'a.jpg', {type: 'image/jpeg'}));
        const [kind, field, node] = event === 'paste' ? [ClipboardEvent, 'clipboardData', document]
            : [DragEvent, 'dataTransfer', document.querySelector('#photo .v-widget')];
        node.dispatchEvent(new kind(event, {[field]: moved, bubbles: true, cancelable: true})) }"""
    page.evaluate(carry, [data, "paste"])
    assert heard(page)[-1]["width"] == 80
    page.evaluate(carry, [data, "drop"])
    heard(page, 2)


def test_a_refused_photo_is_one_sentence(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    page.wait_for_selector("#photo .v-photo-thumb")
    upload(page, picture(13, 13))
    expect(page.locator(".v-notice")).to_contain_text("13")
    expect(page.locator("#photo .v-photo-start")).to_be_visible()


def test_without_a_camera_a_sentence_says_so(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces")
    page.wait_for_selector("#photo .v-photo-thumb")
    page.locator("#photo .v-photo-bar button").nth(1).click()
    expect(page.locator(".v-notice")).to_contain_text("camera")
    expect(page.locator("#photo .v-photo-start")).to_be_visible()
