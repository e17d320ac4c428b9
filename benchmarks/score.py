"""The learned score of a density in the plane against the exact one, for each density of the diffusion room.

    python -m benchmarks.score [--steps 2000] [--points 2000] [--seed 0]

Trains as the room does, from nothing, and prints sqrt(E|s - s*|^2 / E|s*|^2) over signal-to-noise ratios 0.1 to 10 with
points from p_t, for each ratio and all together, beside it the seconds of one core that the training took. Below stand
the same figure before any training, and what a network that knows only the mean and variance of the data would reach.
"""

from __future__ import annotations

import argparse
import time

import torch
from torch import Tensor

from models.diffusion.score import Exact
from models.diffusion.score_learning import SNRS, STEPS, Epsilon, Measure, first_step, fit, relative
from models.plane.toys import target

DENSITIES = ("ring", "moons", "spiral", "checkerboard")
LIMIT = 0.15


class Round(Epsilon):
    """The score of the one Gaussian with the data's mean and variance: what is to be had without learning a shape."""

    def __init__(self, exact: Exact) -> None:
        super().__init__(exact.schedule, 1)
        x = exact.target.sample(50_000, torch.Generator().manual_seed(0)).double()
        self.mean, self.variance = x.mean(dim=0), float(x.var(dim=0).mean())

    def score(self, x: Tensor, t: int) -> Tensor:
        """-(x - a mean) / (a^2 variance + b^2)."""
        bar = self.schedule.alpha_bar[t].item()
        return (bar**0.5 * self.mean - x) / (bar * self.variance + 1 - bar)


def line(name: str, exact: Exact, network: Epsilon, points: int, note: str = "") -> str:
    """A row of the table: the figure, then each ratio's own."""
    levels = Measure(exact, points, seed=2).levels(network)
    each = " ".join(f"{relative([level]):6.3f}" for level in levels)
    return f"{name:22} {relative(levels):6.3f}  | {each}  {note}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--points", type=int, default=2000, help="of p_t, at each of the ratios")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    first_step()
    print(f"sqrt(E|s - s*|^2 / E|s*|^2) after {args.steps} steps; at most {LIMIT} is wanted")
    print(f"{'':22} {'all':>6}  | " + " ".join(f"{snr:6.2f}" for snr in SNRS) + "  signal-to-noise ratio")
    for name in DENSITIES:
        exact = Exact(target(name))
        begun, wall = time.process_time(), time.perf_counter()
        *_, state = fit(exact, args.steps, args.seed)
        spent, wall = time.process_time() - begun, time.perf_counter() - wall
        print(
            line(name, exact, state.average, args.points, f"{spent:.1f} s of a core, {wall:.1f} s passed"), flush=True
        )
        print(line("  the round Gaussian", exact, Round(exact), args.points))


if __name__ == "__main__":
    main()
