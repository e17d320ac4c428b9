"""Similarities of the plane: how a frame lies in a picture, and the pixels under it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Similarity:
    """p -> s p + t in the complex plane: scaled by |s|, turned by arg s (clockwise, as y points down), shifted."""

    s: complex
    t: complex

    def __call__(self, p: complex) -> complex:
        return self.s * p + self.t

    def after(self, first: Similarity) -> Similarity:
        """self(first(p))."""
        return Similarity(self.s * first.s, self(first.t))


def warped(array: np.ndarray, place: Similarity, size: tuple[int, int]) -> np.ndarray:
    """The picture's pixels under a frame of (width, height) pixels: out(p) = array(place(p)), bilinear.

    array: (H, W) or (H, W, C). Positions count from the picture's corner. Beyond the picture its edge goes on.
    """
    s = place.s
    # OpenCV counts from the middle of the first pixel
    shift = place.t + s * complex(0.5, 0.5) - complex(0.5, 0.5)
    matrix = np.array([[s.real, -s.imag, shift.real], [s.imag, s.real, shift.imag]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(array, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
