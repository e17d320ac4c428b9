"""The act "sample" of the GAN room: pictures by seed, truncated, walked between, mixed, and judged by D."""

from __future__ import annotations

import gradio as gr

from gallery.rooms.gan import ask, notebook
from gallery.rooms.gan import sample_ask as asks
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real, whole
from gallery.shell.markup import segments, t, try_button
from gallery.shell.source import Code
from gallery.widgets import Bar, Bars, Curve, Film, Picture, Plaque, Sheet, Slider, Sliders
from gallery.widgets.base import Widget
from models.gan.vocabulary import DATA, LABELS, LAYERS

LAST_SHEET = ask.LAST_SEED - 99
"""The first seed of the last sheet."""
KNOBS = {
    "view": choice(*asks.VIEWS, act="sample"),
    "model": choice(*DATA, act="sample"),
    "seed": whole(0, 0, LAST_SHEET, act="sample"),
    "sort": choice(*asks.SORTS, act="sample"),
    "label": Knob("7", "choice", choices=LABELS, act="sample"),
    "other": whole(16, 0, ask.LAST_SEED, act="sample"),
    "label2": Knob("3", "choice", choices=LABELS, act="sample"),
    "angle": whole(20, 0, 90, act="sample"),
    "path": whole(0, 0, asks.LAST_PATH, act="sample"),
    "t": real(0.5, 0, 1, digits=2, act="sample"),
    "layer": whole(4, 0, max(LAYERS.values()), act="sample"),
}
VIEW_WORDS = [
    ("sheet", "gan.sample.view.sheet"),
    ("near", "gan.sample.view.near"),
    ("walk", "gan.sample.view.walk"),
    ("mix", "gan.sample.view.mix"),
]
MODEL_WORDS = [("faces", "gan.sample.model.faces"), ("fashion", "gan.sample.model.fashion")]
SORT_WORDS = [("seed", "gan.sample.sort.seed"), ("verdict", "=D(x)")]
TRAIT_WORDS = {
    "smile": "gan.sample.trait.smile",
    "gender": "gan.sample.trait.gender",
    "age": "gan.sample.trait.age",
    "light": "gan.sample.trait.light",
    "colour": "gan.sample.trait.colour",
}
LAYER_WORDS = [
    ("0", "gan.sample.layers.none"),
    ("2", "gan.sample.layers.to4"),
    ("4", "gan.sample.layers.to8"),
    ("6", "gan.sample.layers.to16"),
    ("9", "gan.sample.layers.all"),
]
"""Of faces: what the layers of each size change, by what was measured (the card's from_L_...)."""
OTHERS = try_button("gan.sample.others", {}, "sample.dice")
ACT = Act(
    "sample",
    formula={
        "v-gan-in v-gan-in-sheet": r"w = \bar w + \psi\,\bigl(f(z) - \bar w\bigr)",
        "v-gan-in v-gan-in-near": r"z' = z\cos\theta + \epsilon\sin\theta",
        "v-gan-in v-gan-in-walk": r"w_t = (1 - t)\,w_A + t\,w_B",
        "v-gan-in v-gan-in-mix": r"x = G(w_A, \dots, w_A, w_B, \dots)",
    },
    tries=(
        Try("gan.sample.try.average", {"model": "faces", "view": "sheet", "psi": 0}, emit="sample.play"),
        Try("gan.sample.try.labels", {"model": "fashion", "view": "sheet", "psi": 1}),
        Try("gan.sample.try.walk", {"model": "faces", "view": "walk", "t": 0}, emit="sample.play"),
        Try("gan.sample.try.mix", {"model": "faces", "view": "mix", "layer": 4}),
    ),
    code=(
        Code("models/gan/stylegan.py", "Generator.synthesize"),
        Code("models/gan/stylegan.py", "modulated_convolution"),
        Code("models/gan/stylegan.py", "Generator.truncate"),
        Code("models/gan/stylegan.py", "mix_styles"),
        Code("models/gan/moves.py", "around"),
        Code("models/gan/moves.py", "walk"),
        Code("models/gan/gan.py", "Gan.verdicts"),
    ),
    cards=("gan-{model}",),
    notebook=notebook.sample,
)


