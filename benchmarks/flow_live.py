"""How near a flow of the plane comes to its target in ten seconds of training that a page looks on at, and how often.

    python -m benchmarks.flow_live [--seconds 10] [--core] [--seeds 1] [--model realnvp] [--only spiral]

Asks as the page does, through the act's own calls and with its own settings, one question after the other, and prints
for each target refreshes and steps a second; the nats between the held-out NLL once the seconds have passed and the
final one, that of the flow of the same sizes that ships and has seen a hundred times as much; and the nats above the
target's true entropy, both over 50,000 points that no measurement of the run has seen; the cores in use and the load.
--core counts seconds of processor time instead of those that pass, for a machine that has other work; a turn of
training still lasts as long as ever, so where less than half a core is free the steps are too few: to be run again.
"""

from __future__ import annotations

import argparse
import os
import time

from models.runtime import threads

threads.prepare()

import torch  # noqa: E402

from gallery.rooms.flow import plane_ask  # noqa: E402
from models.flow.flow import flows  # noqa: E402
from models.flow.vocabulary import OWN, TARGETS  # noqa: E402
from models.plane.pulled import MOST_STEPS  # noqa: E402
from models.runtime import device  # noqa: E402
from training.flow.recipe import gap  # noqa: E402

WANTED, REFRESHES = 0.15, 10
POINTS = 50_000


def knobs_of(target: str, model: str, seed: int) -> dict[str, str | int]:
    """The page's own settings."""
    depth, width = OWN[model]
    knobs: dict[str, str | int] = {name: choices[0] for name, choices in plane_ask.CHOICES.items()}
    knobs |= {"flow_target": target, "flow_model": model, "flow_depth": str(depth), "flow_width": str(width)}
    knobs |= {"flow_seed": seed, "flow_piece": "none", "flow_layer": 0, "flow_ground": "density"}
    return knobs | {"flow_u": 0, "flow_v": 0}


def watched(target: str, seed: int, args: argparse.Namespace) -> None:
    """A row."""
    knobs, clock = knobs_of(target, args.model, seed), time.process_time if args.core else time.perf_counter
    wall, core, begun, looks, steps = time.perf_counter(), time.process_time(), clock(), 0, 0
    token = plane_ask.begin([knobs, None])["token"]
    while clock() - begun < args.seconds:
        steps = plane_ask.more([token, "run", MOST_STEPS, knobs])["pairs"]
        looks += 1
    wall, core, spent = time.perf_counter() - wall, time.process_time() - core, clock() - begun
    with plane_ask.pulls.turn(token) as run, torch.no_grad():
        above = gap(run.average, target, POINTS)
        beyond = above - gap(flows()[args.model, target].network, target, POINTS)
    print(
        f"{target:13} seed {seed}  {looks / spent:5.1f} refreshes/s  {steps / spent:5.0f} steps/s  "
        f"{beyond:6.3f} nats above the final NLL{'' if beyond <= WANTED else ' (MISSED)'}  "
        f"{above:6.3f} above the entropy  {core / wall:.2f} cores, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--core", action="store_true", help="seconds of processor time")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--model", choices=tuple(OWN), default="realnvp")
    parser.add_argument("--only", choices=TARGETS, help="one target")
    args = parser.parse_args()
    device.set_device("cpu")
    counted = "of a core" if args.core else "passed"
    print(f"{args.model}; wanted: at most {WANTED} nats after {args.seconds:g} s {counted}, {REFRESHES} refreshes/s")
    plane_ask.begin([knobs_of(TARGETS[0], args.model, 0), None])  # what comes only once: imports, weights
    for target in [args.only] if args.only else TARGETS:
        for seed in range(args.seeds):
            watched(target, seed, args)


if __name__ == "__main__":
    main()
