"""The act "plane" of the VAE room: two numbers, and the picture that the decoder makes of them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from gallery.shell.calls import Answer, Refusal, Said, ServerFunction, call, choice, field, integer, number, values
from gallery.shell.frame import Frame, static
from gallery.shell.later import later
from gallery.shell.markup import segments, t
from gallery.widgets import Bar, Bars, Film, Picture, Plane, Plaque, Sheet, Sketch, scatter
from gallery.widgets.answers import Facts, Strip, facts, jpeg_url, source_of
from gallery.widgets.base import Widget
from models.vae import vocabulary
from models.vae.vocabulary import DATA, REACH

if TYPE_CHECKING:
    from models.pictures import pictures
    from models.vae import latent
else:
    pictures = later("models.pictures.pictures")
    latent = later("models.vae.latent")

BETAS = tuple(map(str, vocabulary.BETAS))
VIEWS = ("manifold", "scatter")
SCATTER = 4.0
"""The scatter goes a little beyond where the point goes: the encodings do, too."""
MANIFOLD = 560
"""Pixels of a side of the decoded plane."""
DRAWINGS = Path(__file__).with_name("drawings.json")
MODELS = [("0", "vae.model.ae"), ("1", "vae.model.vae"), ("4", "=β = 4"), ("20", "=β = 20")]
ALTS = {"digits": "vae.alt.manifold_digits", "fashion": "vae.alt.manifold_fashion"}
NAMES = {"digits": "MNIST", "fashion": "Fashion-MNIST"}


def chosen(knobs: object) -> tuple[str, int]:
    """Data set and beta of the room's knobs. Raises Refusal."""
    return choice(field(knobs, "data"), DATA, "data"), int(choice(field(knobs, "beta"), BETAS, "beta"))


@dataclass(frozen=True)
class Inked:
    """A picture of w x h grey values as they are, row by row in base64: at this size the browser is longer at opening
    any picture format."""

    grey: str
    w: int
    h: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A reading: the picture, mu and sigma in steps of the plane, the terms in nats, and what the plaque says of them.

    For an autoencoder, which asks for no noise, sigma, kl and elbo are None. ms: it took so long.
    """

    image: Inked
    mu: tuple[float, float]
    sigma: tuple[float, float] | None
    reconstruction: float
    kl: float | None
    elbo: float | None
    point: Said
    sum: Said
    model: Said
    quality: Said
    facts: Facts
    ms: float


def inked(picture: np.ndarray) -> Inked:
    """(H, W) uint8 for the browser."""
    height, width = picture.shape
    return Inked(base64.b64encode(picture.tobytes()).decode(), width, height)


def told(reading: latent.Reading, data: str, beta: int, at: tuple[float, float], since: float) -> Seen:
    """A reading for the browser, whose picture is decoded at that point of the plane."""
    planes = latent.planes(data)
    return Seen(
        image=inked(reading.picture),
        mu=reading.mu,
        sigma=reading.sigma,
        reconstruction=reading.reconstruction,
        kl=reading.kl if beta else None,
        elbo=reading.reconstruction - reading.kl if beta else None,
        point=place(at, data, beta),
        sum=total(reading, beta),
        model=Said("vae.plaque.vae", {"beta": beta}) if beta else Said("vae.plaque.ae"),
        quality=quality(planes.quality, beta),
        facts=facts(planes.params[beta] / 1000, source_of(f"vae-{data}"), NAMES[data]),
        ms=(time.perf_counter() - since) * 1000,
    )


def place(at: tuple[float, float], data: str, beta: int) -> Said:
    """Where a picture is decoded: z; an autoencoder's plane has a scale of its own, so there z stands beside (u, v)."""
    u, v = at
    if beta:
        return Said("vae.plaque.point", {"u": u, "v": v}, {"u": 2, "v": 2})
    z1, z2 = latent.planes(data)[beta].code(u, v)
    return Said("vae.plaque.rescaled", {"u": u, "v": v, "z1": z1, "z2": z2}, {"u": 2, "v": 2, "z1": 1, "z2": 1})


def total(reading: latent.Reading, beta: int) -> Said:
    """The sum of the terms: the picture's ELBO, or at another beta what is learned by; an autoencoder has one term."""
    if not beta:
        return Said("vae.terms.ae")
    key = "vae.terms.elbo" if beta == 1 else "vae.terms.objective"
    # Added up as they are written: with one decimal each, 20 KL would be wrong by up to 1.
    fine = 3 if beta > 10 else 2
    first, kl = round(reading.reconstruction, 2), round(reading.kl, fine)
    terms = {"reconstruction": first, "kl": kl, "beta": beta, "total": first - beta * kl}
    return Said(key, terms, {"reconstruction": 2, "kl": fine, "total": 2})


def quality(figures: Mapping[str, float | str], beta: int) -> Said:
    """What the card says of this beta: the bound, or for an autoencoder its reconstruction, in nats."""
    key, name = ("vae.plaque.elbo", "elbo") if beta else ("vae.plaque.reconstruction", "reconstruction")
    return Said(key, {"n": figures[f"{name}_beta{beta}"]}, {"n": 1})


@call
def decode(args: list[Any]) -> Seen:
    """[{knobs}, u, v] -> the picture decoded there, and what the encoder makes of that picture."""
    knobs, u, v = values(args, 3)
    data, beta = chosen(knobs)
    point = number(u, -REACH, REACH, "u"), number(v, -REACH, REACH, "v")
    start = time.perf_counter()
    return told(latent.planes(data)[beta].read_at(*point), data, beta, point, start)


