"""The act "lanes" of the diffusion room: samplers from one noise, side by side; and the museum of failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from gallery.rooms.diffusion import ask, hub
from gallery.rooms.diffusion.reverse import LARGE, Moment, guidance, labels
from gallery.shell.calls import Part, Refusal, Said, call, choice, field, integer, text, values
from gallery.shell.frame import Frame
from gallery.shell.later import later
from gallery.shell.pulls import First, Pulled, Pulls, begun, pulled
from gallery.widgets import Film, Plaque, Sliders
from gallery.widgets.answers import Facts, strip
from gallery.widgets.base import Widget
from models.diffusion.vocabulary import MODELS, SAMPLERS

if TYPE_CHECKING:
    from models.diffusion import denoising
else:
    denoising = later("models.diffusion.denoising")

FEWEST, MOST = 2, 4
"""Lanes."""
STEPS = (4, 10, 20, 50, 100, 250, 1000)
FRAMES, LIGHT = 41, 24
"""Frames of a lane, and of the film that shows all lanes at the same t; the second where pictures are large."""
QUICK = 220
"""Passes through the network up to which the lanes start by themselves."""
DEFAULTS = (("ddpm", 100), ("ddim", 20), ("dpm++", 10), ("heun", 20))
WRONG = {
    "steps": "diffusion.failure.steps.wrong",
    "even": "diffusion.failure.even.wrong",
    "guidance": "diffusion.failure.guidance.wrong",
    "schedule": "diffusion.failure.schedule.wrong",
    "clip": "diffusion.failure.clip.wrong",
    "sigma": "diffusion.failure.sigma.wrong",
}
FIX = {
    "steps": "diffusion.failure.steps.fix",
    "even": "diffusion.failure.even.fix",
    "guidance": "diffusion.failure.guidance.fix",
    "schedule": "diffusion.failure.schedule.fix",
    "clip": "diffusion.failure.clip.fix",
    "sigma": "diffusion.failure.sigma.fix",
}
LESSONS = {
    "none": "diffusion.lesson",
    "steps": "diffusion.failure.steps.lesson",
    "even": "diffusion.failure.even.lesson",
    "guidance": "diffusion.failure.guidance.lesson",
    "schedule": "diffusion.failure.schedule.lesson",
    "clip": "diffusion.failure.clip.lesson",
    "sigma": "diffusion.failure.sigma.lesson",
}
TRIES = {
    "steps": "diffusion.try.steps",
    "even": "diffusion.try.even",
    "guidance": "diffusion.try.guidance",
    "schedule": "diffusion.try.schedule",
    "clip": "diffusion.try.clip",
    "sigma": "diffusion.try.sigma",
}
FAILURES = tuple(WRONG)
SETTLED = tuple({"failure": name} for name in FAILURES)
"""The museum, whose pieces have a w of their own."""
STRONG, BURNT = 8.0, 15.0
"""w in the museum's rooms on guidance and clipping; the second, beyond the slider, drives x0-hat out of its range."""
SEVERAL = {"guidance": 4, "even": 4}
"""Pictures of a lane, where a single one would not show the failure: that all become alike, or grey."""
GUIDED = ("guidance", "clip")
"""Failures of guidance: a model without labels has none."""
ASKED = {failure: {"mood": "smile", "who": "woman", "garment": "7"} for failure in GUIDED}
"""What such a piece guides to, for the chips: "any" beside pictures of smiling women would be untrue."""
SPEC_LIMIT = 80
"""Characters of an API call's lanes."""


@dataclass(frozen=True)
class Lane:
    """One way from noise to picture: a Wish, a Slip, and the words key of what is different in it, if anything."""

    wish: ask.diffusion.Wish
    slip: denoising.Slip
    name: Said | None = None


@dataclass
class Race:
    """The films of the lanes."""

    shoots: list[denoising.Shoot]
    frames: int = FRAMES

    @property
    def done(self) -> bool:
        """Whether all lanes have arrived."""
        return all(shoot.done for shoot in self.shoots)


pulls: Pulls[Race] = Pulls()


