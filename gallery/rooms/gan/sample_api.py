"""The endpoints of the act "sample"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gallery.rooms.gan.ask import gan
from gallery.shell.calls import choice, endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, image, numeral, word
from models.gan.vocabulary import DATA, LABELS

if TYPE_CHECKING:
    from models.pictures import pictures
else:
    pictures = later("models.pictures.pictures")

MOST = 64
"""Pictures of one call."""
COLUMNS = 8


def label_of(model: str, label: object) -> int | None:
    """A label's number; None for "", each picture's own. Raises Refusal; faces have no labels."""
    known = ("", *LABELS) if model == "fashion" else ("",)
    asked = choice("" if label is None else label, known, "label")
    return int(asked) if asked else None


@endpoint
def gan_sample(model: str, seed: int, count: int, truncation: float, label: str) -> Any:
    """The pictures of the seeds seed, seed + 1, ... in rows of eight, as one PNG.

    model: faces (64x64) or fashion (28x28); seed: 0 ... 2^31 - 1; count: 1 ... 64; truncation: psi, 0 (the mean
    picture) ... 1 (as learned); label: fashion "0" ... "9", or "" for the seed's last digit; faces "".
    """
    kind, first = choice(model, DATA, "model"), integer(seed, 0, LAST_SEED, "seed")
    many = integer(count, 1, MOST, "count")
    psi, asked = number(truncation, 0.0, 1.0, "truncation"), label_of(kind, label)
    network = gan.gan(kind)
    made = network.pictures(network.of_seeds([(first + i) % (LAST_SEED + 1) for i in range(many)], psi, asked))
    return pictures.to_image(pictures.grid(made, min(COLUMNS, many)))


def publish() -> None:
    """Those of this act."""
    knobs = [word("model"), *map(numeral, ("seed", "count", "truncation")), word("label")]
    endpoints.publish(gan_sample, knobs, [image("picture")])
