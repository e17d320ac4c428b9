"""One size of the strip of sizes: the same photo at another scale, where a brush stroke is of another size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.shell.calls import Refusal, call, values
from gallery.widgets.answers import jpeg_url


@dataclass(frozen=True, kw_only=True)
class Sized:
    """A picture's translation at one size, as a data URL; own: width and height of the picture as it is."""

    translated: str
    width: int
    height: int
    own: tuple[int, int]


@call
def sized(args: list[Any]) -> Sized:
    """[{knobs}, {face, sample}] -> the translation at the size that the knob `size` names. Only for monet."""
    knobs, data = values(args, 2)
    wish = asks.asked(args)
    if wish.pair != "monet":
        raise Refusal("input.choice", name="pair", choices="monet")
    as_is = asks.asked([{**knobs, "size": asks.AS_IS}, data]).picture
    made = asks.cyclegan.known(wish.name, wish.direction, wish.picture)
    height, width = made.shape[:2]
    return Sized(translated=jpeg_url(made, 95), width=width, height=height, own=(as_is.shape[1], as_is.shape[0]))
