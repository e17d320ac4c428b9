"""Landscapes cropped, resampled, blurred or sharpened and compressed at random.

A judge that learns from these cannot tell paintings from photographs by the sharpness or the JPEG of their files.
"""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

CROP = 96
"""Pixels: enough for a stroke of the brush and a good deal cheaper than the whole picture of 256."""
RESAMPLING = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def crop(picture: Image.Image, u: list[float]) -> Image.Image:
    """A square with a side of 80 to 144 pixels from anywhere, resampled to 96, mirrored in half of the cases."""
    side = 80 + 64 * u[0]
    left, top = u[1] * (picture.width - side), u[2] * (picture.height - side)
    method = RESAMPLING[int(u[3] * len(RESAMPLING))]
    part = picture.resize((CROP, CROP), method, box=(left, top, left + side, top + side))
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if u[4] < 0.5 else part


def refocused(picture: Image.Image, u: float) -> Image.Image:
    """Blurred by up to 1.2 pixels in a quarter of the cases, sharpened in a fifth, else as it is."""
    if u < 0.25:
        return picture.filter(ImageFilter.GaussianBlur(4.8 * u))
    if u > 0.8:
        return picture.filter(ImageFilter.UnsharpMask(radius=1, percent=int(750 * (u - 0.8)), threshold=0))
    return picture


def compressed(picture: Image.Image, u: float) -> Image.Image:
    """Through a JPEG file of quality 40 to 95 in half of the cases."""
    if u < 0.5:
        return picture
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=40 + int(110 * (u - 0.5)))
    return Image.open(file)


def landscapes(images: Tensor) -> Tensor:
    """One random piece of each picture: (B, 3, H, W) uint8 with H, W of at least 144, to (B, 3, 96, 96) uint8."""
    rows = np.ascontiguousarray(images.permute(0, 2, 3, 1).numpy())
    pieces = []
    for picture, u in zip(rows, torch.rand(len(rows), 7).tolist(), strict=True):
        piece = refocused(crop(Image.fromarray(picture), u[:5]), u[5])
        pieces.append(np.asarray(compressed(piece, u[6])))
    return torch.from_numpy(np.stack(pieces)).permute(0, 3, 1, 2)