@call
def read(args: list[Any]) -> Seen:
    """[{knobs}, 784 integers, ink is 255] -> the code of a drawing, its reconstruction, and the terms."""
    knobs, pixels = values(args, 2)
    data, beta = chosen(knobs)
    if not isinstance(pixels, list) or len(pixels) != 784:
        raise Refusal("input.list")
    ink = latent.to_ink([integer(value, 0, 255, "pixel") for value in pixels])
    start = time.perf_counter()
    reading = latent.planes(data)[beta].read(ink)
    return told(reading, data, beta, reading.mu, start)


@call
def background(args: list[Any]) -> Answer:
    """[{data, beta, view}] -> the decoded manifold as one picture, or the encoded test set as points."""
    (knobs,) = values(args, 1)
    data, beta = chosen(knobs)
    plane = latent.planes(data)[beta]
    axes = ["z₁", "z₂"] if beta else ["u", "v"]
    if choice(field(knobs, "view"), VIEWS, "view") == "manifold":
        picture = jpeg_url(plane.manifold(), 88)
        mapping = "quantile" if beta else "linear"
        return {"mapping": mapping, "image": picture, "alt": ALTS[data], "axes": axes}
    inside = abs(plane.encoded).max(axis=1) <= SCATTER
    legend = [{"label": str(n)} if data == "digits" else {"key": f"widgets.garment.{n}"} for n in range(10)]
    points = scatter(plane.encoded[inside], plane.labels[inside], SCATTER)
    rings = [1, 2, 3] if beta else []
    return {"mapping": "linear", "lim": SCATTER, "points": points, "legend": legend, "rings": rings, "axes": axes}


@call
def forming(args: list[Any]) -> Strip:
    """[{knobs}, None] -> the film of the plane with beta = 1 forming during training."""
    knobs, _ = values(args, 2)
    film = latent.planes(chosen(knobs)[0]).film
    captions = [Said("vae.film.seen", {"n": seen}) for seen in film.images]
    count = len(film.images)
    sprite = pictures.data_url(film.webp, "image/webp")
    return Strip(sprite=sprite, n=count, w=MANIFOLD, h=MANIFOLD, captions=captions, index=count - 1)


@call
def homes(args: list[Any]) -> Answer:
    """[{knobs}, from, to] -> where two classes live on the plane."""
    knobs, start, end = values(args, 3)
    data, beta = chosen(knobs)
    plane = latent.planes(data)[beta]
    return {"path": [list(plane.home(integer(label, 0, 9, "class"))) for label in (start, end)]}


@call
def drawings(args: list[Any]) -> Answer:
    """[] -> our own ten digits and ten garments, as shapes for the pad."""
    values(args, 0)
    found: Answer = json.loads(DRAWINGS.read_text("utf-8"))
    return found


class Reader(Widget):
    """Decides what is read - the picture under the point, or the drawing - and emits it as `seen.answer`."""

    kind = "vae-plane"
    EMITS = ("seen.ask", "seen.answer", "seen.failed", "sketch.box", "sketch.draw", "sketch.focus")
    HEARS = ("plane.ask", "plane.answer", "sketch", "forming.frame")
    TAKES = ("draw", "walk.9.4")

    def __init__(self, room: str) -> None:
        server: dict[str, ServerFunction | None] = {"read": read, "homes": homes, "drawings": drawings}
        super().__init__({"room": room}, server)


def toolbar() -> None:
    """Data and view, level with the switch of the models."""
    data = segments("data", [("digits", "vae.data.digits"), ("fashion", "vae.data.fashion")], "vae.data.label")
    view = segments("view", [("manifold", "vae.view.manifold"), ("scatter", "vae.view.scatter")], "vae.view.label")
    static(f'<div class="v-toolbar">{data}{view}</div>')


def outcome(room: str) -> None:
    """The picture with its plaque, the pad beside it, the terms below."""
    with gr.Column(elem_classes="v-vae-pair", min_width=0):
        Picture(
            room,
            ["seen.answer"],
            sheets=(Sheet(alt="vae.alt.decoded"),),
            plaque=("@point", "vae.plaque.model", "vae.plaque.data", "vae.plaque.made"),
            digits={"u": 2, "v": 2, "params": 0, "ms": 1},
            pixelated=True,
        )
        with gr.Column(elem_classes="v-vae-pad", min_width=0):
            Sketch(room)
            Reader(room)
    with gr.Column(elem_classes="v-vae-terms", min_width=0):
        with gr.Column(elem_classes="v-vae-sum", min_width=0):
            static(t("vae.terms.point", "h3", cls="v-vae-what"))
            Plaque(room, ["seen.answer"], ["@sum"], digits={"beta": 0})
        bars = [
            Bar("reconstruction", "vae.terms.reconstruction", full=300),
            Bar("kl", "=KL", color="accent", full=20),
            Bar("mu.0", "=μ₁", full=3, signed=True, digits=2),
            Bar("sigma.0", "=σ₁", full=1, color="accent", digits=2),
            Bar("mu.1", "=μ₂", full=3, signed=True, digits=2),
            Bar("sigma.1", "=σ₂", full=1, color="accent", digits=2),
        ]
        Bars(room, "seen.answer", bars)


def build(frame: Frame) -> None:
    """The plane in the middle, what is decoded on the right, the film of its training below."""
    with frame.act("plane"):
        with frame.stage():
            static(segments("beta", MODELS, "vae.model.label"))
            Plane(
                frame.room,
                ask=decode,
                background=background,
                background_knobs=("data", "beta", "view"),
                cover="forming.frame",
            )
        with frame.outcome():
            toolbar()
            outcome(frame.room)
        with frame.film():
            Film(
                frame.room,
                frames=forming,
                id="forming",
                film_knobs=("data",),
                mode="once",
                fps=2.5,
                fit="contain",
                zoom=4,
                name="vae.film.forming",
            )
