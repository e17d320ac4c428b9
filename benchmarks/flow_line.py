"""A drawn sample on the line: held-out NLL of the spline's fit against a Gaussian KDE's with its own best bandwidth.

    python -m benchmarks.flow_line [--seeds 2] [--points 200]

Samples as visitors draw them (bumps, needles of several widths alone and among scattered points, an edge, a long tail),
each fitted in full by one core. Printed for each: the KDE's bandwidth and leave-one-out NLL in nats, how far above it
the fit's cross-validated NLL is, and seconds of processor time; then how many are above 0.05, and the slowest.
"""

from __future__ import annotations

import argparse
import os
import platform
import time

from models.runtime import threads

threads.prepare()

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from models.flow.line_fit import Fit, sample  # noqa: E402

WANTED = 0.05
SHAPES = ("bumps", "skewed", "uniform")
"""What the act offers itself."""
NEEDLES = ((1, 0.1), (1, 0.05), (1, 0.03), (2, 0.1), (2, 0.05), (2, 0.03), (3, 0.1), (3, 0.05), (4, 0.1), (5, 0.1))
"""How many, and their standard deviation on a line from -1 to 11."""
STREWN = ((1, 0.05, 0.5), (2, 0.05, 0.2), (3, 0.1, 0.3))
"""The same, and which share of the points lies anywhere."""


def needles(count: int, width: float, points: int, draw: torch.Generator, strewn: float = 0.0) -> Tensor:
    """(points,) on the line: `count` narrow bumps evenly from 1.5 to 8.5, and a share strewn over [0, 10]."""
    centres = torch.linspace(1.5, 8.5, count, dtype=torch.float64)
    x = centres[torch.randint(count, (points,), generator=draw)]
    x = x + width * torch.randn(points, dtype=torch.float64, generator=draw)
    anywhere = 10 * torch.rand(points, dtype=torch.float64, generator=draw)
    return torch.where(torch.rand(points, generator=draw) < strewn, anywhere, x)


def samples(points: int, seed: int) -> dict[str, Tensor]:
    """All of them, by name, each (points,) in [-1, 11]."""
    draw = torch.Generator().manual_seed(seed)
    made = {f"{n} needles, {width}": needles(n, width, points, draw) for n, width in NEEDLES}
    made |= {f"{n} needles, {w}, {share:.0%} strewn": needles(n, w, points, draw, share) for n, w, share in STREWN}
    made["edge"] = 10.6 + 0.1 * torch.randn(points, dtype=torch.float64, generator=draw)
    made["tail"] = 1 - 0.6 * torch.rand(points, dtype=torch.float64, generator=draw).log()
    return {name: x.clamp(-1, 11) for name, x in made.items()}


def fitted(name: str, x: Tensor) -> tuple[float, float]:
    """Nats above the KDE, and seconds of processor time; printed."""
    fit, start = Fit(x), time.process_time()
    while not fit.done:
        fit.step()
    seconds, above = time.process_time() - start, fit.unseen - fit.kernels.nll
    told = f"bandwidth {fit.kernels.width:.3f}   KDE {fit.kernels.nll:6.3f}   fit {above:+.3f}   {seconds:.1f} s"
    print(f"{name:28} {told}{'   misses' if above > WANTED else ''}", flush=True)
    return above, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="A fit on the line against a kernel density estimate.")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--points", type=int, default=200)
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {torch.backends.cpu.get_cpu_capability()}, one thread")
    offered = [(name, sample(name)) for name in SHAPES]
    drawn = [(f"{name} ({seed})", x) for seed in range(args.seeds) for name, x in samples(args.points, seed).items()]
    told = [fitted(*each) for each in offered + drawn]
    missed = sum(above > WANTED for above, _ in told)
    slowest = max(seconds for _, seconds in told)
    print(f"\n{missed} of {len(told)} are more than {WANTED} above (wanted: none); slowest {slowest:.1f} s")


if __name__ == "__main__":
    main()
