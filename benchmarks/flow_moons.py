"""Two moons: the held-out NLL of our spline flow against zuko's NSF, trained as long on the same points.

    python -m benchmarks.flow_moons [--seconds 20] [--seeds 3] [--points 10000]

The moons are scikit-learn's (`make_moons` of its datasets/_samples_generator.py: points evenly along two half circles,
noise 0.05), written out here, standardised by the training set's mean and deviation. Both flows are trained by
`models.flow.fitting.minimize`, by its own rate for ours and by the better of two for zuko's (NSF(2, transforms=3,
hidden_features=(64, 64))), each for as many seconds of processor time, in batches of the same points in the same order;
both are judged by the average of their weights, on as many points again. Printed for each seed: both NLLs in nats,
parameters and steps, and their difference, of which the mean shall be at most 0.02.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable

from models.runtime import threads

threads.prepare()

import torch  # noqa: E402
import zuko  # noqa: E402
from torch import Tensor  # noqa: E402

from models.flow.density import Bijection  # noqa: E402
from models.flow.fitting import BATCH, PEAK, minimize  # noqa: E402
from models.flow.flow import spline  # noqa: E402

WANTED, NOISE = 0.02, 0.05
RATES = (1e-3, 5e-3)
"""Of zuko's flow: its tutorials' and ours."""


class Rival(Bijection):
    """zuko's flow, as ours are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = zuko.flows.NSF(2, transforms=3, hidden_features=(64, 64))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z and log |det df/dx|."""
        z, log_det = self.flow().transform.call_and_ladj(x)
        return z, log_det

    def states(self, z: Tensor) -> list[Tensor]:
        """z and x."""
        return [z, self.flow().transform.inv(z)]


def moons(count: int, seed: int) -> Tensor:
    """(count, 2) points as scikit-learn draws them, noise 0.05, not yet standardised."""
    outer = torch.linspace(0, torch.pi, count // 2)
    inner = torch.linspace(0, torch.pi, count - count // 2)
    upper = torch.stack([outer.cos(), outer.sin()], dim=1)
    lower = torch.stack([1 - inner.cos(), 0.5 - inner.sin()], dim=1)
    x = torch.cat([upper, lower])
    return x + NOISE * torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))


def standardised(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Training points and held-out ones, in units of the training set's deviation about its mean."""
    train, held = moons(count, 2 * seed), moons(count, 2 * seed + 1)
    mean, deviation = train.mean(dim=0), train.std(dim=0)
    return (train - mean) / deviation, (held - mean) / deviation


def trained(model: Bijection, x: Tensor, rate: float, seconds: float, seed: int) -> tuple[Bijection, int]:
    """The average of a training's weights after so many seconds of processor time, and its steps."""
    batch, generator = BATCH["spline"], torch.Generator().manual_seed(seed)
    begun = time.process_time()

    def loss() -> Tensor:
        return model.loss(x[torch.randint(len(x), (batch,), generator=generator)])

    *_, state = minimize(model, loss, batch, rate, lambda: (time.process_time() - begun) / seconds)
    return state.average, state.steps


@torch.no_grad()
def nll(model: Bijection, x: Tensor) -> float:
    """-E log p(x), in nats."""
    return -float(model.log_density(x).mean())


def size(model: Bijection) -> int:
    """Parameters."""
    return sum(p.numel() for p in model.parameters())


def row(name: str, make: Callable[[], Bijection], rate: float, seed: int, args: argparse.Namespace) -> float:
    """A row. Returns the held-out NLL."""
    torch.manual_seed(seed)
    train, held = standardised(args.points, seed)
    model, wall = make(), time.perf_counter()
    average, steps = trained(model, train, rate, args.seconds, seed)
    found, wall = nll(average, held), time.perf_counter() - wall
    print(
        f"seed {seed}  {name:20} {found:7.4f} nats held out, {nll(average, train):7.4f} in training  "
        f"{size(model):6,} parameters  {steps:5} steps  {args.seconds:.0f} s of a core, {wall:.0f} s passed",
        flush=True,
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="of processor time for each training")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--points", type=int, default=10_000, help="of the training set, and as many held out")
    args = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {torch.backends.cpu.get_cpu_capability()}, one thread")
    apart = []
    for seed in range(args.seeds):
        ours = row("ours, spline", spline, PEAK["spline"], seed, args)
        theirs = min(row(f"zuko, rate {rate:g}", Rival, rate, seed, args) for rate in RATES)
        apart.append(ours - theirs)
    mean = statistics.mean(apart)
    smaller = size(spline()) <= size(Rival())
    print(f"ours above zuko's: {' '.join(f'{each:+.4f}' for each in apart)}, mean {mean:+.4f} nats (wanted {WANTED})")
    print(f"parameters: {size(spline()):,} of {size(Rival()):,}{'' if smaller else ' (MORE)'}")


if __name__ == "__main__":
    main()
