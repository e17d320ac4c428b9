"""Ask the shipped pairs what their translations hide, on held-out pictures, and write models/cyclegan/hidden.toml.

python -m training.cyclegan.hidden [--data DATA] [--count 64]
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from models.cyclegan.cyclegan import translators
from models.cyclegan.hidden import HIDDEN, SIGMA, ask
from models.cyclegan.vocabulary import ASKED
from training.cyclegan.pairs import load_domains
from training.data import data_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    parser.add_argument("--count", type=int, default=64, help="held-out pictures of each pair")
    args = parser.parse_args()
    folder = data_folder(args.data)
    lines = [f"# Noise of {SIGMA:g} of 255 on the translation: by python -m training.cyclegan.hidden."]
    for name in ASKED:
        pictures = load_domains(name, folder, "validation")[0].images.numpy()
        found = asdict(ask(translators(name), "there", list(pictures[: args.count])))
        lines += ["", f"[{name}]", *(f"{key} = {round(value, 5)}" for key, value in found.items())]
        print(name, found, f"noisy / plain = {found['noisy'] / found['plain']:.3f}", flush=True)
    HIDDEN.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
