"""The act "score" of the diffusion room: the field that leads from noise back to the data, in two dimensions."""

from __future__ import annotations

from typing import Any

import gradio as gr

from gallery.rooms.diffusion import ask, lesson, notebook
from gallery.rooms.diffusion import score_ask as plane
from gallery.shell.calls import Answer, call, values
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, whole
from gallery.shell.markup import segments, t
from gallery.shell.source import Code
from gallery.widgets import Film, Plaque
from gallery.widgets.base import Widget
from gallery.widgets.training import WAIT
from models.diffusion.vocabulary import WAYS, T

KNOBS = {
    "density": choice(*plane.DENSITIES, act="score"),
    "time": whole(200, 0, T, act="score"),
    "way": choice(*WAYS, act="score"),
    "paths": choice(*plane.PATHS, act="score"),
    "field": choice(*plane.FIELDS, act="score"),
}
ACT = Act(
    "score",
    formula=r"s = -\frac{\epsilon_\theta(x_t, t)}{\sqrt{1-\bar\alpha_t}} \approx \nabla \log p_t(x_t)",
    tries=(
        Try("diffusion.score.try.reverse", {"way": "reverse", "paths": "sde", "time": T}, emit="score.play"),
        Try("diffusion.score.try.learn", {"density": "spiral", "way": "reverse", "time": 150}, emit="score.train"),
        Try("diffusion.score.try.draw", {"density": "drawn", "time": 50}, emit="score.draw"),
    ),
    code=(
        Code("models/diffusion/score_learning.py", "loss"),
        Code("models/diffusion/score_learning.py", "Epsilon.score"),
        Code("models/diffusion/score.py", "Exact.__call__"),
        Code("models/plane/toys.py", "Gaussians.score"),
        Code("models/diffusion/score.py", "flow"),
        Code("models/diffusion/samplers.py", "ddpm"),
    ),
    notebook=notebook.scored,
)
DENSITY_WORDS = [
    ("ring", "diffusion.score.density.ring"),
    ("moons", "diffusion.score.density.moons"),
    ("spiral", "diffusion.score.density.spiral"),
    ("checkerboard", "diffusion.score.density.checkerboard"),
    ("drawn", "diffusion.score.density.drawn"),
]
WAY_WORDS = [("reverse", "diffusion.score.way.reverse"), ("forward", "diffusion.score.way.forward")]
PATH_WORDS = [("sde", "=SDE"), ("ode", "=ODE"), ("both", "diffusion.score.paths.both")]
FIELD_WORDS = [("exact", "diffusion.score.field.exact"), ("learned", "diffusion.score.field.learned")]


@call
def field(args: list[Any]) -> Answer:
    """[{knobs}, points | None] -> p_t and its exact score at every t that is shown."""
    return plane.field_of(*plane.asked(args))


@call
def paths(args: list[Any]) -> Answer:
    """[{knobs}, points | None] -> where particles go, by the SDE and by the ODE."""
    name, points = plane.asked(args)
    return plane.paths_of(name, points, plane.way_of(args[0]), ask.seed_of(args[0]))


@call
def begin(args: list[Any]) -> Answer:
    """[{knobs}, points | None] -> a token to go on with, and the first steps of a training."""
    exact = plane.exact_of(*plane.asked(args))
    return lesson.begin(exact, ask.seed_of(args[0]), plane.time_of(args[0]))


@call
def more(args: list[Any]) -> Answer:
    """[token, {knobs}] -> the next moment of the training, and what has been learned at the t that is shown."""
    token, knobs = values(args, 2)
    return lesson.more(token, plane.time_of(knobs))


@call
def learned(args: list[Any]) -> Answer:
    """[token, {knobs}] -> the learned score at every t, its difference from the exact one, and paths along it."""
    token, knobs = values(args, 2)
    return lesson.learned(token, plane.way_of(knobs), ask.seed_of(knobs))


class Stage(Widget):
    """Density, arrows and particles at the t of the knob `time`; a pad where one draws a density of one's own."""

    kind = "diffusion-score"
    EMITS = ("film", "score.another", "score.drawing", "score.field", "score.seen")
    HEARS = ("score.learned",)
    TAKES = ("score.clear", "score.draw", "score.dice")

    def __init__(self, room: str) -> None:
        props = {"room": room, "reach": plane.REACH, "most": plane.MOST_POINTS, "last_seed": ask.LAST_SEED}
        super().__init__(props, {"field": field, "paths": paths})


class Lesson(Widget):
    """The button that trains, the difference from the exact score, and the figure as it falls."""

    kind = "diffusion-lesson"
    EMITS = ("score.learned",)
    HEARS = ("score.another", "score.drawing", "score.field", "score.seen")
    TAKES = ("score.train",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, **WAIT}, {"begin": begin, "more": more, "learned": learned})


def tools() -> str:
    """Clear the drawing, and take other particles: two buttons that only say so to the room."""
    button = (
        '<button type="button" class="v-icon-button {0}" data-set="{{}}" data-emit="score.{0}"'
        ' data-t-label="{1}" data-t-title="{1}">{2}</button>'
    )
    clear = button.format("clear", "diffusion.score.clear", svg('<path d="M4 4l8 8M12 4l-8 8"/>'))
    dots = svg('<path d="M3 3h10v10H3z"/><path d="M5.7 5.7h.01M10.3 5.7h.01M8 8h.01M5.7 10.3h.01M10.3 10.3h.01"/>')
    return f'<div class="v-widget">{clear}{button.format("dice", "diffusion.score.dice", dots)}</div>'


def svg(paths: str) -> str:
    """An icon in the widgets' style."""
    return (
        f'<span class="v-icon" aria-hidden="true"><svg viewBox="0 0 16 16" width="16" height="16">{paths}</svg></span>'
    )


def build(frame: Frame) -> None:
    """The plane in the middle, the learned score on the right, p_t from data to noise along the bottom."""
    room = frame.room
    with frame.act("score"):
        with frame.stage():
            with gr.Column(elem_classes="v-score-row", min_width=0):
                static(segments("density", DENSITY_WORDS, "diffusion.score.density.label"))
                static(tools(), "v-score-tools")
            Stage(room)
        with frame.outcome():
            with gr.Column(elem_classes="v-score-row", min_width=0):
                static(segments("way", WAY_WORDS, "diffusion.score.way.label"))
                static(segments("paths", PATH_WORDS, "diffusion.score.paths.label"))
            digits = {"snr": 2}
            Plaque(room, ["score.seen"], ["@moment", "@kinds"], digits=digits, elem_classes=["v-score-told"])
            with gr.Column(elem_classes="v-score-row", min_width=0):
                static(t("diffusion.score.lesson", "h3", cls="v-score-what"))
                static(segments("field", FIELD_WORDS, "diffusion.score.field.label"))
            Lesson(room)
        with frame.film():
            Film(room, id="score", knob="time", mode="once", fps=20, fit="contain", name="diffusion.score.film")
