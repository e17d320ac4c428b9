"""The door for uploads: what comes in right comes out right, everything else gets one sentence."""

from __future__ import annotations

import base64
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, GifImagePlugin, Image, ImageCms, ImageFile, PngImagePlugin

from gallery.shell.words import all_words
from models.pictures import pictures
from models.pictures.pictures import PictureError, from_data_url, open_path, open_upload
from tests.pictures.files import PHOTO, encoded, opened


def refused(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        open_upload(data)
    return caught.value.key


def png_header(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG of the given size; without a body it cannot be decoded, so whoever accepts it did not try."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


# What is taken


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_lossless_formats_come_through_bit_by_bit(kind: str) -> None:
    assert np.array_equal(opened(Image.fromarray(PHOTO), kind), PHOTO)
    assert np.array_equal(opened(Image.fromarray(PHOTO), "WEBP", lossless=True), PHOTO)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "MPO", "HEIF", "AVIF"])
def test_lossy_formats_come_through_nearly(kind: str) -> None:
    y, x = np.mgrid[0:64, 0:64]
    smooth = np.stack([x * 4, y * 4, 255 - x * 4], axis=2).astype(np.uint8)
    assert np.abs(opened(Image.fromarray(smooth), kind).astype(int) - smooth).mean() < 12


# TIFF 6.0, tag 274: where the stored picture's first row and first column belong in the shown one
FROM_SHOWN: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a.swapaxes(0, 1)[::-1],
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a.swapaxes(0, 1)[:, ::-1],
}


