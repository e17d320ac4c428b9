"""The edges of pictures, as thin as a pen's line: what pix2pix is given."""

from __future__ import annotations

import cv2
import numpy as np

WIDTH = 0.8
"""Of the Gaussian before gradients are taken, in pixels."""
LOW, HIGH = 50, 130
"""Canny's thresholds for pictures of 64x64: above the second a line begins, above the first it goes on."""


def edges(picture: np.ndarray) -> np.ndarray:
    """Where the edges of a picture are: (H, W) bool.  picture: (H, W, 3) uint8. Canny 1986."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return cv2.Canny(cv2.GaussianBlur(grey, (0, 0), WIDTH), LOW, HIGH, L2gradient=True) > 0
