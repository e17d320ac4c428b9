"""The act "steer" of the GAN room: directions in w along which a face is led; a photo found inside the generator."""

from __future__ import annotations

import gradio as gr

from gallery.rooms.gan import ask, finding, notebook
from gallery.rooms.gan import steer_ask as asks
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real, whole
from gallery.shell.markup import segments, t
from gallery.shell.source import Code
from gallery.widgets import Ask, Film, Photo, Picture, Plaque, Sheet, Slider, Sliders, faces
from gallery.widgets.base import Widget
from models.gan.vocabulary import LAYERS, REACH, WAYS

DOING = ("edit", "find", "meet")
PHOTOS = (*faces.SAMPLES, faces.OWN)
SLIDER_WORDS = {
    "smile": "gan.steer.slider.smile",
    "age": "gan.steer.slider.age",
    "gender": "gan.steer.slider.gender",
    "axis1": "gan.steer.slider.axis1",
    "axis2": "gan.steer.slider.axis2",
    "axis3": "gan.steer.slider.axis3",
    "axis4": "gan.steer.slider.axis4",
}
KNOBS = {
    "doing": choice(*DOING, act="steer"),
    "who": choice(*asks.WHO, act="steer"),
    **{name: real(0, -REACH, REACH, digits=2, act="steer") for name in asks.NAMES},
    "along": choice(*asks.NAMES, act="steer"),
    "portrait": Knob(faces.PORTRAIT, "choice", choices=PHOTOS, act="steer"),
    "space": Knob("layers", "choice", choices=WAYS, act="steer"),
    "partner": whole(16, 0, ask.LAST_SEED, act="steer"),
    "share": real(0.5, 0, 1, digits=3, act="steer"),
    "cross": whole(4, 0, LAYERS["faces"], act="steer"),
}
STOP = 0.25
"""From one stop of a slider to the next: the film of a direction has a frame for each."""
NEUTRAL = 12
"""A seed whose face does not smile yet."""
FRESH = ("who", "face", "psi", *asks.NAMES)
"""Knobs that make another face."""
DOING_WORDS = [("edit", "gan.steer.doing.edit"), ("find", "gan.steer.doing.find"), ("meet", "gan.steer.doing.meet")]
WHO_WORDS = [("seed", "gan.steer.who.seed"), ("found", "gan.steer.who.found")]
SPACE_WORDS = [("w", "=w"), ("layers", "=W+"), ("offsets", "gan.steer.space.offsets")]
SPACES = {"w": "gan.steer.note.w", "layers": "gan.steer.note.layers", "offsets": "gan.steer.note.offsets"}
ACT = Act(
    "steer",
    formula={
        "v-steer-in v-steer-in-edit": r"w' = w + k\,(\bar w_{+} - \bar w_{-})",
        "v-steer-in v-steer-in-find": r"w^* = \arg\min_w\, d\bigl(x,\, G(w)\bigr)",
        "v-steer-in v-steer-in-meet": r"w_t = (1 - t)\,w_A + t\,w_B",
    },
    tries=(
        Try("gan.steer.try.smile", {"doing": "edit", "who": "seed", "face": NEUTRAL, "smile": 2, "along": "smile"}),
        Try("gan.steer.try.axis", {"doing": "edit", "axis1": 2, "along": "axis1"}, emit="row.play"),
        Try("gan.steer.try.find", {"doing": "find", "space": "layers"}, emit="find.go"),
        Try("gan.steer.try.meet", {"doing": "meet", "share": 0}, emit="meet.play"),
    ),
    code=(
        Code("models/gan/steering.py", "Steering.edit"),
        Code("models/gan/steering.py", "principal_axes"),
        Code("training/vae/directions.py", "balanced_difference"),
        Code("models/gan/finding.py", "Search._loss"),
        Code("models/gan/finding.py", "Search._descend"),
        Code("models/gan/finding.py", "seen_by"),
        Code("models/gan/encoding.py", "Encoder.forward"),
    ),
    cards=("gan-faces", "gan-steering", "gan-encoder"),
    notebook=notebook.steer,
)


class Steer(Widget):
    """The seed of the face and its die; asks for the steered face, and when the hand rests for the rest."""

    kind = "gan-steer"
    EMITS = (
        "{id}.ask",
        "{id}.answer",
        "{id}.failed",
        "steer.shown",
        "steer.rest",
        "film",
        "meet.pair",
        "cross.answer",
    )
    HEARS = ("found",)
    KNOBS = ("{fresh}", "along", "doing", "partner", "cross")

    def __init__(self, room: str) -> None:
        props = {
            "room": room,
            "id": "steer",
            "fresh": list(FRESH),
            "names": list(asks.NAMES),
            "last_seed": ask.LAST_SEED,
        }
        super().__init__(props, {"edit": asks.edit, "row": asks.row, "walk": asks.walk, "cross": asks.cross})


