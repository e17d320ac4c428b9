"""The act "forward" of the diffusion room: a picture drowns in noise, under three schedules at once."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from gallery.rooms.diffusion import ask
from gallery.rooms.diffusion.reverse import parts, rounded, sampled, trio
from gallery.shell.calls import Refusal, Said, call, choice, field, integer, number, values
from gallery.shell.frame import Frame, static
from gallery.shell.later import later
from gallery.shell.markup import segments, t, try_button
from gallery.widgets import Ask, Curve, Film, Photo, Plaque, Sheet, faces
from gallery.widgets.answers import Curves, Line, Sample, Samples, Strip, jpeg_url, png_url, strip
from gallery.widgets.base import Widget
from models.diffusion import vocabulary
from models.diffusion.vocabulary import T

if TYPE_CHECKING:
    from models.diffusion import forward, schedules
    from models.pictures import pictures
    from models.runtime import device, kept
    from models.vae import latent
else:
    forward = later("models.diffusion.forward")
    schedules = later("models.diffusion.schedules")
    pictures = later("models.pictures.pictures")
    device = later("models.runtime.device")
    kept = later("models.runtime.kept")
    latent = later("models.vae.latent")

SCHEDULES = (*vocabulary.SCHEDULES, "own")
NOISES = ("same", "fresh")
HEIGHTS = ("p1", "p2", "p3", "p4")
GARMENTS = {f"g{label}": label for label in (0, 3, 8, 9)}
"""Sample garments, each where its class lives on the VAE's plane: name in a link -> class."""
SAMPLE_FACES = ("1", "4", "6", "9", faces.PORTRAIT)
PICTURES = (*SAMPLE_FACES, *GARMENTS, faces.OWN)
GARMENT = 28
SIDES = (GARMENT, 32, 64, 256)
"""Pixels: of a garment, and of what the models make."""
FILM_FRAMES = 26
MOST_CHAINS = 64_000_000
"""Bytes of the chains that are kept: thirty of 64 pixels a side, or one of 256."""
LOUDEST = 40.0
"""dB; the curve of the signal-to-noise ratio goes from -40 to 40."""
SCHEDULE_WORDS = [
    ("cosine", "diffusion.schedule.cosine"),
    ("linear", "diffusion.schedule.linear"),
    ("own", "diffusion.schedule.own"),
]
NOISE_WORDS = [("same", "diffusion.noise.same"), ("fresh", "diffusion.noise.fresh")]
WATCHED = ("t", "schedule", "noise", "draw", *HEIGHTS)


def heights_of(knobs: object) -> tuple[float, ...]:
    """sqrt(alpha-bar) at the movable points. Raises Refusal."""
    return tuple(number(field(knobs, name), 0.0, 1.0, name) for name in HEIGHTS)


def schedule_named(name: str, knobs: object) -> schedules.Schedule:
    """One of the three schedules. Raises Refusal."""
    return forward.editable(heights_of(knobs)) if name == "own" else schedules.SCHEDULES[name]()


def schedule_of(knobs: object) -> schedules.Schedule:
    """The schedule that the knobs name. Raises Refusal."""
    return schedule_named(choice(field(knobs, "schedule"), SCHEDULES, "schedule"), knobs)


def seed_of(knobs: object) -> int:
    """The seed of epsilon: fresh noise has another one for every t. Raises Refusal."""
    draw = integer(field(knobs, "draw"), 0, ask.LAST_SEED, "draw")
    fresh = choice(field(knobs, "noise"), NOISES, "noise") == "fresh"
    return draw * (T + 1) + (integer(field(knobs, "t"), 0, T, "t") if fresh else 0)


def opened(url: Any) -> np.ndarray:
    """The picture that the browser sends: (S, S, 3), or (28, 28, 1) of a garment. Raises PictureError, Refusal."""
    image = faces.square(url, *SIDES)
    return np.array(image) if image.width != GARMENT else np.array(image.convert("L"))[..., None]


def start_from(data: object) -> pictures.Tensor:
    """x_0, (C, H, W) in [-1, 1], from what the browser sends along. Raises PictureError, Refusal."""
    url = field(data, "face")
    if not isinstance(url, str):
        raise Refusal("input.list")
    return forward.to_start(opened(url))


@cache
def chains() -> kept.Kept[forward.Chain]:
    """The chains that hands are dragging along: several of small pictures, a few of large ones."""
    return kept.Kept(MOST_CHAINS, lambda chain: chain.most_bytes)


