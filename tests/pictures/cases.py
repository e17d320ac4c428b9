"""Files as visitors send them, by mistake or on purpose; each with what must come of it.

All are made by tests/pictures/makers.py: none is kept. A right picture is SHOWN, 64 x 48, or what is left of it in the
file's colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from models.pictures.decoding import SIDE
from models.pictures.pictures import PictureError
from tests.pictures.files import LINEAR, WIDE, encoded
from tests.pictures.makers import (
    DEEP,
    GREY,
    HALF,
    SHOWN,
    UNTURNED,
    clear,
    comments,
    cut,
    film,
    jpeg_of,
    many_frames,
    patched,
    photographed,
    picture,
    plain,
    png,
    profile_bomb,
    saved,
    sideways,
    text_bomb,
    tiff_loop,
    ultra_hdr,
)

LEAN = 5.0
"""Mean difference of a channel, of 255, that a lossy format may leave."""


@dataclass(frozen=True)
class Case:
    """A file. name: with the suffix that it claims; right: the picture that must come out, None where any will do that
    is one; keys: of the sentences that refuse it, () where it must be taken; loose: mean difference allowed."""

    name: str
    make: Callable[[], bytes]
    right: np.ndarray | None = None
    keys: tuple[str, ...] = ()
    loose: float = LEAN


BROKEN, FORMAT, PIXELS = ("picture.broken", "picture.format"), ("picture.format",), ("picture.too_many_pixels",)
ANY = ("picture.broken", "picture.format", "picture.too_many_pixels")


def right() -> Iterator[Case]:
    """What must be taken, and come out as it looks."""
    for turn in UNTURNED:
        yield Case(f"camera-{turn}.jpg", sideways("JPEG", turn, quality=95), SHOWN)
    for kind in ("PNG", "WEBP", "TIFF"):
        yield Case(f"camera-6.{kind.lower()}", sideways(kind, 6, **({"quality": 95} if kind == "WEBP" else {})), SHOWN)
    yield Case("plain.png", saved("PNG"), SHOWN, loose=0)
    yield Case("alpha.png", lambda: encoded(clear(), "PNG"), HALF, loose=0)
    yield Case("alpha.webp", lambda: encoded(clear(), "WEBP", lossless=True), HALF, loose=0)
    yield Case("alpha.avif", lambda: encoded(clear(), "AVIF", quality=95), HALF)
    yield Case("alpha.tiff", lambda: encoded(clear(), "TIFF"), HALF, loose=0)
    yield Case("alpha.gif", lambda: encoded(clear(), "GIF"), HALF, loose=12)
    yield Case("grey.png", saved("PNG", "L"), GREY, loose=0)
    yield Case("grey.jpg", saved("JPEG", "L", quality=95), GREY)
    yield Case("palette.png", saved("PNG", "P"), SHOWN, loose=30)
    yield Case("one-bit.png", saved("PNG", "1"))
    yield Case("16-bit.png", lambda: encoded(Image.fromarray(DEEP[0]), "PNG"), DEEP[1], loose=1)
    yield Case("16-bit.tiff", lambda: encoded(Image.fromarray(DEEP[0]), "TIFF"), DEEP[1], loose=1)
    yield Case(
        "float.tiff", lambda: encoded(Image.fromarray(SHOWN[..., 0] / np.float32(255)), "TIFF"), DEEP[1], loose=2
    )
    yield Case("cmyk.jpg", saved("JPEG", "CMYK", quality=95), SHOWN)
    yield Case("cmyk.tiff", saved("TIFF", "CMYK"), SHOWN)
    yield Case("progressive.jpg", saved("JPEG", progressive=True, quality=95), SHOWN)
    yield Case("linear-profile.png", lambda: encoded(picture(), "PNG", icc_profile=LINEAR))
    yield Case("wide-profile.jpg", lambda: encoded(picture(), "JPEG", icc_profile=WIDE))
    for kind in ("LZW", "adobe_deflate", "jpeg", "packbits"):
        yield Case(f"{kind}.tif", saved("TIFF", compression=f"tiff_{kind.lower()}"), SHOWN)
    yield Case("plain.bmp", saved("BMP"), SHOWN, loose=0)
    yield Case("palette.bmp", saved("BMP", "P"), SHOWN, loose=30)
    yield Case("plain.webp", saved("WEBP", quality=95), SHOWN)
    yield Case("plain.heic", saved("HEIF", quality=95), SHOWN)
    yield Case("plain.avif", saved("AVIF", quality=95), SHOWN)
    yield Case("film.gif", film("GIF"), SHOWN, loose=30)
    yield Case("film.webp", film("WEBP", quality=95), SHOWN)
    yield Case("film.png", film("PNG"), SHOWN, loose=0)
    yield Case("film.avif", film("AVIF", quality=95), SHOWN)
    yield Case("thousand-frames.gif", many_frames, SHOWN, loose=30)
    yield Case("pages.tiff", film("TIFF"), SHOWN, loose=0)
    yield Case("several.heic", film("HEIF", quality=95), SHOWN)
    yield Case("two-eyes.mpo", film("MPO", 2, quality=95), SHOWN)
    yield Case("ultra-hdr.jpg", ultra_hdr, SHOWN)
    yield Case("motion.jpg", lambda: saved("JPEG", quality=95)() + b"\0\0\0\x18ftypmp42" + bytes(100_000), SHOWN)
    yield Case("png-inside.jpg", saved("PNG"), SHOWN, loose=0)
    yield Case("jpeg-inside.heic", saved("JPEG", quality=95), SHOWN)
    yield Case("loop.tiff", tiff_loop, SHOWN, loose=0)


def refused() -> Iterator[Case]:
    """What must be refused with one sentence."""
    yield Case("nothing.jpg", lambda: b"", keys=("picture.empty",))
    yield Case("one-byte.png", lambda: b"\x89", keys=FORMAT)
    yield Case("zeros.jpg", lambda: bytes(4096), keys=FORMAT)
    yield Case("only-magic.png", lambda: b"\x89PNG\r\n\x1a\n", keys=BROKEN)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF"):
        yield Case(f"cut.{kind.lower()}", cut(saved(kind), 0.7), keys=BROKEN)
    yield Case("drawing.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", keys=FORMAT)
    script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>fetch('/gradio_api/info')</script></svg>"
    yield Case("script.svg", lambda: script, keys=FORMAT)
    yield Case("script.png", lambda: script, keys=FORMAT)
    yield Case(
        "print.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n", keys=FORMAT
    )
    yield Case("page.pdf", lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n", keys=FORMAT)
    yield Case("sign-in.jpg", lambda: b"<!doctype html><title>Sign in</title>", keys=FORMAT)
    yield Case("map.ppm", lambda: b"P6 64 48 255\n" + bytes(64 * 48 * 3), keys=FORMAT)
    yield Case("icon.ico", lambda: encoded(picture().resize((32, 32)), "ICO"), keys=FORMAT)
    yield Case("wavelets.jp2", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100), keys=FORMAT)
    yield Case("clip.mp4", lambda: b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(2000), keys=FORMAT)
    yield Case("archive.png", lambda: b"PK\3\4" + bytes(500), keys=FORMAT)


def bombs() -> Iterator[Case]:
    """What would cost much if it were believed; large pictures that are honest are taken."""
    yield Case("bomb-13300.png", png(13_300, 13_300, 1000), keys=PIXELS)
    yield Case("bomb-60000.png", png(60_000, 60_000, 10), keys=PIXELS)
    yield Case("claims-more.jpg", lambda: jpeg_of(65_000, 65_000), keys=PIXELS)
    yield Case("bomb.gif", lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\0;", keys=PIXELS)
    yield Case("more-rows.png", png(64, 48, 100_000), SHOWN * 0, loose=0)
    yield Case("comment.png", text_bomb, keys=FORMAT)
    yield Case("profile.png", profile_bomb, keys=FORMAT)
    yield Case("bomb-23.webp", plain("WEBP", 5800, 4000, method=0), keys=PIXELS)
    yield Case("large.webp", photographed("WEBP", 3400, 2350, method=0))
    yield Case("bomb-23.tiff", plain("TIFF", 5800, 4000, compression="tiff_adobe_deflate"), keys=PIXELS)
    yield Case("bomb-float.tiff", plain("TIFF", 4500, 4500, "F", compression="tiff_adobe_deflate"), keys=PIXELS)
    yield Case("large.tiff", plain("TIFF", 5150, 3430, compression="tiff_lzw"))
    yield Case("large.avif", photographed("AVIF", 4400, 3000, speed=10))
    yield Case("bomb-25.avif", plain("AVIF", 6100, 4090, speed=10), keys=PIXELS)
    yield Case("large.heic", plain("HEIF", 4032, 3024))
    yield Case("large.png", png(6120, 4080, 4080))
    yield Case("large-16.png", png(6120, 4080, 8160, depth=16))
    yield Case("large.jpg", photographed("JPEG", 6120, 4080))
    yield Case("large-progressive.jpg", photographed("JPEG", 4000, 3000, progressive=True, subsampling=0))
    yield Case("large.gif", plain("GIF", 6100, 4090, "P"))
    yield Case("line.png", png(3000, 8, 8), keys=("picture.too_long",))
    yield Case("pixel.gif", plain("GIF", 1, 1, "P"), keys=("picture.too_small",))
    yield Case("no-crc.png", patched(saved("PNG"), 29, b"\0\0\0\0"), keys=BROKEN)
    yield Case(
        "comments.jpg", lambda: saved("JPEG", quality=95)()[:2] + comments() + saved("JPEG", quality=95)()[2:], SHOWN
    )
    yield Case("many-ifds.tiff", film("TIFF", 900), SHOWN, loose=0)


def cases() -> list[Case]:
    """All of them."""
    return [*right(), *refused(), *bombs()]


def wrong(case: Case, found: object) -> str:
    """What is wrong with what came of a case: a picture, or a PictureError; "" where all is well."""
    if isinstance(found, PictureError):
        return "" if found.key in case.keys else f"refused as {found.key}"
    assert isinstance(found, Image.Image)
    if case.keys:
        return "taken"
    if found.mode != "RGB" or found.info or found.getexif() or max(found.size) > SIDE:
        return f"{found.mode}, {found.size}, {sorted(found.info)}"
    if case.right is None:
        return ""
    pixels = np.asarray(found).astype(float)
    if pixels.shape != case.right.shape:
        return f"{found.size}"
    apart = float(np.abs(pixels - case.right).mean())
    return "" if apart <= case.loose else f"{apart:.1f} of 255 away"
