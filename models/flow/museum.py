"""The museum of the flow room: settings and a seed under which a flow fails in a known way, and the remedy.

    piece = MUSEUM["layers"]
    piece.verdict(piece.settings, follow(piece.settings, piece))          # "failed"
    piece.verdict(piece.mending, follow(piece.mending, piece))            # "mended"

Each is a training in the plane, and whether it failed is told by a rule that reads what was measured of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.flow.plane_training import Measures, Piece, Run, Settings
from models.plane.pieces import at_end

Found = Sequence[Measures]


def follow(settings: Settings, piece: Piece) -> list[Measures]:
    """What is measured of a run as long as the piece's, from nothing."""
    run = Run(settings, piece=piece)
    for _ in range(piece.steps):
        run.step()
    return run.moments


def _bridged(found: Found) -> bool:
    """The bridge holds samples that belong nowhere, and the likelihood pays for it."""
    return at_end(found, "near") < 0.98 and at_end(found, "gap") > 0.1


def _no_bridge(found: Found) -> bool:
    return at_end(found, "near") > 0.98 and at_end(found, "gap") < 0.06


def _half_learned(found: Found) -> bool:
    """One coordinate was never moved: most of the distance is still there."""
    return at_end(found, "gap") > 0.3


def _learned(found: Found) -> bool:
    return at_end(found, "gap") < 0.15


def _left_outside(found: Found) -> bool:
    """What lies beyond the bounds stays as N(0, I) has it."""
    return at_end(found, "near") < 0.8


def _reached(found: Found) -> bool:
    return at_end(found, "near") > 0.9


def _filaments(found: Found) -> bool:
    """Samples lie between the parts."""
    return at_end(found, "near") < 0.95


def _thin(found: Found) -> bool:
    return at_end(found, "near") > 0.97


def _by_heart(found: Found) -> bool:
    """The training points are too likely, the others not likely enough, and samples repeat what was seen."""
    return at_end(found, "gap") > 1 and at_end(found, "copied") > 0.3


def _for_all(found: Found) -> bool:
    return at_end(found, "gap") < 0.1


def _kept_volume(found: Found) -> bool:
    """The rings are not there: where they are thin, volume would have to go."""
    return at_end(found, "gap") > 0.5


def _squeezed(found: Found) -> bool:
    return at_end(found, "gap") < 0.25


MUSEUM: dict[str, Piece] = {
    "layers": Piece(Settings("moons", depth=2), 800, {"depth": 12}, _bridged, _no_bridge),
    "masks": Piece(Settings("ring", depth=12, masks="never"), 600, {"masks": "alternate"}, _half_learned, _learned),
    "tails": Piece(Settings("rings", "spline", 4, 32, bound=1.0), 600, {"bound": 4.5}, _left_outside, _reached),
    "parts": Piece(Settings("ring", depth=4), 600, {"model": "spline"}, _filaments, _thin),
    "copies": Piece(Settings("moons", "spline", 4, 32, points=50), 600, {"points": 0}, _by_heart, _for_all),
    "volume": Piece(Settings("rings", "nice", 12, 16), 800, {"model": "realnvp"}, _kept_volume, _squeezed),
}
"""Each with seed 0."""
