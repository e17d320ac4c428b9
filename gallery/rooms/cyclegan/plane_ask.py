"""What the act "plane" asks of the models: trainings of four small networks, pulled a moment at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Part, call, choice, field, values
from gallery.shell.later import later
from gallery.shell.pulls import Ended, Pulls
from gallery.widgets import training
from gallery.widgets.answers import numbers_text
from models.cyclegan import vocabulary as words
from models.plane.vocabulary import TARGETS

if TYPE_CHECKING:
    from models.cyclegan import hidden, museum, plane, plane_measures, plane_training
else:
    hidden = later("models.cyclegan.hidden")
    museum = later("models.cyclegan.museum")
    plane = later("models.cyclegan.plane")
    plane_measures = later("models.cyclegan.plane_measures")
    plane_training = later("models.cyclegan.plane_training")

LAST_SEED = 999_999


def _first(name: str, *more: str) -> tuple[str, ...]:
    """All clouds, that one first."""
    return (name, *(each for each in TARGETS if each != name), *more)


CHOICES = {
    "cloud_x": _first("rings"),
    "cloud_y": _first("moons", "drawn"),
    "lambda_cycle": words.CYCLES,
    "lambda_identity": words.IDENTITIES,
    "shake": words.SHAKES,
    "plane_rate": words.RATES,
    "plane_penalty": words.PENALTIES,
    "plane_batch": words.BATCHES,
}
"""What each knob may be; the first is where it begins."""
NAMES = {
    "cloud_x": "source",
    "cloud_y": "target",
    "lambda_cycle": "cycle",
    "lambda_identity": "identity",
    "plane_rate": "rate",
    "plane_penalty": "penalty",
    "plane_batch": "batch",
}
"""Knobs that the models call something else."""
RIGHT = {"nocycle": 2, "lambda": 0, "noidentity": 1, "hidden": 1}
"""The answer of each piece that is true."""
pulls: Pulls[plane_training.Run] = training.kept()
told: training.Told[plane.Settings] = training.Told(CHOICES, NAMES, "plane_seed", LAST_SEED)


@dataclass(frozen=True)
class Measured:
    """cycle: of both ways; closed, noisy: |F(G(x)) - x| without and with noise; moved: |G(x) - x|; to_y, to_x:
    Wasserstein distances of G(x) and of F(y) to the clouds, over those of two samples."""

    cycle: float
    closed: float
    noisy: float
    moved: float
    to_y: float
    to_x: float


@dataclass(frozen=True, kw_only=True)
class Frame(Part):
    """A moment of a run for the page. steps_d: of the discriminators; lost: the cycle's distance in the last
    step; made_y ... again_y: G(x), F(G(x)), F(y), G(F(y)), int16 pairs as base64."""

    state: training.State
    steps_d: int
    loss_d: float | None
    loss_g: float | None
    lost: float | None
    measured: Measured | None
    made_y: str
    again_x: str
    made_x: str
    again_y: str


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A run that has begun. x, y: points of both clouds; span: half the side of each square; until: steps after which
    it rests."""

    token: str
    x: str
    y: str
    span: float
    until: int
    first: Frame


@dataclass(frozen=True)
class Hidden:
    """The cycle error of pictures without noise and with noise of `sigma` of 255 on the translation; how many."""

    plain: float
    noisy: float
    sigma: float
    count: int


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, points | None] -> a token to go on with, and what is there before the first step."""
    knobs, points = values(args, 2)
    settings = told.settings(plane.Settings(), knobs)
    piece = choice(field(knobs, "plane_piece"), ("none", *words.PIECES), "plane_piece")
    drawn = training.points_of(points) if settings.target == "drawn" else ()
    run = plane_training.Run(settings, drawn, piece)
    count, packed = plane_training.POINTS, plane_training.packed
    return Begun(
        token=pulls.put(run),
        x=numbers_text(packed(run.plane.x[:count]).numpy()),
        y=numbers_text(packed(run.plane.y[:count]).numpy()),
        span=plane_training.SPAN,
        until=run.until,
        first=frame(run, 0),
    )


@call
def more(args: list[Any]) -> Frame | Ended:
    """[token, kind, until, {knobs}] -> the next moment: "run" trains for a while, up to `until` steps; "d", "g",
    "both" and "slow" take a step; "look" none. Where all places are taken, "run" waits for its turn."""
    return training.moment(pulls, args, lambda run, turn, _: frame(run, turn))


piece = training.pieces(lambda: museum.MUSEUM, "plane_piece", told, RIGHT)


@call
def noise(args: list[Any]) -> Hidden:
    """[pair] -> what a little noise on the translation does to the way back, by a shipped pair on its own pictures."""
    (pair,) = values(args, 1)
    found = hidden.asked(choice(pair, words.ASKED, "pair"))
    return Hidden(found.plain, found.noisy, hidden.SIGMA, found.count)


def measured(found: plane_measures.Measures | None) -> Measured | None:
    """Measures for the page."""
    if found is None:
        return None
    return Measured(found.cycle, found.closed, found.noisy, found.moved, *found.times)


def frame(run: plane_training.Run, turn: int) -> Frame:
    """A moment for the page. Raises DeviceBusy, Abandoned."""
    seen, networks = run.seen(), run.plane
    return Frame(
        state=training.state(run, turn),
        steps_d=networks.steps_d,
        loss_d=training.finite(networks.loss_d),
        loss_g=training.finite(networks.loss_g),
        lost=training.finite(networks.lost),
        measured=measured(run.measures),
        made_y=numbers_text(seen.made_y.numpy()),
        again_x=numbers_text(seen.again_x.numpy()),
        made_x=numbers_text(seen.made_x.numpy()),
        again_y=numbers_text(seen.again_y.numpy()),
    )