def chain(x_0: pictures.Tensor, schedule: schedules.Schedule, seed: int) -> forward.Chain:
    """The chain of single steps from a picture, with its own noise."""
    digest = hashlib.sha256(x_0.numpy().tobytes()).digest()
    key = digest, tuple(x_0.shape), schedule.name, schedule.alpha_bar.numpy().tobytes(), seed
    return chains().get(key, lambda: forward.Chain(x_0, schedule, seed))


def shown(x: pictures.Tensor) -> str:
    """x (C, H, W) about [-1, 1] as a data URL."""
    return jpeg_url(pictures.to_uint8(x.clamp(-1, 1)), 90)


def histograms(x: pictures.Tensor, walked: pictures.Tensor) -> list[Line]:
    """How the pixels of x_t are distributed, by formula and by chain, beside N(0, 1); the tallest bin fills it."""
    bins = forward.BINS
    places = [-forward.SPAN + (i + 0.5) * 2 * forward.SPAN / bins for i in range(bins)]
    normal = [math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in places]
    chain, closed = forward.histogram(walked), forward.histogram(x)
    top = max(1.5 * max(normal), max(chain), max(closed))

    def part(points: list[float]) -> list[float]:
        return [round(y / top, 4) for y in points]

    return [
        Line(points=part(normal), color="soft", label=Said("diffusion.hist.normal"), dash=True),
        Line(points=part(chain), color="data", label=Said("diffusion.hist.chain")),
        Line(points=part(closed), color="accent", label=Said("diffusion.hist.closed")),
    ]


@dataclass(frozen=True, kw_only=True)
class Noised:
    """x_t by the closed form (x) and by the chain (walked), their histograms, and the numbers at t.

    signal, noise_part: sqrt(alpha-bar_t), sqrt(1 - alpha-bar_t); stays, added: sqrt(alpha_t), sqrt(beta_t); spread: of
    the chain's noise; size: pixels of a side.
    """

    x: str
    walked: str
    original: str
    curves: list[Line]
    signal: float
    noise_part: float
    ratio: Said
    stays: float
    added: float
    spread: float
    size: int
    ms: float
    device: str


def ratio(snr: float) -> Said:
    """The signal-to-noise ratio as a sentence: without noise it is infinite, without signal zero."""
    if not 0 < snr < math.inf:
        return Said("diffusion.snr_none" if snr else "diffusion.snr_zero")
    return Said("diffusion.snr", {"snr": snr, "db": 10 * math.log10(snr)}, {"snr": 3, "db": 1})


@call
def noise(args: list[Any]) -> Noised:
    """[{knobs}, {face}] -> x_t by the closed form and by the chain, their histograms, the numbers at t."""
    knobs, data = values(args, 2)
    begun = time.perf_counter()
    place, seed = integer(field(knobs, "t"), 0, T, "t"), seed_of(knobs)
    schedule, x_0 = schedule_of(knobs), start_from(data)
    x = schedule.closed_form(x_0, place, forward.seeded(seed, x_0.shape))
    walk = chain(x_0, schedule, seed % (1 << 20))
    walked = walk.at(place)
    marks = forward.Marks.at(schedule, place)
    return Noised(
        x=shown(x),
        walked=shown(walked),
        original=data["face"],
        curves=histograms(x, walked),
        signal=marks.signal,
        noise_part=marks.noise,
        ratio=ratio(marks.snr),
        stays=math.sqrt(1 - marks.beta),
        added=math.sqrt(marks.beta),
        spread=walk.spread(walked, place),
        size=x_0.shape[-1],
        ms=(time.perf_counter() - begun) * 1000,
        device=device.describe(),
    )


@call
def curves(args: list[Any]) -> Curves:
    """[{knobs}, None] -> the chosen schedule's curves, the other two beside it, and its signal-to-noise ratio."""
    knobs, _ = values(args, 2)
    chosen = choice(field(knobs, "schedule"), SCHEDULES, "schedule")
    found: list[Line] = []
    for name in (*(other for other in SCHEDULES if other != chosen), chosen):
        bar = sampled(schedule_named(name, knobs))
        if name != chosen:
            label = "" if found else Said("diffusion.curve.others")
            found.append(Line(points=rounded(bar.sqrt()), color="soft", dash=True, quiet=True, label=label))
            continue
        decibels = 10 * (bar / (1 - bar).clamp(min=1e-9)).log10()
        loud = (decibels / (2 * LOUDEST) + 0.5).clamp(0, 1)
        found.append(Line(points=rounded(loud), color="ink", dash=True, label=Said("diffusion.curve.snr")))
        found += parts(bar)[::-1]
    return Curves(found)