class Finding(Widget):
    """The button that looks for the photo, the loss as it falls, and how far the search is."""

    kind = "gan-finding"
    EMITS = ("found", "film", "find.photo", "find.seen", "find.told")
    HEARS = ("portrait", "portrait.forgotten", "find.frame")
    TAKES = ("find.go",)
    KNOBS = ("space", "who")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room}, {"guess": finding.guess, "begin": finding.begin, "more": finding.more})


def part(*names: str, more: str = "") -> gr.Column:
    """What is shown while only these things are done."""
    return gr.Column(elem_classes=["v-steer-in", *(f"v-steer-in-{name}" for name in names), *more.split()], min_width=0)


def hero(room: str) -> None:
    """The face, large; at its side what it is made of, and what the VAE makes of the same."""
    with part("edit", more="v-steer-beside"):
        Picture(
            room, ["steer.answer", "steer.shown", "row.frame"], sheets=(Sheet(alt="gan.steer.alt.steered"),), enlarge=6
        )
        small = (
            Sheet("before", "gan.steer.alt.before", "gan.steer.before"),
            Sheet("vae", "gan.steer.alt.vae", "gan.steer.vae"),
        )
        Picture(room, ["beside.answer"], sheets=small, enlarge=3, save=False)
    with part("find", more="v-steer-beside"):
        Picture(room, ["find.seen"], sheets=(Sheet(alt="gan.steer.alt.found"),), enlarge=6)
        photo = (
            Sheet("face", "gan.steer.alt.photo", "gan.steer.photo"),
            Sheet("guess", "gan.steer.alt.guess", "gan.steer.guess"),
        )
        Picture(room, ["find.photo"], sheets=photo, enlarge=3, save=False)
    with part("meet", more="v-steer-beside"):
        Picture(room, ["meet.frame"], sheets=(Sheet(alt="gan.steer.alt.met"),), enlarge=6)
        pair = Sheet("a", "gan.steer.alt.a", "gan.steer.a"), Sheet("b", "gan.steer.alt.b", "gan.steer.b")
        Picture(room, ["meet.pair"], sheets=pair, enlarge=3, save=False)
    digits = {"ms": 0, "params": 1, "length": 1, "moved": 1, "share": 2}
    with part("edit"):
        Plaque(room, ["steer.answer"], ["gan.steer.plaque.edit", "gan.steer.plaque.made"], digits=digits)
    with part("find"):
        Plaque(room, ["find.told"], ["@how", "@made"])
    with part("meet"):
        Plaque(room, ["meet.frame"], ["gan.steer.plaque.meet"], digits=digits)


def controls(room: str) -> None:
    """Whose face, and its sliders; or the photo and how it is looked for; or the partner and the layers."""
    with part("edit", "meet", more="v-steer-who"):
        static(segments("who", WHO_WORDS, "gan.steer.who.label"))
        Steer(room)
    with part("edit"):
        Sliders(
            room, [Slider(name, key, STOP, 2) for name, key in SLIDER_WORDS.items()], elem_classes="v-steer-sliders"
        )
        static(t("gan.steer.note.edit", "p", cls="v-steer-note"))
    with part("find"):
        Photo(room, faces.open_photo, samples=faces.samples, id="portrait", knob="portrait")
        static(segments("space", SPACE_WORDS, "gan.steer.space.label"))
        for name, key in SPACES.items():
            static(t(key, "p", cls=f"v-steer-note v-steer-space v-steer-space-{name}"))
        Finding(room)
        static(t("gan.steer.note.photo", "p", cls="v-steer-note"))
    with part("meet"):
        Picture(room, ["cross.answer"], sheets=(Sheet(alt="gan.steer.alt.crossed"),), enlarge=4)
        Sliders(room, [Slider("cross", "gan.steer.slider.cross", step=1, digits=0)], elem_classes="v-steer-cross")
        static(t("gan.steer.note.meet", "p", cls="v-steer-note"))
    with gr.Column(elem_classes="v-steer-asks"):
        Ask(room, asks.beside, id="beside", event="steer.rest", fields=("code", "face"), needs_event=True)


def build(frame: Frame) -> None:
    """The face in the middle, its controls on the right, the film of a slider, a search or a walk below."""
    room = frame.room
    with frame.act("steer"):
        with frame.stage():
            static(segments("doing", DOING_WORDS, "gan.steer.doing.label"))
            hero(room)
        with frame.outcome():
            controls(room)
        with frame.film():
            with part("edit"):
                Film(room, id="row", slug="face", name="gan.steer.film.row")
            with part("find"):
                Film(room, id="find", slug="found", mode="once", fps=14, show_first=True, name="gan.steer.film.find")
            with part("meet"):
                Film(room, id="meet", slug="walk", knob="share", show_first=True, name="gan.steer.film.meet")
