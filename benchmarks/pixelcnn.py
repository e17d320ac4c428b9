"""Faces word by word: codes that are kept against a whole network for each, the model only, on the CPU.

    python -m benchmarks.pixelcnn [--runs 5]

Naive is what the formula says and most tutorials do: the whole network, 256 times. Runs alternate; medians, their ratio
and how many of the codes are the same are printed.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch

from models.runtime import device
from models.vqvae.pixelcnn import sample, sample_naive
from models.vqvae.prior import prior

COUNTS = (1, 8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    device.set_device("cpu")
    model = prior()
    print(f"{device.describe()}, {torch.get_num_threads()} threads")
    for count in COUNTS:
        spent: dict[str, list[float]] = {"kept": [], "naive": []}
        same = []
        for run in range(runs):
            chance = torch.stack([model.chance(count * run + i) for i in range(count)])
            made = []
            for name, way in (("kept", sample), ("naive", sample_naive)):
                start = time.perf_counter()
                made.append(way(model.network, chance))
                spent[name].append(time.perf_counter() - start)
            same.append(float((made[0] == made[1]).float().mean()))
        kept, naive = (statistics.median(spent[name]) for name in ("kept", "naive"))
        told = f"kept {kept:.3f} s   naive {naive:.2f} s   {naive / kept:.1f} times"
        print(f"{count} at once   {told}   the same codes: {statistics.mean(same):.2%}")


if __name__ == "__main__":
    main()