def turned(shown: np.ndarray, orientation: int) -> tuple[Image.Image, Image.Exif]:
    """A picture as a camera held sideways stores it, and the EXIF with which it is shown upright again."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return Image.fromarray(np.ascontiguousarray(FROM_SHOWN[orientation](shown))), exif


@pytest.mark.parametrize("orientation", FROM_SHOWN)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_every_exif_orientation_is_turned_upright(kind: str, orientation: int) -> None:
    stored, exif = turned(PHOTO, orientation)
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    assert np.array_equal(opened(stored, kind, exif=exif, **options), PHOTO)


@pytest.mark.parametrize("orientation", FROM_SHOWN)
def test_a_sideways_jpeg_is_turned_upright(orientation: int) -> None:
    shown = np.repeat(np.repeat(PHOTO[:3, :5], 16, axis=0), 16, axis=1)  # even blocks, which a JPEG keeps
    stored, exif = turned(shown, orientation)
    assert np.abs(opened(stored, "JPEG", exif=exif, quality=95, subsampling=0).astype(int) - shown).max() < 12


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_a_senseless_orientation_is_none(value: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    assert np.array_equal(opened(Image.fromarray(PHOTO), "PNG", exif=exif), PHOTO)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_only_exif_turns_a_picture_as_in_a_browser(kind: str) -> None:
    """Pillow would also believe what an editor wrote into XMP."""
    said = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", said.decode())
    options = {"pnginfo": text} if kind == "PNG" else {"xmp": said}
    assert opened(Image.fromarray(PHOTO), kind, **options).shape == PHOTO.shape


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_cost_the_picture() -> None:
    data = encoded(Image.fromarray(PHOTO), "PNG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff\x01")
    assert np.array_equal(np.asarray(open_upload(data)), PHOTO)


def test_place_comment_and_profile_are_dropped() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (55.0, 45.0, 7.0)
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(Image.fromarray(PHOTO), "JPEG", exif=exif, icc_profile=icc, comment=b"SECRET", dpi=(300, 300))
    assert b"SECRET" in data
    image = open_upload(data)
    assert image.info == {} and not image.getexif() and type(image) is Image.Image
    assert b"SECRET" not in pictures.jpeg(image)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET")
    assert open_upload(encoded(Image.fromarray(PHOTO), "PNG", pnginfo=text)).info == {}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_a_film_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (40, 24), colour) for colour in ("red", "lime", "blue")]
    options = {"lossless": True} if kind == "WEBP" else {}
    assert (opened(frames[0], kind, save_all=True, append_images=frames[1:], **options) == (255, 0, 0)).all()


# What is not taken


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (b"<!doctype html><title>Sign in</title>", "format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "format"),
        (b"%PDF-1.7\n", "format"),
        (b"P6 16 16 255\n" + bytes(768), "format"),
        (b"\x00\x00\x00\x18ftypheic", "format"),
        (b"\x89PNG\r\n\x1a\n", "format"),
        (png_header(0, 10), None),
        (png_header(20, 20), "broken"),
        (png_header(1, 1, b"\0\0\0\0"), "too_small"),
        (png_header(7, 400), "too_small"),
        (png_header(8, 161), "too_long"),
        (png_header(24_000_000, 1), "too_small"),
        (png_header(2_000_000, 8), "too_long"),
        (png_header(6251, 4000), "too_many_pixels"),
        (png_header(13_300, 13_300), "too_many_pixels"),
        (png_header(60_000, 60_000), "too_many_pixels"),
        (png_header(2**31 - 1, 2**31 - 1), "too_many_pixels"),
        (bytes(pictures.MAX_BYTES + 1), "too_big"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_anything_else_gets_one_sentence(data: bytes, key: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        found = refused(data)
    assert found in all_words()
    if key is not None:
        assert found == f"picture.{key}"


@pytest.mark.parametrize("bombs", ["ignore", "error"])
def test_a_bomb_is_never_decoded(monkeypatch: pytest.MonkeyPatch, bombs: Any) -> None:
    def load(self: Image.Image) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    monkeypatch.setattr(GifImagePlugin.GifImageFile, "load_prepare", load)
    with warnings.catch_warnings():
        warnings.simplefilter(bombs, Image.DecompressionBombWarning)
        assert refused(png_header(13_300, 13_300)) == "picture.too_many_pixels"
        assert refused(b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\0;") == "picture.too_many_pixels"


def test_25_megapixels_and_10_megabytes_are_taken() -> None:
    data = encoded(Image.new("L", (6250, 4000), 77), "PNG", compress_level=1)
    padded = data + bytes(pictures.MAX_BYTES - len(data))
    assert open_upload(padded).size == (1563, 1000)
    assert refused(padded + b"\0") == "picture.too_big"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_file_that_is_cut_short_is_refused(kind: str, part: float) -> None:
    data = encoded(Image.fromarray(PHOTO), kind)
    assert refused(data[: int(len(data) * part)]) in ("picture.broken", "picture.format")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"])
def test_noise_in_a_file_is_a_picture_or_a_sentence(kind: str) -> None:
    clean = np.frombuffer(encoded(Image.fromarray(PHOTO), kind), np.uint8)
    noise = np.random.default_rng(7)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(60):
            data = clean.copy()
            data[noise.integers(len(data), size=4)] = noise.integers(256, size=4)
            try:
                assert open_upload(data.tobytes()).mode == "RGB"
            except PictureError as error:
                assert error.key in all_words()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("left", [0.2, 0.6, 0.95])
def test_a_film_that_is_cut_short_is_refused_though_its_first_frame_is_whole(kind: str, left: float) -> None:
    frames = [Image.fromarray(np.roll(PHOTO, i, axis=0)) for i in range(6)]
    film = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    first = len(encoded(frames[0], kind))
    assert open_upload(film + bytes(9)).size == (40, 24)
    assert refused(film[: first + int(left * (len(film) - first))]) in ("picture.broken", "picture.format")


def test_paths(tmp_path: Path) -> None:
    file = tmp_path / "photo.gif"  # the name does not matter, the contents do
    file.write_bytes(encoded(Image.fromarray(PHOTO), "PNG"))
    assert np.array_equal(np.asarray(open_path(file)), PHOTO)
    for path in (tmp_path, tmp_path / "none", "\0", None):
        with pytest.raises(PictureError) as caught:
            open_path(path)  # type: ignore[arg-type]
        assert caught.value.key == "picture.missing"


# data: addresses


@pytest.mark.parametrize(
    "mime", ["image/png", "image/jpeg", "IMAGE/WEBP", "image/svg+xml", "application/octet-stream", ""]
)
def test_a_data_url_is_what_its_content_is(mime: str) -> None:
    url = pictures.data_url(encoded(Image.fromarray(PHOTO), "PNG"), mime)
    assert np.array_equal(np.asarray(from_data_url(url)), PHOTO)
    drawing = pictures.data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>", mime)
    with pytest.raises(PictureError) as caught:
        from_data_url(drawing)
    assert caught.value.key == "picture.format" and "HEIC" in str(caught.value.args["formats"])


PNG64 = base64.b64encode(encoded(Image.fromarray(PHOTO), "PNG")).decode()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://127.0.0.1/x.png",
        "file:///etc/passwd",
        f"data:image/png,{PNG64}",
        f"data:image/png;charset=x;base64,{PNG64}",
        f"data:{'x' * 200}/png;base64,{PNG64}",
        f" data:image/png;base64,{PNG64}",
        f"data:image/png;base64, {PNG64}",
        f"data:image/png;base64,{PNG64[:-4]}AA",
        f"data:image/png;base64,{PNG64[:40]}\n{PNG64[40:]}",
        f"data:image/png;base64,{PNG64[:40]}===={PNG64[40:]}",
        f"data:image/png;base64,{PNG64[:40]}ё{PNG64[40:]}",
        f"data:image/png;base64,{PNG64}=",
        None,
        17,
        ["data:image/png;base64,"],
        b"data:image/png;base64,",
    ],
    ids=lambda url: str(url)[:36],
)
def test_other_addresses_are_refused(url: Any) -> None:
    with pytest.raises(PictureError) as caught:
        from_data_url(url)
    assert caught.value.key == "picture.address"


def test_a_long_address_is_refused_undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: Any, **__: Any) -> bytes:
        raise AssertionError("decoded")

    monkeypatch.setattr(pictures.binascii, "a2b_base64", decode)
    with pytest.raises(PictureError) as caught:
        from_data_url("data:image/png;base64," + "A" * (pictures.MAX_BYTES // 3 * 4 + 8))
    assert caught.value.key == "picture.too_big"
    assert caught.value.args == {"megabytes": 10}


def test_every_key_has_its_words_and_fills_them() -> None:
    source = "".join(Path(f"models/{name}/{name}.py").read_text("utf-8") for name in ("pictures", "faces"))
    raised = set(re.findall(r'PictureError\("(picture\.\w+)"', source))
    assert raised == {key for key in all_words() if key.startswith("picture.")}
    for key, args in re.findall(r'PictureError\("(picture\.\w+)"((?:, \w+=[^,)]+)*)', source):
        for words in all_words()[key].values():
            assert set(re.findall(r"\{(\w+)", words)) == set(re.findall(r", (\w+)=", args))
