"""Faces in photographs: found, levelled, and framed like the faces that the networks were trained on.

OpenCV's Haar cascades (Viola & Jones 2001, "Rapid object detection using a boosted cascade of simple features") find
the face and its eyes; OpenCV 4 ships them, 5 does not. A similarity - shift, scale, turn - then takes the eyes to where
the data has them. Pictures are Pillow RGB; a "frame" is the data's square of SIDE pixels, and positions in it are in
its pixels, from the top left corner.
"""

from __future__ import annotations

import cmath
import math
from typing import Literal, NamedTuple

import cv2
import numpy as np
from PIL import Image

from models.faces.finder import Box, cascade, face_finder_for_evaluation, find_faces, resized_by
from models.faces.similarity import Similarity, warped
from models.pictures.pictures import MIN_SIDE, PictureError, centre_square

__all__ = [
    "EYE_ZOOM",
    "LEFT_EYE",
    "RIGHT_EYE",
    "SIDE",
    "Box",
    "FaceCrop",
    "Square",
    "align",
    "crop",
    "eyes_in_frame",
    "face_finder_for_evaluation",
    "face_for_model",
    "find_faces",
    "framing",
    "is_framed",
    "only_face",
    "square_of",
]

SIDE = 64

# Where the data has its faces, in pixels of the frame: medians over 300 training faces, measured by
# `python -m training.faces.framing --data DIR` (which prints these lines with their spreads).
LEFT_EYE = (18.5, 18.8)
RIGHT_EYE = (43.7, 18.8)
BOX_LEFT, BOX_TOP, BOX_SIDE = -0.4, -6.0, 63.6
"""The finder's box around a framed face; it may reach beyond the frame, see MARGIN."""

RIVAL = 0.4
"""A second face makes a picture one of several if its width is at least this part of the biggest one's."""
OFF_FRAME = 7.0
"""Pixels of the frame: a face whose box has each corner nearer than this to the data's is framed already."""

EYE_ZOOM = 4
"""The eyes are looked for in the levelled face at this many times SIDE."""
EYE_WINDOWS = ((7, 31), (32, 56))
EYE_LINES = (8, 31)
EYE_SIZES = (6, 14)
"""Columns, rows and sizes of the eyes' boxes, in pixels of the frame; generous for a tilt of 20 degrees."""
LARGEST_CORRECTION = 1.33
LARGEST_TILT = math.radians(30)
"""Eyes that would correct the box by more than this were nostrils or eyebrows."""

SMOOTH = 4
"""A crop is made at up to this many times its size and averaged down: a plain warp would alias."""

How = Literal["aligned", "framed", "none", "several"]


class FaceCrop(NamedTuple):
    """A (SIDE, SIDE) RGB picture and how it came about: "none" and "several" are centre squares."""

    picture: Image.Image
    how: How


class Square(NamedTuple):
    """A square as the browser's crop frame has it: x and size in widths of the picture, y in heights."""

    x: float
    y: float
    size: float


def align(image: Image.Image, box: Box, side: int = SIDE) -> Image.Image:
    """The face in `box` levelled and framed like the data, (side, side) RGB. Beyond the picture its edge goes on.

    On data faces pasted into photographs, scaled and tilted by up to 12 degrees, the eyes come back to within 1.2
    pixels of 64 (median), and the crop correlates with the original at 0.86.
    """
    unit = box.w / BOX_SIDE * SIDE / side
    if unit > SMOOTH:  # so much detail would alias even in the enlarged crop, and the eyes need none of it
        width = image.width
        image = image.resize(resized_by(image, SMOOTH / unit), Image.Resampling.BOX)
        box = box.scaled(image.width / width)
    place = framing(image, box)
    big = SMOOTH * side
    crop = warped(np.asarray(image.convert("RGB")), place.after(Similarity(SIDE / big, 0)), (big, big))
    return Image.fromarray(cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA))


def framing(image: Image.Image, box: Box) -> Similarity:
    """From pixels of the data's frame to pixels of the picture, by the eyes where both are found, else by the box.

    The eyes give place and tilt; the scale is the geometric mean of theirs and the box's, which is nearer to the data
    than either (eyes come together in a turned head): corners off by 2.6 pixels, against 3.5 and 3.1.
    """
    by_box = _by_box(box)
    level = warped(np.asarray(image.convert("L")), by_box.after(Similarity(1 / EYE_ZOOM, 0)), 2 * (EYE_ZOOM * SIDE,))
    eyes = eyes_in_frame(level)
    if eyes is None:
        return by_box
    left, right = eyes
    data_left, data_right = complex(*LEFT_EYE), complex(*RIGHT_EYE)
    turn = (right - left) / (data_right - data_left)
    if not 1 / LARGEST_CORRECTION < abs(turn) < LARGEST_CORRECTION or abs(cmath.phase(turn)) > LARGEST_TILT:
        return by_box
    s = by_box.s * turn / math.sqrt(abs(turn))
    return Similarity(s, by_box((left + right) / 2) - s * (data_left + data_right) / 2)


