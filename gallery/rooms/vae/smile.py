"""The act "smile" of the VAE room: z' = z + k v on faces; two faces mixed; new ones drawn from the prior."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from gallery.shell.calls import Answer, Refusal, call, choice, field, integer, number, values
from gallery.shell.frame import Frame, static
from gallery.shell.later import later
from gallery.shell.markup import segments, t, try_button
from gallery.widgets import Ask, Film, Photo, Picture, Plaque, Sheet, Slider, Sliders
from gallery.widgets import faces as photo
from gallery.widgets.base import Widget
from models.faces.vocabulary import DIRECTIONS
from models.vae.vocabulary import PRIORS, REACH

if TYPE_CHECKING:
    from models.pictures import pictures
    from models.runtime import device
    from models.vae import smile
    from models.weights import cards
else:
    pictures = later("models.pictures.pictures")
    device = later("models.runtime.device")
    smile = later("models.vae.smile")
    cards = later("models.weights.cards")

MODES = ("edit", "mix", "new")
MODE_WORDS = [("edit", "vae.mode.edit"), ("mix", "vae.mode.mix"), ("new", "vae.mode.new")]
PRIOR_WORDS = [("learned", "vae.prior.learned"), ("normal", "vae.prior.normal")]
SLIDER_WORDS = {"smile": "vae.slider.smile", "age": "vae.slider.age", "gender": "vae.slider.gender"}
FILM_WORDS = {"smile": "vae.film.smile", "age": "vae.film.age", "gender": "vae.film.gender"}
WARMEST = 1.5
LAST_SHEET = 9999
SIDE = 6
"""The sheet of new faces has 6 x 6."""
MIXED = 25
WALK_FACES, WALK_STEPS = 6, 10


def code(z: object) -> pictures.Tensor:
    """The z that the browser kept, as the model takes it: finite, of the right length, not absurdly long."""
    model = smile.faces()
    if not isinstance(z, list) or len(z) != model.latent:
        raise Refusal("input.list")
    return model.code([number(value, -model.limit, model.limit, "z") for value in z])


def amounts(knobs: object) -> list[float]:
    """k of smile, age and gender. Raises Refusal."""
    return [number(field(knobs, name), -REACH, REACH, name) for name in DIRECTIONS]


def made(start: float) -> Answer:
    """What the plaque says of a call: milliseconds, device, weights."""
    source = cards.badge("vae-faces").source
    return {
        "ms": (time.perf_counter() - start) * 1000,
        "device": device.describe(),
        "params": smile.faces().params / 1e6,
        "source": {"key": source.key} if source else "",
    }


@call
def encode(args: list[Any]) -> Answer:
    """[{knobs}, {face}] -> the face, its reconstruction, its z = mu, and the KL of its q(z | x) in nats."""
    _, data = values(args, 2)
    face = photo.framed(field(data, "face"))
    start = time.perf_counter()
    model = smile.faces()
    point = model.encode(face)
    again = model.picture(point.mu)
    error = float(np.square((face.astype(float) - again) / 255).mean())
    return {
        "original": photo.png_url(face),
        "reconstruction": photo.jpeg_url(again),
        "z": [round(value, 4) for value in point.mu.tolist()],
        "kl": point.kl,
        "mse": error,
        **made(start),
    }


@call
def edit(args: list[Any]) -> Answer:
    """[{knobs}, {z}] -> the face decoded at z' = z + sum_i k_i v_i, and the lengths of the vectors."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    start = time.perf_counter()
    model = smile.faces()
    moved = model.edit(z, k)
    image = photo.jpeg_url(model.picture(moved))
    lengths = {f"v_{name}": float(v.norm()) for name, v in zip(DIRECTIONS, model.directions, strict=True)}
    lengths |= {f"k_{name}": abs(amount) for name, amount in zip(DIRECTIONS, k, strict=True)}
    signs = {f"sign_{name}": "−" if amount < 0 else "+" for name, amount in zip(DIRECTIONS, k, strict=True)}
    return {"image": image, "z": float(z.norm()), "moved": float(moved.norm()), **lengths, **signs, **made(start)}


def film_of(frames: np.ndarray, **more: Any) -> Answer:
    """Faces (N, 64, 64, 3) as a film."""
    sprite = pictures.data_url(pictures.jpeg(pictures.sprite(frames), 90))
    return {"sprite": sprite, "n": len(frames), "w": 64, "h": 64, **more}


