"""A small picture, and its way through a file and the door for uploads."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from models.pictures.pictures import open_upload

pillow_heif.register_heif_opener()
PHOTO = np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(image: Image.Image, kind: str, **options: Any) -> np.ndarray:
    """The pixels that come out of the door when the picture goes in as a file."""
    return np.asarray(open_upload(encoded(image, kind, **options)))


def srgb_with(tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile that calls itself sRGB, with these tags (ICC.1:2022, 7.3) in place of its own."""
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "sRGB".encode("utf-16-be") in icc
    (count,) = struct.unpack(">I", icc[128:132])
    table = {icc[132 + 12 * i : 136 + 12 * i]: icc[136 + 12 * i : 144 + 12 * i] for i in range(count)}
    for name, data in tags.items():
        table[name] = struct.pack(">II", len(icc), len(data))
        icc += data
    entries = b"".join(name + place for name, place in table.items())
    return struct.pack(">I", len(icc)) + icc[4:132] + entries + icc[132 + 12 * count :]


LINEAR = srgb_with(dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), struct.pack(">4s4xIH2x", b"curv", 1, 256)))
"""Light itself: an sRGB whose curve is x to the power of 1. (Chromium 150 takes the empty curve for sRGB's own.)"""
_PRIMARIES = {"r": (0.51512, 0.24120, -0.00105), "g": (0.29198, 0.69225, 0.04189), "b": (0.15710, 0.06657, 0.78407)}
"""Of Display P3, adapted to D50."""
WIDE = srgb_with(
    {
        f"{name}XYZ".encode(): struct.pack(">4s4x3i", b"XYZ ", *(round(65536 * part) for part in xyz))
        for name, xyz in _PRIMARIES.items()
    }
)
"""Display P3."""
