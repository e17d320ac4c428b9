"""The act "matching" of the flow room: a velocity instead of layers, and how straight the ways of its particles are."""

from __future__ import annotations

import gradio as gr

from gallery.rooms.flow import matching_ask as asks
from gallery.rooms.flow import notebook
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, real, whole
from gallery.shell.markup import segments
from gallery.shell.source import Code
from gallery.widgets import Film, Menu
from gallery.widgets.base import Widget
from models.flow.vocabulary import EULER, MATCHED, PAIRINGS, TARGETS

NAME = "matching"
TRUE = "b"
"""One step along v(z, 0) = E[x] - z ends in the middle of the data."""
KNOBS = {
    **{name: choice(*choices, act=NAME) for name, choices in asks.CHOICES.items()},
    "match_t": real(1.0, 0.0, 1.0, digits=2, act=NAME),
    "match_point": whole(0, 0, asks.LAST, act=NAME),
    "match_guess": choice("none", "a", "b", "c", act=NAME),
}
FIELD = {"match_show": "field"}
ACT = Act(
    NAME,
    formula=r"\min_v \mathbb{E}\,\bigl\lVert v(x_t, t) - (x - z)\bigr\rVert^2",
    tries=(
        Try("flow.matching.try.noise", FIELD | {"match_steps": "50", "match_t": 0}, emit="match.play"),
        Try("flow.matching.try.pairs", {"match_show": "pairs", "match_pairs": "transport", "match_t": 0.5}),
        Try("flow.matching.try.two", FIELD | {"match_pairs": "reflow", "match_steps": "2", "match_t": 1}),
    ),
    code=(
        Code("models/flow/matching.py", "Matching.paired_loss"),
        Code("models/flow/pairings.py", "euler"),
        Code("models/flow/pairings.py", "straightness"),
        Code("models/diffusion/score.py", "turning"),
    ),
    cards=("flow-matching",),
    notebook=notebook.matching,
)
PAIR_WORDS = [(name, f"flow.matching.pairs.{name}") for name in PAIRINGS]
SHOW_WORDS = [(name, f"flow.matching.show.{name}") for name in MATCHED]
STEP_WORDS = [(steps, f"={steps}") for steps in sorted(EULER, key=int)]


class Stage(Widget):
    """The square: the target's density, the field and its particles at the t of the film, or the pairs."""

    kind = "flow-matching"
    EMITS = ("film", "match.seen")
    KNOBS = (*asks.CHOICES, "match_t", "match_point")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room}, {"look": asks.look})


class Beside(Widget):
    """The score's ODE from the same noise; a question; straightness and distances of the three pairings."""

    kind = "flow-matching_side"
    HEARS = ("match.seen",)
    KNOBS = ("match_t", "match_steps", "match_pairs", "match_guess")

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "right": TRUE})


def build(frame: Frame) -> None:
    """The square in the middle, what it is measured by on the right, time along the bottom."""
    room = frame.room
    with frame.act(NAME):
        with frame.stage():
            with gr.Column(elem_classes="v-match-row", min_width=0):
                Menu(
                    room, "match_on", "flow.matching.on", [(each, f"flow.plane.flow_target.{each}") for each in TARGETS]
                )
                static(segments("match_pairs", PAIR_WORDS, "flow.matching.pairs.label"))
            Stage(room)
        with frame.outcome():
            with gr.Column(elem_classes="v-match-row", min_width=0):
                static(segments("match_steps", STEP_WORDS, "flow.matching.steps", named=True))
                static(segments("match_show", SHOW_WORDS, "flow.matching.show.label"))
            Beside(room)
        with frame.film():
            Film(room, id="match", knob="match_t", mode="once", fps=20, fit="contain", name="flow.matching.film")
