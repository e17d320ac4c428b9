"""One picture of 256x256, photograph to Monet: the generator that ships against the paper's ResNet-9 in eager fp32.

    python -m benchmarks.cyclegan [--runs 15] [--threads 1]

Both are timed as networks, from a tensor to a tensor, on the CPU, batch 1, runs alternating: ours as it is placed to
answer, the paper's as its code is written. "with uint8" is what a room calls, conversions and queue included.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from models.cyclegan.cyclegan import translators
from models.cyclegan.networks import ResnetGenerator
from models.runtime import device

SIDE = 256


def milliseconds(fn: Callable[[], object]) -> float:
    start = time.perf_counter()
    fn()
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--threads", type=int, help="of torch (default: as the gallery sets them)")
    args = parser.parse_args()
    device.set_device("cpu")
    if args.threads:
        torch.set_num_threads(args.threads)
    model, theirs = translators("monet"), ResnetGenerator(9).eval()
    ours = model.networks["there"]
    x = torch.rand(1, 3, SIDE, SIDE) * 2 - 1
    last = x.contiguous(memory_format=torch.channels_last)
    picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: ours(last),
        "with uint8": lambda: model.translate("there", picture),
        "ResNet-9": lambda: theirs(x),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(args.runs + 1):
        for name, way in ways.items():
            with torch.inference_mode() if name == "ours" else torch.no_grad():
                took = milliseconds(way)
            if run:  # the first one warms up
                spent[name].append(took)
    slow = statistics.median(spent["ResNet-9"])
    print(f"{SIDE}x{SIDE}, batch 1, {torch.get_num_threads()} thread(s), medians of {args.runs}")
    for name, times in spent.items():
        median = statistics.median(times)
        print(f"{name:12} {median:8.1f} ms   {slow / median:5.1f}x")


if __name__ == "__main__":
    main()
