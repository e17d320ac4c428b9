"""Targets of the visitor's own: a mixture of Gaussians that is dragged on the picture, and points that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.rooms.flow.plane_told import Shades, shades_of
from gallery.shell.calls import Refusal, call, field, values
from gallery.shell.knobs import code
from gallery.shell.later import later
from gallery.widgets import training
from models.flow.vocabulary import MIXTURE, MOST_PARTS

if TYPE_CHECKING:
    from models.flow import plane_views as views
    from models.plane import mixtures, toys
    from models.runtime import alone
else:
    views = later("models.flow.plane_views")
    mixtures = later("models.plane.mixtures")
    toys = later("models.plane.toys")
    alone = later("models.runtime.alone")

DRAWN = 2.6
"""How far out points may be drawn: within what is shown."""
CELLS = 64
"""Along a side of a density that follows the hand."""
KNOB = code("-110_90_75_24_25_400.100_60_34_34_0_250.20_-110_95_22_160_350", MIXTURE, MOST_PARTS, act="plane")
"""The mixture as a link carries it."""


@dataclass(frozen=True)
class Aim:
    """The exact density of a mixture; span: half the side of the square over which it lies."""

    span: float
    truth: Shades


def mixture_of(knobs: object) -> mixtures.Mixture:
    """What the knob says. Raises Refusal for anything else."""
    rows = KNOB.rows(field(knobs, "flow_mixture"))
    if rows is None:
        raise Refusal("flow.plane.mixture_code", most=MOST_PARTS)
    return mixtures.Mixture.of(rows)


def own_of(knobs: object, points: object) -> toys.Target | None:
    """The target that is the visitor's own, None for one that has a name. Raises Refusal."""
    name = field(knobs, "flow_target")
    if name == "drawn":
        return toys.drawn(training.points_of(points))
    return mixture_of(knobs) if name == "mixture" else None


@call
def aim(args: list[Any]) -> Aim:
    """[{knobs}] -> the exact density of the mixture that they say."""
    (knobs,) = values(args, 1)
    return Aim(views.SPAN, shades_of(alone.alone(views.truth, mixture_of(knobs), CELLS)))
