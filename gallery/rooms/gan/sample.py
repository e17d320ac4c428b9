"""The act "sample" of the GAN room: pictures by seed, truncated, walked between, mixed, and judged by D."""

from __future__ import annotations

from gallery.rooms.gan import sample_ask as asks
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, whole
from gallery.shell.source import Code
from gallery.widgets import Film, Picture, Plaque, Slider, Sliders
from gallery.widgets.base import Widget
from models.gan.vocabulary import DATA, LABELS

LAST_SHEET = 999_900
KNOBS = {
    "model": choice(*DATA, act="sample"),
    "seed": whole(0, 0, LAST_SHEET, act="sample"),
    "label": choice(*LABELS, act="sample"),
}
ACT = Act(
    "sample",
    formula=r"w' = \bar w + \psi\,\bigl(f(z) - \bar w\bigr),\quad x = G(w')",
    tries=(Try("gan.sample.try.average", {"psi": 0}, emit="sample.play"),),
    code=(
        Code("models/gan/stylegan.py", "Generator.synthesize"),
        Code("models/gan/stylegan.py", "Generator.truncate"),
        Code("models/gan/stylegan.py", "modulated_convolution"),
    ),
    cards=("gan-{model}",),
)


class Faces(Widget):
    """The sheet of pictures: each a button that chooses it, with D's verdict under it."""

    kind = "gan-sample"
    EMITS = ("film", "sheet.answer", "face.frame")
    HEARS = ("sample.frame",)
    KNOBS = ("{fresh}",)

    def __init__(self, room: str) -> None:
        props = {"room": room, "fresh": ["model", "seed", "psi", "face", "label"]}
        super().__init__(props, {"sheet": asks.sheet, "strip": asks.strip, "verdicts": asks.verdicts})


def build(frame: Frame) -> None:
    """The sheet in the middle, the chosen picture on the right, its film below."""
    room = frame.room
    with frame.act("sample"):
        with frame.stage():
            Faces(room)
        with frame.outcome():
            Picture(room, ["face.frame"], enlarge=6)
            Plaque(room, ["sheet.answer"], ["gan.sample.plaque"], digits={"ms": 0, "params": 1, "psi": 2})
            Sliders(room, [Slider("psi", "=ψ", step=0.05, digits=2)])
        with frame.film():
            Film(room, id="sample", mode="bounce", fps=12, name="gan.sample.film.name")
