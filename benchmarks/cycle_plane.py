"""Whether the CycleGAN in the plane turns rings into moons, with its defaults, seed by seed.

    python -m benchmarks.cycle_plane [--seeds 5] [--within 30]

Trains for so many seconds of one core with each seed and prints when first the cycle error was at most 0.1 and the
Wasserstein distances to both clouds at most twice those of two samples of them, and what there was at the end.
"""

from __future__ import annotations

import argparse
import time

from models.runtime import threads

threads.prepare()

from models.cyclegan.plane import Plane, Settings  # noqa: E402
from models.cyclegan.plane_measures import Judge, Measures  # noqa: E402
from models.plane.pulled import MOST_STEPS  # noqa: E402

LOST, TIMES, WANTED = 0.1, 2.0, 4
EVERY = 250
"""Steps between two looks."""


def there(found: Measures) -> bool:
    """Whether it comes back and both clouds are matched."""
    return found.cycle <= LOST and found.ratio <= TIMES


def row(seed: int, within: float) -> bool:
    """Train, print, and say whether it was there within the time."""
    plane, first = Plane(Settings(seed=seed)), ""
    judge, begun, core = Judge(plane), time.perf_counter(), time.process_time()
    found = judge(plane)
    while time.process_time() - core < within and plane.steps < MOST_STEPS:
        for _ in range(EVERY):
            plane.step()
        found = judge(plane)
        if not first and there(found):
            first = f"there after {plane.steps} steps, {time.process_time() - core:.1f} s of a core"
    print(
        f"seed {seed}: {first or 'NOT there'}; at the end {plane.steps} steps, "
        f"{time.perf_counter() - begun:.0f} s of the clock, cycle error {found.cycle:.3f}, moved {found.moved:.2f}, "
        f"W1 to Y {found.w_y / found.alike_y:.2f} and to X {found.w_x / found.alike_x:.2f} times two samples'",
        flush=True,
    )
    return bool(first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--within", type=float, default=30.0, help="seconds of a core for each training")
    args = parser.parse_args()
    count = sum(row(seed, args.within) for seed in range(args.seeds))
    print(f"{count} of {args.seeds} (wanted: {WANTED} of 5)")


if __name__ == "__main__":
    main()
