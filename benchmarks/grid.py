"""The 15x15 latent grid, from latent points to the bytes that are sent: ours against eager fp32 and PNG.

    python -m benchmarks.grid [--runs 9] [--without-bf16]

Ours is what the room calls; the other way is what a user would write first: `network.decode(z)` in eager fp32 and
`Image.save(format="PNG")`. Both start from the same loaded weights, decode anew each time and give the same picture.
Runs alternate; medians and their ratio are printed. --without-bf16 computes as a CPU does that has AVX2 only.
"""

from __future__ import annotations

import argparse
import functools
import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import torch
from PIL import Image

from models.pictures import pictures
from models.runtime import device
from models.vae.latent import planes
from models.vae.smile import faces
from models.vae.vae import FaceVAE, normal_quantiles
from models.weights.cards import load_card, load_into

CELLS = 15
AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
"""Read when torch is loaded: its libraries then use no wider instructions."""


def png(sheet: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, format="PNG")
    return buffer.getvalue()


def ours_faces(z: torch.Tensor) -> bytes:
    return pictures.jpeg(pictures.grid(faces().sheet(z), CELLS))


def eager_faces(z: torch.Tensor) -> bytes:
    with torch.no_grad():
        return png(pictures.grid(plain_network().decode(z), CELLS))


@functools.cache
def plain_network() -> FaceVAE:
    """The same weights in the layers and the layout that they were trained in."""
    card = load_card("vae-faces")
    network = FaceVAE(**card.network)
    load_into(network, card, "network.")
    return network.eval()


def ours_digits(_: torch.Tensor) -> bytes:
    return pictures.jpeg(planes("digits")[1].manifold(CELLS))


def eager_digits(_: torch.Tensor) -> bytes:
    q = normal_quantiles(CELLS)
    z = torch.stack([q.repeat(CELLS), q.flip(0).repeat_interleave(CELLS)], dim=1)
    with torch.no_grad():
        values = torch.sigmoid(planes("digits")[1].network.decode(z))
    tiles = (255 - 255 * values).round().to(torch.uint8).view(CELLS, CELLS, 28, 28)
    return png(tiles.transpose(1, 2).reshape(CELLS * 28, CELLS * 28).numpy())


def compare(
    name: str, ours: Callable[[torch.Tensor], bytes], eager: Callable[[torch.Tensor], bytes], runs: int
) -> None:
    """Time both in turn, on a new z each run, and print medians in ms and their ratio."""
    spent: dict[str, list[float]] = {"ours": [], "eager": []}
    sizes = {}
    for run in range(runs + 1):
        z = faces().draw(1000 * run, CELLS * CELLS, 1.0)
        for key, way in (("ours", ours), ("eager", eager)):
            start = time.perf_counter()
            sizes[key] = len(way(z))
            if run:
                spent[key].append(1000 * (time.perf_counter() - start))
    fast, slow = (statistics.median(spent[key]) for key in ("ours", "eager"))
    print(
        f"{name:7} ours {fast:7.1f} ms ({sizes['ours'] // 1024} KB)   "
        f"eager fp32 + PNG {slow:7.1f} ms ({sizes['eager'] // 1024} KB)   {slow / fast:.1f}x"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--without-bf16", action="store_true", help="as on a CPU with AVX2 only")
    args = parser.parse_args()
    if args.without_bf16 and any(os.environ.get(name) != value for name, value in AVX2.items()):
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.grid", *sys.argv[1:]], os.environ | AVX2)
    with device.exactly() if args.without_bf16 else nullcontext():
        compare("faces", ours_faces, eager_faces, args.runs)
        compare("digits", ours_digits, eager_digits, args.runs)
    half = device.half_here() and not args.without_bf16
    print(f"bf16 {'on' if half else 'off'}, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
