"""The endpoints of the act "glow"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gallery.rooms.flow.glow_ask import WARMEST
from gallery.shell.calls import endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, data, image, numeral, photo
from gallery.widgets.faces import api_face

if TYPE_CHECKING:
    from models.flow import portraits
    from models.pictures import pictures
else:
    pictures = later("models.pictures.pictures")
    portraits = later("models.flow.portraits")


@endpoint
def glow_sample(seed: int, temperature: float) -> Any:
    """A new face, 32x32 PNG of 5 bits a colour: x = f^-1(T epsilon), epsilon ~ N(0, I) of the seed.

    seed: 0 ... 2^31 - 1; temperature: T, 0 ... 1.2.
    """
    number_of = integer(seed, 0, LAST_SEED, "seed")
    model = portraits.portraits()
    z = model.draw(number_of, 1, number(temperature, 0.0, WARMEST, "temperature"))
    return pictures.to_image(model.pictures(z)[0])


@endpoint
def glow_score(photo: str) -> dict[str, float]:
    """What Glow says of a photo's face at 32x32 and 5 bits: {"bits_per_dimension", "reconstruction_error"}.

    The bound of dequantization by noise of a fixed seed; and the largest |f^-1(f(x)) - x|, of x in [-1/2, 1/2].
    """
    face, model = api_face(photo), portraits.portraits()
    bits = float(model.bits(face[None])[0])
    return {"bits_per_dimension": round(bits, 4), "reconstruction_error": model.there_and_back(face).miss}


def publish() -> None:
    """The two of this act."""
    endpoints.publish(glow_sample, [numeral("seed"), numeral("temperature")], [image("picture")])
    endpoints.publish(glow_score, [photo("photo")], [data("score")])
