"""A photo looked for in the generator: pulled a moment at a time, watched as a film, ended by a press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gallery.rooms.gan import ask
from gallery.shell.calls import Part, call, choice, field, values
from gallery.shell.later import later
from gallery.shell.pulls import First, Pulled, Pulls, begun, pulled
from gallery.widgets import faces as photo
from gallery.widgets.answers import Facts, Strip, jpeg_url, strip
from gallery.widgets.found import kept
from models.gan.vocabulary import WAYS

if TYPE_CHECKING:
    from models.gan import finding as model
else:
    model = later("models.gan.finding")

pulls: Pulls[model.Search] = Pulls()


@dataclass(frozen=True, kw_only=True)
class Moment(Part):
    """How far a search is. step, seconds: so far; mse: of the pixels in [0, 1]; steps, losses: of the new frames;
    code: what has been found, for the browser to keep."""

    done: bool
    step: int
    seconds: float
    mse: float
    steps: list[int]
    losses: list[float | None]
    code: str
    new: Strip


@dataclass(frozen=True)
class Begun:
    """A search that has begun. total: frames that come at most; steps: of the whole search; longest: its seconds."""

    total: int
    most: int
    longest: float
    facts: Facts
    first: First


@dataclass(frozen=True)
class Guess:
    """What the encoder takes the face for at a glance (a data URL), and the pixels' squared error."""

    image: str
    mse: float
    facts: Facts


def search_of(knobs: object, data: object) -> model.Search:
    """The search that the knobs ask for. Raises PictureError, Refusal, WeightsError."""
    space = choice(field(knobs, "space"), WAYS, "space")
    return model.Search(photo.framed(field(data, "face")), space)


def moment(search: model.Search, seconds: float) -> Moment:
    """Go on for that long: the new frames, and what has been found so far."""
    states = search.go_on(seconds)
    now = states[-1] if states else search.state
    return Moment(
        done=search.done,
        step=now.step,
        seconds=search.seconds,
        mse=now.mse,
        steps=[state.step for state in states],
        losses=[state.loss for state in states],
        code=kept(search.found),
        new=strip([state.picture for state in states]),
    )


@call
def guess(args: list[Any]) -> Guess:
    """[{knobs}, {face}] -> where a search would begin."""
    state = search_of(*values(args, 2)).state
    return Guess(jpeg_url(state.picture), state.mse, ask.about("faces"))


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, {face}] -> a token to go on with, what will come, and the first of it. face: a 64x64 picture."""
    search = search_of(*values(args, 2))
    facts = ask.about("faces")
    total = search.steps // model.EVERY + 2
    return Begun(total, search.steps, search.longest, facts, begun(pulls, search, moment))


@call
def more(args: list[Any]) -> Pulled:
    """[token] -> the next moment. Raises Refusal where the search is gone."""
    return pulled(pulls, args, moment)
