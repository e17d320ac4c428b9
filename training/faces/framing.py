"""Where the data has its faces, and how well they are found: the numbers that models/faces/faces.py is built on.

    python -m training.faces.framing --data DIR

prints the constants of models/faces/faces.py with their spreads, the rates of the evaluation's finder, and how nearly a
face that is pasted into a photograph comes back.
"""

from __future__ import annotations

import argparse
import cmath
import math
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from models.faces import faces
from models.faces.similarity import Similarity, warped
from training.data import data_folder, load_faces

BIG = 128
PATCH = 16
CANVAS = (600, 400)
SIZES = (100.0, 260.0)
TILT = 12.0
"""Pasted faces: the frame's side in pixels of the canvas, and degrees to either side."""


@dataclass(frozen=True)
class Framing:
    """Medians, and medians of the absolute deviations from them, in pixels of the frame."""

    left_eye: np.ndarray
    right_eye: np.ndarray
    box: np.ndarray
    spread: np.ndarray


def measure_framing(images: np.ndarray) -> Framing:
    """The eyes (x, y) and the finder's box (left, top, side) in framed faces (N, S, S, 3).

    Eyes are looked for where the present constants say, so that wrong ones would show: run again until nothing moves.
    """
    rows = [row for row in map(_geometry, images) if row is not None]
    median = np.median(rows, axis=0)
    spread = np.median(np.abs(np.array(rows) - median), axis=0)
    return Framing(median[0:2], median[2:4], median[4:7], spread)


def _geometry(image: np.ndarray) -> list[float] | None:
    """Eyes and box of one framed face, None if they are not all found."""
    unit = len(image) / faces.SIDE
    found = faces.find_faces(Image.fromarray(image))
    level = Image.fromarray(image).convert("L").resize(2 * (faces.EYE_ZOOM * faces.SIDE,), Image.Resampling.BICUBIC)
    eyes = faces.eyes_in_frame(np.asarray(level))
    if eyes is None or not found:
        return None
    box = found[0].scaled(1 / unit)
    return [eyes[0].real, eyes[0].imag, eyes[1].real, eyes[1].imag, box.x, box.y, box.w]


def shuffle_patches(images: np.ndarray, seed: int = 0) -> np.ndarray:
    """The same pictures (N, 64, 64, 3) with their sixteen patches of 16 pixels in a random order, each in its own."""
    rng = np.random.default_rng(seed)
    n, height, width, channels = images.shape
    tiles = images.reshape(n, height // PATCH, PATCH, width // PATCH, PATCH, channels).swapaxes(2, 3)
    tiles = tiles.reshape(n, -1, PATCH, PATCH, channels)
    orders = rng.permuted(np.tile(np.arange(tiles.shape[1]), (n, 1)), axis=1)
    shuffled = np.take_along_axis(tiles, orders[:, :, None, None, None], axis=1)
    whole = shuffled.reshape(n, height // PATCH, width // PATCH, PATCH, PATCH, channels).swapaxes(2, 3)
    return whole.reshape(images.shape)


@dataclass(frozen=True)
class Pasted:
    """A canvas with a framed face in it: `place` takes pixels of the frame to pixels of the canvas."""

    canvas: Image.Image
    place: Similarity


def paste(face: np.ndarray, canvas: Image.Image, size: float, tilt: float, centre: complex) -> Pasted:
    """A framed face (S, S, 3) in a canvas, its frame `size` pixels wide and turned clockwise by `tilt` degrees."""
    s = cmath.rect(size / faces.SIDE, math.radians(tilt))
    place = Similarity(s, centre - s * complex(faces.SIDE / 2, faces.SIDE / 2))
    unit = len(face) / faces.SIDE
    back = Similarity(unit / s, -place.t * unit / s)
    inside = np.array(canvas)
    x, y = np.meshgrid(np.arange(canvas.width) + 0.5, np.arange(canvas.height) + 0.5)
    where = back(x + 1j * y)
    mask = (np.minimum(where.real, where.imag) >= 0) & (np.maximum(where.real, where.imag) <= len(face))
    inside[mask] = warped(face, back, canvas.size)[mask]
    return Pasted(Image.fromarray(inside), place)


@dataclass(frozen=True)
class Return:
    """How a pasted face came back: found at all, its eyes' error in pixels of the frame, the correlation."""

    found: bool
    eyes: float = math.inf
    correlation: float = 0.0


def come_back(face: np.ndarray, pasted: Pasted) -> Return:
    """Finds and aligns a pasted face and compares with what was pasted."""
    box = faces.only_face(faces.find_faces(pasted.canvas))
    if box is None:
        return Return(False)
    place = faces.framing(pasted.canvas, box)
    eyes = [complex(*faces.LEFT_EYE), complex(*faces.RIGHT_EYE)]
    error = float(np.mean([abs((place(eye) - pasted.place(eye)) / pasted.place.s) for eye in eyes]))
    original = np.asarray(Image.fromarray(face).resize(2 * (faces.SIDE,), Image.Resampling.LANCZOS))
    aligned = np.asarray(faces.align(pasted.canvas, box))
    return Return(True, error, float(np.corrcoef(original.ravel(), aligned.ravel())[0, 1]))


def returns(images: np.ndarray, folder: Path, seed: int = 0) -> list[Return]:
    """Each of the faces (N, 128, 128, 3), pasted at random into a landscape photograph of the data."""
    rng = np.random.default_rng(seed)
    results = []
    with zipfile.ZipFile(folder / "photos-256.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
        for face in images:
            photo = Image.open(BytesIO(archive.read(names[rng.integers(len(names))]))).convert("RGB")
            centre = complex(rng.uniform(200, 400), rng.uniform(150, 250))
            pasted = paste(face, photo.resize(CANVAS), rng.uniform(*SIZES), rng.uniform(-TILT, TILT), centre)
            results.append(come_back(face, pasted))
    return results


def main() -> None:
    """Prints the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="the data's folder; GALLERY_DATA if left out")
    parser.add_argument("--count", type=int, default=300, help="training faces to measure on (default 300)")
    given = parser.parse_args()
    folder = data_folder(given.data)
    train = load_faces(folder, "train", BIG).images
    train = train[:: max(1, len(train) // given.count)][: given.count]

    measured = measure_framing(train)
    print(f"LEFT_EYE = {tuple(measured.left_eye.round(1).tolist())}")
    print(f"RIGHT_EYE = {tuple(measured.right_eye.round(1).tolist())}")
    print(f"BOX_LEFT, BOX_TOP, BOX_SIDE = {tuple(measured.box.round(1).tolist())}")
    print(f"spreads {measured.spread.round(1).tolist()}")

    back = returns(train, folder)
    found = [one for one in back if one.found]
    print(f"pasted faces found alone: {len(found) / len(back):.3f}")
    print(f"eyes off by {np.median([one.eyes for one in found]):.2f} pixels (median)")
    print(f"correlation with the original {np.median([one.correlation for one in found]):.3f} (median)")

    known = load_faces(folder, "validation").images
    print(f"validation faces called framed: {np.mean([_stays(image) for image in known]):.3f}")
    print(f"evaluation's finder, validation faces: {faces.face_finder_for_evaluation(known).mean():.3f}")
    shuffled = shuffle_patches(known)
    print(f"evaluation's finder, patches shuffled: {faces.face_finder_for_evaluation(shuffled).mean():.3f}")


def _stays(image: np.ndarray) -> bool:
    """Whether a framed face reaches a network uncropped."""
    return np.array_equal(np.asarray(faces.face_for_model(Image.fromarray(image)).picture), image)


if __name__ == "__main__":
    main()