@call
def strip(args: list[Any]) -> Answer:
    """[{knobs}, {z}] -> the face with k = -3 ... 3 of the slider that was moved last."""
    knobs, data = values(args, 2)
    k, z = amounts(knobs), code(field(data, "z"))
    name = choice(field(knobs, "along"), DIRECTIONS, "along")
    frames, marks = smile.faces().strip(z, k, name)
    captions = [{"key": FILM_WORDS[name], "args": {"k": mark}, "digits": {"k": 1}} for mark in marks]
    return film_of(frames, values=marks, captions=captions, knob=name)


@call
def mix(args: list[Any]) -> Answer:
    """[{knobs}, {za, zb}] -> the film from face A to face B: z = (1 - t) z_a + t z_b."""
    _, data = values(args, 2)
    marks = np.linspace(0, 1, MIXED).round(3).tolist()
    frames = smile.faces().mix(code(field(data, "za")), code(field(data, "zb")), marks)
    captions = [{"key": "vae.film.mix", "args": {"t": mark}, "digits": {"t": 2}} for mark in marks]
    return film_of(frames, values=marks, captions=captions)


def drawing(knobs: object) -> tuple[int, float, str]:
    """Seed, temperature and prior of the knobs. Raises Refusal."""
    seed = integer(field(knobs, "seed"), 0, LAST_SHEET, "seed")
    temperature = number(field(knobs, "temperature"), 0.0, WARMEST, "temperature")
    return seed, temperature, choice(field(knobs, "prior"), PRIORS, "prior")


def drawn(knobs: object, count: int) -> pictures.Tensor:
    """z of `count` faces from the prior, each sheet with numbers of its own."""
    seed, temperature, prior = drawing(knobs)
    return smile.faces().draw(seed * SIDE * SIDE, count, temperature, prior)


@call
def sheet(args: list[Any]) -> Answer:
    """[{knobs}, None] -> 6 x 6 new faces in one picture."""
    knobs, _ = values(args, 2)
    seed, temperature, prior = drawing(knobs)
    start = time.perf_counter()
    grid = pictures.grid(smile.faces().sheet(drawn(knobs, SIDE * SIDE)), SIDE)
    plaque = made(start)
    said = {"seed": seed, "temperature": temperature, "params": plaque["params"]}
    key = "vae.plaque.new" if prior == "learned" else "vae.plaque.normal"
    return {"image": pictures.data_url(pictures.jpeg(grid, 90)), "prior": {"key": key, "args": said}, **plaque}


@call
def take(args: list[Any]) -> Answer:
    """[{knobs}, cell] -> one face of the sheet, to be edited."""
    knobs, cell = values(args, 2)
    place = integer(cell, 0, SIDE * SIDE - 1, "cell")
    return {"face": photo.png_url(smile.faces().picture(drawn(knobs, place + 1)[place]))}


@call
def walk(args: list[Any]) -> Answer:
    """[{knobs}, None] -> a round trip through the first faces of the sheet, straight lines in z."""
    knobs, _ = values(args, 2)
    model, z = smile.faces(), drawn(knobs, WALK_FACES)
    steps = [i / WALK_STEPS for i in range(WALK_STEPS)]
    legs = [model.mix(z[i], z[(i + 1) % WALK_FACES], steps) for i in range(WALK_FACES)]
    pairs = [{"n": i + 1, "m": (i + 1) % WALK_FACES + 1} for i in range(WALK_FACES) for _ in steps]
    captions = [{"key": "vae.film.walk", "args": pair} for pair in pairs]
    return film_of(np.concatenate(legs), captions=captions)


class Faces(Widget):
    """The page's side of the act: what is shown in which mode, the second face, the sheet of new ones."""

    kind = "vae-smile"
    EMITS = ("pair", "sheet.answer", "photo")
    HEARS = ("face.answer", "face2.answer")
    TAKES = ("again",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "side": SIDE, "last_sheet": LAST_SHEET}, {"sheet": sheet, "take": take})


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
            before = Sheet("original", "vae.alt.original", "vae.smile.original")
            again = Sheet("reconstruction", "vae.alt.reconstruction", "vae.smile.reconstruction")
            Picture(room, ["face.answer"], sheets=(before, again), enlarge=2, save=False)
        with gr.Column(elem_classes="v-vae-lines", min_width=0):
            lines(room, "face.answer", "vae.plaque.face")
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
        lines(room, "edit.answer", "vae.smile.sum", "vae.smile.difference", "vae.smile.lengths")
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
                Film(room, frames=walk, id="walk", film_knobs=of, mode="loop", show_first=True)
