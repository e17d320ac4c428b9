"""Whether each failure of a museum comes about, and whether the one change mends it: five seeds each.

    python -m benchmarks.museum [--room gan|cyclegan|flow] [--seeds 5] [--only vanishing]

Runs the real trainings and prints, for the end of each, what the rules in models/<room>/museum.py read.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from models.cyclegan import museum as cyclegan
from models.flow import museum as flow
from models.gan import museum as gan
from models.plane.pieces import Piece, at_end

WANTED = 4


def read_gan(trace: gan.Trace) -> str:
    """The numbers of a run."""
    end, half = trace.end(0.25), trace.end(0.5)
    numbers = " ".join(f"{name} {end.median(name):.3g}" for name in ("norm", "w1", "near", "sure"))
    return f"{numbers} modes {end.modes} hops {half.hops} swing {half.swing:.2f}"


def read_measures(found: list[Any]) -> str:
    """The numbers of a run, as the rules read them."""
    return " ".join(f"{each.name} {at_end(found, each.name):.3g}" for each in fields(found[-1]))


@dataclass(frozen=True)
class Museum:
    """A room's. follow: a run of such settings and so many steps; read: its numbers as a line."""

    pieces: Mapping[str, Piece[Any, Any]]
    follow: Callable[[Any, int], Any]
    read: Callable[[Any], str]


ROOMS = {
    "gan": Museum(gan.MUSEUM, gan.follow, read_gan),
    "cyclegan": Museum(cyclegan.MUSEUM, cyclegan.follow, read_measures),
    "flow": Museum(flow.MUSEUM, flow.follow, read_measures),
}


def tried(museum: Museum, piece: Piece[Any, Any], seed: int, kind: str) -> bool:
    """Whether a run of one seed ends as it shall, "failed" or "mended"; printed with what it was told by."""
    settings, rule = (piece.settings, piece.failed) if kind == "failed" else (piece.mending, piece.mended)
    begun = time.process_time()
    found = museum.follow(replace(settings, seed=seed), piece.steps)
    held, spent = rule(found), time.process_time() - begun
    print(f"  seed {seed} {kind} {'yes' if held else 'NO '} {spent:4.1f} s of a core  {museum.read(found)}", flush=True)
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=tuple(ROOMS), default="gan")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", help="one piece")
    args = parser.parse_args()
    museum = ROOMS[args.room]
    for name in [args.only] if args.only else museum.pieces:
        piece = museum.pieces[name]
        print(f"{name}: {piece.steps} steps; mended by {dict(piece.change)}", flush=True)
        found = {kind: sum(tried(museum, piece, i, kind) for i in range(args.seeds)) for kind in ("failed", "mended")}
        enough = min(found.values()) >= WANTED * args.seeds / 5
        print(
            f"  failed {found['failed']} of {args.seeds}, mended {found['mended']}: {'enough' if enough else 'MISSED'}"
        )


if __name__ == "__main__":
    main()
