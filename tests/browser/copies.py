"""Rooms for a page that has many: copies of the small one under other names, in a folder of their own.

python -m tests.browser.copies --port 7861      # a page of twelve
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

SMALL = Path(__file__).parent / "rooms" / "small"
TWELVE = {
    "vae": ("VAE", "VAE"),
    "gan": ("GAN", "GAN"),
    "cyclegan": ("CycleGAN", "CycleGAN"),
    "diffusion": ("Диффузия", "Diffusion"),
    "flow": ("Потоки", "Flows"),
    "codes": ("VQ-VAE", "VQ-VAE"),
    "pixels": ("PixelCNN", "PixelCNN"),
    "words": ("Трансформеры", "Transformers"),
    "energy": ("Энергетические модели", "Energy models"),
    "latent": ("Латентная диффузия", "Latent diffusion"),
    "distilled": ("Дистилляция", "Distillation"),
    "prompts": ("Управление текстом", "Text control"),
}
"""Names of rooms, and what the header calls them in Russian and English."""


def copy(folder: Path, name: str, ru: str, en: str) -> str:
    """Put a copy of the small room into the folder; the module's name, once the folder is on the path."""
    made = folder / f"house_{name}"
    shutil.copytree(SMALL, made, ignore=shutil.ignore_patterns("__pycache__"))
    for path in made.iterdir():
        text = re.sub(r"\bsmall\b", name, path.read_text("utf-8"))
        path.write_text(text.replace("Маленький", ru).replace('"Small"', f'"{en}"'), "utf-8")
    return f"house_{name}.room"


if __name__ == "__main__":
    from gallery.shell.options import parse

    chosen = parse()
    from gallery.shell.serve import serve

    with tempfile.TemporaryDirectory() as kept:
        sys.path.insert(0, kept)
        names = [copy(Path(kept), name, *words) for name, words in TWELVE.items()]
        sys.exit(serve(chosen, names))
