"""The act "glow" of the flow room: a flow of faces, from a photo to z and back without loss."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import gradio as gr

from gallery.rooms.flow import glow_ask as asks
from gallery.rooms.flow import notebook
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, real, whole
from gallery.shell.markup import segments, t, try_button
from gallery.shell.source import Code
from gallery.widgets import Ask, Bar, Bars, Film, Photo, Picture, Plaque, Sheet, Slider, Sliders
from gallery.widgets import faces as photo
from gallery.widgets.base import Widget
from gallery.widgets.portraits import LAST_SHEET, SIDE, Portraits
from models.faces.vocabulary import DIRECTIONS
from models.flow.vocabulary import FURTHEST, SWITCHES

NAME = "glow"
VIEWS = ("code", "edit", "mix", "new", "odd")
RIGHT = "a"
"""Clothes score higher than faces."""
KNOBS = {
    "glow_view": choice(*VIEWS, act=NAME),
    "glow_face": Knob(photo.PORTRAIT, "choice", choices=photo.FACES, act=NAME),
    "glow_face2": choice(*photo.SAMPLES, photo.OWN, act=NAME),
    **{name: real(0, -FURTHEST, FURTHEST, digits=2, act=NAME) for name in DIRECTIONS},
    "along": choice(*DIRECTIONS, act=NAME),
    "glow_t": real(0.5, 0, 1, digits=3, act=NAME),
    "glow_z1": Knob("zero", "choice", choices=SWITCHES, act=NAME),
    "glow_z2": choice(*SWITCHES, act=NAME),
    "glow_z3": choice(*SWITCHES, act=NAME),
    "glow_gone": real(1, 0, 1, digits=3, act=NAME),
    "glow_temperature": real(0.7, 0, asks.WARMEST, act=NAME),
    "glow_seed": whole(0, 0, LAST_SHEET, act=NAME),
    "glow_cell": whole(0, 0, SIDE**2 - 1, act=NAME),
    "glow_guess": choice("none", "a", "b", "c", act=NAME),
}
VIEW_WORDS = [(view, f"flow.glow.view.{view}") for view in VIEWS]
LEVEL_WORDS = {"glow_z1": "flow.glow.level.z1", "glow_z2": "flow.glow.level.z2", "glow_z3": "flow.glow.level.z3"}
SWITCH_WORDS = [("keep", "flow.glow.switch.keep"), ("zero", "=0"), ("noise", "flow.glow.switch.noise")]
SLIDER_WORDS = {"smile": "flow.glow.slider.smile", "age": "flow.glow.slider.age", "gender": "flow.glow.slider.gender"}
HALF = {"glow_z1": "zero", "glow_z2": "keep", "glow_z3": "keep", "glow_gone": 1}
ACT = Act(
    NAME,
    formula={
        "v-glow-in v-glow-in-code": r"z = f(x), \quad x = f^{-1}(z)",
        "v-glow-in v-glow-in-edit": r"z' = z + k\,\bigl(\bar z_{\text{smile}} - \bar z_{\text{neutral}}\bigr)",
        "v-glow-in v-glow-in-mix": r"z = (1 - t)\,z_A + t\,z_B",
        "v-glow-in v-glow-in-new": r"x = f^{-1}(T\,\varepsilon), \quad \varepsilon \sim N(0, I)",
        "v-glow-in v-glow-in-odd": r"5 - \tfrac{1}{D} \log_2 p_x(x), \quad D = 3072",
    },
    tries=(
        Try("flow.glow.try.half", {"glow_view": "code", **HALF}, emit="gone.play"),
        Try(
            "flow.glow.try.smile",
            {"glow_view": "edit", "glow_face": "1", "smile": 2, "age": 0, "gender": 0, "along": "smile"},
        ),
        Try("flow.glow.try.warm", {"glow_view": "new"}, emit="warm.play"),
        Try("flow.glow.try.odd", {"glow_view": "odd", "glow_guess": "none"}),
    ),
    code=(
        Code("models/flow/glow.py", "ActNorm"),
        Code("models/flow/glow.py", "InvertibleConv.weight"),
        Code("models/flow/glow.py", "ImageCoupling"),
        Code("models/flow/glow.py", "Level.forward"),
        Code("models/flow/glow.py", "bits_per_dimension"),
        Code("models/flow/portraits.py", "Portraits.switched"),
    ),
    cards=("glow",),
    notebook=notebook.glow,
)


class Faces(Portraits):
    """Asks for what is looked at, and for nothing else: a face, then what the view makes of it."""

    kind = "flow-glow"
    EMITS: ClassVar[tuple[str, ...]] = (
        *Portraits.EMITS,
        *(f"glow.{name}" for name in ("photo", "photo2", "code", "edit", "mix", "sheet", "odd")),
    )
    HEARS: ClassVar[tuple[str, ...]] = (*Portraits.HEARS, "photo", "photo2")

    def __init__(self, room: str) -> None:
        names = {"mode": "glow_view", "face": "glow_face", "cell": "glow_cell", "seed": "glow_seed"}
        words = {"sheet": "flow.glow.alt.sheet", "take": "flow.glow.take"}
        draws = ("glow_seed", "glow_temperature")
        super().__init__(room, asks.new, asks.take, names=names, draws=draws, words=words)


class Odd(Widget):
    """A half of the surprise. part: "histograms" of bits per dimension with the question, of the faces only before an
    answer; or "scores", pictures with their bits after it, the visitor's own face among them."""

    kind = "flow-glow_odd"
    HEARS = ("glow.odd", "odd.answer", "face.answer")
    KNOBS = ("glow_guess", "glow_face")

    def __init__(self, room: str, half: Literal["histograms", "scores"]) -> None:
        super().__init__({"room": room, "part": half, "right": RIGHT, "own": photo.OWN})


