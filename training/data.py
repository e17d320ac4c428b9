"""The data that the recipes read. Nothing here is part of the project: its folder is `--data` or GALLERY_DATA."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

VALIDATION_FACES = 1000
SMILING = 2.0
"""smile_logit above +2 is a smile, below -2 is none, between is unsure."""


def data_folder(given: str | None) -> Path:
    """The folder named by --data, else by GALLERY_DATA. Raises SystemExit with a sentence if there is none."""
    name = given or os.environ.get("GALLERY_DATA")
    if not name:
        raise SystemExit("Name the data folder: --data DIR, or set GALLERY_DATA.")
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise SystemExit(f"There is no folder {folder}.")
    return folder


def read_idx(path: Path) -> np.ndarray:
    """An array in LeCun's idx format, gzipped: two zero bytes, a type, the rank, the sizes, the values (uint8)."""
    with gzip.open(path, "rb") as file:
        raw = file.read()
    rank = raw[3]
    shape = np.frombuffer(raw, ">u4", rank, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


@dataclass(frozen=True)
class Digits:
    """images: (N, 28, 28) uint8, labels: (N,) uint8 from 0 to 9."""

    images: np.ndarray
    labels: np.ndarray


def load_digits(folder: Path, name: str, split: str) -> Digits:
    """MNIST (name "digits") or Fashion-MNIST ("fashion"); split "train" (60,000) or "test" (10,000)."""
    where = folder / {"digits": "mnist", "fashion": "fashion-mnist"}[name]
    prefix = {"train": "train", "test": "t10k"}[split]
    images = read_idx(where / f"{prefix}-images-idx3-ubyte.gz")
    labels = read_idx(where / f"{prefix}-labels-idx1-ubyte.gz")
    return Digits(images, labels)


@dataclass(frozen=True)
class Faces:
    """images: (N, S, S, 3) uint8; age in years, gender 0 man 1 woman, smile the logit of a classifier; each (N,)."""

    images: np.ndarray
    age: np.ndarray
    gender: np.ndarray
    smile: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


def load_faces(folder: Path, split: str, size: int = 64) -> Faces:
    """Aligned faces, split "train" or "validation" (the last 1,000 rows of faces.csv), size 64 or 128."""
    with open(folder / "faces.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = rows[-VALIDATION_FACES:] if split == "validation" else rows[:-VALIDATION_FACES]
    images = np.empty((len(rows), size, size, 3), np.uint8)
    with zipfile.ZipFile(folder / f"faces-{size}.zip") as archive:
        for i, row in enumerate(rows):
            images[i] = np.asarray(Image.open(io.BytesIO(archive.read(row["file"]))).convert("RGB"))
    return Faces(
        images,
        np.array([float(row["age"]) for row in rows], np.float32),
        np.array([int(row["gender"]) for row in rows], np.int64),
        np.array([float(row["smile_logit"]) for row in rows], np.float32),
    )
