"""What "Fit it" asks of the models: a spline that learns a sample, pulled a moment at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.rooms.flow import line_ask as asks
from gallery.shell.calls import Part, Refusal, call, choice, field, number, values
from gallery.shell.later import later
from gallery.shell.pulls import Pulled, Pulls
from gallery.widgets import training
from gallery.widgets.answers import numbers_text
from models.flow.vocabulary import SAMPLES

if TYPE_CHECKING:
    from models.flow import line_fit
    from models.runtime import device
else:
    line_fit = later("models.flow.line_fit")
    device = later("models.runtime.device")

FEWEST, MOST = 20, 200
"""Points of a drawing."""
LOW, HIGH = -1.0, 11.0
"""Where they may lie."""
CHOICES = (*SAMPLES, "drawn")
pulls: Pulls[line_fit.Fit] = training.kept()


@dataclass(frozen=True, kw_only=True)
class Frame(Part):
    """A moment of a fit. turn: 0, or its number in the line; nll: of all points; unseen: of each by a spline that has
    not seen it; knots: (x, z) of each; the rest as in `line_ask.Seen`."""

    done: bool
    spent: bool
    turn: int
    steps: int
    seconds: float
    nll: float
    unseen: float
    knots: list[tuple[float, float]]
    z: str
    p: str
    dots_z: str
    dots_x: str


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A fit that has begun. x: the sample; kernel, width, beside: the kernel density estimate over the axis x, its
    bandwidth, and its NLL by leaving each point out; until: steps after which it rests."""

    token: str
    x: str
    kernel: str
    width: float
    beside: float
    until: int
    first: Frame


def fit_of(name: object, points: object) -> line_fit.Fit:
    """A fit to a sample of ours, or to what a visitor drew. Raises Refusal for too few or too many points, and else."""
    chosen = choice(name, CHOICES, "sample")
    if chosen != "drawn":
        return line_fit.Fit(line_fit.sample(chosen))
    if not isinstance(points, list) or not FEWEST <= len(points) <= MOST:
        raise Refusal("flow.line.fit.points", least=FEWEST, most=MOST)
    return line_fit.Fit(line_fit.drawn([number(x, LOW, HIGH, "x") for x in points]))


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, points | None] -> a token to go on with, the sample with its kernel estimate, and f before any step."""
    knobs, points = values(args, 2)
    with device.gate.turn():
        fit = fit_of(field(knobs, "sample"), points)
        kernel = fit.kernels.curve(asks.LEFT, asks.RIGHT, asks.CELLS)
    return Begun(
        token=pulls.put(fit),
        x=numbers_text(fit.x.float().numpy()),
        kernel=numbers_text(kernel.float().numpy()),
        width=fit.kernels.width,
        beside=fit.kernels.nll,
        until=fit.until,
        first=frame(fit, 0),
    )


@call
def more(args: list[Any]) -> Pulled:
    """[token, kind, until, {knobs}] -> the next moment: "run" learns for a while, "both" takes a step, "look" none."""
    return training.moment(pulls, args, lambda fit, turn, _: frame(fit, turn))


def frame(fit: line_fit.Fit, turn: int) -> Frame:
    """A moment for the page."""
    f = fit.function()
    return Frame(
        done=fit.done,
        spent=fit.spent,
        turn=turn,
        steps=fit.steps,
        seconds=fit.seconds,
        nll=fit.nll,
        unseen=fit.unseen,
        knots=f.knots,
        **asks.shown(f),
    )
