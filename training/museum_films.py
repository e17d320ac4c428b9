"""The command line of the recipes that record a museum's films: real runs with the seed that a visitor gets."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path


def record(doc: str | None, pieces: Sequence[str], save: Callable[[str], Path]) -> None:
    """Record all pieces, or the one of --only, and print how large each has become. doc: what --help says."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=pieces, help="one piece")
    args = parser.parse_args()
    for name in [args.only] if args.only else pieces:
        path = save(name)
        print(f"{name}: {path.stat().st_size / 1000:.1f} kB", flush=True)
