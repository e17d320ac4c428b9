"""The endpoints of the act "translate"."""

from __future__ import annotations

from typing import Any

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan import translate_rest as rest
from gallery.shell.calls import Refusal, choice, endpoint, text
from gallery.shell.frame import CARD_NAME
from gallery.widgets import endpoints
from gallery.widgets.endpoints import image, numeral, word
from gallery.widgets.faces import api_photo
from models.cyclegan.vocabulary import PAIRS, SIDES, WAYS
from models.runtime.gate import opening


def fitted(photo: object, pair: str) -> Any:
    """A photo as the pair takes it, (H, W, 3) uint8. Raises PictureError, Refusal."""
    with opening.turn():
        return asks.fitted(api_photo(photo), pair)


@endpoint
def cyclegan_translate(photo: str, pair: str, direction: str, network: str) -> tuple[Any, Any, float]:
    """A photo translated, and translated back: two PNG of its size, and the mean |F(G(x)) - x| of pixels in [0, 1].

    pair: monet, emoji or smile; direction: a2b (photo to Monet, Noto to Twemoji, neutral to smiling) or b2a; network:
    "fast", or the name of a card of a converted CycleGAN without its "cyclegan-". Photos for monet keep their shape, up
    to 512 pixels a side on a CPU; emoji and faces are 64x64.
    """
    chosen, way = choice(pair, PAIRS, "pair"), choice(direction, WAYS, "direction")
    named = text(network, 80, "network")
    if not CARD_NAME.fullmatch(named):
        raise Refusal("input.choice", name="network", choices=asks.FAST)
    name = chosen if named == asks.FAST else named
    for each in asks.cyclegan.DIRECTIONS:
        asks.one_way(name, each)
    trip = asks.cyclegan.round_trip(name, asks.direction(way), fitted(photo, chosen))
    shown = [asks.pictures.to_image(each) for each in (trip.translated, trip.returned)]
    return shown[0], shown[1], round(trip.cycle_error, 6)


@endpoint
def cyclegan_patches(photo: str, pair: str, side: str) -> tuple[Any, float]:
    """What the discriminator of one collection says of each patch of a photo, and the mean of its verdicts.

    pair: one whose discriminators were kept; side: "a" or "b", the first or the second collection. The map is a PNG of
    the photo's size, black at 0 (translated) and white at 1 (real).
    """
    chosen, which = choice(pair, PAIRS, "pair"), choice(side, SIDES, "side")
    picture = fitted(photo, chosen)
    found = asks.cyclegan.verdicts(chosen, which, picture)
    if found is None:
        raise Refusal("cyclegan.translate.no_patches")
    return asks.pictures.to_image(rest.patches.shown(found.values, *picture.shape[:2])), round(found.mean, 6)


def publish() -> None:
    """Those of this act."""
    photo, made = endpoints.photo, [image("translation"), image("reconstruction"), numeral("error")]
    endpoints.publish(cyclegan_translate, [photo("photo"), word("pair"), word("direction"), word("network")], made)
    endpoints.publish(cyclegan_patches, [photo("photo"), word("pair"), word("side")], [image("map"), numeral("mean")])
