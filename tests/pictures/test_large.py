"""Large pictures: what they cost is bounded, and what comes out is the picture, only smaller."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image

from models.pictures import decoding
from models.pictures.pictures import PictureError, open_upload
from models.runtime.gate import Abandoned, leaving, opening
from tests.pictures.files import encoded, opened

MEGABYTES = 150
WIDE, HIGH = 2560, 1300
"""Larger than decoding.SIDE, not a multiple of the factor 2 of its bands."""

COST = """
import resource, sys
from pathlib import Path
from models.pictures import pictures
data = Path(sys.argv[1]).read_bytes()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
pictures.decoding.header(data)
before = peak()
image = pictures.open_upload(data)
print(peak() - before, image.mode, *image.size)
"""


def plain(pixels: int, mode: str) -> Image.Image:
    """A picture of that many pixels, 3 : 2, some of it grey and some of it white."""
    height = int((pixels / 1.5) ** 0.5)
    image = Image.new(mode, (int(1.5 * height), height), 128)
    image.paste(255, (0, 0, height // 2, height // 3))
    return image


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "RGB", {"progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", {"progressive": True}),
        ("PNG", "RGB", {"compress_level": 1}),
        ("PNG", "RGBA", {"compress_level": 1}),
        ("PNG", "I;16", {"compress_level": 1}),
        ("PNG", "P", {"compress_level": 1}),
        ("GIF", "P", {}),
        ("TIFF", "RGB", {"compression": "tiff_adobe_deflate", "strip_size": 2**30}),
        ("TIFF", "F", {"compression": "tiff_adobe_deflate"}),
        ("WEBP", "RGB", {"method": 0}),
        ("WEBP", "RGBA", {"method": 0, "lossless": True, "quality": 0}),
        ("AVIF", "RGB", {"speed": 10}),
        ("HEIF", "RGB", {"quality": 10}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_the_largest_picture_of_a_kind_takes_150_megabytes(
    tmp_path: Path, kind: str, mode: str, options: dict[str, Any]
) -> None:
    """Of HEIC only half of that: to write more would take long."""
    sample = decoding.header(encoded(plain(10_000, mode), kind, **options))
    most = decoding.most_pixels(sample) // (2 if kind == "HEIF" else 1)
    file = tmp_path / "large"
    file.write_bytes(encoded(plain(most, mode), kind, **options))
    cost, out, *size = subprocess.check_output([sys.executable, "-c", COST, str(file)], text=True).split()
    assert float(cost) < MEGABYTES / (2 if kind == "HEIF" else 1)
    assert out == "RGB" and max(map(int, size)) <= decoding.SIDE


@pytest.mark.parametrize(("kind", "megapixels"), [("WEBP", 8), ("AVIF", 13), ("TIFF", 18), ("PNG", 25)])
def test_what_is_larger_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch, kind: str, megapixels: int
) -> None:
    data = encoded(plain(90_000, "RGB"), kind)
    image = decoding.header(data)
    size = (2 * decoding.most_pixels(image) // 100, 100)
    monkeypatch.setattr(type(image), "size", property(lambda self: (size[0] // 10, size[1] * 10)))
    monkeypatch.setattr(decoding, "decoded", lambda *_: pytest.fail("decoded"))
    with pytest.raises(PictureError) as caught:
        open_upload(data)
    assert (caught.value.key, caught.value.args) == ("picture.too_many_pixels", {"megapixels": megapixels})


def smooth(mode: str) -> Image.Image:
    """Red grows to the right, green downwards, blue is in the middle; opaque on the left."""
    y, x = np.mgrid[0:HIGH, 0:WIDE].astype(np.float32)
    red, green = 255 * x / WIDE, 255 * y / HIGH
    colours = np.stack([red, green, 255 - (red + green) / 2], axis=2)
    grey = (red + green) / 2
    pictures = {
        "RGB": colours.astype(np.uint8),
        "RGBA": np.concatenate([colours, 255 - red[..., None] / 2], axis=2).astype(np.uint8),
        "L": grey.astype(np.uint8),
        "LA": np.stack([grey, 255 - red], axis=2).astype(np.uint8),
        "I;16": (257 * grey).astype(np.uint16),
        "I": (257 * grey).astype(np.int32),
        "F": grey / 255,
        "1": grey > 127,
    }
    if mode in ("P", "CMYK"):
        return Image.fromarray(pictures["RGB"]).convert(mode)
    return Image.fromarray(pictures[mode])


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *[(mode, "PNG") for mode in ("RGB", "RGBA", "L", "LA", "I;16", "1", "P")],
        *[(mode, "TIFF") for mode in ("I", "F", "CMYK")],
        *[(mode, "JPEG") for mode in ("RGB", "CMYK")],
        *[("RGB", kind) for kind in ("WEBP", "HEIF", "AVIF")],
        ("L", "GIF"),
    ],
)
def test_a_large_picture_comes_out_smaller_and_else_the_same(mode: str, kind: str) -> None:
    """Compared with what the pieces of it give that are small enough to be left alone."""
    whole = smooth(mode)
    lossy = kind in ("JPEG", "WEBP", "HEIF", "AVIF")
    options: dict[str, Any] = {"quality": 95} if lossy else {}
    options |= {"compression": "tiff_adobe_deflate"} if kind == "TIFF" else {}
    found = opened(whole, kind, **options)
    assert found.shape == (HIGH // 2, WIDE // 2, 3)
    halves = [whole.crop((left, 0, left + WIDE // 2, HIGH)) for left in (0, WIDE // 2)]
    expected = np.concatenate([opened(half, kind, **options) for half in halves], axis=1).astype(float)
    expected = expected.reshape(HIGH // 2, 2, WIDE // 2, 2, 3).mean(axis=(1, 3))
    error = np.abs(found - expected)
    assert error.mean() < 1.5
    assert np.quantile(error, 0.99) < (8 if mode in ("P", "1") or lossy else 2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_large_sideways_picture_is_turned_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    stored = np.zeros((1200, 3000, 3), np.uint8)
    stored[:, :1500, 0] = 255
    options = {"compression": "tiff_adobe_deflate"} if kind == "TIFF" else {}
    found = opened(Image.fromarray(stored), kind, exif=exif, **options)
    assert found.shape[0] > 2 * found.shape[1]
    assert found[10:-10, :, 1:].max() < 20
    assert found[: found.shape[0] // 2 - 10, :, 0].min() > 235 and found[found.shape[0] // 2 + 10 :, :, 0].max() < 20


def test_what_a_heics_exif_says_does_not_turn_it() -> None:
    """Its own header turns it, and the decoder has done so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    found = open_upload(encoded(Image.new("RGB", (128, 64), "red"), "HEIF", exif=exif))
    assert found.format == "HEIF" and found.size == (128, 64)


def test_large_pictures_are_opened_two_at_a_time_and_not_for_who_has_left() -> None:
    large, small = encoded(plain(700 * 700, "L"), "PNG"), encoded(plain(10_000, "L"), "PNG")
    gone = threading.Event()
    gone.set()
    before = leaving.set((gone,))
    try:
        with pytest.raises(Abandoned):
            open_upload(large)
        assert open_upload(small).size == open_upload(io.BytesIO(small).getvalue()).size
    finally:
        leaving.reset(before)
    threads = [threading.Thread(target=open_upload, args=(large,)) for _ in range(3)]
    with opening.turn():
        # this thread holds one of the two turns; with the other the three come one after another
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert not opening.waiting and not any(thread.is_alive() for thread in threads)
