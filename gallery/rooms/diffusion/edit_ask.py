"""What the act "edit" asks of the models: a face drawn anew, filled where it was rubbed out, led into another one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.rooms.diffusion import ask
from gallery.rooms.diffusion.forward import SAMPLE_FACES
from gallery.rooms.diffusion.reverse import Moment
from gallery.rooms.diffusion.reverse import moment as filmed
from gallery.shell.calls import Part, Refusal, call, choice, field, integer, values
from gallery.shell.later import later
from gallery.shell.pulls import First, Pulled, Pulls, begun, pulled
from gallery.widgets import faces
from gallery.widgets.answers import Facts, Samples, Strip, jpeg_url, strip

if TYPE_CHECKING:
    from models.diffusion import denoising, editing
else:
    denoising = later("models.diffusion.denoising")
    editing = later("models.diffusion.editing")

WAYS = ("redraw", "fill", "between")
LEAST, FURTHEST = 50, 950
"""t_0 of SDEdit."""
REDRAWING, FILLING = 40, 20
"""Steps of the whole way from T."""
LED = 9
"""Pictures from one face to the other."""
MOST_FRAMES = 41
HALF = 128
"""A pixel of the mask is part of the hole from this on."""


@dataclass(frozen=True, kw_only=True)
class Outline(Part):
    """What will come. total: pictures; times: of a film's frames; shares: of the second face, in each picture."""

    total: int
    steps: int
    times: list[int] | None = None
    shares: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class Way(Part):
    """How far two faces are on their way into each other. share: of the work; new: at the end, all pictures, two rows
    of the height of one; missed: how far the way back misses the faces, in percent; noises: of both, data URLs."""

    done: bool
    share: float
    seconds: float
    new: Strip | None = None
    missed: float | None = None
    noises: list[str] | None = None


@dataclass(frozen=True)
class Begun:
    """An edit that has begun. rounds: of RePaint, at each step."""

    rounds: int
    outline: Outline
    facts: Facts
    first: First


@dataclass
class Filmed:
    """A picture on its way, as the act "reverse" shows it."""

    take: denoising.Take

    @property
    def done(self) -> bool:
        """Whether the picture is there."""
        return self.take.done

    def moment(self, seconds: float) -> Moment:
        """Go on for that long: the new frames."""
        return filmed(self.take, seconds)

    def outline(self) -> Outline:
        """What will come."""
        take = self.take
        return Outline(total=len(take.kept), steps=len(take.times) - 1, times=[take.times[i] for i in take.kept])


@dataclass
class Led:
    """Two faces on their way into each other."""

    between: editing.Between

    @property
    def done(self) -> bool:
        """Whether the pictures are there."""
        return self.between.done

    def moment(self, seconds: float) -> Way:
        """Go on for that long; at the end all pictures: led through the noise, and blended pixel by pixel."""
        between = self.between
        between.go_on(seconds)
        way = Way(done=between.done, share=between.taken / between.total, seconds=between.seconds)
        if not between.done:
            return way
        new = replace(strip(between.made, between.mixed, quality=92), h=between.made.shape[1])
        noises = [jpeg_url(noise) for noise in between.noises]
        return replace(way, new=new, missed=100 * between.error, noises=noises)

    def outline(self) -> Outline:
        """What will come."""
        between = self.between
        return Outline(total=between.count, steps=len(between.times), shares=between.shares)


pulls: Pulls[Filmed | Led] = Pulls()


def hole_of(data: object) -> np.ndarray:
    """Where the face was rubbed out, (64, 64) bool. Raises PictureError, Refusal for none."""
    url = field(data, "hole")
    if url is None:
        raise Refusal("diffusion.edit.no_hole")
    hole: np.ndarray = np.array(faces.square(url, faces.SIDE).convert("L")) >= HALF
    if not hole.any():
        raise Refusal("diffusion.edit.no_hole")
    return hole


def job(knobs: object, data: object) -> Filmed | Led:
    """What the knobs ask to be done with the picture. Raises PictureError, Refusal, WeightsError."""
    way = choice(field(knobs, "edit"), WAYS, "edit")
    face, seed = faces.framed(field(data, "face")), ask.seed_of(knobs)
    model = ask.diffusion.MODELS["faces"]()
    if way == "between":
        second = faces.framed(field(data, "face2"))
        return Led(editing.Between(model, face, second, ask.diffusion.Wish(w=1.0), LED))
    wish = ask.diffusion.Wish(
        ask.label_for("faces", knobs), steps=REDRAWING if way == "redraw" else FILLING, w=ask.guidance_of(knobs)
    )
    if way == "fill":
        return Filmed(editing.fill(model, face, hole_of(data), wish, seed, MOST_FRAMES))
    t0 = integer(field(knobs, "t0"), LEAST, FURTHEST, "t0")
    return Filmed(editing.redraw(model, face, t0, wish, seed, MOST_FRAMES))


def moment(work: Filmed | Led, seconds: float) -> Moment | Way:
    """The next moment of whichever job it is."""
    return work.moment(seconds)


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}, {face, face2, hole}] -> a token to go on with, what will come, and the first of it.

    face: a 64x64 picture, for "redraw" with what was painted on it; hole: None, or 64x64, white where it is empty.
    """
    knobs, data = values(args, 2)
    work = job(knobs, data)
    first = begun(pulls, work, moment)
    return Begun(editing.ROUNDS, work.outline(), ask.about("faces"), first)


@call
def more(args: list[Any]) -> Pulled:
    """[token] -> the next moment."""
    return pulled(pulls, args, moment)


@call
def samples(args: list[Any]) -> Samples:
    """[] -> the sample faces."""
    values(args, 0)
    return Samples(faces.offered(SAMPLE_FACES))
