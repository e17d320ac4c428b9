"""What the laboratories share: places for trainings of small networks, how one is pulled, what its knobs mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from gallery.shell.calls import Part, Refusal, ServerFunction, call, choice, field, integer, number, values
from gallery.shell.later import later
from gallery.shell.places import Places
from gallery.shell.pulls import Ended, Pulls
from gallery.shell.waits import waits
from gallery.widgets.base import Widget
from models.runtime.gate import Abandoned

if TYPE_CHECKING:
    from models.plane import pulled as trainings
else:
    trainings = later("models.plane.pulled")

MOST_POINTS, REACH = 160, 3.0
"""Points of a drawing, and how far out they may lie."""
MOST, SILENT, LONGEST = 3, 2.0, 30.0
"""Runs that may train at once, seconds after which one that nobody asks for gives its place away, and after which any
does where others wait."""
WAIT = {"places": MOST, "longest": LONGEST}
"""From which a page tells how long who waits for a place has to wait at most."""
MOMENT = 0.045
"""Seconds of training between two pictures."""
KINDS = ("run", "d", "g", "both", "slow", "look")
"""What a moment of a training may be: see `moment`."""
places = Places(MOST, SILENT, LONGEST)
"""Of all laboratories together."""
F = TypeVar("F")
S = TypeVar("S")
T = TypeVar("T", bound="trainings.Training")


class Bench(Widget):
    """Where networks are trained, and what starts, steps and sets them; its script extends _lab_bench.js.

    fresh: knobs that begin a new run; piece: the knob of the museum's pieces; reach: of a drawing. server: "begin",
    "more", "piece" and what else the room's own bench asks.
    """

    EMITS: ClassVar[tuple[str, ...]] = ("lab.seen", "lab.run", "lab.piece")
    TAKES: ClassVar[tuple[str, ...]] = ("lab.start", "lab.show", "lab.recording")
    KNOBS: ClassVar[tuple[str, ...]] = ("{fresh}", "{piece}")

    def __init__(
        self, room: str, fresh: Sequence[str], piece: str, server: Mapping[str, ServerFunction], reach: float = REACH
    ) -> None:
        props = {"room": room, "fresh": list(fresh), "piece": piece, "reach": reach, "most": MOST_POINTS, **WAIT}
        super().__init__(props, server)


class Beside(Widget):
    """The numbers of a training with their curves, and the card of a piece of the museum."""

    EMITS: ClassVar[tuple[str, ...]] = ("lab.start", "lab.show", "lab.recording")
    HEARS: ClassVar[tuple[str, ...]] = ("lab.seen", "lab.run", "lab.piece")
    KNOBS: ClassVar[tuple[str, ...]] = ("{piece}",)

    def __init__(self, room: str, piece: str) -> None:
        super().__init__({"room": room, "piece": piece})


def kept() -> Pulls[Any]:
    """A room's runs: one for each visitor, a newer one takes its place."""
    return Pulls(forgotten=600.0, each=1, left=places.leave)


def points_of(points: object) -> tuple[tuple[float, float], ...]:
    """The points that a visitor drew. Raises Refusal for none, too many, and anything else."""
    if not isinstance(points, list) or not 1 <= len(points) <= MOST_POINTS:
        raise Refusal("widgets.training.points", most=MOST_POINTS)
    pairs = [values(point, 2) for point in points]
    return tuple((number(x, -REACH, REACH, "x"), number(y, -REACH, REACH, "y")) for x, y in pairs)


@dataclass(frozen=True)
class Told(Generic[S]):
    """How knobs say settings. choices: what each may be; names: of those that the models call something else; seed: the
    knob of the seed, up to `last`."""

    choices: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    seed: str
    last: int

    def settings(self, default: S, knobs: object) -> S:
        """What the knobs say. Raises Refusal."""
        found: dict[str, Any] = {"seed": integer(field(knobs, self.seed), 0, self.last, self.seed)}
        for knob, choices in self.choices.items():
            value = choice(field(knobs, knob), choices, knob)
            name = self.names.get(knob, knob)
            kind = type(getattr(default, name))
            found[name] = value if kind is str else kind(value)
        return replace(default, **found)  # type: ignore[type-var]

    def knobs(self, settings: S) -> dict[str, str | int]:
        """The knobs that say so."""
        told: dict[str, str | int] = {self.seed: settings.seed}  # type: ignore[attr-defined]
        for knob, choices in self.choices.items():
            value = getattr(settings, self.names.get(knob, knob))
            told[knob] = next(name for name in choices if name == value or _is(name, value))
        return told


def _is(name: str, value: object) -> bool:
    if isinstance(value, str) or not name.replace(".", "").isdigit():
        return False
    return math.isclose(float(name), float(value))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Piece:
    """A piece of the museum: its knobs, those that mend it, the pairs of steps that it takes, the true answer."""

    knobs: dict[str, str | int]
    change: dict[str, str | int]
    pairs: int
    right: int


def pieces(
    museum: Callable[[], Mapping[str, Any]], knob: str, told: Told[Any], right: Mapping[str, int]
) -> ServerFunction:
    """A server function: [name] -> how a piece of the museum is set, and what mends it.

    museum: the pieces by their names (`models.plane.pieces`); knob: names one; right: of each the true answer.
    """

    @call
    def piece(args: list[Any]) -> Piece:
        (name,) = values(args, 1)
        found = museum()[choice(name, tuple(right), knob)]
        before, after = told.knobs(found.settings), told.knobs(found.mending)
        change = {each: value for each, value in after.items() if before[each] != value}
        return Piece(before, change, found.steps, right[name])

    return piece


@dataclass(frozen=True, kw_only=True)
class State(Part):
    """Where a run stands, for the page. turn: 0, or its number in the line; pairs: steps so far; seconds: of training;
    verdict: what a piece's rules say at its end."""

    done: bool
    spent: bool
    diverged: bool
    turn: int
    pairs: int
    seconds: float
    verdict: str


def state(run: trainings.Training, turn: int) -> State:
    """Of a run that has a place, or is to wait."""
    return State(
        done=run.done,
        spent=run.spent,
        diverged=run.diverged,
        turn=turn,
        pairs=run.taken,
        seconds=run.seconds,
        verdict=run.verdict,
    )


def finite(value: float) -> float | None:
    """A figure for the page: None where there is none yet, or no longer."""
    return value if math.isfinite(value) else None


def moment(pulls: Pulls[T], args: list[Any], frame: Callable[[T, int, Any], F]) -> F | Ended:
    """[token, kind, until, {knobs}] -> what `frame(run, turn, knobs)` says of the next moment.

    "run" trains for MOMENT, up to `until` steps; "look" takes no step; any other kind takes one. Where all
    places are taken, "run" waits for its turn. Raises Refusal.
    """
    token, kind, until, knobs = values(args, 4)
    kind = choice(kind, KINDS, "kind")
    limit = integer(until, 0, trainings.MOST_STEPS, "until")
    with pulls.turn(token) as run:
        turn = places.ask(str(token)) if kind == "run" else 0
        run.until = limit
        try:
            if not turn and kind != "look":
                with waits.moment():
                    run.go_on(kind, MOMENT)
            return frame(run, turn, knobs)
        except Abandoned:
            return Ended()
        finally:
            if kind != "run" or run.done:
                places.leave(str(token))
