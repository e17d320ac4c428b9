"""The recorded films of the museum of the plane: real runs with the seed that a visitor gets.

    python -m training.cyclegan.museum_films [--only nocycle]

Writes models/cyclegan/films/NAME.safetensors and prints how large each has become.
"""

from __future__ import annotations

import argparse

from models.cyclegan.museum_films import save
from models.cyclegan.vocabulary import PIECES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PIECES, help="one piece")
    args = parser.parse_args()
    for name in [args.only] if args.only else PIECES:
        path = save(name)
        print(f"{name}: {path.stat().st_size / 1000:.1f} kB", flush=True)


if __name__ == "__main__":
    main()
