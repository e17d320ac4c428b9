"""The diffusion room: noise becomes a face, every step in sight."""

from __future__ import annotations

from gallery.rooms.diffusion import api, ask, edit, forward, lanes, notebook, reverse, score
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import Knob, choice, real, together, whole
from gallery.shell.source import Code
from models.diffusion.vocabulary import BIGGER, MODELS, SAMPLERS, T

NAME = "diffusion"
KNOBS = together(
    {
        "act": choice("reverse", "forward", "lanes", "edit", "score"),
        "model": choice(*MODELS, *BIGGER),
        "mood": choice(*ask.MOODS),
        "who": choice(*ask.PEOPLE),
        "garment": choice(*ask.GARMENTS),
        "seed": whole(7, 0, ask.LAST_SEED),
        "w": real(1.5, 0, ask.STRONGEST, digits=2),
        "sampler": Knob("dpm++", "choice", choices=SAMPLERS, act="reverse"),
        "steps": whole(20, ask.FEWEST, ask.MOST, act="reverse"),
        "eta": real(0, 0, 1, digits=2, act="reverse"),
        "count": choice(*ask.COUNTS, act="reverse"),
        "t": whole(250, 0, T, act="forward"),
        "schedule": choice(*forward.SCHEDULES, act="forward"),
        "noise": choice(*forward.NOISES, act="forward"),
        "draw": whole(1, 0, ask.LAST_SEED, act="forward"),
        "picture": choice(*forward.PICTURES, act="forward"),
        "p1": real(0.98, 0, 1, digits=3, act="forward"),
        "p2": real(0.9, 0, 1, digits=3, act="forward"),
        "p3": real(0.5, 0, 1, digits=3, act="forward"),
        "p4": real(0.1, 0, 1, digits=3, act="forward"),
        "failure": choice("none", *lanes.FAILURES, act="lanes"),
        "lanes": choice("3", "2", "4", act="lanes"),
        **{
            f"s{i}": Knob(name, "choice", choices=SAMPLERS, act="lanes")
            for i, (name, _) in enumerate(lanes.DEFAULTS, 1)
        },
        **{f"n{i}": whole(steps, ask.FEWEST, ask.MOST, act="lanes") for i, (_, steps) in enumerate(lanes.DEFAULTS, 1)},
    },
    edit.KNOBS,
    score.KNOBS,
)

REVERSE = Act(
    "reverse",
    formula=r"\hat x_0 = \frac{x_t - \sqrt{1-\bar\alpha_t}\;\epsilon_\theta(x_t, t)}{\sqrt{\bar\alpha_t}}",
    tries=(
        Try(
            "diffusion.try.lecture",
            {"sampler": "ddpm", "steps": T, "count": "1", "mood": "any", "who": "any"},
            emit="go",
        ),
        Try(
            "diffusion.try.smile",
            {"model": "faces", "mood": "smile", "who": "any", "w": 3, "sampler": "dpm++", "steps": 20, "count": "4"},
            emit="go",
        ),
        Try(
            "diffusion.try.few",
            {"sampler": "ddim", "steps": 4, "eta": 0, "count": "1", "mood": "any", "who": "any"},
            emit="go",
        ),
    ),
    code=(
        Code("models/diffusion/samplers.py", "ddpm"),
        Code("models/diffusion/samplers.py", "ddim"),
        Code("models/diffusion/samplers.py", "dpm"),
        Code("models/diffusion/diffusion.py", "Denoiser.__call__"),
        Code("models/diffusion/diffusion.py", "guided"),
    ),
    cards=("diffusion-{model}",),
    notebook=notebook.reverse,
)
FORWARD = Act(
    "forward",
    formula=r"x_t = \sqrt{\bar\alpha_t}\,x_0 + \sqrt{1-\bar\alpha_t}\;\epsilon",
    tries=(
        Try("diffusion.try.walk", {"t": 0, "noise": "same"}, emit="forward.play"),
        Try("diffusion.try.linear", {"schedule": "linear", "t": 500}),
        Try("diffusion.try.own", {"schedule": "own", "t": 600}),
    ),
    code=(
        Code("models/diffusion/schedules.py", "Schedule.closed_form"),
        Code("models/diffusion/schedules.py", "Schedule.step"),
        Code("models/diffusion/schedules.py", "cosine"),
        Code("models/diffusion/schedules.py", "linear"),
        Code("models/diffusion/forward.py", "Chain.at"),
    ),
    notebook=notebook.noised,
)
LANES = Act(
    "lanes",
    formula=r"\hat\epsilon = \epsilon_\varnothing + w\,(\epsilon_y - \epsilon_\varnothing)",
    tries=tuple(
        Try(lanes.TRIES[name], {"failure": name, **lanes.ASKED.get(name, {})}, emit="race") for name in lanes.FAILURES
    ),
    code=(
        Code("models/diffusion/samplers.py", "ddpm"),
        Code("models/diffusion/samplers.py", "ddim"),
        Code("models/diffusion/samplers.py", "dpm"),
        Code("models/diffusion/samplers.py", "heun"),
        Code("models/diffusion/diffusion.py", "guided"),
    ),
    cards=("diffusion-{model}",),
    notebook=notebook.raced,
)


def build() -> None:
    """The acts."""
    frame = Frame(NAME, [REVERSE, FORWARD, LANES, edit.ACT, score.ACT])
    reverse.build(frame)
    forward.build(frame)
    lanes.build(frame)
    edit.build(frame)
    score.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    api.publish()


def warm() -> None:
    """Load the faces, and let them compute once."""
    model = ask.diffusion.MODELS["faces"]()
    model.make([0], ask.diffusion.Wish(steps=1))


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.diffusion.room")
