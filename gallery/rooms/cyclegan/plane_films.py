"""The recorded films of the act "plane": its museum for a hall that does not train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import call, choice, values
from gallery.shell.later import later
from gallery.widgets.answers import numbers_text
from gallery.widgets.training import finite
from models.cyclegan.vocabulary import PIECES

if TYPE_CHECKING:
    from models.cyclegan import museum_films as films
    from models.plane import films as plane
else:
    films = later("models.cyclegan.museum_films")
    plane = later("models.plane.films")


@dataclass(frozen=True)
class Reel:
    """A recorded run. clouds: x and y; places: G(x), F(G(x)), F(y), G(F(y)), frame by frame; int8 pairs in 127ths of
    `reach` as base64. figures: of each frame by name, None where there is none yet."""

    clouds: str
    places: str
    figures: dict[str, list[float | None]]


@dataclass(frozen=True)
class Reels:
    """Both runs of a piece. frames, count: frames, and points of each cloud."""

    frames: int
    count: int
    reach: float
    failed: Reel
    mended: Reel


def reel(run: films.Recorded) -> Reel:
    """A run for the page."""
    rows = zip(films.FIGURES, run.figures.T.tolist(), strict=True)
    figures = {name: [finite(round(x, 5)) for x in row] for name, row in rows}
    return Reel(numbers_text(run.clouds), numbers_text(run.places), figures)


@call
def recorded(args: list[Any]) -> Reels:
    """[name] -> both runs of a piece of the museum, as they were recorded."""
    (name,) = values(args, 1)
    runs = films.film(choice(name, PIECES, "piece"))
    return Reels(films.FRAMES, films.POINTS, plane.REACH, *(reel(runs[kind]) for kind in plane.RUNS))