@call
def film(args: list[Any]) -> Strip:
    """[{knobs}, {face}] -> x_t for t from 0 to T under the three schedules, one under another, same noise."""
    knobs, data = values(args, 2)
    x_0 = start_from(data)
    draw = integer(field(knobs, "draw"), 0, ask.LAST_SEED, "draw")
    epsilon = forward.seeded(draw * (T + 1), x_0.shape)
    marks = [round(T * i / (FILM_FRAMES - 1)) for i in range(FILM_FRAMES)]
    rows = [forward.sweep(schedule_named(name, knobs), x_0, epsilon, marks) for name in SCHEDULES]
    sheets = [list(pictures.to_uint8(row.clamp(-1, 1))) for row in rows]
    captions = [Said("diffusion.film.t", {"t": mark}) for mark in marks]
    return replace(strip(*sheets, quality=ask.QUALITY), values=marks, captions=captions)


@call
def samples(args: list[Any]) -> Samples:
    """[] -> faces of ours, a portrait, and garments."""
    values(args, 0)
    plane = latent.planes("fashion")[1]
    clothes = [
        Sample(name, png_url(plane.picture(*plane.home(n))), Said(f"widgets.garment.{n}"))
        for name, n in GARMENTS.items()
    ]
    return Samples([*faces.offered(SAMPLE_FACES), *clothes])


class Forward(Widget):
    """Hears "again" and draws another noise; offers what the act "reverse" made as x_0."""

    kind = "diffusion-forward"
    EMITS = ("photo",)
    HEARS = ("reverse.made",)
    TAKES = ("again",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "last_seed": ask.LAST_SEED})


def stage(room: str) -> None:
    """x_t by the closed form, large; beside it what the chain gives, and the picture itself."""
    with gr.Column(elem_classes="v-diff-head", min_width=0):
        static(segments("schedule", SCHEDULE_WORDS, "diffusion.schedule.label"))
        Forward(room)
    walked = Sheet("walked", "diffusion.alt.walked", "diffusion.caption.walked")
    trio(room, "noise.answer", walked, Sheet("original", "diffusion.alt.original", "diffusion.caption.original"))
    digits = {"signal": 3, "noise_part": 3, "stays": 4, "added": 4, "spread": 3, "ms": 1}
    lines = ["diffusion.plaque.closed", "diffusion.plaque.step", "diffusion.plaque.agree", "diffusion.plaque.noised"]
    Plaque(room, ["noise.answer"], lines, digits=digits, elem_classes=["v-diff-plaque"])


def outcome(room: str) -> None:
    """Which picture and which noise; the schedule's curves with t; the pixels on their way to a Gaussian."""
    Photo(room, faces.open_photo, samples=samples, knob="picture", generates=False)
    with gr.Column(elem_classes="v-diff-row", min_width=0):
        static(segments("noise", NOISE_WORDS, "diffusion.noise.label"))
        static(f'<div class="v-diff-again">{try_button("widgets.generate.dice", {}, "again")}</div>')
    Ask(room, curves, id="schedules", knobs=("schedule", *HEIGHTS))
    handles = {"handles": HEIGHTS, "handles_when": ("schedule", "own"), "handle": "diffusion.handle"}
    Curve(room, "schedules.answer", at="t", last=T, alt="diffusion.alt.time", **handles)  # type: ignore[arg-type]
    with gr.Column(elem_classes="v-diff-histogram", min_width=0):
        Curve(room, "noise.answer", first=-3, last=3, alt="diffusion.alt.histogram", axis="diffusion.hist.axis")


def build(frame: Frame) -> None:
    """The drowning picture in the middle, curves on the right, three schedules along the bottom."""
    room = frame.room
    with frame.act("forward"):
        with frame.stage():
            stage(room)
        with frame.outcome():
            outcome(room)
            Ask(room, noise, id="noise", knobs=WATCHED, event="photo", fields=("face",), needs_event=True)
        with frame.film(), gr.Column(elem_classes="v-diff-rows", min_width=0):
            static("".join(t(key, "span", cls="v-diff-rowname") for _, key in SCHEDULE_WORDS), "v-diff-rownames")
            made_of = {"film_knobs": ("draw", *HEIGHTS), "event": "photo", "fields": ("face",), "needs_event": True}
            Film(
                room, frames=film, id="forward", knob="t", fit="contain", name="diffusion.film.forward",
                names=[key for _, key in SCHEDULE_WORDS],
                **made_of,  # type: ignore[arg-type]
            )  # fmt: skip
