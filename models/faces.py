"""Faces in photographs: found, levelled, and framed like the faces that the networks were trained on.

OpenCV's Haar cascades (Viola & Jones 2001, "Rapid object detection using a boosted cascade of simple features") find
the face and its eyes; OpenCV 4 ships them, 5 does not. A similarity - shift, scale, turn - then takes the eyes to where
the data has them. Pictures are Pillow RGB; a "frame" is the data's square of SIDE pixels, and positions in it are in
its pixels, from the top left corner.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np
from PIL import Image

from models.pictures import MIN_SIDE, PictureError, centre_square

SIDE = 64

# Where the data has its faces, in pixels of the frame: medians over 300 training faces, measured by
# `python -m training.measure_framing --data DIR` (which prints these lines with their spreads).
LEFT_EYE = (18.4, 19.2)
RIGHT_EYE = (43.7, 19.1)
BOX_LEFT, BOX_TOP, BOX_SIDE = 0.0, -5.75, 63.0
"""The finder's box around a framed face; it may reach beyond the frame, see MARGIN."""

MARGIN = 0.25
"""Of the shorter side: pictures are continued so far beyond their edges, or tightly framed faces are not found."""
WORK = 640
"""Pixels: the longer side that big pictures are made to for the finder, so that its time does not depend on them."""
LEAST = 160
"""Pixels: the shorter side that small pictures are made to; the cascades' windows are 20 pixels wide."""
LARGEST_ZOOM = 4.0
SMALLEST_FACE = 0.06
"""Of the longer side of the picture that the finder sees."""
STEP = 1.1
NEIGHBOURS = 4
"""Windows that must agree on a face."""
RIVAL = 0.4
"""A second face makes a picture one of several faces if its width is at least this part of the biggest one's."""

How = Literal["aligned", "framed", "none", "several"]


@dataclass(frozen=True)
class Box:
    """A face in pixels of its picture: left, top, width, height; score: how many windows agreed on it."""

    x: float
    y: float
    w: float
    h: float
    score: int = 0


class FaceCrop(NamedTuple):
    """A (SIDE, SIDE) RGB picture, and how it came about: "none" and "several" are centre squares."""

    picture: Image.Image
    how: How


class Square(NamedTuple):
    """A square as the browser's crop frame has it: x and size in widths of the picture, y in heights."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Similarity:
    """p -> s p + t in the complex plane: s scales by |s| and turns by arg s, t shifts."""

    s: complex
    t: complex

    def __call__(self, p: complex) -> complex:
        return self.s * p + self.t

    def after(self, first: Similarity) -> Similarity:
        """self(first(p))."""
        return Similarity(self.s * first.s, self(first.t))

    def inverse(self) -> Similarity:
        return Similarity(1 / self.s, -self.t / self.s)


def _similarity(a: complex, b: complex, to_a: complex, to_b: complex) -> Similarity:
    """The one that takes a to to_a and b to to_b."""
    s = (to_b - to_a) / (b - a)
    return Similarity(s, to_a - s * a)
