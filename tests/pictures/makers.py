"""What makes the files of tests/pictures/cases.py: pictures in every format, turned, cut, packed and forged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from tests.pictures.files import encoded

y, x = np.mgrid[0:48, 0:64]
SHOWN = np.stack([x * 4, y * 5, 255 - 2 * x - 2 * y], axis=2).astype(np.uint8)
"""Smooth, and its four corners differ."""
GREY = np.repeat(np.asarray(Image.fromarray(SHOWN).convert("L"))[..., None], 3, axis=2)

UNTURNED: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1), 6: lambda a: a.swapaxes(0, 1)[::-1],
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1), 8: lambda a: a.swapaxes(0, 1)[:, ::-1],
}  # fmt: skip
"""TIFF 6.0, tag 274: how a camera held that way stores what is shown."""


def picture(array: np.ndarray = SHOWN) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(array))


def saved(kind: str, mode: str = "RGB", array: np.ndarray = SHOWN, **options: Any) -> Callable[[], bytes]:
    return lambda: encoded(picture(array).convert(mode), kind, **options)


def sideways(kind: str, orientation: int, **options: Any) -> Callable[[], bytes]:
    def make() -> bytes:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (55.0, 45.0, 7.0)
        return encoded(picture(UNTURNED[orientation](SHOWN)), kind, exif=exif, **options)

    return make


def film(kind: str, count: int = 3, **options: Any) -> Callable[[], bytes]:
    """The shown picture first, then it upside down, and so on."""

    def make() -> bytes:
        frames = [picture(SHOWN if i % 2 == 0 else SHOWN[::-1]) for i in range(count)]
        return encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)

    return make


def cut(make: Callable[[], bytes], part: float) -> Callable[[], bytes]:
    return lambda: make()[: int(len(make()) * part)]


def plain(kind: str, width: int, height: int, mode: str = "RGB", **options: Any) -> Callable[[], bytes]:
    """One colour, large: it compresses to little."""
    return lambda: encoded(Image.new(mode, (width, height)), kind, **options)


def photographed(kind: str, width: int, height: int, mode: str = "RGB", **options: Any) -> Callable[[], bytes]:
    """As large, with as much in it as a photo has: slopes, and noise of a sensor."""

    def make() -> bytes:
        noise = np.random.default_rng(0).integers(-9, 10, (256, 256, 3))
        tile = np.clip(np.asarray(picture().resize((256, 256))).astype(int) + noise, 0, 255).astype(np.uint8)
        whole = np.tile(tile, (-(-height // 256), -(-width // 256), 1))[:height, :width]
        return encoded(Image.fromarray(whole).convert(mode), kind, **options)

    return make


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: int, *more: bytes, depth: int = 8, colour: int = 2) -> Callable[[], bytes]:
    """A PNG that claims a size, holds so many rows of zeros, and these chunks besides."""

    def make() -> bytes:
        packer = zlib.compressobj(9)
        line = bytes(1 + width * 3 * depth // 8)
        body = b"".join(packer.compress(line) for _ in range(rows)) + packer.flush()
        head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
        parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", body), chunk(b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(parts)

    return make


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size than it has."""
    data = bytearray(encoded(picture(), "JPEG"))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def ultra_hdr() -> bytes:
    """A JPEG with a gain map behind it, as telephones write them: XMP names it, MPF says where it lies."""
    frames = [picture(), picture(GREY).convert("L").resize((32, 24))]
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    return encoded(frames[0], "MPO", save_all=True, append_images=frames[1:], xmp=xmp, quality=95)


def many_frames() -> bytes:
    """A GIF of 1,200 frames: those of one with four, again and again."""
    data = film("GIF", 4)()
    start = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    return data[:start] + data[start:-1] * 300 + b";"


def tiff_loop() -> bytes:
    """A TIFF whose directory names itself as the next one."""
    data = bytearray(encoded(picture(), "TIFF"))
    (first,) = struct.unpack("<I", data[4:8])
    (entries,) = struct.unpack("<H", data[first : first + 2])
    place = first + 2 + 12 * entries
    data[place : place + 4] = struct.pack("<I", first)
    return bytes(data)


def patched(make: Callable[[], bytes], place: int, value: bytes) -> Callable[[], bytes]:
    def patch() -> bytes:
        data = bytearray(make())
        data[place : place + len(value)] = value
        return bytes(data)

    return patch


def text_bomb() -> bytes:
    """A PNG with a comment of 60 MB, packed."""
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9))
    return png(64, 48, 48, packed)()


def profile_bomb() -> bytes:
    """A PNG with a colour profile of 60 MB, packed."""
    return png(64, 48, 48, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(60_000_000), 9)))()


def clear() -> Image.Image:
    """The shown picture, of which the right half is transparent."""
    alpha = np.where(x < 32, 255, 0).astype(np.uint8)
    return Image.fromarray(np.dstack([SHOWN, alpha]))


HALF = np.where((x < 32)[..., None], SHOWN, 255).astype(np.uint8)
DEEP = (SHOWN[..., 0].astype(np.uint16) * 257, np.repeat(SHOWN[..., :1], 3, axis=2))
"""16 bits a pixel, and what 8 bits show of it."""


def comments() -> bytes:
    """A thousand segments of a JPEG that say nothing."""
    return b"".join(b"\xff\xfe" + struct.pack(">H", 8002) + bytes(8000) for _ in range(1000))
