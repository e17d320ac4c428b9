"""What Glow says of pictures that are no faces: `python -m training.flow.surprise --data DIR`.

After each training of Glow; `python -m training.evaluate glow` puts the shares on its card.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from models.flow.portraits import Portraits, portraits
from models.flow.surprise import SETS, SHOWN, Surprise, save
from models.weights.cards import load_card
from training.data import data_folder, load_digits, load_emoji, load_faces

COUNT = 1000


def padded(images: np.ndarray) -> np.ndarray:
    """Grey pictures (N, 28, 28) in the middle of black ones of 32x32, in colour: (N, 32, 32, 3) uint8."""
    return np.pad(images, ((0, 0), (2, 2), (2, 2)))[..., None].repeat(3, axis=3)


def pictures_of(name: str, folder: Path) -> np.ndarray:
    """Pictures of one of SETS that no recipe of Glow has seen, as `Portraits.bits` takes them."""
    if name == "faces":
        return load_faces(folder, "validation").images
    if name == "emoji":
        return load_emoji(folder, "noto", "validation")
    return padded(load_digits(folder, {"clothes": "fashion"}.get(name, name), "test").images[:COUNT])


def shrunk(pictures: np.ndarray) -> np.ndarray:
    """As Glow sees them, but for the levels: (N, 32, 32, 3) uint8."""
    if pictures.shape[1] == 32:
        return pictures
    return pictures.reshape(len(pictures), 32, 2, 32, 2, 3).mean(axis=(2, 4)).round().astype(np.uint8)


@torch.no_grad()
def measure(model: Portraits, folder: Path) -> Surprise:
    """Bits per dimension of every set, and the pictures of each that stand at 1/6, 3/6, 5/6 of it."""
    bits, shown = {}, {}
    for name in SETS:
        pictures = pictures_of(name, folder)
        found = torch.cat([model.bits(part) for part in np.array_split(pictures, -(-len(pictures) // 50))])
        bits[name] = found.sort().values
        if name != "faces":
            places = [(2 * i + 1) * len(pictures) // (2 * SHOWN) for i in range(SHOWN)]
            shown[name] = shrunk(pictures[found.argsort()[places].numpy()])
    return Surprise(bits, shown, load_card("glow").sha256 or "")


def figures(found: Surprise) -> dict[str, float | str]:
    """What goes on the card: bits of each set that is no faces, and the share of pairs in which it scores higher."""
    others = [name for name in SETS if name != "faces"]
    means: dict[str, float | str] = {f"bits_{name}": float(found.bits[name].mean()) for name in others}
    return means | {f"above_faces_{name}": found.share(name) for name in others}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what Glow says of pictures that are no faces.")
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    found = measure(portraits(), data_folder(parser.parse_args().data))
    save(found)
    for name, value in figures(found).items():
        print(f"  {name:24} {value:.4f}")


if __name__ == "__main__":
    main()
