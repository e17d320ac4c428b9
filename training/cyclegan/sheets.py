"""Draw the held-out emoji that the act "losses" shows into models/cyclegan/emoji/: python -m training.cyclegan.sheets.

The first SHOWN of them as they are; of all others only the means of 4x4 pixels, which their distance is measured by.
"""

from __future__ import annotations

import argparse

import numpy as np
from PIL import Image

from models.cyclegan.counterparts import FOLDER, POOLED, SIDE, pooled, sheet
from models.cyclegan.vocabulary import SHOWN, SIDES
from training.cyclegan.pairs import load_domains
from training.data import data_folder


def means(pictures: np.ndarray) -> np.ndarray:
    """(N, 64, 64, 3) uint8 to (N, 16, 16, 3), each pixel the mean of 4x4."""
    small = SIDE // POOLED
    return pooled(pictures).round().astype(np.uint8).reshape(-1, small, small, 3)


def save(pictures: np.ndarray, name: str) -> None:
    """A sheet without loss."""
    Image.fromarray(sheet(pictures)).save(FOLDER / f"{name}.webp", lossless=True, quality=100, method=6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    folder = data_folder(parser.parse_args().data)
    FOLDER.mkdir(exist_ok=True)
    for side, domain in zip(SIDES, load_domains("emoji", folder, "validation"), strict=True):
        pictures = domain.images.numpy()
        save(pictures[:SHOWN], side)
        save(means(pictures[SHOWN:]), f"{side}-means")


if __name__ == "__main__":
    main()
