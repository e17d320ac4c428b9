"""A small picture, and its way through a file and the door for uploads."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

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
