"""The act "smile" of the VAE room: z' = z + k v on faces; two faces mixed; new ones drawn from the prior."""

from __future__ import annotations

from typing import Any

import gradio as gr

from gallery.rooms.vae.smile_ask import edit, encode, mix, sheet, strip, take, walk
from gallery.shell.frame import Frame, static
from gallery.shell.markup import segments, t, try_button
from gallery.widgets import Ask, Film, Photo, Picture, Plaque, Sheet, Slider, Sliders
from gallery.widgets import faces as photo
from gallery.widgets.portraits import Portraits
from models.faces.vocabulary import DIRECTIONS

MODES = ("edit", "mix", "new")
MODE_WORDS = [("edit", "vae.mode.edit"), ("mix", "vae.mode.mix"), ("new", "vae.mode.new")]
PRIOR_WORDS = [("learned", "vae.prior.learned"), ("normal", "vae.prior.normal")]
SLIDER_WORDS = {"smile": "vae.slider.smile", "age": "vae.slider.age", "gender": "vae.slider.gender"}


class Faces(Portraits):
    """The page's side of the act."""

    kind = "vae-smile"

    def __init__(self, room: str) -> None:
        names = {"mode": "mode", "face": "face", "cell": "cell", "seed": "seed"}
        words = {"sheet": "vae.alt.sheet", "take": "vae.prior.take"}
        super().__init__(room, sheet, take, names=names, draws=("seed", "temperature", "prior"), words=words)


DIGITS = {name: 1 for name in (*DIRECTIONS, "ms", "params", "kl", "z", "moved")} | {
    "t": 2,
    "mse": 4,
    "temperature": 2,
    **{f"{part}_{name}": 1 for part in "vk" for name in DIRECTIONS},
}


def mode(*names: str) -> gr.Column:
    """A part that is shown in these modes only."""
    return gr.Column(elem_classes=["v-mode", *(f"v-mode-{name}" for name in names)], min_width=0)


def beside() -> gr.Column:
    """The large picture, and small ones at its side."""
    return gr.Column(elem_classes="v-vae-faces", min_width=0)


def lines(room: str, event: str, *keys: str) -> Plaque:
    """A plaque of the faces' act."""
    return Plaque(room, [event], keys, digits=DIGITS)


def hero(room: str) -> None:
    """The face, large; beside it what it was made from."""
    with mode("edit"):
        with beside():
            Picture(room, ["edit.answer", "strip.frame"], sheets=(Sheet(alt="vae.alt.edited"),), enlarge=6)
            before = Sheet("original", "vae.alt.original", "@from_where")
            again = Sheet("reconstruction", "vae.alt.reconstruction", "vae.smile.reconstruction")
            Picture(room, ["face.answer"], sheets=(before, again), enlarge=2, save=False)
        with gr.Column(elem_classes="v-vae-lines", min_width=0):
            lines(room, "face.answer", "@missed")
            lines(room, "edit.answer", "vae.plaque.face_made")
    with mode("mix"):
        with beside():
            Picture(room, ["mix.frame"], sheets=(Sheet(alt="vae.alt.mixed"),), enlarge=6)
            pair = Sheet("a", "vae.smile.first", "vae.smile.first"), Sheet("b", "vae.smile.second", "vae.smile.second")
            Picture(room, ["pair"], sheets=pair, enlarge=2, save=False)
        with gr.Column(elem_classes="v-vae-lines", min_width=0):
            lines(room, "mix.frame", "vae.plaque.mix")
            lines(room, "face2.answer", "vae.plaque.face_made")
    with mode("new"):
        with beside():
            Faces(room)
            Picture(room, ["walk.frame"], sheets=(Sheet("image", "vae.alt.walk", "vae.prior.walk"),), enlarge=2)
        lines(room, "sheet.answer", "@prior", "vae.plaque.face_made")


def controls(room: str) -> None:
    """Where the face comes from; then the sliders, or the second face, or the prior."""
    with mode("mix"):
        static(t("vae.smile.first", "h3"))
    with mode("edit", "mix"):
        Photo(room, photo.open_photo, samples=photo.samples, knob="face")
    with mode("edit"):
        Sliders(room, [Slider(name, key) for name, key in SLIDER_WORDS.items()])
        lines(room, "smile.sum", "vae.smile.sum")
        lines(room, "edit.answer", "vae.smile.difference", "vae.smile.lengths")
    with mode("mix"):
        static(t("vae.smile.second", "h3"))
        Photo(room, photo.open_photo, samples=photo.samples, id="photo2", knob="face2")
    with mode("new"):
        static(t("vae.prior.idea", "p", cls="v-vae-note"))
        static(segments("prior", PRIOR_WORDS, "vae.prior.label"))
        Sliders(room, [Slider("temperature", "vae.slider.temperature", step=0.05, digits=2)])
        static(f'<div class="v-vae-again">{try_button("vae.prior.again", {}, "again")}</div>')


def asks(room: str) -> None:
    """What is asked without being seen."""
    Ask(room, encode, id="face", event="photo", fields=("face",), needs_event=True)
    Ask(room, encode, id="face2", event="photo2", fields=("face",), needs_event=True)
    Ask(room, edit, id="edit", knobs=DIRECTIONS, event="face.answer", fields=("z",), needs_event=True)


def build(frame: Frame) -> None:
    """The face in the middle, its controls on the right, the film of the slider below."""
    room = frame.room
    with frame.act("smile"):
        with frame.stage():
            static(segments("mode", MODE_WORDS, "vae.mode.label"))
            hero(room)
        with frame.outcome():
            controls(room)
            with gr.Column(elem_classes="v-vae-asks"):
                asks(room)
        with frame.film():
            with mode("edit"):
                moved = ("along", *DIRECTIONS)
                Film(
                    room,
                    frames=strip,
                    id="strip",
                    slug="face",
                    film_knobs=moved,
                    event="face.answer",
                    fields=("z",),
                    needs_event=True,
                )
            with mode("mix"):
                pair: dict[str, Any] = {"event": "pair", "fields": ("za", "zb"), "needs_event": True}
                Film(room, frames=mix, id="mix", knob="t", show_first=True, **pair)
            with mode("new"):
                of = ("seed", "temperature", "prior")
                Film(room, frames=walk, id="walk", slug="new", film_knobs=of, mode="loop", show_first=True)
