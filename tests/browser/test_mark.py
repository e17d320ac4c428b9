"""What is made from a real face says so where it is kept: however it is saved, in the page's language, and no more."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_photos import upload

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""
SMILE = "#act-vae-smile"
SHEET = f"{SMILE} .v-mode-edit canvas.v-sheet >> nth=0"
SAVE = f"{SMILE} .v-mode-edit .v-picture-save"
FILM = f"{SMILE} .v-w-film:visible >> nth=0"
TOLD = f"""async (face) => (await import("gallery/widgets/_faces.js"))
    .tellFace(vernissage.room("vae"), document.querySelector("{SMILE} .v-w-photo"), face, "smile")"""
KNOWN = {b"IHDR", b"IDAT", b"IEND", b"sRGB", b"sBIT", b"pHYs"}
"""Chunks of a PNG that say nothing of where it comes from."""


def saved(page: Page, click: str) -> bytes:
    """What the browser hands over."""
    with page.expect_download(timeout=PATIENCE) as download:
        page.locator(click).click()
    return Path(download.value.path()).read_bytes()


def pixels(data: bytes) -> np.ndarray:
    """The first frame's."""
    if data[4:8] == b"ftyp":  # an MP4
        with av.open(io.BytesIO(data)) as video:
            return np.asarray(next(video.decode(video=0)).to_ndarray(format="rgb24"), float)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)


def chunks(data: bytes) -> set[bytes]:
    """The names of a PNG's chunks."""
    found, place = set(), 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        found.add(data[place + 4 : place + 8])
        place += 12 + length
    return found


def shown(page: Page) -> np.ndarray:
    """What is on the canvas."""
    url = str(page.locator(SHEET).evaluate("node => node.toDataURL()"))
    return pixels(base64.b64decode(url.partition(",")[2]))


def settled(page: Page) -> np.ndarray:
    """What is on the canvas once it changes no more."""
    before = shown(page)
    for _ in range(60):
        page.wait_for_timeout(700)
        now = shown(page)
        if now.shape == before.shape and now.std() > 5 and np.array_equal(now, before):
            return now
        before = now
    raise AssertionError("the picture does not settle")


def corner(marked: np.ndarray, plain: np.ndarray) -> np.ndarray:
    """The part in which two pictures differ; it lies in the lower right corner and is light, with dark letters."""
    assert marked.shape == plain.shape
    rows, columns = np.nonzero(np.abs(marked - plain).max(axis=2) > 40)  # a film's codec changes a little everywhere
    assert len(rows) and rows.min() > 0.5 * plain.shape[0] and columns.min() > 0.3 * plain.shape[1]
    part = marked[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert part.max() > 200 and part.min() < 90 and part.shape[0] >= 9
    return part


def tiles(picture: np.ndarray, side: int = 24) -> np.ndarray:
    """The mean of each tile of side x side pixels, counted from the lower right corner: (rows, columns, 3)."""
    rows, columns = (length // side for length in picture.shape[:2])
    whole = picture[-rows * side :, -columns * side :]
    return whole.reshape(rows, side, columns, side, 3).mean(axis=(1, 3))


def film(page: Page, words: str) -> bytes:
    """The film, saved under one of its menu's entries."""
    page.locator(f"{FILM} >> summary").click()
    return saved(page, f"{FILM} >> text={words}")


def test_what_is_made_from_ones_own_face_carries_a_mark_and_nothing_else(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=vae&act=smile&face=3&smile=1.5&lang=en")
    page.wait_for_selector(f"{SMILE} .v-photo-thumb", timeout=PATIENCE)
    expect(page.locator(f"{SMILE} .v-photo-kept").first).to_contain_text("10 minutes")
    before = settled(page)
    nobody = saved(page, SAVE)  # our model made that face
    assert np.array_equal(pixels(nobody), before) and chunks(nobody) <= KNOWN

    face = str(page.locator(f"{SMILE} .v-photo-thumb img").nth(5).get_attribute("src"))
    upload(page, base64.b64decode(face.partition(",")[2]), "me.png", "image/png", f"{SMILE} .v-w-photo")
    page.wait_for_function("vernissage.room('vae').knobs.face === 'own'", timeout=PATIENCE)
    mine = settled(page)
    assert np.abs(mine - before).mean() > 2
    english = saved(page, SAVE)
    assert chunks(english) <= KNOWN
    narrow = corner(pixels(english), mine)

    films = {kind: film(page, kind) for kind in ("PNG", "WebP", "GIF", "MP4")}
    page.evaluate(TOLD, "")
    for kind, mine_too in films.items():
        marked, plain = pixels(mine_too), pixels(film(page, kind))
        if kind == "GIF":  # its colours are dithered: only their means tell anything
            marked, plain = tiles(marked), tiles(plain)
            rows = np.nonzero(np.abs(marked - plain).max(axis=2) > 25)[0]
            assert len(rows) and rows.min() > 0.5 * len(plain)
        else:
            corner(marked, plain)
    page.evaluate(TOLD, "own")

    page.click("[data-do=lang]")
    assert corner(pixels(saved(page, SAVE)), mine).shape[1] > 1.2 * narrow.shape[1]  # a longer word in Russian
    page.evaluate("vernissage.room('vae').set({face: 'collins'})")  # somebody's photograph, though not the visitor's
    page.wait_for_timeout(3000)  # for its encoding
    sheet = settled(page)
    assert np.abs(sheet - mine).mean() > 2
    corner(pixels(saved(page, SAVE)), sheet)
