"""The recorded films of the museum of failures: real runs with the seed that a visitor gets.

    python -m training.gan.museum_films [--only vanishing]

Writes models/gan/films/NAME.safetensors and prints how large each has become.
"""

from __future__ import annotations

from models.gan.museum_films import save
from models.gan.vocabulary import PIECES
from training.museum_films import record

if __name__ == "__main__":
    record(__doc__, PIECES, save)
