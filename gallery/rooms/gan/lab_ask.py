"""What the act "laboratory" asks of the models: trainings of two small networks, pulled a moment at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.rooms.gan.ask import LAST_SEED
from gallery.shell.calls import Part, call, choice, field, values
from gallery.shell.later import later
from gallery.shell.pulls import Ended, Pulls
from gallery.widgets import training
from gallery.widgets.answers import numbers_text
from models.gan import vocabulary as words
from models.plane.vocabulary import TARGETS

if TYPE_CHECKING:
    from models.gan import lab, lab_training, museum
    from models.plane import measures as measures
else:
    lab = later("models.gan.lab")
    lab_training = later("models.gan.lab_training")
    measures = later("models.plane.measures")
    museum = later("models.gan.museum")

CHOICES = {
    "target": (*TARGETS, "drawn"),
    "z": words.NOISES,
    "loss": words.LOSSES,
    "optimiser": words.OPTIMISERS,
    "rate_d": words.RATES,
    "rate_g": words.RATES,
    "d_steps": words.STEPS_OF_D,
    "width_d": words.WIDTHS,
    "width_g": words.WIDTHS,
    "depth_d": words.DEPTHS,
    "depth_g": words.DEPTHS,
    "batch": words.BATCHES,
    "smoothing": words.SMOOTHINGS,
    "clip": words.CLIPS,
    "weight": words.WEIGHTS,
}
"""What each knob may be; the first is where it begins."""
NAMES = {"z": "noise", "d_steps": "k"}
"""Knobs that the models call something else."""
RIGHT = {"vanishing": 1, "collapse": 2, "oscillation": 0, "clipping": 1, "smoothing": 2}
"""The answer of each piece that is true."""
pulls: Pulls[lab_training.Run] = training.kept()
told: training.Told[lab.Settings] = training.Told(CHOICES, NAMES, "lab_seed", LAST_SEED)


def settings_of(knobs: object) -> lab.Settings:
    """What the knobs say. Raises Refusal."""
    return told.settings(lab.Settings(), knobs)


@dataclass(frozen=True)
class Measured:
    """A fresh classifier's ROC AUC and log loss, the share within 3 sigma, modes covered of how many (None: of none to
    count), the sliced Wasserstein distance."""

    auc: float
    log_loss: float
    near: float
    w1: float
    modes: int | None
    of: int | None


@dataclass(frozen=True, kw_only=True)
class Frame(Part):
    """A moment of a run for the page. points, arrows, grid: int16 pairs, verdicts, optimum: bytes, all as base64; half:
    where D is undecided."""

    state: training.State
    steps_d: int
    loss_d: float | None
    loss_g: float | None
    norm: float | None
    measured: Measured | None
    points: str
    arrows: str
    grid: str
    verdicts: str
    half: float
    optimum: str | None


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A run that has begun. real: points of the target; along: points of a line of the noise's grid; span: half the
    side of the plane; cells: along a side of D's; kind: what D says; until: pairs of steps after which it rests."""

    token: str
    real: str
    along: int
    span: float
    cells: int
    arrows_of: int
    kind: str
    until: int
    first: Frame


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, points | None] -> a token to go on with, and what is there before the first step."""
    knobs, points = values(args, 2)
    settings = settings_of(knobs)
    piece = choice(field(knobs, "piece"), ("none", *words.PIECES), "piece")
    run = lab_training.Run(settings, training.points_of(points) if settings.target == "drawn" else (), piece)
    views = lab_training.views
    return Begun(
        token=pulls.put(run),
        real=numbers_text(views.packed(run.lab.real).numpy()),
        along=views.ALONG,
        span=views.SPAN,
        cells=views.CELLS,
        arrows_of=views.ARROWS,
        kind=run.lab.loss.kind,
        until=run.until,
        first=frame(run, 0, field(knobs, "dstar") == "on"),
    )


@call
def more(args: list[Any]) -> Frame | Ended:
    """[token, kind, until, {knobs}] -> the next moment: "run" trains for a while, up to `until` pairs of steps; "d",
    "g", "both" and "slow" take a step; "look" none. Where all places are taken, "run" waits for its turn."""
    return training.moment(pulls, args, _frame)


def _frame(run: lab_training.Run, turn: int, knobs: object) -> Frame:
    return frame(run, turn, field(knobs, "dstar") == "on")


piece = training.pieces(lambda: museum.MUSEUM, "piece", told, RIGHT)


def measured(found: measures.Measures | None) -> Measured | None:
    """Measures for the page."""
    if found is None:
        return None
    return Measured(found.auc, found.log_loss, found.near, found.w1, *(found.modes or (None, None)))


def frame(run: lab_training.Run, turn: int, optimum: bool) -> Frame:
    """A moment for the page. Raises DeviceBusy, Abandoned."""
    seen, network = run.seen(optimum), run.lab
    return Frame(
        state=training.state(run, turn),
        steps_d=network.steps_d,
        loss_d=training.finite(network.loss_d),
        loss_g=training.finite(network.loss_g),
        norm=training.finite(network.norm),
        measured=measured(run.measures),
        points=numbers_text(seen.points.numpy()),
        arrows=numbers_text(seen.arrows.numpy()),
        grid=numbers_text(seen.grid.numpy()),
        verdicts=numbers_text(seen.verdicts.numpy()),
        half=seen.half,
        optimum=None if seen.optimum is None else numbers_text(seen.optimum.numpy()),
    )
