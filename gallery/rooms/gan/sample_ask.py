"""What the act "sample" asks of the GANs: sheets of pictures, films of the chosen ones, and D's verdicts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.rooms.gan import ask
from gallery.shell.calls import Part, Refusal, Said, call, choice, field, integer, number, values
from gallery.shell.later import later
from gallery.widgets.answers import Facts, Line, Strip, jpeg_url, stops
from models.gan.vocabulary import LABELS, LAYERS
from models.runtime.kept import Kept

if TYPE_CHECKING:
    from models.gan import gan, moves
    from models.pictures import pictures
else:
    gan = later("models.gan.gan")
    moves = later("models.gan.moves")
    pictures = later("models.pictures.pictures")

VIEWS = ("sheet", "near", "walk", "mix")
SORTS = ("seed", "verdict")
COUNT, COLUMNS, ROWS = 36, 6, 7
"""Faces on a sheet, and in its rows; rows of clothes, which have a column for each label."""
PSIS = [round(i / 20, 2) for i in range(21)]
"""Of the film that leads from the average picture to the chosen one: every stop of the slider."""
ANGLES = list(range(0, 91, 10))
"""Degrees from the chosen picture to its neighbours."""
MARKS = [round(i / 20, 2) for i in range(21)]
"""Of a walk."""
NEIGHBOURS, MOST_STEPS = 8, 7
"""Around a picture; and steps from a seed, each to a neighbour."""
BASE = 1 + NEIGHBOURS * (len(ANGLES) - 1)
LAST_PATH = BASE**MOST_STEPS - 1
"""Of the knob `path`: a step is a digit, 1 + 8 (degrees / 10 - 1) + neighbour; the first one is the lowest."""
TRAITS = ("smile", "gender", "age", "light", "colour")
"""What is measured of a mixed face, as the card calls it."""
sheets: Kept[np.ndarray] = Kept(20_000_000, lambda sheet: sheet.nbytes)
"""Sheets that were made last: D judges what has just been shown."""


@dataclass(frozen=True)
class Made(Part):
    """What a plaque says of a call: the model, how good it is, and how many milliseconds it took."""

    facts: Facts
    frechet: float
    ms: float


def since(name: str, start: float) -> Made:
    """What the plaque says of a call that began then."""
    frechet = float(gan.gan(name).card.quality["frechet"])
    return Made(ask.about(name), frechet, (time.perf_counter() - start) * 1000)


def view_of(knobs: object) -> str:
    """What is shown. Raises Refusal."""
    return choice(field(knobs, "view"), VIEWS, "view")


def chosen(knobs: object, seed: str = "face", label: str = "label") -> moves.Chosen:
    """One of both chosen pictures; a face has no label. Raises Refusal."""
    asked = int(choice(field(knobs, label), LABELS, label))
    return moves.Chosen(ask.seed_of(knobs, seed), asked if ask.model_of(knobs) == "fashion" else 0)


def second(knobs: object) -> moves.Chosen:
    """The other one of them. Raises Refusal."""
    return chosen(knobs, "other", "label2")


def path_of(knobs: object) -> tuple[tuple[int, int], ...]:
    """The steps that the knob `path` spells. Raises Refusal, also for a digit 0, which is no step."""
    left, steps = integer(field(knobs, "path"), 0, LAST_PATH, "path"), []
    while left:
        left, digit = divmod(left, BASE)
        if not digit:
            raise Refusal("gan.sample.no_path")
        steps.append((ANGLES[1 + (digit - 1) // NEIGHBOURS], (digit - 1) % NEIGHBOURS))
    return tuple(steps)


def centre_of(knobs: object) -> moves.Chosen:
    """The picture in the middle of its neighbours. Raises Refusal."""
    return replace(chosen(knobs), path=path_of(knobs))


def layer_of(knobs: object) -> int:
    """Below which layer the first one's style counts; a generator with fewer layers takes all. Raises Refusal."""
    return min(integer(field(knobs, "layer"), 0, max(LAYERS.values()), "layer"), LAYERS[ask.model_of(knobs)])


# ---- the sheet -----------------------------------------------------------------------------------------------
def placed(knobs: object) -> list[moves.Chosen]:
    """What lies on the sheet, row by row: faces by seed; of clothes a row for each seed, a column for each label."""
    first = ask.seed_of(knobs, "seed")
    if ask.model_of(knobs) == "faces":
        return [moves.Chosen(first + i) for i in range(COUNT)]
    return [moves.Chosen(first + row, int(label)) for row in range(ROWS) for label in LABELS]