def eyes_in_frame(level: np.ndarray) -> tuple[complex, complex] | None:
    """Both eyes of a levelled face in pixels of the frame; None unless both are found.

    level: grey uint8, EYE_ZOOM times the frame in width and height.
    """
    left, right = (_eye(level, columns) for columns in EYE_WINDOWS)
    return None if left is None or right is None else (left, right)


def is_framed(image: Image.Image) -> bool:
    """Whether a square picture shows a face just where the data has it, so that aligning could only blur it."""
    return image.width == image.height and _any_framed(image, find_faces(image))


def face_for_model(image: Image.Image, side: int = SIDE, boxes: list[Box] | None = None) -> FaceCrop:
    """The (side, side) face that a network is to see, without asking anyone. boxes: its faces, where they are known.

    A square picture framed like the data is only resized ("framed"); of one face, or one much bigger than the others,
    the aligned crop is taken ("aligned"); of several or none the centre square ("several", "none").
    """
    boxes = find_faces(image) if boxes is None else boxes
    if image.width == image.height and _any_framed(image, boxes):
        return FaceCrop(_resized(image, side), "framed")
    face = only_face(boxes)
    if face is not None:
        return FaceCrop(align(image, face, side), "aligned")
    return FaceCrop(_resized(centre_square(image), side), "several" if boxes else "none")


def only_face(boxes: list[Box]) -> Box | None:
    """The one face there is, or the one beside which the others are small; None if there are several or none."""
    biggest = max((box.w for box in boxes), default=0.0)
    rivals = [box for box in boxes if box.w >= RIVAL * biggest]
    return rivals[0] if len(rivals) == 1 else None


def square_of(image: Image.Image, box: Box) -> Square:
    """The face's frame as an upright square, for the browser to suggest as a crop; it lies within the picture."""
    place = _by_box(box)
    side = min(abs(place.s) * SIDE, image.width, image.height)
    centre = place(complex(SIDE / 2, SIDE / 2))
    left = min(max(centre.real - side / 2, 0.0), image.width - side)
    top = min(max(centre.imag - side / 2, 0.0), image.height - side)
    return Square(left / image.width, top / image.height, side / image.width)


def crop(image: Image.Image, x: float, y: float, size: float, side: int = SIDE) -> Image.Image:
    """The visitor's own square, (side, side) RGB. x and size are fractions of the width, y of the height.

    A square that reaches beyond the picture is moved inside. Raises PictureError ("picture.crop") for anything but
    finite numbers with x and y in [0, 1], and for a square under MIN_SIDE pixels or bigger than the picture.
    """
    pixels = _checked(x) * image.width, _checked(y) * image.height, _checked(size) * image.width
    left, top, width = (round(value) for value in pixels)
    # One pixel of rounding is forgiven, a frame that does not fit is not
    if not MIN_SIDE <= width <= min(image.size) + 1:
        raise PictureError("picture.crop", pixels=MIN_SIDE)
    width = min(width, *image.size)
    left, top = min(left, image.width - width), min(top, image.height - width)
    return _resized(image.crop((left, top, left + width, top + width)), side)


def _any_framed(image: Image.Image, boxes: list[Box]) -> bool:
    unit = image.width / SIDE
    for box in boxes:
        left, top, right, bottom = box.x / unit, box.y / unit, (box.x + box.w) / unit, (box.y + box.h) / unit
        off = (left - BOX_LEFT, right - BOX_LEFT - BOX_SIDE, top - BOX_TOP, bottom - BOX_TOP - BOX_SIDE)
        if box.tilt == 0 and max(map(abs, off)) < OFF_FRAME:
            return True
    return False


def _by_box(box: Box) -> Similarity:
    """From the frame to the picture, as the box alone tells."""
    s = cmath.rect(box.w / BOX_SIDE, math.radians(box.tilt))
    return Similarity(s, box.centre - s * complex(BOX_LEFT + BOX_SIDE / 2, BOX_TOP + BOX_SIDE / 2))


def _eye(level: np.ndarray, columns: tuple[int, int]) -> complex | None:
    """The mean of what the cascades for bare eyes and for spectacles are surest of; None if neither finds any."""
    k = EYE_ZOOM
    window = level[EYE_LINES[0] * k : EYE_LINES[1] * k, columns[0] * k : columns[1] * k]
    least, largest = (size * k for size in EYE_SIZES)
    found = []
    for name in ("eye", "eye_tree_eyeglasses"):
        boxes, _, sure = cascade(name).detectMultiScale3(
            window, 1.05, 3, minSize=(least, least), maxSize=(largest, largest), outputRejectLevels=True
        )
        if len(boxes):
            x, y, width, height = boxes[int(np.argmax(sure))]
            found.append(complex(columns[0] + (x + width / 2) / k, EYE_LINES[0] + (y + height / 2) / k))
    return sum(found) / len(found) if found else None


def _resized(square: Image.Image, side: int) -> Image.Image:
    square = square.convert("RGB")
    return square if square.width == side else square.resize((side, side), Image.Resampling.LANCZOS)


def _checked(value: object) -> float:
    """A finite number in [0, 1]. Raises PictureError for anything else, booleans too."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PictureError("picture.crop", pixels=MIN_SIDE)
    return float(value)
