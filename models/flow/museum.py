"""The museum of the flow room: settings and a seed under which a flow fails in a known way, and the remedy.

    piece = MUSEUM["layers"]
    piece.verdict(piece.settings, follow(piece.settings, piece.steps))          # "failed"
    piece.verdict(piece.mending, follow(piece.mending, piece.steps))            # "mended"

Each is a training in the plane, and whether it failed is told by a rule that reads what was measured of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.flow.plane_training import EVERY, Measures, Piece, Run, Settings
from models.plane.pieces import at_end

Found = Sequence[Measures]


def follow(settings: Settings, steps: int) -> list[Measures]:
    """What is measured of a run, EVERY steps apart."""
    run, found = Run(settings), []
    for _ in range(steps // EVERY):
        for _ in range(EVERY):
            run.step()
        found.append(run.measured_now())
    return found


def _bridged(found: Found) -> bool:
    """Samples lie on the bridge, and the likelihood pays for it."""
    return at_end(found, "near") < 0.98 and at_end(found, "gap") > 0.1


def _no_bridge(found: Found) -> bool:
    return at_end(found, "near") > 0.98 and at_end(found, "gap") < 0.06


def _never_moved(found: Found) -> bool:
    """One coordinate is as it was: the ring is not there."""
    return at_end(found, "gap") > 1


def _both_moved(found: Found) -> bool:
    return at_end(found, "gap") < 0.4


def _left_outside(found: Found) -> bool:
    """What lies beyond the bounds is as N(0, I) has it."""
    return at_end(found, "gap") > 0.5


def _reached(found: Found) -> bool:
    return at_end(found, "gap") < 0.15


def _filaments(found: Found) -> bool:
    """Samples lie between the parts."""
    return at_end(found, "near") < 0.9


def _thin(found: Found) -> bool:
    """Fewer of them do; 98.9 % of the target itself lie within 3 sigma."""
    return at_end(found, "near") > 0.93


def _by_heart(found: Found) -> bool:
    """The training points are more likely than the target itself has them, new ones are not, and samples repeat."""
    return at_end(found, "gap") > 1 and at_end(found, "copied") > 0.25


def _for_all(found: Found) -> bool:
    return at_end(found, "gap") < 0.1


def _kept_volume(found: Found) -> bool:
    """Three rings would need areas that shrink here and grow there."""
    return at_end(found, "gap") > 0.7


def _squeezed(found: Found) -> bool:
    return at_end(found, "gap") < 0.15


MUSEUM: dict[str, Piece] = {
    "layers": Piece(Settings("moons", depth=2), 500, {"depth": 12}, _bridged, _no_bridge),
    "masks": Piece(Settings("ring", masks="never"), 500, {"masks": "alternate"}, _never_moved, _both_moved),
    "parts": Piece(Settings("ring", depth=4), 500, {"model": "spline"}, _filaments, _thin),
    "tails": Piece(Settings("rings", "spline", 4, 32, bound=1.0), 500, {"bound": 4.5}, _left_outside, _reached),
    "copies": Piece(Settings("moons", "spline", 4, 32, points=50), 500, {"points": 0}, _by_heart, _for_all),
    "volume": Piece(Settings("rings", "nice", 4, 32), 500, {"model": "spline"}, _kept_volume, _squeezed),
}
"""Each with seed 0."""
