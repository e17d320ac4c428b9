"""What the act "training" asks: the films of two generators, one above the other, and their Frechet curves."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Said, call, choice, field, values
from gallery.shell.later import later
from gallery.widgets.answers import Strip, strip
from gallery.widgets.courses import Course, course

if TYPE_CHECKING:
    from models.gan import dcgan, gan
else:
    dcgan = later("models.gan.dcgan")
    gan = later("models.gan.gan")

ROWS = ("a", "b")
"""The upper and the lower generator."""


@dataclass(frozen=True)
class Shown:
    """Both films as one, a frame after each number of pictures that both have seen.

    ours, theirs: [pictures, Frechet distance] where it was measured; params: millions, of our generator and of DCGAN's.
    losses: of both players, of our training and of DCGAN's, None where they were not recorded.
    """

    strip: Strip
    ours: list[list[float]]
    theirs: list[list[float]]
    params: list[float]
    losses: Sequence[Course | None]


def curve(quality: Mapping[str, float | str], prefix: str) -> list[list[float]]:
    """What a card has measured: "frechet_at_139k" = 6.28 becomes [139000, 6.28], in the order of the pictures seen."""
    found = {int(key.removeprefix(prefix)[:-1]): value for key, value in quality.items() if key.startswith(prefix)}
    return [[1000 * seen, float(found[seen])] for seen in sorted(found)]


@functools.cache
def reference_params() -> float:
    """Parameters of DCGAN's generator, in millions."""
    return sum(weight.numel() for weight in dcgan.DCGenerator().parameters()) / 1e6


@call
def film(args: list[Any]) -> Shown:
    """[{knobs}] -> both films, ours in the row that the knob `ours` names."""
    (knobs,) = values(args, 1)
    upper = choice(field(knobs, "ours"), ROWS, "ours") == "a"
    model = gan.gan("faces")
    own, other = model.film, model.reference_film
    if own is None or other is None:
        return Shown(strip([]), [], [], [], [None, None])
    marks = sorted({*own.images} & {*other.images})
    rows = [each.frames(marks) for each in ((own, other) if upper else (other, own))]
    captions = [Said("gan.training.seen", {"n": seen}) for seen in marks]
    quality = model.card.quality
    return Shown(
        replace(strip(*rows, quality=80), values=marks, captions=captions),
        curve(quality, "frechet_at_"),
        curve(quality, "dcgan_frechet_at_"),
        [model.card.params / 1e6, reference_params()],
        [course(each) if each else None for each in (model.losses, model.reference_losses)],
    )
