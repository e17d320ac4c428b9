"""The recorded films of the museum, for a hall that does not train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import call, choice, values
from gallery.shell.later import later
from gallery.widgets.answers import numbers_text
from models.gan.vocabulary import PIECES

if TYPE_CHECKING:
    from models.gan import museum_films as films
    from models.plane import films as plane
else:
    films = later("models.gan.museum_films")
    plane = later("models.plane.films")


@dataclass(frozen=True)
class Reel:
    """A recorded run: points, int8 pairs in 127ths of `reach`, and verdicts, bytes, frame by frame, as base64; the
    figures of each frame by name."""

    points: str
    verdicts: str
    figures: dict[str, list[float]]


@dataclass(frozen=True)
class Reels:
    """Both runs of a piece. frames, count, cells: frames, points of each, and cells along a side of D's."""

    frames: int
    count: int
    cells: int
    reach: float
    failed: Reel
    mended: Reel


def reel(run: films.Recorded) -> Reel:
    """A run for the page."""
    figures = {name: [round(float(x), 5) for x in row] for name, row in run.figures.items()}
    return Reel(numbers_text(run.points), numbers_text(run.verdicts), figures)


@call
def recorded(args: list[Any]) -> Reels:
    """[name] -> both runs of a piece of the museum, as they were recorded."""
    (name,) = values(args, 1)
    runs = films.film(choice(name, PIECES, "piece"))
    return Reels(films.FRAMES, films.POINTS, films.CELLS, plane.REACH, *(reel(runs[kind]) for kind in plane.RUNS))
