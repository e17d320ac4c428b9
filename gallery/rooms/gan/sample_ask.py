"""What the act "sample" asks of the GANs: sheets of pictures, films of one face, and D's verdicts."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.rooms.gan import ask
from gallery.shell.calls import Answer, Part, Said, call, choice, field, values
from gallery.shell.later import later
from gallery.widgets.answers import Facts, Strip, jpeg_url
from gallery.widgets.answers import strip as film
from models.gan.vocabulary import LABELS

if TYPE_CHECKING:
    from models.pictures import pictures
else:
    pictures = later("models.pictures.pictures")

COUNT, COLUMNS = 36, 6
PSIS = [round(i / 20, 2) for i in range(21)]
"""Of the film that leads from the average picture to the chosen one."""


@dataclass(frozen=True)
class Made(Part):
    """What the plaque says of a call: the model, and how many milliseconds it took."""

    facts: Facts
    ms: float


def since(name: str, start: float) -> Made:
    """What the plaque says of a call that began then."""
    return Made(ask.about(name), (time.perf_counter() - start) * 1000)


def label_of(knobs: object, name: str = "label") -> int:
    """The label that a knob holds; faces ignore it. Raises Refusal."""
    return int(choice(field(knobs, name), LABELS, name))


@dataclass(frozen=True)
class Sheet:
    """Pictures in rows (a data URL). columns: in a row; side: pixels of one; seeds: of each."""

    image: str
    columns: int
    side: int
    seeds: list[int]
    made: Made


@call
def sheet(args: list[Any]) -> Sheet:
    """[{knobs}] -> the pictures of the seeds from the knob `seed` on."""
    (knobs,) = values(args, 1)
    name, first, psi = ask.model_of(knobs), ask.seed_of(knobs, "seed"), ask.psi_of(knobs)
    start = time.perf_counter()
    model = ask.gan.gan(name)
    seeds = list(range(first, first + COUNT))
    grid = pictures.grid(model.sheet(model.of_seeds(seeds, psi)), COLUMNS)
    return Sheet(jpeg_url(grid, 88), COLUMNS, model.shape.size, seeds, since(name, start))


@call
def strip(args: list[Any]) -> Strip:
    """[{knobs}] -> the chosen picture at every psi."""
    (knobs,) = values(args, 1)
    model, seed = ask.gan.gan(ask.model_of(knobs)), ask.seed_of(knobs, "face")
    w = model.of_seeds([seed], 1.0, label_of(knobs) if model.shape.labels else None)
    mean = model.of_seeds([seed], 0.0, label_of(knobs) if model.shape.labels else None)
    frames = model.walk(mean[0], w[0], PSIS)
    captions = [Said("gan.sample.film.psi", {"psi": psi}, {"psi": 2}) for psi in PSIS]
    return replace(film(frames), values=PSIS, captions=captions, knob="psi")


@call
def verdicts(args: list[Any]) -> Answer:
    """[{knobs}] -> D(x) of each picture of the sheet."""
    (knobs,) = values(args, 1)
    model, first = ask.gan.gan(ask.model_of(knobs)), ask.seed_of(knobs, "seed")
    seeds = range(first, first + COUNT)
    found = model.verdicts(model.sheet(model.of_seeds(seeds, ask.psi_of(knobs))), model.labels(seeds))
    return {"verdicts": np.round(found.numpy(), 3).tolist()}