def part(*names: str, more: str = "") -> gr.Column:
    """What is shown in these views only."""
    return gr.Column(elem_classes=["v-glow-in", *(f"v-glow-in-{name}" for name in names), *more.split()], min_width=0)


DIGITS = {"ms": 0, "params": 1, "glow_t": 2, "glow_temperature": 2, "length": 1, "moved": 1}


def lines(room: str, event: str, *keys: str) -> Plaque:
    """A plaque of this act."""
    return Plaque(room, [event], keys, digits=DIGITS | {f"k_{name}": 2 for name in DIRECTIONS})


def large(room: str, events: list[str], alt: str) -> Picture:
    """The picture that the view is about."""
    return Picture(room, events, sheets=(Sheet(alt=alt),), enlarge=12)


def small(room: str, event: str, *sheets: Sheet) -> Picture:
    """What it was made of, at its side."""
    return Picture(room, [event], sheets=sheets, enlarge=6, save=False)


def hero(room: str) -> None:
    """The face, large; beside it what it was made from."""
    before = Sheet("original", "flow.glow.alt.original", "flow.glow.original")
    again = Sheet("again", "flow.glow.alt.again", "flow.glow.again")
    with part("code", more="v-glow-beside"):
        large(room, ["gone.frame"], "flow.glow.alt.gone")
        small(room, "face.answer", before, again)
    with part("edit", more="v-glow-beside"):
        large(room, ["edit.answer", "strip.frame"], "flow.glow.alt.edited")
        small(room, "face.answer", before, again)
    with part("mix", more="v-glow-beside"):
        large(room, ["mix.frame"], "flow.glow.alt.mixed")
        pair = Sheet("a", "flow.glow.first", "flow.glow.first"), Sheet("b", "flow.glow.second", "flow.glow.second")
        small(room, "pair", *pair)
    with part("new", more="v-glow-sheet"):
        Faces(room)
    with part("odd"):
        Odd(room, "histograms")
    with part("code", "edit", more="v-glow-lines"):
        lines(room, "face.answer", "@missed")
    with part("code", more="v-glow-lines"):
        lines(room, "gone.frame", "flow.glow.plaque.gone")
    with part("mix", more="v-glow-lines"):
        lines(room, "mix.frame", "flow.glow.plaque.mix")
    with part("new", more="v-glow-lines"):
        lines(room, "sheet.answer", "flow.glow.plaque.new", "flow.glow.plaque.made")
    with part("code", "edit", "mix", more="v-glow-lines"):
        lines(room, "face.answer", "flow.glow.plaque.made")


