"""The museum of the CycleGAN room: settings and a seed under which a translation fails in a known way, and the remedy.

    piece = MUSEUM["nocycle"]
    piece.verdict(piece.settings, follow(piece.settings, piece.steps))          # "failed"
    piece.verdict(piece.mending, follow(piece.mending, piece.steps))            # "mended"

Each is a training in the plane, and whether it failed is told by a rule that reads what was measured of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.cyclegan.plane import Plane, Settings
from models.cyclegan.plane_measures import Judge, Measures
from models.plane import pieces
from models.plane.pieces import at_end

EVERY = 100
"""Steps between two measurements of a piece."""
Piece = pieces.Piece[Settings, Sequence[Measures]]


def follow(settings: Settings, steps: int) -> list[Measures]:
    """What is measured of a run, EVERY steps apart."""
    plane = Plane(settings)
    judge, found = Judge(plane), []
    for _ in range(steps // EVERY):
        for _ in range(EVERY):
            plane.step()
        found.append(judge(plane))
    return found


def _many_to_one(found: Sequence[Measures]) -> bool:
    """The way back does not find its start."""
    return at_end(found, "cycle") > 0.5


def _comes_back(found: Sequence[Measures]) -> bool:
    """It does, and the clouds are matched."""
    return at_end(found, "cycle") < 0.1 and at_end(found, "ratio") < 4


def _stuck(found: Sequence[Measures]) -> bool:
    """The way back is perfect, but the clouds are not matched."""
    return at_end(found, "cycle") < 0.1 and at_end(found, "ratio") > 5


def _matched(found: Sequence[Measures]) -> bool:
    """Both clouds are matched."""
    return at_end(found, "ratio") < 4


def _swapped(found: Sequence[Measures]) -> bool:
    """What could have stayed has moved across the plane."""
    return at_end(found, "moved") > 1.5


def _stayed(found: Sequence[Measures]) -> bool:
    """It stayed."""
    return at_end(found, "moved") < 0.5


def _hidden(found: Sequence[Measures]) -> bool:
    """It comes back, but a little noise on the translation breaks the way back."""
    return at_end(found, "closed") < 0.15 and at_end(found, "noisy") > 3 * at_end(found, "closed")


def _robust(found: Sequence[Measures]) -> bool:
    """Noise hardly makes a difference."""
    return at_end(found, "noisy") < 1.5 * at_end(found, "closed")


MUSEUM: dict[str, Piece] = {
    "nocycle": Piece(Settings(cycle=0.0), 1500, {"cycle": 1.0}, _many_to_one, _comes_back),
    "lambda": Piece(Settings(cycle=300.0), 1500, {"cycle": 1.0}, _stuck, _matched),
    "noidentity": Piece(Settings("moons", "moons", cycle=1.0), 800, {"identity": 1.0}, _swapped, _stayed),
    "hidden": Piece(Settings("rings", "line"), 1500, {"shake": 0.2}, _hidden, _robust),
}