def drawn(knobs: object) -> np.ndarray:
    """The pictures of the sheet, (N, H, W, C) uint8."""
    name, psi, places = ask.model_of(knobs), ask.psi_of(knobs), placed(knobs)
    model = gan.gan(name)

    key = name, model.card.sha256, places[0].seed, psi
    return sheets.get(key, lambda: model.sheet(moves.styles_of(model, places, psi)))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Pictures in rows (a data URL). columns: in a row; side: pixels of one; seeds, labels: of each."""

    image: str
    columns: int
    side: int
    seeds: list[int]
    labels: list[int]
    made: Made


@call
def sheet(args: list[Any]) -> Sheet:
    """[{knobs}] -> the pictures of the sheet."""
    (knobs,) = values(args, 1)
    start, name = time.perf_counter(), ask.model_of(knobs)
    made, places = drawn(knobs), placed(knobs)
    columns = COLUMNS if name == "faces" else len(LABELS)
    return Sheet(
        image=jpeg_url(pictures.grid(made, columns), 88),
        columns=columns,
        side=made.shape[1],
        seeds=[place.seed for place in places],
        labels=[place.label for place in places],
        made=since(name, start),
    )


# ---- films ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Filmed:
    """The film of what is shown, and what is said of it.

    strip: a frame of the view `walk` holds both ways side by side. price: precision and recall by psi, and over: the
    share of each trait that comes from the second face, by layer; both as the card has them. detour: how much longer
    the arc is than the line.
    """

    strip: Strip
    view: str
    price: list[Line]
    over: list[dict[str, float]]
    detour: float
    names: list[Said]
    made: Made


def told(frames: np.ndarray, knob: str, marks: Sequence[float], key: str) -> Strip:
    """Frames (N, H, W, C) with the knob that they go along, and a caption with its value."""
    digits = 0 if knob in ("angle", "layer") else 2
    return stops(frames, marks, key, knob, digits, knob, quality=92)


def of_psi(model: gan.Gan, knobs: object) -> Strip:
    """The chosen picture at every psi."""
    frames = model.pictures(moves.towards_mean(model, chosen(knobs), PSIS))
    return told(frames, "psi", PSIS, "gan.sample.film.psi")


def of_angle(model: gan.Gan, knobs: object) -> Strip:
    """The chosen picture among its neighbours, at every distance: 3 x 3, itself in the middle."""
    centre, psi = centre_of(knobs), ask.psi_of(knobs)
    middle, *others = model.sheet(moves.neighbours(model, centre, ANGLES[1:], centre.beside(), psi))
    around = [[middle] * NEIGHBOURS, *(others[i : i + NEIGHBOURS] for i in range(0, len(others), NEIGHBOURS))]
    frames = [pictures.grid(np.stack([*eight[:4], middle, *eight[4:]]), 3) for eight in around]
    return told(np.stack(frames), "angle", ANGLES, "gan.sample.film.angle")


def of_walk(model: gan.Gan, knobs: object) -> tuple[Strip, float]:
    """Both ways from the first to the second, side by side; and how much longer the arc is."""
    ways = moves.walk(model, chosen(knobs), second(knobs), MARKS, ask.psi_of(knobs))
    arc, straight = (model.sheet(w) for w in (ways.arc, ways.straight))
    return told(np.concatenate([arc, straight], axis=2), "t", MARKS, "gan.sample.film.t"), ways.detour


def of_layer(model: gan.Gan, knobs: object) -> Strip:
    """The two mixed at every layer."""
    frames = model.pictures(moves.crossings(model, chosen(knobs), second(knobs), ask.psi_of(knobs)))
    return told(frames, "layer", range(len(frames)), "gan.sample.film.layer")


def price(model: gan.Gan) -> list[Line]:
    """Precision and recall at psi = 0, 0.1, ..., 1, as the card has them."""
    quality = model.card.quality
    points = {
        name: [float(quality[f"{name}_psi_{tenths:02d}"]) for tenths in range(11)] for name in ("precision", "recall")
    }
    return [
        Line(points=points["precision"], color="data", label=Said("gan.sample.precision")),
        Line(points=points["recall"], color="accent", label=Said("gan.sample.recall")),
    ]


def over(model: gan.Gan) -> list[dict[str, float]]:
    """The share of each trait that comes from the second face, with its styles from layer L on; clothes have none."""
    quality, layers = model.card.quality, model.shape.layers
    if model.shape.labels:
        return []
    inner = [{name: float(quality[f"from_{layer}_{name}"]) for name in TRAITS} for layer in range(1, layers)]
    return [dict.fromkeys(TRAITS, 1.0), *inner, dict.fromkeys(TRAITS, 0.0)]


@call
def reel(args: list[Any]) -> Filmed:
    """[{knobs}] -> the film of what is shown."""
    (knobs,) = values(args, 1)
    start, name, view = time.perf_counter(), ask.model_of(knobs), view_of(knobs)
    model, detour = gan.gan(name), 1.0
    if view == "walk":
        made, detour = of_walk(model, knobs)
    else:
        made = {"sheet": of_psi, "near": of_angle, "mix": of_layer}[view](model, knobs)
    names = [Said("gan.sample.arc"), Said("gan.sample.straight")] if view == "walk" else []
    return Filmed(
        strip=made,
        view=view,
        price=price(model),
        over=over(model),
        detour=detour,
        names=names,
        made=since(name, start),
    )


# ---- verdicts ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Judged:
    """D(x) of each picture of the sheet, where the sheet is shown, and of what is shown large."""

    cells: list[float]
    shown: list[float]


def shown(model: gan.Gan, knobs: object) -> tuple[list[np.ndarray], int]:
    """What is shown large, pictures (H, W, C) uint8, and its label."""
    view, psi, a = view_of(knobs), ask.psi_of(knobs), chosen(knobs)
    if view == "walk":
        t = number(field(knobs, "t"), 0.0, 1.0, "t")
        b = second(knobs)
        ways = moves.walk(model, a, b, [t], psi)
        return [*model.pictures(ways.arc), *model.pictures(ways.straight)], (a if t < 0.5 else b).label
    if view == "mix":
        layer = layer_of(knobs)
        return [*model.pictures(moves.crossings(model, a, second(knobs), psi)[layer : layer + 1])], a.label
    one = centre_of(knobs) if view == "near" else a
    return [*model.pictures(one.styles(model, psi))], a.label


@call
def verdicts(args: list[Any]) -> Judged:
    """[{knobs}] -> what D says of the sheet, and of what is shown large."""
    (knobs,) = values(args, 1)
    model = gan.gan(ask.model_of(knobs))
    large, label = shown(model, knobs)
    said = moves.judged(model, np.stack(large), [label] * len(large))
    if view_of(knobs) != "sheet":
        return Judged([], said)
    return Judged(moves.judged(model, drawn(knobs), [place.label for place in placed(knobs)]), said)
