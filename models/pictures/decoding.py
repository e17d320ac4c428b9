"""Pictures decoded within bounds of memory and time: what a format costs is known before a pixel is decoded.

Pillow holds a decoded picture in up to 4 bytes a pixel, and every conversion once more. So what is larger than SIDE is
made smaller on the way: by the format where it can (JPEG), else band by band, before anything else happens to it.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable

import numpy as np
import pillow_heif
from PIL import ExifTags, Image

from models.pictures.colours import eight_bits, inverted, to_rgb

SIDE = 2048
"""Pixels. Longer pictures are made smaller by the least whole factor; a page shrinks its photos to 1,600 itself."""
MAX_PIXELS = 25_000_000
"""Of any format; telephones take 24.5 million."""
MOST_BYTES = 130_000_000
"""That decoding one picture may take; what is done to the smaller one then needs 20 MB more."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
NAMES = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF"
FOREIGN = ("TIFF", "HEIF")
"""What most browsers cannot show."""
BAND = 64
"""Rows of the reduced picture that are made at a time."""
ENDS = {"GIF": b"\0;", "PNG": b"IEND\xaeB`\x82"}
"""How a file ends that is whole, also after frames that are not decoded here."""

PER_PIXEL = {"PNG": 4.0, "GIF": 5.0, "BMP": 4.0, "WEBP": 16.0, "HEIF": 5.0, "AVIF": 9.5}
"""Bytes at the peak, measured with 24 megapixels; WebP's and AVIF's decoders hold several copies."""
TIFF_BITS = 258

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF's orientation to what turns it upright, as in Pillow's ImageOps, which holds the picture twice for it."""

Bands = Callable[[int, int], Image.Image]
"""Rows from ... to of a picture."""


@functools.cache
def _with_heif() -> None:
    pillow_heif.register_heif_opener()


def header(data: bytes) -> Image.Image:
    """The opened, undecoded picture. Raises whatever Pillow raises for what is none of FORMATS."""
    _with_heif()
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.format == "MPO":  # a JPEG with others behind it: a second eye's, or an ultra-HDR photo's gain map
        image.format = "JPEG"
    return image


def most_pixels(image: Image.Image) -> int:
    """How many pixels a picture of this kind may have, at most MAX_PIXELS. image: undecoded."""
    if image.format == "JPEG":  # what may have come in several scans is held as coefficients, of 2 bytes
        parts = [h * v for _, h, v, _ in image.layer]  # type: ignore[attr-defined]
        cost = 2.0 * sum(parts) / max(parts) if image.info.get("progressive") else 4.0
    elif image.format == "TIFF":
        bits = image.tag_v2.get(TIFF_BITS, (8,))  # type: ignore[attr-defined]
        turned = image.tag_v2.get(ExifTags.Base.Orientation, 1) > 1  # type: ignore[attr-defined]
        cost = (8.0 if turned else 4.0) + sum(bits) / 8  # a single strip is decompressed as a whole
    else:
        cost = PER_PIXEL[image.format or ""]
    return min(MAX_PIXELS, int(MOST_BYTES / cost))


def decoded(image: Image.Image, data: bytes) -> Image.Image:
    """8-bit sRGB, upright, on white, without metadata; no side is longer than SIDE. image: the header of `data`.

    Raises whatever Pillow raises for a broken file, and ValueError for one that has been cut short.
    """
    end = ENDS.get(image.format or "", b"")
    if not data.rstrip(b"\0").endswith(end):
        raise ValueError("The file has been cut short.")
    turned = _orientation(image)
    factor = -(-max(image.size) // SIDE)
    if image.format == "JPEG" and factor > 1:
        image.draft(None, (image.width // factor, image.height // factor))
        factor = -(-max(image.size) // SIDE)
    small = _reduced(image, data, factor) if factor > 1 else _whole(image)
    rgb = to_rgb(small)
    rgb = rgb.transpose(UPRIGHT[turned]) if turned in UPRIGHT else rgb
    rgb.format = image.format
    return rgb


def _whole(image: Image.Image) -> Image.Image:
    image.load()
    return image


ELSEWHERE = ("xmp", "XML:com.adobe.xmp", "Raw profile type exif")


def _orientation(image: Image.Image) -> int:
    """As EXIF has it; 1 where there is none. HEIC's and TIFF's decoders turn what they decode themselves.

    Only EXIF counts, as in every browser: Pillow would also read what an editor wrote elsewhere (XMP).
    """
    if image.format in ("HEIF", "TIFF"):
        return 1
    for elsewhere in ELSEWHERE:
        image.info.pop(elsewhere, None)
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # EXIF of hostile bytes; the picture itself is fine
        return 1


def _reduced(image: Image.Image, data: bytes, factor: int) -> Image.Image:
    """The picture made smaller by a whole factor, in a mode that `to_rgb` takes, with its profile."""
    bands = _heif_bands(data) if image.format == "HEIF" else _bands(image)
    height = -(-image.height // factor)
    small: Image.Image | None = None
    for top in range(0, height, BAND):
        rows = bands(top * factor, min((top + BAND) * factor, image.height))
        part = _reducible(rows, inverted(image)).reduce(factor)
        small = small or Image.new(part.mode, (part.width, height))
        small.paste(part, (0, top))
    assert small is not None  # a picture has a row
    small.info["icc_profile"] = image.info.get("icc_profile")
    return small


def _bands(image: Image.Image) -> Bands:
    image.load()
    return lambda top, bottom: image.crop((0, top, image.width, bottom))


def _heif_bands(data: bytes) -> Bands:
    """Straight from the decoder's memory: as a Pillow image the picture would be there twice."""
    pixels = np.asarray(pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True))
    return lambda top, bottom: Image.fromarray(pixels[top:bottom])


def _reducible(rows: Image.Image, invert: bool) -> Image.Image:
    """In a mode whose pixels can be averaged."""
    if rows.mode.startswith("I;16"):
        grey = eight_bits(rows, invert)
        clear = rows.info.get("transparency")
        if clear is None:
            return grey
        return Image.merge("LA", (grey, Image.fromarray(np.where(np.asarray(rows) == clear, 0, 255).astype(np.uint8))))
    if rows.has_transparency_data:
        return rows.convert("RGBA")
    if rows.mode == "1":
        return rows.convert("L")
    return rows if rows.mode in ("L", "RGB", "CMYK", "LAB", "I", "F") else rows.convert("RGB")