def controls(room: str) -> None:
    """Where the face comes from; then levels, sliders, a second face, a temperature, or the scores."""
    with part("mix"):
        static(t("flow.glow.first", "h3"))
    with part("code", "edit", "mix"):
        Photo(room, photo.open_photo, samples=photo.samples, knob="glow_face")
    with part("code", more="v-glow-levels"):
        levels = "".join(segments(knob, SWITCH_WORDS, key, named=True) for knob, key in LEVEL_WORDS.items())
        static(f'{levels}<div class="v-glow-again">{try_button("flow.glow.noise", {}, "again")}</div>')
        bits = (
            Bar("bits", "flow.glow.bits.this", "accent", full=5, digits=2),
            Bar("faces", "flow.glow.bits.faces", full=5, digits=2),
            Bar("histograms", "flow.glow.bits.histograms", full=5, digits=2),
        )
        static(t("flow.glow.bits.label", "h3"))
        Bars(room, "face.answer", bits, figures=5)
    with part("edit"):
        Sliders(room, [Slider(name, key, step=0.05, digits=2) for name, key in SLIDER_WORDS.items()])
        lines(room, "smile.sum", "flow.glow.sum")
        lines(room, "edit.answer", "flow.glow.lengths")
    with part("mix"):
        static(t("flow.glow.second", "h3"))
        Photo(room, photo.open_photo, samples=photo.samples, id="photo2", knob="glow_face2")
    with part("new"):
        static(t("flow.glow.note.new", "p", cls="v-glow-note"))
        Sliders(room, [Slider("glow_temperature", "flow.glow.slider.temperature", step=0.05, digits=2)])
        static(f'<div class="v-glow-again">{try_button("flow.glow.other", {}, "again")}</div>')
    with part("odd"):
        Odd(room, "scores")
        static(t("flow.glow.note.odd", "p", cls="v-glow-note"))


def silent(room: str) -> None:
    """What is asked without being seen."""
    face: dict[str, Any] = {"fields": ("face",), "needs_event": True}
    with gr.Column(elem_classes="v-glow-asks"):
        Ask(room, asks.encode, id="face", event="glow.photo", **face)
        Ask(room, asks.encode, id="face2", event="glow.photo2", **face)
        Ask(room, asks.edit, id="edit", knobs=DIRECTIONS, event="glow.edit", fields=("z",), needs_event=True)
        Ask(room, asks.odd, id="odd", event="glow.odd", needs_event=True)


def films(room: str) -> None:
    """Along the bottom: levels that go, a slider, a walk from face to face, or a temperature."""
    of: dict[str, Any] = {"fields": ("z",), "needs_event": True}
    moved = ("along", *DIRECTIONS)
    with part("code"):
        levels = (*asks.LEVELS, "glow_seed")
        Film(
            room,
            frames=asks.levels,
            id="gone",
            knob="glow_gone",
            film_knobs=levels,
            event="glow.code",
            show_first=True,
            **of,
        )
    with part("edit"):
        Film(room, frames=asks.strip, id="strip", slug="face", film_knobs=moved, event="glow.edit", **of)
    with part("mix"):
        pair: dict[str, Any] = {"event": "glow.mix", "fields": ("za", "zb"), "needs_event": True}
        Film(room, frames=asks.mix, id="mix", knob="glow_t", show_first=True, **pair)
    with part("new"):
        warm: dict[str, Any] = {"event": "glow.sheet", "needs_event": True, "fit": "contain"}
        Film(room, frames=asks.warm, id="warm", knob="glow_temperature", **warm)


def build(frame: Frame) -> None:
    """The face in the middle, its controls on the right, a film below."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            static(segments("glow_view", VIEW_WORDS, "flow.glow.view.label"))
            hero(room)
        with frame.outcome():
            controls(room)
            silent(room)
        with frame.film():
            films(room)
