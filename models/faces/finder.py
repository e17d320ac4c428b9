"""Where faces are in a picture: OpenCV's Haar cascades, made robust for small, big and tilted ones.

Viola & Jones 2001, "Rapid object detection using a boosted cascade of simple features". OpenCV 4 ships the cascades,
5 does not. models/faces/faces.py is what the rooms use.
"""

from __future__ import annotations

import cmath
import math
import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from models.faces.similarity import Similarity, warped

CASCADES = Path(cv2.__file__).parent / "data"

MARGIN = 0.25
"""Of the shorter side: pictures are continued so far beyond their edges, or tightly framed faces are not found."""
WORK = 640
"""Pixels: the longer side that big pictures are made to for the finder, so that its time does not depend on them."""
LEAST = 160
"""Pixels: the shorter side that small pictures are made to; the cascades' windows are 20 pixels wide."""
LARGEST_ZOOM = 4.0
SMALLEST_FACE = 0.06
"""Of the longer side of the picture that the finder sees, and never under SMALLEST_WINDOW of its pixels."""
SMALLEST_WINDOW = 30
STEP = 1.1
NEIGHBOURS = 4
"""Windows that must agree on a face."""
TURNS = ((0.0,), (-22.0, 22.0))
"""Degrees: if no face stands upright, tilted heads are looked for; the cascade itself forgives 12 degrees."""
SAME = 0.3
"""Two boxes that share this part of their union are one face."""

EVALUATION_ZOOM = 2
EVALUATION_NEIGHBOURS = 5
EVALUATION_LEAST = 40
"""Finder for 64x64 samples: 97 % of the validation faces, 0.1 % of them with their patches shuffled."""


@dataclass(frozen=True)
class Box:
    """A face in pixels of its picture: left, top, width, height; the head's tilt in degrees, clockwise.

    A tilted face's box is the upright square around its centre. score: how many windows agreed on it.
    """

    x: float
    y: float
    w: float
    h: float
    tilt: float = 0.0
    score: int = 0

    @property
    def centre(self) -> complex:
        """x + iy."""
        return complex(self.x + self.w / 2, self.y + self.h / 2)

    def scaled(self, by: float) -> Box:
        """The same face in a picture `by` times as big."""
        return Box(self.x * by, self.y * by, self.w * by, self.h * by, self.tilt, self.score)


def find_faces(image: Image.Image) -> list[Box]:
    """The faces in a picture of any size, those on which most windows agreed first; each face once.

    Upright heads; only where there is none, heads tilted by up to 30 degrees.
    """
    grey, zoom = _seen(image)
    for turns in TURNS:
        boxes = [box for turn in turns for box in _find_turned(grey, turn)]
        if boxes:
            return [box.scaled(1 / zoom) for box in _distinct(boxes)]
    return []


def face_finder_for_evaluation(pictures: np.ndarray) -> np.ndarray:
    """Which 64x64 pictures are faces: (N, 64, 64, 3) uint8 -> (N,) bool.

    Another cascade and other settings than `find_faces`, fixed here once, so that a number on a card means one thing.
    """
    finder = cascade("frontalface_alt")
    least = EVALUATION_ZOOM * EVALUATION_LEAST
    found = np.zeros(len(pictures), bool)
    for i, picture in enumerate(pictures):
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        grey = cv2.resize(grey, None, fx=EVALUATION_ZOOM, fy=EVALUATION_ZOOM, interpolation=cv2.INTER_CUBIC)
        boxes = finder.detectMultiScale(_continued(grey), STEP, EVALUATION_NEIGHBOURS, minSize=(least, least))
        found[i] = len(boxes) > 0
    return found


_mine = threading.local()


def cascade(name: str) -> cv2.CascadeClassifier:
    """One of OpenCV's cascades; a copy for each thread, as detecting changes it."""
    loaded: dict[str, cv2.CascadeClassifier] = _mine.__dict__
    if name not in loaded:
        loaded[name] = cv2.CascadeClassifier(str(CASCADES / f"haarcascade_{name}.xml"))
    return loaded[name]


def _seen(image: Image.Image) -> tuple[np.ndarray, float]:
    """The grey picture at the finder's scale, and that scale."""
    short, long = sorted(image.size)
    zoom = min(WORK / long, max(1.0, min(LARGEST_ZOOM, LEAST / short)))
    # One factor for both sides; Pillow averages on the way down
    return np.asarray(image.convert("L").resize(resized_by(image, zoom), Image.Resampling.BICUBIC)), zoom


def resized_by(image: Image.Image, zoom: float) -> tuple[int, int]:
    return max(1, round(image.width * zoom)), max(1, round(image.height * zoom))


def _continued(grey: np.ndarray) -> np.ndarray:
    """The picture with MARGIN around it, its edge pixels repeated."""
    margin = round(MARGIN * min(grey.shape))
    return cv2.copyMakeBorder(grey, *4 * (margin,), cv2.BORDER_REPLICATE)


def _find_turned(grey: np.ndarray, degrees: float) -> list[Box]:
    """Faces of heads tilted clockwise by `degrees`, in pixels of `grey`."""
    whole = _continued(grey)
    centre = complex(whole.shape[1] / 2, whole.shape[0] / 2)
    turn = cmath.rect(1, math.radians(degrees))
    levelled = whole if degrees == 0 else warped(whole, Similarity(turn, centre - turn * centre), whole.shape[::-1])
    least = max(SMALLEST_WINDOW, round(SMALLEST_FACE * max(whole.shape)))
    found, counts = cascade("frontalface_alt2").detectMultiScale2(levelled, STEP, NEIGHBOURS, minSize=(least, least))
    margin = (whole.shape[1] - grey.shape[1]) / 2
    boxes = []
    for (x, y, side, _), count in zip(np.asarray(found).tolist(), np.asarray(counts).tolist(), strict=True):
        middle = turn * (complex(x + side / 2, y + side / 2) - centre) + centre - complex(margin, margin)
        boxes.append(Box(middle.real - side / 2, middle.imag - side / 2, side, side, degrees, count))
    return boxes


def _distinct(boxes: list[Box]) -> list[Box]:
    """Best first, without those that share SAME of their union with a better one or have their centre inside it."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: (-box.score, -box.w)):
        if not any(_overlap(box, other) > SAME or _inside(box, other) for other in kept):
            kept.append(box)
    return kept


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (a.w * a.h + b.w * b.h - shared)


def _inside(a: Box, b: Box) -> bool:
    return b.x < a.centre.real < b.x + b.w and b.y < a.centre.imag < b.y + b.h
