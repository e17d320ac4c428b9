"""One face and a grid of 36 from z to pixels, the model only, on the CPU: ours against DCGAN and against eager fp32.

    python -m benchmarks.gan [--runs 41]

Ours is what the room calls: inference mode, channels last, bf16 for a grid where the processor computes it itself.
Eager is the same network as a user would call it, in fp32 and torch's own layout. DCGAN is the tutorial's generator
(3.6M parameters) in eager fp32. Where no weights have been trained yet, random ones are timed: the time is the same.
Runs alternate; medians and their ratios are printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from models.gan.dcgan import LATENT, DCGenerator
from models.gan.gan import SHEET, gan
from models.gan.stylegan import Generator
from models.runtime import device
from models.weights.cards import WEIGHTS
from training.gan.recipe import SHAPES


def networks() -> tuple[Generator, Generator]:
    """The faces' generator as the room places it, and the same as torch lays it out."""
    trained = (WEIGHTS / "gan-faces.toml").exists()
    plain = Generator(SHAPES["faces"]).eval()
    if trained:
        plain.load_state_dict(gan("faces").generator.state_dict())
    placed = Generator(SHAPES["faces"])
    placed.load_state_dict(plain.state_dict())
    placed = device.place(placed)
    placed.settle()
    return placed, plain


def ways(count: int) -> dict[str, Callable[[], Tensor]]:
    """What is timed, by name: each makes `count` faces."""
    placed, plain = networks()
    reference = DCGenerator().eval()
    z = torch.randn(count, placed.shape.latent, generator=torch.Generator().manual_seed(0))
    y = torch.randn(count, LATENT, 1, 1, generator=torch.Generator().manual_seed(0))

    def ours() -> Tensor:
        with torch.inference_mode(), device.autocast(count):
            return placed(z)

    def eager() -> Tensor:
        with torch.no_grad():
            return plain(z)

    def dcgan() -> Tensor:
        with torch.no_grad():
            return reference(y)

    return {"ours": ours, "eager fp32": eager, "DCGAN": dcgan}


def compare(count: int, runs: int) -> dict[str, float]:
    """Time all in turn; returns the medians in ms."""
    timed = ways(count)
    spent: dict[str, list[float]] = {name: [] for name in timed}
    for run in range(runs + 2):
        for name, way in timed.items():
            start = time.perf_counter()
            way()
            if run >= 2:
                spent[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=41)
    runs = parser.parse_args().runs
    device.set_device("cpu")
    print(f"{device.describe()}, {torch.get_num_threads()} threads")
    for count in (1, SHEET):
        medians = compare(count, runs)
        told = "   ".join(f"{name} {ms:6.1f} ms ({ms / medians['ours']:.1f}x)" for name, ms in medians.items())
        print(f"{count:3} face{'s' if count > 1 else ' '}   {told}")


if __name__ == "__main__":
    main()
