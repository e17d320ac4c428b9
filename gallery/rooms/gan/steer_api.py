"""The endpoints of the act "steer"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gallery.rooms.gan.steer_ask import NAMES, found, gan
from gallery.shell.calls import endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, image, numeral, photo
from gallery.widgets.faces import api_face
from models.faces.vocabulary import DIRECTIONS
from models.gan.vocabulary import REACH
from models.runtime.gate import film

if TYPE_CHECKING:
    from models.gan import finding
    from models.pictures import pictures
else:
    finding = later("models.gan.finding")
    pictures = later("models.pictures.pictures")

SHORTEST, LONGEST = 0.5, 10.0
"""Seconds of a search."""


@endpoint
def gan_edit(seed: int, smile: float, age: float, gender: float, truncation: float) -> Any:
    """The face of a seed with k times the directions added in w: 64x64 PNG.

    seed: 0 ... 2^31 - 1; smile, age, gender: k in [-3, 3]; truncation: psi, 0 (the mean face) ... 1 (as learned).
    """
    number_of = integer(seed, 0, LAST_SEED, "seed")
    k = [number(x, -REACH, REACH, name) for x, name in zip((smile, age, gender), DIRECTIONS, strict=True)]
    psi = number(truncation, 0.0, 1.0, "truncation")
    face = found.of_seed(gan.gan("faces"), number_of, psi)
    return pictures.to_image(face.steered([*k, *[0.0] * (len(NAMES) - len(k))]).picture())


@endpoint
def gan_find(photo: str, seconds: float) -> tuple[Any, dict[str, Any]]:
    """A face looked for in the generator, a style for each layer: what was found, 64x64 PNG, and how near it is.

    seconds: 0.5 ... 10, after which the search ends with fewer steps. Returns also {"mse": of the pixels in [0, 1],
    "steps", "seconds"}.
    """
    most = number(seconds, SHORTEST, LONGEST, "seconds")
    search = finding.Search(api_face(photo), "layers", most)
    with film():
        while not search.done:
            search.go_on(most)
    state = search.state
    figures = {"mse": round(state.mse, 6), "steps": state.step, "seconds": round(search.seconds, 3)}
    return pictures.to_image(state.picture), figures


def publish() -> None:
    """Those of this act."""
    endpoints.publish(gan_edit, [numeral("seed"), *map(numeral, DIRECTIONS), numeral("truncation")], [image("picture")])
    endpoints.publish(gan_find, [photo("photo"), numeral("seconds")], [image("found"), endpoints.data("error")])
