"""What the act "plane" asks of the models: finished flows layer by layer, and trainings that are pulled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gallery.rooms.flow.plane_own import own_of
from gallery.rooms.flow.plane_told import Layer, Measured, Point, Shades, kept_of, layer_of, point_of, shades_of
from gallery.shell.calls import Part, Refusal, call, choice, field, integer, number, values
from gallery.shell.later import later
from gallery.shell.pulls import Ended, Pulls
from gallery.widgets import training
from gallery.widgets.answers import numbers_text
from models.flow import vocabulary as words
from models.runtime.gate import Abandoned

if TYPE_CHECKING:
    from models.flow import flow, museum, plane_training
    from models.flow import plane_views as views
    from models.plane import toys
else:
    flow = later("models.flow.flow")
    museum = later("models.flow.museum")
    plane_training = later("models.flow.plane_training")
    views = later("models.flow.plane_views")
    toys = later("models.plane.toys")

LAST_SEED = 999_999
MOST_LAYERS = 17
"""Of a flow that is shown: NICE's scaling is one besides its couplings."""
REACH = 4.0
"""How far out the point x may be."""
FAR = 8.0
"""How far out a place under the mouse may be."""
CHOICES = {
    "flow_target": (*words.TARGETS, *words.OWN_TARGETS),
    "flow_model": words.MODELS,
    "flow_depth": words.DEPTHS,
    "flow_width": words.WIDTHS,
    "flow_masks": words.MASKS,
    "flow_rate": words.RATES,
    "flow_bound": words.BOUNDS,
    "flow_points": words.SIZES,
}
"""What each knob may be; the first is where it begins."""
NAMES = {name: name.removeprefix("flow_") for name in CHOICES}
RIGHT = {"layers": 1, "masks": 0, "parts": 1, "tails": 2, "copies": 2, "volume": 0}
"""The answer of each piece that is true."""
pulls: Pulls[plane_training.Run] = training.kept()
told: training.Told[plane_training.Settings] = training.Told(CHOICES, NAMES, "flow_seed", LAST_SEED)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What does not change while a flow is trained: its layers, which coordinate each keeps (-1 for none), the target's
    density and points (real), parameters; and one layer of it."""

    span: float
    along: int
    kept: list[int]
    truth: Shades
    real: str
    params: int
    measured: Measured | None
    layer: Layer
    point: Point


@dataclass(frozen=True, kw_only=True)
class Frame(Part):
    """A moment of a run for the page. measured: of a while ago."""

    state: training.State
    measured: Measured | None
    layer: Layer
    point: Point


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A run that has begun. until: steps after which it rests."""

    token: str
    span: float
    along: int
    kept: list[int]
    truth: Shades
    real: str
    params: int
    until: int
    first: Frame


@lru_cache(maxsize=16)
def finished(model: str, target: str) -> views.Looked:
    """A flow that ships, with the points that are shown of its data."""
    learned, data = flow.flows()[model, target], plane_training.data_of(toys.target(target))
    return views.Looked(learned.network, learned.exact, data)


@lru_cache(maxsize=96)
def finished_layer(model: str, target: str, k: int) -> Layer:
    """A layer of it."""
    return layer_of(finished(model, target), k)


@lru_cache(maxsize=16)
def truth_of(target: str) -> Shades:
    """The density that is learned."""
    return shades_of(views.truth(toys.target(target)))


def measured_of(model: str, target: str) -> Measured:
    """What the card says of a flow that ships."""
    entropy, gap = toys.target(target).entropy, float(flow.flows().quality[f"gap_{model}_{target}"])
    return Measured(None, entropy + gap, entropy, gap)


def names_of(knobs: object) -> tuple[str, str]:
    """The model and the target. Raises Refusal."""
    model = choice(field(knobs, "flow_model"), words.MODELS, "flow_model")
    return model, choice(field(knobs, "flow_target"), words.TARGETS, "flow_target")


def place_of(knobs: object) -> tuple[float, float]:
    """The point x. Raises Refusal."""
    u, v = (number(field(knobs, name), -REACH, REACH, name) for name in ("flow_u", "flow_v"))
    return u, v