class Faces(Widget):
    """The sheet, each picture a button that chooses it with D's verdict under it; the film of what is chosen."""

    kind = "gan-sample"
    EMITS = (
        "film",
        "told",
        "price",
        "price.at",
        "mix.over",
        *(f"{x}.frame" for x in ("face", "pair", *asks.VIEWS[1:])),
    )
    HEARS = ("sample.frame",)
    TAKES = ("sample.dice", "sample.swap", "sample.back")
    KNOBS = ("{knobs}",)

    def __init__(self, room: str) -> None:
        props: dict[str, object] = {
            "room": room,
            "knobs": ["face", "psi", *KNOBS],
            "last_sheet": LAST_SHEET,
            "last_seed": ask.LAST_SEED,
        }
        props |= {"neighbours": asks.NEIGHBOURS, "base": asks.BASE, "most_steps": asks.MOST_STEPS}
        super().__init__(props, {"sheet": asks.sheet, "reel": asks.reel, "verdicts": asks.verdicts})


def seen(*views: str, more: str = "") -> gr.Column:
    """A part that is shown in these views only."""
    return gr.Column(elem_classes=["v-gan-in", *(f"v-gan-in-{view}" for view in views), *more.split()], min_width=0)


def hero(room: str) -> None:
    """The sheet; or what is shown large, beside what it is made of."""
    with seen("sheet"):
        Faces(room)
        sorting = segments("sort", SORT_WORDS, "gan.sample.sort.label", named=True)
        static(f'<div class="v-gan-row">{sorting}{OTHERS}</div>')
    with seen("near"):
        Picture(room, ["near.frame"], sheets=(Sheet(alt="gan.sample.alt.near"),), enlarge=3)
    with seen("walk"):
        ways = (
            Sheet("arc", "gan.sample.arc", "gan.sample.arc"),
            Sheet("line", "gan.sample.straight", "gan.sample.straight"),
        )
        Picture(room, ["walk.frame"], sheets=ways, enlarge=4)
    with seen("mix", more="v-gan-beside"):
        Picture(room, ["mix.frame"], sheets=(Sheet(alt="gan.sample.alt.mixed"),), enlarge=6)
        pair = Sheet("a", "gan.sample.first", "gan.sample.first"), Sheet("b", "gan.sample.second", "gan.sample.second")
        Picture(room, ["pair.frame"], sheets=pair, enlarge=2, save=False)
    with seen("near", "walk", "mix"):
        back = f'<span class="v-gan-in v-gan-in-near">{try_button("gan.sample.back", {}, "sample.back")}</span>'
        static(f'<div class="v-gan-row">{OTHERS}{try_button("gan.sample.swap", {}, "sample.swap")}{back}</div>')


def outcome(room: str) -> None:
    """The chosen picture, what is said of what is shown, psi with its price, the layers with their names."""
    with seen("sheet", more="v-gan-beside"):
        Picture(room, ["face.frame"], sheets=(Sheet(alt="gan.sample.alt.chosen"),), enlarge=6)
        average = Sheet("mean", "gan.sample.average", "gan.sample.average")
        Picture(room, ["face.frame"], sheets=(average,), enlarge=2, save=False)
    Plaque(room, ["told"], ["@shown", "@model", "@made"], elem_classes="v-gan-told")
    with seen("mix", more="v-gan-layers"):
        static(segments("layer", LAYER_WORDS, "gan.sample.layers.label"))
        bars = [Bar(name, key, "accent", full=100, digits=0) for name, key in TRAIT_WORDS.items()]
        static(t("gan.sample.over", "p", cls="v-gan-note"))
        Bars(room, "mix.over", bars, figures=4)
    Sliders(room, [Slider("psi", "=ψ", step=0.05, digits=2)], elem_classes="v-gan-psi")
    with seen("sheet"):
        Curve(room, "price", at="psi", last=1, digits=2, marker="price.at", alt="gan.sample.alt.price", axis="=ψ")
    Plaque(room, ["told"], ["@note"], elem_classes="v-gan-note")


def build(frame: Frame) -> None:
    """The sheet or what is shown large in the middle, the chosen picture on the right, its film below."""
    room = frame.room
    with frame.act("sample"):
        with frame.stage():
            tools = segments("model", MODEL_WORDS, "gan.sample.model.label")
            tools += segments("view", VIEW_WORDS, "gan.sample.view.label")
            static(f'<div class="v-gan-row">{tools}</div>')
            hero(room)
        with frame.outcome():
            outcome(room)
        with frame.film():
            Film(room, id="sample", slug="sample", mode="bounce", fps=10, name="gan.sample.film.name")
