"""The endpoints of the act "sample"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gallery.shell.calls import Refusal, choice, endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.answers import sheet
from gallery.widgets.endpoints import LAST_SEED, image, numeral, word
from models.gan.vocabulary import DATA, LABELS, LAYERS

if TYPE_CHECKING:
    from models.gan import gan, moves
    from models.pictures import pictures
else:
    gan = later("models.gan.gan")
    moves = later("models.gan.moves")
    pictures = later("models.pictures.pictures")

MOST, COLUMNS = 64, 8
"""Pictures of one call, and in a row."""
FEWEST_FRAMES, MOST_FRAMES = 2, 50


def label_of(model: str, label: object) -> int | None:
    """A label's number; None for "", each picture's own. Raises Refusal; faces have no labels."""
    if model != "fashion" and label not in ("", None):
        raise Refusal("gan.sample.no_label")
    asked = choice("" if label is None else label, ("", *LABELS), "label")
    return int(asked) if asked else None


def one(model: gan.Gan, seed: int) -> moves.Chosen:
    """The picture of a seed, whose last digit is its label where there are labels."""
    return moves.Chosen(seed, int(model.labels([seed])[0]))


@endpoint
def gan_sample(model: str, seed: int, count: int, truncation: float, label: str) -> Any:
    """The pictures of the seeds seed, seed + 1, ... in rows of eight, as one PNG; after the last seed comes 0.

    model: faces (64x64) or fashion (28x28); seed: 0 ... 2^31 - 1; count: 1 ... 64; truncation: psi, 0 (the mean
    picture) ... 1 (as learned); label: fashion "0" ... "9", or "" for the seed's last digit; faces "".
    """
    kind, first = choice(model, DATA, "model"), integer(seed, 0, LAST_SEED, "seed")
    many = integer(count, 1, MOST, "count")
    psi, asked = number(truncation, 0.0, 1.0, "truncation"), label_of(kind, label)
    network = gan.gan(kind)
    made = network.pictures(network.of_seeds([(first + i) % (LAST_SEED + 1) for i in range(many)], psi, asked))
    return pictures.to_image(pictures.grid(made, min(COLUMNS, many)))


@endpoint
def gan_walk(model: str, seed_a: int, seed_b: int, frames: int) -> Any:
    """A walk from one picture to another, as one PNG: above z along the arc, below w along the line; psi is 1.

    model: faces or fashion, where a seed's last digit is its label; seeds: 0 ... 2^31 - 1; frames: 2 ... 50.
    """
    kind = choice(model, DATA, "model")
    a, b = (integer(seed, 0, LAST_SEED, name) for seed, name in ((seed_a, "seed_a"), (seed_b, "seed_b")))
    count = integer(frames, FEWEST_FRAMES, MOST_FRAMES, "frames")
    network = gan.gan(kind)
    marks = [i / (count - 1) for i in range(count)]
    ways = moves.walk(network, one(network, a), one(network, b), marks, 1.0)
    return pictures.to_image(sheet([network.pictures(ways.arc), network.pictures(ways.straight)]))


@endpoint
def gan_mix(seed_a: int, seed_b: int, layer: int, truncation: float) -> Any:
    """Two faces mixed by style, 64x64 PNG: the layers below `layer` from seed_a, the others from seed_b.

    seeds: 0 ... 2^31 - 1; layer: 0 (all from seed_b) ... 9 (all from seed_a); truncation: psi, 0 ... 1.
    """
    a, b = (integer(seed, 0, LAST_SEED, name) for seed, name in ((seed_a, "seed_a"), (seed_b, "seed_b")))
    crossover = integer(layer, 0, LAYERS["faces"], "layer")
    psi = number(truncation, 0.0, 1.0, "truncation")
    return pictures.to_image(gan.gan("faces").mix(a, b, crossover, psi))


def publish() -> None:
    """The three of this act."""
    knobs = [word("model"), *map(numeral, ("seed", "count", "truncation")), word("label")]
    endpoints.publish(gan_sample, knobs, [image("picture")])
    walked = [word("model"), *map(numeral, ("seed_a", "seed_b", "frames"))]
    endpoints.publish(gan_walk, walked, [image("strip")])
    endpoints.publish(gan_mix, [*map(numeral, ("seed_a", "seed_b", "layer", "truncation"))], [image("mixed")])