def k_of(k: object, looked: views.Looked) -> int:
    """A layer that there is: a link may name more than the flow has. Raises Refusal."""
    return min(integer(k, 0, MOST_LAYERS, "flow_layer"), len(looked.layers))


@call
def look(args: list[Any]) -> Seen:
    """[{knobs}] -> a flow that ships: what is known of it, and the layer that the knobs name."""
    (knobs,) = values(args, 1)
    model, target = names_of(knobs)
    looked, at = finished(model, target), place_of(knobs)
    return Seen(
        span=views.SPAN,
        along=views.ALONG,
        kept=kept_of(looked),
        truth=truth_of(target),
        real=numbers_text(looked.real.numpy()),
        params=flow.flows()[model, target].params,
        measured=measured_of(model, target),
        layer=finished_layer(model, target, k_of(field(knobs, "flow_layer"), looked)),
        point=point_of(looked, toys.target(target), at, 0),
    )


@call
def layer(args: list[Any]) -> Layer | Ended:
    """[token | None, {knobs}, k] -> a layer of the run, or of the flow that ships; none of a run that was left."""
    token, knobs, k = values(args, 3)
    if token is None:
        model, target = names_of(knobs)
        return finished_layer(model, target, k_of(k, finished(model, target)))
    try:
        with pulls.turn(token) as run:
            looked = run.looked()
            return layer_of(looked, k_of(k, looked))
    except Abandoned:
        return Ended()


@call
def point(args: list[Any]) -> Point | Ended:
    """[token | None, {knobs}, k, [u, v]] -> the way of the point that is there after k layers, as `layer`."""
    token, knobs, k, at = values(args, 4)
    u, v = (number(x, -FAR, FAR, name) for x, name in zip(values(at, 2), ("u", "v"), strict=True))
    if token is None:
        model, target = names_of(knobs)
        looked = finished(model, target)
        return point_of(looked, toys.target(target), (u, v), k_of(k, looked))
    try:
        with pulls.turn(token) as run:
            looked = run.looked()
            return point_of(looked, run.target, (u, v), k_of(k, looked))
    except Abandoned:
        return Ended()


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, points | None] -> a token to go on with, and what is there before the first step."""
    knobs, points = values(args, 2)
    if field(knobs, "flow_model") == "matching":
        raise Refusal("flow.plane.elsewhere")
    piece = choice(field(knobs, "flow_piece"), ("none", *words.PIECES), "flow_piece")
    settings = told.settings(plane_training.Settings(), knobs)
    run = plane_training.Run(settings, own_of(knobs, points), museum.MUSEUM.get(piece))
    looked = run.looked()
    return Begun(
        token=pulls.put(run),
        span=views.SPAN,
        along=views.ALONG,
        kept=kept_of(looked),
        truth=shades_of(views.truth(run.target)),
        real=numbers_text(looked.real.numpy()),
        params=run.params,
        until=run.until,
        first=frame(run, 0, knobs),
    )


@call
def more(args: list[Any]) -> Frame | Ended:
    """[token, kind, until, {knobs}] -> the next moment: "run" trains for a while, up to `until` steps; "both" and
    "slow" take one; "look" none. Where all places are taken, "run" waits for its turn."""
    return training.moment(pulls, args, frame)


piece = training.pieces(lambda: museum.MUSEUM, "flow_piece", told, RIGHT)


def frame(run: plane_training.Run, turn: int, knobs: object) -> Frame:
    """A moment for the page. Raises DeviceBusy, Abandoned."""
    looked = run.looked()
    k = k_of(field(knobs, "flow_layer"), looked)
    found, entropy = run.measures, run.target.entropy
    train = found.train if found and run.settings.points else None
    return Frame(
        state=training.state(run, turn),
        measured=Measured(train, found.held, entropy, found.gap, found.near) if found else None,
        layer=layer_of(looked, k, field(knobs, "flow_ground") == "stretch"),
        point=point_of(looked, run.target, place_of(knobs), 0),
    )
