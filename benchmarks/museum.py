"""Whether each failure of the museum comes about, and whether the one change mends it: five seeds each.

    python -m benchmarks.museum [--seeds 5] [--only vanishing]

Runs the real trainings and prints, for the last quarter of each, what the rules in models/gan/museum.py read.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from models.gan.museum import MUSEUM, Trace, follow

WANTED = 4


def read(trace: Trace) -> str:
    """The numbers of a run."""
    end, half = trace.end(0.25), trace.end(0.5)
    numbers = " ".join(f"{name} {end.median(name):.3g}" for name in ("norm", "w1", "near", "sure"))
    return f"{numbers} modes {end.modes} hops {half.hops} swing {half.swing:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=tuple(MUSEUM), help="one piece")
    args = parser.parse_args()
    for name in [args.only] if args.only else MUSEUM:
        piece = MUSEUM[name]
        print(f"{name}: {piece.pairs} pairs of steps; mended by {dict(piece.change)}", flush=True)
        found = {"failed": 0, "mended": 0}
        for seed in range(args.seeds):
            for kind, settings, rule in (
                ("failed", piece.settings, piece.failed),
                ("mended", piece.mending, piece.mended),
            ):
                begun = time.process_time()
                trace = follow(replace(settings, seed=seed), piece.pairs)
                held = rule(trace)
                found[kind] += held
                spent = time.process_time() - begun
                print(
                    f"  seed {seed} {kind} {'yes' if held else 'NO '} {spent:4.1f} s of a core  {read(trace)}",
                    flush=True,
                )
        enough = min(found.values()) >= WANTED * args.seeds / 5
        print(
            f"  failed {found['failed']} of {args.seeds}, mended {found['mended']}: {'enough' if enough else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
