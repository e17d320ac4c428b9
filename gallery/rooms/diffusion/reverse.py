"""The act "reverse" of the diffusion room: from noise to picture, with every step's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from gallery.rooms.diffusion import ask, hub
from gallery.shell.calls import Part, call, choice, field, values
from gallery.shell.frame import Frame, formula, static
from gallery.shell.later import later
from gallery.shell.markup import segments
from gallery.shell.pulls import First, Pulled, Pulls, begun, pulled
from gallery.widgets import Ask, Curve, Film, Menu, Picture, Plaque, Sheet, Slider, Sliders
from gallery.widgets.answers import Curves, Facts, Line, Strip, strip
from gallery.widgets.base import Widget
from models.diffusion.vocabulary import MODELS, SAMPLERS, T

if TYPE_CHECKING:
    from models.diffusion import denoising, schedules
else:
    denoising = later("models.diffusion.denoising")
    schedules = later("models.diffusion.schedules")

STEPS = ("4", "10", "20", "50", "100", "250", "1000")
FRAMES, LIGHT = {"1": 60, "4": 36, "9": 24}, {"1": 24, "4": 12, "9": 8}
"""Frames kept of a film, by the pictures in it; the second where they are large."""
LARGE = 128
"""Pixels of a side."""
FRESH = ("model", "mood", "who", "garment", "sampler", "steps", "eta", "w", "seed", "count")
"""Knobs that make another film."""
QUICK = 160
"""Pictures through the network up to which a film follows the knobs at once; above, the button is asked for."""
CURVE_POINTS = 101
MOOD_WORDS = [("any", "diffusion.mood.any"), ("smile", "diffusion.mood.smile"), ("neutral", "diffusion.mood.neutral")]
WHO_WORDS = [("any", "diffusion.who.any"), ("man", "diffusion.who.man"), ("woman", "diffusion.who.woman")]
GARMENT_WORDS = [("any", "diffusion.garment.any"), *((str(n), f"widgets.garment.{n}") for n in range(10))]
SAMPLER_WORDS = [(name, f"={ask.TITLES[name]}") for name in SAMPLERS]
UNSTIRRED = tuple({"sampler": name} for name in SAMPLERS if name != "ddim")
"""Samplers of which eta is no part."""
FORMULAS = {
    "ddpm": r"x_s = \tfrac{\sqrt{\bar\alpha_s}\,(1-\alpha)}{1-\bar\alpha_t}\,\hat x_0"
    r" + \tfrac{\sqrt{\alpha}\,(1-\bar\alpha_s)}{1-\bar\alpha_t}\,x_t + \sigma z",
    "ddim": r"x_s = \sqrt{\bar\alpha_s}\,\hat x_0 + \sqrt{1-\bar\alpha_s-\sigma^2}\;\hat\epsilon + \sigma z",
    "dpm++": r"x_s = \sqrt{\tfrac{1-\bar\alpha_s}{1-\bar\alpha_t}}\;x_t + \sqrt{\bar\alpha_s}\,(1-e^{-h})\,D",
    "first": r"x_s = \sqrt{\tfrac{1-\bar\alpha_s}{1-\bar\alpha_t}}\;x_t + \sqrt{\bar\alpha_s}\,(1-e^{-h})\,\hat x_0",
    "euler": r"\bar x_s = \bar x_t + (\nu_s - \nu_t)\,\hat\epsilon_t",
    "heun": r"\bar x_s = \bar x_t + (\nu_s - \nu_t)\,\tfrac{\hat\epsilon_t + \hat\epsilon_s}{2}",
}
"""Of a step from t to s, by `denoising.form`. sigma is the spread of fresh noise z and nothing else."""
NU = r"\bar x = x / \sqrt{\bar\alpha},\quad \nu = 1 / \sqrt{\mathrm{SNR}} = \sqrt{(1-\bar\alpha) / \bar\alpha}"
"""The letters of the ODE's steps."""
MEANINGS = {
    "ddpm": r"\alpha = \bar\alpha_t / \bar\alpha_s,\quad"
    r" \sigma^2 = \tilde\beta = \tfrac{1-\bar\alpha_s}{1-\bar\alpha_t}\,(1-\alpha)",
    "ddim": r"\sigma = \eta \sqrt{\tfrac{1-\bar\alpha_s}{1-\bar\alpha_t}\bigl(1-\bar\alpha_t / \bar\alpha_s\bigr)}",
    "dpm++": r"D = \hat x_0 + \tfrac{h}{2h'}\,(\hat x_0 - \hat x_0'),\;\;"
    r" h = \lambda_s - \lambda_t,\;\; \lambda = \tfrac12 \ln \mathrm{SNR}",
    "first": r"h = \lambda_s - \lambda_t,\quad \lambda = \tfrac12 \ln \mathrm{SNR}",
    "euler": NU,
    "heun": NU,
}
"""What the letters of each formula are; a dash marks what belongs to the step before."""
FILLED = {
    "ddpm": "diffusion.filled.ddpm",
    "ddim": "diffusion.filled.ddim",
    "dpm++": "diffusion.filled.dpm",
    "first": "diffusion.filled.first",
    "euler": "diffusion.filled.euler",
    "heun": "diffusion.filled.heun",
}
REMARKS = {
    "ddpm": "diffusion.remark.ddpm",
    "ddim": "diffusion.remark.ddim",
    "dpm++": "diffusion.remark.dpmpp",
    "euler": "diffusion.remark.euler",
    "heun": "diffusion.remark.heun",
}
pulls: Pulls[denoising.Shoot] = Pulls()


