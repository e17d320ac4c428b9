"""How fast the laboratory of GANs trains while it is looked at, and whether the ring of eight is learned.

    python -m benchmarks.lab [--seconds 10] [--seeds 5] [--within 30]

The first part asks as the page does, through the act's own calls: refreshes and pairs of steps (one of D, one of G) a
second, with and without D*, non-saturating loss, batch 128, default sizes. GAN Lab (Kahng et al. 2019), in the
browser, refreshes its picture every 50 pairs of steps; here a refresh comes after as many as are printed. The second
part trains the ring for so many seconds with several seeds and prints when first all eight modes were covered and
nine points of ten lay within 3 sigma, and what there was at the end.
"""

from __future__ import annotations

import argparse
import time

from models.runtime import threads

threads.prepare()

import torch  # noqa: E402

from gallery.rooms.gan import lab_ask  # noqa: E402
from models.gan.lab import Lab, Settings  # noqa: E402
from models.plane.measures import Judge  # noqa: E402
from models.plane.pulled import MOST_STEPS  # noqa: E402

GAN_LAB = 50
"""Pairs of steps between two refreshes of GAN Lab."""
PAIRS, REFRESHES, NEAR = 300, 15, 0.9


def speed(seconds: float, dstar: str) -> None:
    """A row: refreshes and pairs a second."""
    knobs = {name: choices[0] for name, choices in lab_ask.CHOICES.items()}
    knobs |= {"lab_seed": 0, "piece": "none", "dstar": dstar}  # type: ignore[dict-item]
    token = lab_ask.begin([knobs, None])["token"]
    ask = ["run", MOST_STEPS, knobs]
    before = lab_ask.more([token, *ask])["pairs"]
    wall, core, looks = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - wall < seconds:
        told = lab_ask.more([token, *ask])
        looks += 1
    wall, core = time.perf_counter() - wall, time.process_time() - core
    pairs = told["pairs"] - before
    print(
        f"D* {dstar:3}  {looks / wall:5.1f} refreshes/s (wanted {REFRESHES})  "
        f"{pairs / wall:5.0f} pairs/s (wanted {PAIRS})  "
        f"a refresh every {pairs / looks:.0f} pairs (GAN Lab: every {GAN_LAB})  {core / wall:.2f} cores",
        flush=True,
    )


@torch.no_grad()
def ring(seed: int, within: float) -> None:
    """A row: when the ring was learned, and how it stands at the end."""
    lab, first = Lab(Settings(seed=seed)), ""
    judge, begun = Judge(lab.target), time.perf_counter()
    while (spent := time.perf_counter() - begun) < within and lab.pairs < MOST_STEPS:
        for _ in range(250):
            lab.pair()
        found = judge(lab.points())
        if not first and found.modes == (8, 8) and found.near >= NEAR:
            first = f"learned after {lab.pairs} pairs, {time.perf_counter() - begun:.1f} s"
    print(
        f"seed {seed}: {first or 'NOT learned'}; after {spent:.0f} s {lab.pairs} pairs, modes {found.modes}, "
        f"within 3 sigma {found.near:.3f}, AUC {found.auc:.3f}, log loss {found.log_loss:.3f}, W1 {found.w1:.3f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each row of the first part")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--within", type=float, default=30.0, help="seconds of each training of the second part")
    args = parser.parse_args()
    for dstar in ("off", "on"):
        speed(args.seconds, dstar)
    for seed in range(args.seeds):
        ring(seed, args.within)


if __name__ == "__main__":
    main()
