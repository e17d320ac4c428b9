"""The act "translate" of the CycleGAN room: a picture there and back, and what the round trip lost."""

from __future__ import annotations

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan import ways
from gallery.rooms.cyclegan.living import Living
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real
from gallery.shell.markup import segments
from gallery.shell.source import Code
from gallery.widgets import Photo, Slider, Sliders, faces
from gallery.widgets.base import Widget
from models.cyclegan.vocabulary import PAIRS, WAYS

NAME = "translate"
FIRST = {
    "monet": (faces.PORTRAIT, "painting1"),
    "emoji": ("noto1", "twemoji1"),
    "smile": ("1", "3"),
}
"""Of each pair and direction, the sample that is shown when it is chosen."""
KNOBS = {
    "pair": choice(*PAIRS, act=NAME),
    "direction": choice(*WAYS, act=NAME),
    "picture": Knob(faces.PORTRAIT, "choice", choices=(*asks.SAMPLES, faces.OWN), act=NAME),
    "strength": real(1, 0, 1.5, digits=2, act=NAME),
    "over": choice("none", "patches", act=NAME),
    **ways.KNOBS,
}
PAIR_WORDS = [
    ("monet", "cyclegan.translate.pair.monet"),
    ("emoji", "cyclegan.translate.pair.emoji"),
    ("smile", "cyclegan.translate.pair.smile"),
]
WAY_WORDS = [("a2b", "cyclegan.translate.way.a2b"), ("b2a", "cyclegan.translate.way.b2a")]
OVER_WORDS = [("none", "cyclegan.translate.over.none"), ("patches", "cyclegan.translate.over.patches")]
TRIED = {"strength": 1, "over": "none"}
OFF = {"pair": "smile", "direction": "b2a", "picture": faces.PORTRAIT}
"""A smile that is taken off."""
ACT = Act(
    NAME,
    formula=r"x \to G(x) \to F(G(x)) \approx x",
    tries=(
        Try("cyclegan.ways.try", OFF | {"strength": 1, "compare": "on"}),
        Try("cyclegan.translate.try.back", TRIED | {"pair": "monet", "direction": "b2a", "picture": "painting2"}),
        Try("cyclegan.translate.try.identity", TRIED | {"pair": "monet", "direction": "a2b", "picture": "painting1"}),
        Try("cyclegan.living.try", {"strength": 1}, emit="living.start"),
        Try("cyclegan.translate.try.patches", {"pair": "monet", "over": "patches"}),
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
)


class Translate(Widget):
    """Input, translation with a divider, reconstruction and cycle error; the patches' verdicts over the first two."""

    kind = "cyclegan-translate"
    HEARS = ("picture",)
    KNOBS = ("pair", "direction", "picture", "strength", "over")

    def __init__(self, room: str) -> None:
        first = {pair: list(names) for pair, names in FIRST.items()}
        super().__init__({"room": room, "first": first, "own": faces.OWN}, {"travel": asks.travel})


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
            ways.switch()
            Photo(room, asks.open_photo, samples=asks.samples, id="picture", knob="picture")
            Sliders(room, [Slider("strength", "cyclegan.translate.strength", 0.05, 2)])
            static(segments("over", OVER_WORDS, "cyclegan.translate.over.label"))
            ways.Side(room)