def strips(frames: list[denoising.Frame]) -> Strip:
    """New frames as one picture of three rows: x_t, x0-hat, epsilon-hat; h is the height of one of them."""
    rows = [[ask.cell(getattr(frame, name)) for frame in frames] for name in ("x", "x0", "epsilon")]
    made = strip(*rows, quality=ask.QUALITY)
    return replace(made, h=made.h // len(rows))


@dataclass(frozen=True, kw_only=True)
class Moment(Part):
    """What a film did in a moment: new frames, steps taken and seconds spent so far."""

    new: Strip
    done: bool
    taken: int
    seconds: float


def moment(shoot: denoising.Take, seconds: float) -> Moment:
    """Go on with a film for that long."""
    new = strips(shoot.go_on(seconds))
    return Moment(new=new, done=shoot.done, taken=shoot.taken, seconds=shoot.seconds)


@dataclass(frozen=True)
class Mark:
    """A frame that will come: after how many steps, t, the time s that follows, the form of the step between them and
    the numbers in it; the last frame has neither."""

    step: int
    t: int
    s: int
    form: str
    numbers: dict[str, float]


def outline(shoot: denoising.Take, wish: ask.diffusion.Wish) -> list[Mark]:
    """Each frame that will come."""
    found = []
    for i in shoot.kept[:-1]:
        t, s = shoot.times[i : i + 2]
        before = shoot.times[i - 1] if i else None
        form = denoising.form(wish.sampler, s, before)
        found.append(Mark(i, t, s, form, denoising.numbers(wish, t, s, before)))
    return [*found, Mark(shoot.kept[-1], 0, 0, "", {})]


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A film that has begun. total: frames that will come; passes: through the network; title: the sampler's name."""

    total: int
    steps: int
    passes: int
    frames: list[Mark]
    sampler: str
    title: str
    facts: Facts
    first: First


@call
def begin(args: list[Any]) -> Begun:
    """[{knobs}] -> a token to go on with, what will come, and the first frames."""
    (knobs,) = values(args, 1)
    name, seed, wish = ask.model_of(knobs), ask.seed_of(knobs), ask.wish_of(knobs)
    count = choice(field(knobs, "count"), ask.COUNTS, "count")
    model = ask.model(name)
    frames = LIGHT if model.task.size >= LARGE else FRAMES
    shoot = denoising.Shoot(model, range(seed, seed + int(count)), wish, most=frames[count])
    first = begun(pulls, shoot, moment)
    return Begun(
        total=len(shoot.kept),
        steps=len(shoot.times) - 1,
        passes=denoising.evaluations(wish),
        frames=outline(shoot, wish),
        sampler=wish.sampler,
        title=ask.TITLES[wish.sampler],
        facts=ask.about(name),
        first=first,
    )


@call
def more(args: list[Any]) -> Pulled:
    """[token] -> the frames of the next moment."""
    return pulled(pulls, args, moment)


def sampled(schedule: schedules.Schedule) -> ask.pictures.Tensor:
    """alpha-bar at the CURVE_POINTS times at which its curve is drawn, a tensor."""
    return schedule.alpha_bar[:: schedule.steps // (CURVE_POINTS - 1)]


def rounded(points: ask.pictures.Tensor) -> list[float]:
    """A curve's values for the browser."""
    return [round(y, 4) for y in points.tolist()]


def parts(bar: ask.pictures.Tensor) -> list[Line]:
    """The parts of picture and noise in x_t, from alpha-bar."""
    signal = Line(points=rounded(bar.sqrt()), color="data", label="√ᾱₜ")
    return [signal, Line(points=rounded((1 - bar).sqrt()), color="accent", label="√(1 − ᾱₜ)")]


@call
def curves(args: list[Any]) -> Curves:
    """[{knobs}, None] -> sqrt(alpha-bar_t) and sqrt(1 - alpha-bar_t) of the schedule that the samplers use."""
    knobs, _ = values(args, 2)
    schedule = schedules.SCHEDULES[ask.schedule_of(ask.model_of(knobs))]()
    bar = sampled(schedule)
    return Curves(parts(bar))


class Reverse(Widget):
    """The button, the seed and its die; pulls the film and tells the room which moment is shown."""

    kind = "diffusion-reverse"
    EMITS = ("film", "reverse.play", "reverse.told", "reverse.made", "reverse.seen")
    HEARS = ("reverse.frame",)
    TAKES = ("go",)
    KNOBS = ("{fresh}",)

    def __init__(self, room: str) -> None:
        props = {
            "room": room,
            "fresh": list(FRESH),
            "quick": QUICK,
            "small": MODELS,
            "last_seed": ask.LAST_SEED,
            "filled": FILLED,
            "remarks": REMARKS,
        }
        super().__init__(props, {"begin": begin, "more": more})


def trio(room: str, event: str, *beside: Sheet) -> None:
    """x_t of an event, large, and two more of its pictures at its side."""
    with gr.Column(elem_classes="v-diff-trio", min_width=0):
        Picture(room, [event], sheets=(Sheet("x", "diffusion.alt.x"),), enlarge=6)
        Picture(room, [event], sheets=beside, enlarge=3, save=False)


def stage(room: str) -> None:
    """x_t, large, with x0-hat and epsilon-hat at its side."""
    with gr.Column(elem_classes="v-diff-head", min_width=0):
        hub.menu(room)
        Menu(room, "count", "diffusion.count.label", [(n, f"=×{n}") for n in ask.COUNTS])
        Reverse(room)
    x0 = Sheet("x0", "diffusion.alt.x0", "diffusion.caption.x0")
    trio(room, "reverse.seen", x0, Sheet("epsilon", "diffusion.alt.epsilon", "diffusion.caption.epsilon"))
    digits = {"params": 1}
    lines = ["@run", "diffusion.plaque.model"]
    Plaque(room, ["reverse.told"], lines, digits=digits, elem_classes=["v-diff-plaque"])
    labels(room, "reverse")


def guidance(idle: Sequence[Mapping[str, str]] = ask.UNASKED, why: str = "diffusion.slider.unasked") -> Slider:
    """The slider of w, which does nothing where nothing is asked."""
    return Slider("w", "diffusion.slider.w", step=0.25, digits=2, idle=idle, why=why)


def controls(room: str) -> None:
    """Sampler, steps, guidance; then the step's formula and its place on the schedule."""
    static(segments("sampler", SAMPLER_WORDS, "diffusion.sampler.label"))
    static(segments("steps", [(n, f"={n}") for n in STEPS], "diffusion.steps.label"))
    eta = Slider("eta", "diffusion.slider.eta", step=0.05, digits=2, idle=UNSTIRRED, why="diffusion.slider.unstirred")
    Sliders(room, [guidance(), eta], elem_classes="v-diff-sliders")
    with gr.Column(elem_classes="v-diff-step", min_width=0):
        for name, latex in FORMULAS.items():
            with gr.Column(elem_classes=f"v-diff-formula v-diff-{name.replace('+', 'p')}", min_width=0):
                formula(rf"\begin{{aligned}} &{latex} \\[2pt] &\small {MEANINGS[name]} \end{{aligned}}")
        Plaque(room, ["reverse.seen"], ["@said", "@numbers", "@remark"], elem_classes=["v-diff-numbers"])
    Ask(room, curves, id="curves", knobs=["model"])
    Curve(room, "curves.answer", marker="reverse.seen", at="t", last=T, alt="diffusion.alt.curve")


def labels(room: str, act: str) -> None:
    """What is asked of the model, and where one of the Hub stands: shared by the acts."""
    with gr.Column(elem_classes="v-diff-row v-diff-faces", min_width=0):
        static(segments("mood", MOOD_WORDS, "diffusion.mood.label", named=True))
        static(segments("who", WHO_WORDS, "diffusion.who.label", named=True))
    with gr.Column(elem_classes="v-diff-row v-diff-fashion", min_width=0):
        Menu(room, "garment", "diffusion.garment.label", GARMENT_WORDS)
    hub.Hub(room, act)


def build(frame: Frame) -> None:
    """x_t in the middle, controls and the step's numbers on the right, the film below."""
    room = frame.room
    with frame.act("reverse"):
        with frame.stage():
            stage(room)
        with frame.outcome():
            controls(room)
        with frame.film():
            Film(room, id="reverse", mode="once", fps=14, fit="contain", show_first=True, name="diffusion.film.reverse")
