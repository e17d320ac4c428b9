"""Photos as the page sends them: opened by content, searched for a face in a turn of their own."""

from __future__ import annotations

import base64
import io
import threading

import pytest
from PIL import Image

from gallery.widgets import faces
from models.faces import faces as finder
from models.pictures.pictures import PictureError, data_url
from models.runtime.gate import Abandoned, leaving, opening
from tests.pictures.files import encoded

PORTRAIT = Image.open(faces.PORTRAIT_FILE).convert("RGB")


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "HEIF", "AVIF", "WEBP"])
def test_a_photo_is_opened_whatever_it_is_called_and_shown_where_the_browser_cannot(kind: str) -> None:
    options = {"compression": "tiff_adobe_deflate"} if kind == "TIFF" else {}
    url = data_url(encoded(PORTRAIT, kind, **options), "application/octet-stream")
    answer = faces.open_photo([url, None])
    assert answer["how"] == "found" and len(answer["boxes"]) == 1
    if kind not in ("TIFF", "HEIF"):
        return None if "photo" not in answer else pytest.fail("the browser has it already")
    shown = Image.open(io.BytesIO(base64.b64decode(answer["photo"].partition(",")[2])))
    assert shown.format == "JPEG" and shown.size == PORTRAIT.size


def test_faces_are_looked_for_in_a_turn_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    url, looked = data_url(encoded(PORTRAIT, "JPEG")), []
    find = finder.find_faces

    def note(image: Image.Image) -> list[finder.Box]:
        looked.append(opening.held)
        return find(image)

    monkeypatch.setattr(finder, "find_faces", note)
    faces.lately.forget(-1)  # what another test has sent
    faces.open_photo([url, None])
    faces.api_face(url)
    assert looked == [True, True]


def test_for_who_has_left_no_photo_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    gone.set()
    before = leaving.set((gone,))
    try:
        with pytest.raises(Abandoned):
            faces.api_face(data_url(encoded(PORTRAIT, "JPEG")))
    finally:
        leaving.reset(before)


def test_a_photo_that_no_text_can_hold_is_refused_with_a_sentence() -> None:
    """JSON lets half of a character through."""
    with pytest.raises(PictureError, match=r"picture\.address"):
        faces.api_face("data:image/png;base64,\ud800")