def parse(spec: object) -> list[tuple[str, int]]:
    """The lanes of a call, like "ddpm:1000,ddim:50", as samplers and steps. Raises Refusal."""
    lanes = [part.partition(":") for part in text(spec, SPEC_LIMIT, "lanes").replace(" ", "").split(",")]
    integer(len(lanes), FEWEST, MOST, "lanes")
    found = []
    for name, _, steps in lanes:
        if not (steps.isascii() and steps.isdigit()):
            raise Refusal("diffusion.lanes_form")
        count = integer(int(steps), ask.FEWEST, ask.MOST, "steps")
        found.append((choice(name, SAMPLERS, "sampler"), count))
    return found


def free(knobs: object) -> list[Lane]:
    """The lanes that the visitor chose. Raises Refusal."""
    schedule = ask.schedule_of(ask.model_of(knobs))
    base = ask.diffusion.Wish(label=ask.label_of(knobs), w=ask.guidance_of(knobs), schedule=schedule)
    found = []
    for i in range(1, int(choice(field(knobs, "lanes"), ("3", "2", "4"), "lanes")) + 1):
        name = choice(field(knobs, f"s{i}"), SAMPLERS, "sampler")
        steps = integer(field(knobs, f"n{i}"), ask.FEWEST, ask.MOST, "steps")
        found.append(Lane(replace(base, sampler=name, steps=steps), denoising.RIGHT))
    return found


def guided_to(label: str, name: str) -> str:
    """What guidance guides to: what the visitor asked for, completed by something of ours; "" without labels."""
    if name == "faces":
        words = label.split(",")
        return f"{'neutral' if 'neutral' in words else 'smile'},{'man' if 'man' in words else 'woman'}"
    return label or ("7" if name == "fashion" else "")


def museum(failure: str, knobs: object) -> list[Lane]:
    """A failure and its fix, from the same noise. Raises Refusal where the model knows no labels to guide to."""
    name, label = ask.model_of(knobs), ask.label_of(knobs)
    if failure in GUIDED and name not in MODELS:
        raise Refusal("diffusion.hub.no_labels")
    schedule = ask.schedule_of(name)
    other = "cosine" if schedule == "linear" else "linear"
    wish, right, slip = partial(ask.diffusion.Wish, schedule=schedule), denoising.RIGHT, denoising.Slip
    asked = guided_to(label, name)
    pairs = {
        "steps": (wish(label, "ddpm", 4), right, wish(label, "dpm++", 20), right),
        "even": (wish(label, "dpm++", 20, even=True), right, wish(label, "dpm++", 20), right),
        "guidance": (wish(asked, "dpm++", 20, STRONG), right, wish(asked, "dpm++", 20, 1.5), right),
        "schedule": (wish(label, "ddim", 50), slip(told=other), wish(label, "ddim", 50), right),
        "clip": (wish(asked, "ddim", 20, BURNT, clip=False), right, wish(asked, "ddim", 20, BURNT), right),
        "sigma": (wish(label, "ddpm", 50), slip(variance=True), wish(label, "ddpm", 50), right),
    }
    wrong, its, fix, fixed = pairs[failure]
    return [Lane(wrong, its, Said(WRONG[failure])), Lane(fix, fixed, Said(FIX[failure]))]


def lanes_of(knobs: object) -> list[Lane]:
    """What the knobs ask for. Raises Refusal."""
    failure = choice(field(knobs, "failure"), ("none", *FAILURES), "failure")
    return free(knobs) if failure == "none" else museum(failure, knobs)


def start(name: str, seed: int, lanes: Sequence[Lane], count: int = 1) -> Race:
    """All lanes at their common noise; `count` pictures in each. Raises WeightsError."""
    model = ask.model(name)
    frames = LIGHT if model.task.size >= LARGE else FRAMES
    shoots = [denoising.Shoot(model, range(seed, seed + count), lane.wish, lane.slip, most=frames) for lane in lanes]
    return Race(shoots, frames)


@dataclass(frozen=True)
class Leg(Part):
    """What all lanes did in a moment: of each its new frames, the steps taken and the seconds spent so far."""

    parts: list[Moment]
    done: bool


