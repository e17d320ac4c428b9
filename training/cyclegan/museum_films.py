"""The recorded films of the museum of the plane: real runs with the seed that a visitor gets.

    python -m training.cyclegan.museum_films [--only nocycle]

Writes models/cyclegan/films/NAME.safetensors and prints how large each has become.
"""

from __future__ import annotations

from models.cyclegan.museum_films import save
from models.cyclegan.vocabulary import PIECES
from training.museum_films import record

if __name__ == "__main__":
    record(__doc__, PIECES, save)
