"""The data that the recipes read. Nothing here is part of the project: its folder is `--data` or GALLERY_DATA."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

VALIDATION_FACES = 1000
VALIDATION_PICTURES = {"monet": 30, "photos": 250}
VALIDATION_EMOJI = 161
"""Rows or files at the end of each list that no recipe trains on."""
SMILING = 2.0
"""smile_logit above +2 is a smile, below -2 is none, between is unsure."""

T = TypeVar("T")


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
    rows = _part(rows, VALIDATION_FACES, split)
    with zipfile.ZipFile(folder / f"faces-{size}.zip") as archive:
        images = _colour(archive, [row["file"] for row in rows], size)
    return Faces(
        images,
        np.array([float(row["age"]) for row in rows], np.float32),
        np.array([int(row["gender"]) for row in rows], np.int64),
        np.array([float(row["smile_logit"]) for row in rows], np.float32),
    )


def _colour(archive: zipfile.ZipFile, names: list[str], size: int) -> np.ndarray:
    """The named pictures of an archive, (N, size, size, 3) uint8 in their order."""
    images = np.empty((len(names), size, size, 3), np.uint8)
    for i, name in enumerate(names):
        images[i] = np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB"))
    return images


def _part(items: list[T], held_out: int, split: str) -> list[T]:
    """The last `held_out` items for "validation", all others for "train"."""
    if split not in ("train", "validation"):
        raise ValueError(f"there is no split {split!r}")
    return items[-held_out:] if split == "validation" else items[:-held_out]


def load_pictures(folder: Path, kind: str, split: str) -> np.ndarray:
    """Landscapes (N, 256, 256, 3) uint8, by file name: kind "monet" (270 and 30) or "photos" (2,250 and 250)."""
    with zipfile.ZipFile(folder / f"{kind}-256.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        return _colour(archive, _part(names, VALIDATION_PICTURES[kind], split), 256)


def load_emoji(folder: Path, style: str, split: str) -> np.ndarray:
    """Emoji on white (N, 64, 64, 3) uint8: 1,450 and 161 rows of emoji.csv, each row the same sign in both styles.

    style: "noto" or "twemoji". Row i of one style is the counterpart of row i of the other.
    """
    with zipfile.ZipFile(folder / "emoji-64.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("emoji.csv").decode("utf-8"))))
        names = [f"{style}/{row['file']}" for row in _part(rows, VALIDATION_EMOJI, split)]
        return _colour(archive, names, 64)