def moment(race: Race, seconds: float) -> Leg:
    """Let the lanes go on for that long."""
    denoising.race(race.shoots, seconds)
    found = []
    for shoot in race.shoots:
        new = strip([ask.cell(frame.x) for frame in shoot.taken_away()], quality=ask.QUALITY)
        found.append(Moment(new=new, done=shoot.done, taken=shoot.taken, seconds=shoot.seconds))
    return Leg(found, race.done)


@dataclass(frozen=True)
class Told:
    """A lane for the page: its sampler's name, what is different in it, the times of the frames that will come."""

    title: str
    steps: int
    passes: int
    name: Said | None
    times: list[int]


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A race that has begun. size: pixels of a picture's side; frames: of the film that shows all lanes."""

    size: int
    frames: int
    lesson: Said
    lanes: list[Told]
    facts: Facts
    first: First


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}] -> a token to go on with, the lanes, and their first frames."""
    (knobs,) = values(args, 1)
    name, seed, lanes = ask.model_of(knobs), ask.seed_of(knobs), lanes_of(knobs)
    failure = field(knobs, "failure")
    count = SEVERAL.get(failure, 1)
    race = start(name, seed, lanes, count)
    first = begun(pulls, race, moment)
    return Begun(
        size=round(count**0.5) * race.shoots[0].task.shown,
        frames=race.frames,
        lesson=Said(lesson_of(failure, name)),
        lanes=[told(*pair) for pair in zip(lanes, race.shoots, strict=True)],
        facts=ask.about(name),
        first=first,
    )


def lesson_of(failure: str, name: str) -> str:
    """What a failure teaches with this model."""
    linear = {"schedule": "diffusion.hub.lesson", "even": "diffusion.hub.even"}
    return linear[failure] if ask.schedule_of(name) == "linear" and failure in linear else LESSONS[failure]


def told(lane: Lane, shoot: denoising.Shoot) -> Told:
    """What the page says of a lane."""
    times = [shoot.times[i] for i in shoot.kept]
    title, passes = ask.TITLES[lane.wish.sampler], denoising.evaluations(lane.wish)
    return Told(title, len(shoot.times) - 1, passes, lane.name, times)


@call
def more(args: list[Any]) -> Pulled:
    """[token] -> what the lanes did in the next moment."""
    return pulled(pulls, args, moment)


class Lanes(Widget):
    """The lanes with their choices and pictures; pulls them, and makes the film that shows them at the same t."""

    kind = "diffusion-lanes"
    EMITS = ("film", "lanes.told", "lanes.play")
    HEARS = ("lanes.frame",)
    TAKES = ("race",)
    KNOBS = ("{fresh}",)

    def __init__(self, room: str) -> None:
        fresh = ["model", "mood", "who", "garment", "seed", "w", "lanes", "failure"]
        fresh += [f"{kind}{i}" for kind in "sn" for i in range(1, MOST + 1)]
        props = {
            "room": room,
            "fresh": fresh,
            "quick": QUICK,
            "most": MOST,
            "small": MODELS,
            "steps": list(STEPS),
            "samplers": [[name, ask.TITLES[name]] for name in SAMPLERS],
            "last_seed": ask.LAST_SEED,
        }
        super().__init__(props, {"begin": begin, "more": more})


def build(frame: Frame) -> None:
    """The lanes over the whole width, what they teach below them, the film at the bottom."""
    room = frame.room
    with frame.act("lanes"):
        with frame.stage():
            Lanes(room)
        with frame.outcome():
            with gr.Column(elem_classes="v-diff-row v-diff-asked", min_width=0):
                hub.menu(room)
                labels(room, "lanes")
                Sliders(
                    room,
                    [guidance((*ask.UNASKED, *SETTLED), "diffusion.slider.settled")],
                    elem_classes="v-diff-sliders",
                )
            Plaque(room, ["lanes.told"], ["@lesson", "@plaque"], digits={"params": 1}, elem_classes=["v-diff-lesson"])
        with frame.film():
            told = {"slug": "race", "name": "diffusion.film.lanes"}
            Film(room, id="lanes", mode="once", fps=12, fit="contain", show_first=True, **told)  # type: ignore[arg-type]
