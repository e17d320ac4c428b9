"""What the act "training" asks: the film of a pair's training, and the losses that were recorded beside it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Refusal, Said, call, choice, field, values
from gallery.shell.later import later
from gallery.widgets.answers import Strip, strip
from gallery.widgets.courses import Course, course
from models.cyclegan.vocabulary import FILMED, TERMS

if TYPE_CHECKING:
    from models.cyclegan import record
else:
    record = later("models.cyclegan.record")

ANSWERS = 3


@dataclass(frozen=True)
class Shown:
    """The film, a frame after each number of pairs seen, and the course of the losses.

    asked: the terms that the question offers; still: that of them which fell least, from the first tenth of the course
    to the last; offered: the pairs that have a film.
    """

    strip: Strip
    course: Course
    asked: Sequence[str]
    still: str
    offered: Sequence[str]


def least_fallen(found: Course, names: Sequence[str]) -> str:
    """The term whose last tenth is largest beside its first."""
    return max(names, key=lambda name: found.terms[name].change[1] / found.terms[name].change[0])


@functools.lru_cache(maxsize=len(FILMED))
def shown(pair: str) -> Shown:
    """What is shown of a pair. Raises Refusal where it has no film."""
    kept = record.record(pair)
    if kept is None:
        raise Refusal("cyclegan.training.no_film", pair=pair)
    film, losses = kept
    found = course(losses)
    asked = [name for name in TERMS if name in found.terms][:ANSWERS]
    captions = [Said("cyclegan.training.seen", {"n": seen}) for seen in film.images]
    frames = replace(strip(film.frames(film.images), quality=85), values=film.images, captions=captions)
    return Shown(frames, found, asked, least_fallen(found, asked), [name for name in FILMED if record.filmed(name)])


@call
def film(args: list[Any]) -> Shown:
    """[{knobs}] -> the film and the losses of the pair that the knob `filmed` names. Raises Refusal."""
    (knobs,) = values(args, 1)
    return shown(choice(field(knobs, "filmed"), FILMED, "filmed"))
