"""The act "edit" of the diffusion room: a face drawn anew, filled where it was rubbed out, led into another one."""

from __future__ import annotations

import gradio as gr

from gallery.rooms.diffusion import ask, notebook
from gallery.rooms.diffusion.edit_ask import FURTHEST, LEAST, WAYS, begin, more, samples
from gallery.rooms.diffusion.forward import SAMPLE_FACES
from gallery.rooms.diffusion.reverse import MOOD_WORDS, WHO_WORDS, guidance
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import Knob, choice, whole
from gallery.shell.markup import segments, t
from gallery.shell.source import Code
from gallery.widgets import Film, Photo, Picture, Plaque, Sheet, Slider, Sliders, faces
from gallery.widgets.base import Widget

FACES = (*SAMPLE_FACES, faces.OWN)
COLOURS = [
    ("#1d1a18", "diffusion.edit.ink.black"),
    ("#7a4a2b", "diffusion.edit.ink.brown"),
    ("#dba988", "diffusion.edit.ink.skin"),
    ("#c0302f", "diffusion.edit.ink.red"),
    ("#f2efe8", "diffusion.edit.ink.light"),
    ("#2f5f97", "diffusion.edit.ink.blue"),
]
"""Of the brush, with their names."""
WAY_WORDS = [
    ("redraw", "diffusion.edit.way.redraw"),
    ("fill", "diffusion.edit.way.fill"),
    ("between", "diffusion.edit.way.between"),
]
NOTES = {
    "redraw": "diffusion.edit.note.redraw",
    "fill": "diffusion.edit.note.fill",
    "between": "diffusion.edit.note.between",
}
PAINTINGS = ("none", "glasses", "mouth")
"""What is painted on the face, or rubbed out of it; by hand is none of them."""
KNOBS = {
    "edit": choice(*WAYS, act="edit"),
    "paint": choice(*PAINTINGS, act="edit"),
    "t0": whole(350, LEAST, FURTHEST, act="edit"),
    "face": Knob(faces.PORTRAIT, "choice", choices=FACES, act="edit"),
    "face2": Knob(SAMPLE_FACES[1], "choice", choices=FACES, act="edit"),
}
FRESH = ("edit", "t0", "mood", "who", "w", "seed")
"""Knobs that make another picture."""
ACT = Act(
    "edit",
    formula=(
        r"\begin{gathered} x_{t_0} = \sqrt{\bar\alpha_{t_0}}\,x_0 + \sqrt{1-\bar\alpha_{t_0}}\;\epsilon \\"
        r"\hat x_0 \leftarrow m\,x_0 + (1-m)\,\hat x_0 \end{gathered}"
    ),
    tries=(
        Try(
            "diffusion.edit.try.glasses",
            {"edit": "redraw", "paint": "glasses", "t0": 350, "mood": "any", "who": "any"},
            emit="edit.glasses",
        ),
        Try(
            "diffusion.edit.try.mouth",
            {"edit": "fill", "paint": "mouth", "face": faces.PORTRAIT, "mood": "smile", "w": 2, "seed": 5},
            emit="edit.mouth",
        ),
        Try("diffusion.edit.try.between", {"edit": "between"}, emit="edit.go"),
    ),
    code=(
        Code("models/diffusion/editing.py", "redraw"),
        Code("models/diffusion/diffusion.py", "keeping"),
        Code("models/diffusion/editing.py", "repaint"),
        Code("models/diffusion/samplers.py", "invert"),
        Code("models/runtime/noise.py", "slerp"),
    ),
    cards=("diffusion-faces",),
    notebook=notebook.edited,
)


class Edit(Widget):
    """The button, the seed and its die; pulls what the model makes of the face."""

    kind = "diffusion-edit"
    EMITS = ("film", "edit.play", "edit.pair", "edit.told", "edit.seen")
    HEARS = ("edit.canvas", "face2", "face.forgotten", "face2.forgotten", "edit.frame")
    TAKES = ("edit.go",)
    KNOBS = ("{fresh}",)

    def __init__(self, room: str) -> None:
        props = {"room": room, "fresh": list(FRESH), "last_seed": ask.LAST_SEED}
        super().__init__(props, {"begin": begin, "more": more})


class Brush(Widget):
    """The face of the event "face", to paint on or to rub out: emits "edit.canvas" with {face, hole}."""

    kind = "diffusion-brush"
    KNOBS = ("paint",)
    EMITS = ("edit.canvas", "edit.go")
    HEARS = ("face",)
    TAKES = ("edit.glasses", "edit.mouth")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "colours": COLOURS})


def mode(*names: str) -> gr.Column:
    """What only these ways show."""
    return gr.Column(elem_classes=" ".join(["v-edit-mode", *(f"v-edit-{name}" for name in names)]), min_width=0)


def stage(room: str) -> None:
    """The face to paint on at the left, what becomes of it at the right."""
    with gr.Column(elem_classes="v-diff-head", min_width=0):
        static(segments("edit", WAY_WORDS, "diffusion.edit.way.label"))
        Edit(room)
    with gr.Column(elem_classes="v-edit-pair", min_width=0):
        with gr.Column(elem_classes="v-edit-from", min_width=0):
            with mode("redraw", "fill"):
                Brush(room)
            with mode("between"):
                led = (
                    Sheet("a", "diffusion.edit.alt.face", "diffusion.edit.caption.first"),
                    Sheet("za", "diffusion.edit.alt.noise", "diffusion.edit.caption.noise"),
                    Sheet("b", "diffusion.edit.alt.face", "diffusion.edit.caption.second"),
                    Sheet("zb", "diffusion.edit.alt.noise", "diffusion.edit.caption.noise"),
                )
                Picture(room, ["edit.pair"], sheets=led, enlarge=3, save=False, elem_classes=["v-edit-led"])
        Picture(room, ["edit.seen"], sheets=(Sheet("x", "diffusion.edit.alt.made"),), enlarge=6)
    digits = {"params": 1}
    Plaque(room, ["edit.told"], ["@done", "diffusion.plaque.model"], digits=digits, elem_classes=["v-diff-plaque"])


def controls(room: str) -> None:
    """Which face, how far back, and what is asked of the model."""
    with mode("between"):
        static(t("diffusion.edit.caption.first", "h3"))
    Photo(room, faces.open_photo, samples=samples, id="face", knob="face")
    with mode("between"):
        static(t("diffusion.edit.caption.second", "h3"))
        Photo(room, faces.open_photo, samples=samples, id="face2", knob="face2")
    with mode("redraw"):
        Sliders(room, [Slider("t0", "diffusion.edit.t0", step=10, digits=0)], elem_classes="v-edit-slider")
    with mode("redraw", "fill"):
        static(segments("mood", MOOD_WORDS, "diffusion.mood.label", named=True))
        static(segments("who", WHO_WORDS, "diffusion.who.label", named=True))
        Sliders(room, [guidance([{"mood": "any", "who": "any"}])], elem_classes="v-edit-slider")
    for name, key in NOTES.items():
        with mode(name):
            static(t(key, "p", cls="v-edit-note"))


def build(frame: Frame) -> None:
    """The face and what becomes of it side by side, the way there along the bottom."""
    room = frame.room
    with frame.act("edit"):
        with frame.stage():
            stage(room)
        with frame.outcome():
            controls(room)
        with frame.film():
            Film(room, id="edit", mode="once", fps=14, fit="contain", show_first=True, name="diffusion.edit.film")
