"""The density of a flow of the plane over 40,000 points, a picture of 200 x 200: ours against zuko's RealNVP, CPU.

    python -m benchmarks.flow [--runs 15] [--threads 1]

Ours is the default model as it ships, trained on the ring; zuko's has 8 transforms and hidden layers (64, 64), and what
it would have learned does not change its time. Both in eager float32, inference mode, runs alternate; medians and their
ratio are printed, beside them the nats above the ring's true entropy that ours reaches.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
import zuko
from torch import Tensor

from models.flow.flow import DEFAULT, flows, middles
from models.runtime import device
from training.flow.recipe import gap

Timed = Callable[[Tensor], Tensor]


def medians(ways: dict[str, Timed], x: Tensor, runs: int) -> dict[str, float]:
    """The median time of each way in ms; the ways take turns, the first round is not counted."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way(x)
            if run:
                spent[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(0)
    device.set_device("cpu")
    rival = zuko.flows.RealNVP(2, transforms=8, hidden_features=(64, 64))
    ours = {kind: flows()[kind, "ring"].network for kind in (DEFAULT, "spline")}
    torch.set_num_threads(args.threads)
    ways: dict[str, Timed] = {kind: model.log_density for kind, model in ours.items()}
    ways["zuko"] = lambda x: rival().log_prob(x)
    with torch.inference_mode():
        times = medians(ways, middles(200), args.runs)
    print(f"log-density of 40,000 points, {args.threads} thread(s), median of {args.runs} runs in turn")
    print(f"  zuko RealNVP, 8 transforms (64, 64)   {times['zuko']:7.1f} ms")
    for kind, model in ours.items():
        mark = "the default" if kind == DEFAULT else "for comparison"
        print(
            f"  {kind:10} {times[kind]:7.1f} ms   {times['zuko'] / times[kind]:4.1f}x   "
            f"ring {gap(model, 'ring', 100_000):.4f} nats above the entropy ({mark})"
        )


if __name__ == "__main__":
    main()
