"""The act "translate" of the CycleGAN room: a picture there and back, and what the round trip lost."""

from __future__ import annotations

from typing import Any

from gallery.rooms.cyclegan import notebook, ways
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan import translate_rest as rest
from gallery.rooms.cyclegan import translate_sizes as sizes
from gallery.rooms.cyclegan.drawing import Drawing
from gallery.rooms.cyclegan.living import Living
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real
from gallery.shell.markup import segments
from gallery.shell.source import Code
from gallery.widgets import Photo, Slider, Sliders, faces
from gallery.widgets.base import Widget
from models.cyclegan.vocabulary import PAIRS, WAYS

NAME = "translate"
KNOBS = {
    "pair": choice(*PAIRS, act=NAME),
    "direction": choice(*WAYS, act=NAME),
    "picture": Knob(faces.PORTRAIT, "choice", choices=(*asks.SAMPLES, faces.OWN), act=NAME),
    "strength": real(1, 0, 1.5, digits=2, act=NAME),
    "over": choice("none", "patches", act=NAME),
    "look": choice("trip", "identity", "sizes", act=NAME),
    "network": choice(asks.FAST, *asks.NETWORKS, act=NAME),
    "size": choice(asks.AS_IS, *asks.SIZES, act=NAME),
    **ways.KNOBS,
}
PAIR_WORDS = [
    ("monet", "cyclegan.translate.pair.monet"),
    ("emoji", "cyclegan.translate.pair.emoji"),
    ("smile", "cyclegan.translate.pair.smile"),
]
WAY_WORDS = [("a2b", "cyclegan.translate.way.a2b"), ("b2a", "cyclegan.translate.way.b2a")]
OVER_WORDS = [("none", "cyclegan.translate.over.none"), ("patches", "cyclegan.translate.over.patches")]
LOOK_WORDS = [
    ("trip", "cyclegan.translate.look.trip"),
    ("identity", "cyclegan.translate.look.identity"),
    ("sizes", "cyclegan.translate.look.sizes"),
]
TRIED = {"look": "trip", "compare": "off", "size": asks.AS_IS, "strength": 1, "over": "none"}
IDENTITY = {"look": "identity", "size": asks.AS_IS, "pair": "monet", "direction": "a2b", "picture": "painting1"}
OFF = {"pair": "smile", "direction": "b2a", "picture": faces.PORTRAIT}
"""A smile that is taken off."""
ACT = Act(
    NAME,
    formula=r"x \to G(x) \to F(G(x)) \approx x",
    tries=(
        Try("cyclegan.ways.try", TRIED | OFF | {"compare": "on"}),
        Try("cyclegan.translate.try.back", TRIED | {"pair": "monet", "direction": "b2a", "picture": "painting2"}),
        Try("cyclegan.translate.try.identity", IDENTITY),
        Try("cyclegan.living.try", {}, emit="living.start"),
        Try("cyclegan.drawing.try", TRIED | {"pair": "emoji", "direction": "a2b"}, emit="drawing.start"),
        Try("cyclegan.translate.try.patches", {"look": "trip", "pair": "monet", "over": "patches"}),
    ),
    code=(
        Code("models/cyclegan/cyclegan.py", "Translators.round_trip"),
        Code("models/cyclegan/cyclegan.py", "in_tiles"),
        Code("models/cyclegan/networks.py", "SmoothGenerator.delta"),
        Code("training/cyclegan/recipe.py", "Trainer.lost"),
        Code("models/cyclegan/patches.py", "receptive_field"),
        Code("gallery/rooms/cyclegan/ways_ask.py", "translated"),
        Code("gallery/rooms/cyclegan/ways_ask.py", "decoded"),
        Code("gallery/rooms/cyclegan/ways_ask.py", "steered"),
    ),
    cards=("cyclegan-{pair}", "vae-faces", "gan-faces", "gan-steering", "gan-encoder"),
    notebook=notebook.translate,
)


class Translate(Widget):
    """Input, translation with a divider, reconstruction and cycle error; the patches' verdicts over the first two."""

    kind = "cyclegan-translate"
    HEARS = ("picture",)
    KNOBS = ("pair", "direction", "picture", "strength", "over", "look", "size", "network")

    def __init__(self, room: str) -> None:
        first = {pair: list(names) for pair, names in asks.FIRST.items()}
        props: dict[str, Any] = {"room": room, "first": first, "own": faces.OWN, "sizes": list(asks.SIZES)}
        props["networks"] = list(asks.NETWORKS.items())
        more = {"back": rest.back, "judge": rest.judge, "identity": rest.identity, "sized": sizes.sized}
        super().__init__(props, {"travel": asks.travel, **more})


def build(frame: Frame) -> None:
    """The four pictures in the middle, what is translated and how on the right."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            static(segments("pair", PAIR_WORDS, "cyclegan.translate.pair.label"))
            Living(room)
            Translate(room)
            ways.Ways(room)
        with frame.outcome():
            static(segments("direction", WAY_WORDS, "cyclegan.translate.way.label"))
            static(segments("look", LOOK_WORDS, "cyclegan.translate.look.label"))
            ways.switch()
            Photo(room, asks.open_photo, samples=asks.samples, id="picture", knob="picture")
            Drawing(room, "picture")
            Sliders(room, [Slider("strength", "cyclegan.translate.strength", 0.05, 2)])
            static(segments("over", OVER_WORDS, "cyclegan.translate.over.label"))
            ways.Side(room)
