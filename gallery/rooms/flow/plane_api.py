"""The endpoints of the act "plane"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Refusal, choice, endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, data, image, numeral, word
from models.flow.vocabulary import MODELS, TARGETS
from models.runtime.gate import film

if TYPE_CHECKING:
    from models.flow import flow, plane_views
    from models.pictures import pictures
else:
    flow = later("models.flow.flow")
    plane_views = later("models.flow.plane_views")
    pictures = later("models.pictures.pictures")

MOST = 10_000
"""Points of one call."""
FURTHEST = 1e6
"""Of a coordinate."""


def flow_of(target: object, model: object) -> flow.Learned:
    """The flow that ships. Raises Refusal."""
    kind, name = choice(model, MODELS, "model"), choice(target, TARGETS, "target")
    return flow.flows()[kind, name]


def points_of(points: object) -> list[list[float]]:
    """Pairs of coordinates. Raises Refusal for none, too many, and anything else."""
    if not isinstance(points, list) or not 1 <= len(points) <= MOST:
        raise Refusal("flow.plane.points", most=MOST)
    if any(not isinstance(point, list) or len(point) != 2 for point in points):
        raise Refusal("flow.plane.points", most=MOST)
    return [[number(x, -FURTHEST, FURTHEST, "x"), number(y, -FURTHEST, FURTHEST, "y")] for x, y in points]


@endpoint
def flow_density(target: str, model: str) -> Any:
    """The density of a flow over [-3, 3]^2 as a picture, 384x384: 0 is white, its largest value black.

    target: moons, ring, spiral, checkerboard, rings or letter; model: nice, realnvp, spline or matching.
    """
    learned = flow_of(target, model)
    with film():
        return pictures.to_image(plane_views.picture(learned))


@endpoint
def flow_log_prob(target: str, model: str, points: Any) -> Any:
    """log p of each point, in nats: a list as long as `points`, null where p is 0 in float32's sight.

    points: 1 ... 10,000 pairs [x, y] in the plane's own coordinates, each -10^6 ... 10^6.
    """
    learned, x = flow_of(target, model), points_of(points)
    with film():
        return [value if math.isfinite(value) else None for value in plane_views.log_density(learned, x)]


@endpoint
def flow_sample(target: str, model: str, count: int, seed: int) -> Any:
    """Points drawn from a flow, pairs [x, y] in the plane's own coordinates.

    count: 1 ... 10,000; seed: 0 ... 2^31 - 1; a seed's first points are the same, however many are asked for.
    """
    learned, n = flow_of(target, model), integer(count, 1, MOST, "count")
    with film():
        return plane_views.samples(learned, n, integer(seed, 0, LAST_SEED, "seed"))


def publish() -> None:
    """Those of this act."""
    pair = [word("target"), word("model")]
    endpoints.publish(flow_density, pair, [image("density")])
    endpoints.publish(flow_log_prob, [word("target"), word("model"), data("points")], [data("log_prob")])
    endpoints.publish(
        flow_sample, [word("target"), word("model"), numeral("count"), numeral("seed")], [data("samples")]
    )
