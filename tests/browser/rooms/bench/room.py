"""A room of cheap, real server functions that mounts every widget."""

from __future__ import annotations

import base64
import io
import time
from typing import Any

import numpy as np
from PIL import Image

from gallery.shell.calls import Refusal, call, number, values
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, real
from gallery.shell.markup import segments
from gallery.widgets import Ask, Bar, Bars, Film, Photo, Picture, Plane, Sheet, Sketch, Slider, Sliders, scatter

NAME = "bench"
KNOBS = {
    "act": choice("plane", "faces"),
    "model": choice("grid", "scatter", "slow"),
    "u": real(0, -3, 3, act="plane"),
    "v": real(0, -3, 3, act="plane"),
    "face": choice("0", "1", "2", "3", "own", act="faces"),
    "smile": real(0, -3, 3, act="faces"),
    "age": real(0, -3, 3, act="faces"),
}
SLOW = 0.15  # seconds that one answer of the model "slow" takes


def data_url(pixels: np.ndarray, kind: str = "png") -> str:
    """A uint8 array (H, W) or (H, W, 3) as a data URL."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind.upper(), quality=90)
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"


def blob(u: float, v: float, side: int = 28) -> np.ndarray:
    """A soft dark spot on white that stands where (u, v) says, v upwards. (side, side) uint8."""
    axis = np.linspace(-3, 3, side)
    x, y = np.meshgrid(axis, -axis)
    ring = np.exp(-((np.hypot(x - u, y - v) - 0.9) ** 2) * 4)
    return (255 * (1 - ring)).astype(np.uint8)


def face(smile: float, tint: int = 0, side: int = 64) -> np.ndarray:
    """A drawn face, (side, side, 3) uint8: enough to see what a widget does with one."""
    axis = np.linspace(-1, 1, side)
    x, y = np.meshgrid(axis, axis)
    picture = np.full((side, side, 3), (206, 214, 218), np.uint8)
    skins = [(236, 196, 164), (150, 104, 76), (214, 160, 120), (250, 218, 190)]
    picture[(x / 0.66) ** 2 + (y / 0.86) ** 2 < 1] = skins[tint % 4]
    for eye in (-0.27, 0.27):
        picture[(x - eye) ** 2 + (y + 0.2) ** 2 < 0.008] = (40, 32, 30)
    mouth = np.abs(y - 0.42 + smile * 0.09 * ((x / 0.3) ** 2 - 0.5)) < 0.05
    picture[mouth & (np.abs(x) < 0.32)] = (150, 40, 40)
    return picture


@call
def ask(args: list[Any]) -> dict[str, Any]:
    """The picture at (u, v), with numbers for plaque and bars."""
    knobs, u, v = values(args, 3)
    u, v = number(u, -3, 3, "u"), number(v, -3, 3, "v")
    if knobs["model"] == "slow":
        time.sleep(SLOW)
    image = data_url(blob(u, v))
    return {"image": image, "u": u, "v": v, "ms": 2.1, "rec": -130.6 + u, "kl": u * u + v * v, "mu": [u, v]}


@call
def background(args: list[Any]) -> dict[str, Any]:
    """A grid of spots, or a scatter of ten clouds."""
    (knobs,) = values(args, 1)
    if knobs["model"] == "scatter":
        rng = np.random.default_rng(0)
        label = np.arange(10_000) % 10
        centre = rng.normal(0, 1.6, (10, 2))
        points = scatter(centre[label] + rng.normal(0, 0.45, (10_000, 2)), label, 4.0)
        legend = [{"label": str(i)} for i in range(10)]
        return {"points": points, "mapping": "linear", "lim": 4.0, "legend": legend, "rings": [1, 2]}
    if knobs["model"] == "slow":
        time.sleep(0.4)
    p = (np.arange(20) + 0.5) / 20 * 6 - 3
    rows = [np.hstack([blob(u, v) for u in p]) for v in p[::-1]]
    return {"image": data_url(np.vstack(rows), "jpeg"), "mapping": "quantile", "lim": 3.0}


@call
def film(args: list[Any]) -> dict[str, Any]:
    """Nine faces from no smile to a broad one, in one sprite."""
    _, photo = values(args, 2)
    steps = np.linspace(-3, 3, 25)
    tint = int(photo["sample"]) if photo and photo.get("sample") else 0
    sprite = data_url(np.hstack([face(k, tint) for k in steps]), "jpeg")
    captions = [{"key": "bench.k", "args": {"k": float(k)}, "digits": {"k": 2}} for k in steps]
    return {"sprite": sprite, "n": 25, "w": 64, "h": 64, "captions": captions, "values": steps.tolist()}


@call
def spots(args: list[Any]) -> dict[str, Any]:
    """Twelve spots on a circle, two rows of six: a sprite with columns."""
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    tiles = [blob(1.5 * np.cos(t), 1.5 * np.sin(t)) for t in turns]
    sprite = np.vstack([np.hstack(tiles[:6]), np.hstack(tiles[6:])])
    return {"sprite": data_url(sprite), "n": 12, "w": 28, "h": 28, "columns": 6}


@call
def look(args: list[Any]) -> dict[str, Any]:
    """The face with the sliders' smile, beside the one that was sent."""
    knobs, photo = values(args, 2)
    tint = int(photo.get("sample") or 0)
    return {"image": data_url(face(knobs["smile"], tint), "jpeg"), "original": photo["face"], "smile": knobs["smile"]}


@call
def judge(args: list[Any]) -> dict[str, Any]:
    """Numbers of a sketch: its ink and where it lies."""
    _, sketch = values(args, 2)
    ink = np.array(sketch["pixels"], float).reshape(28, 28)
    if not ink.any():
        return {"ink": 0.0}
    y, x = np.mgrid[:28, :28]
    return {"ink": ink.mean(), "cx": (x * ink).sum() / ink.sum(), "cy": (y * ink).sum() / ink.sum()}


@call
def open_photo(args: list[Any]) -> dict[str, Any]:
    """A wide photo has two "faces" to choose from, a tall one none; a square one is framed already."""
    url, crop = values(args, 2)
    image = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
    if image.width == 13:
        raise Refusal("input.text", name="photo", limit=13)
    if crop:
        x, y, size = (number(crop[name], 0, 1, name) for name in ("x", "y", "size"))
        side = size * image.width
        left, top = x * image.width, y * image.height
        image = image.crop((round(left), round(top), round(left + side), round(top + side)))
    elif image.width != image.height:
        boxes = [{"x": 0.1, "y": 0.2, "size": 0.3}, {"x": 0.6, "y": 0.2, "size": 0.3}]
        return {"how": "choose", "boxes": boxes if image.width > image.height else []}
    face_url = data_url(np.asarray(image.resize((64, 64))), "jpeg")
    return {"face": face_url, "how": "framed", "boxes": [], "width": image.width, "height": image.height}


@call
def samples(args: list[Any]) -> dict[str, Any]:
    """Four drawn faces."""
    return {
        "samples": [
            {"id": str(i), "image": data_url(face(0, i), "jpeg"), "name": {"key": "widgets.photo.samples"}}
            for i in range(4)
        ]
    }


def build() -> None:
    """Two acts that between them hold every widget."""
    tries = (Try("bench.try.corner", {"u": 1.5, "v": -0.5}), Try("bench.try.film", {}, emit="film.play"))
    frame = Frame(NAME, [Act("plane", r"z = (u, v)", tries, ()), Act("faces", r"z' = z + k\,d", tries[:1], ())])
    with frame.act("plane"):
        _plane(frame)
    with frame.act("faces"):
        _faces(frame)


def _plane(frame: Frame) -> None:
    with frame.stage():
        static(segments("model", [("grid", "=grid"), ("scatter", "=scatter"), ("slow", "=slow")], "bench.model"))
        Plane(NAME, ask=ask, background=background, background_knobs=["model"], legend_rows=1, elem_id="plane")
    with frame.outcome():
        Picture(
            NAME,
            ["plane.answer", "film.frame"],
            plaque=("bench.plaque",),
            digits={"u": 2, "v": 2, "ms": 1},
            pixelated=True,
            elem_id="picture",
        )
        bars = [
            Bar("rec", "bench.rec"),
            Bar("kl", "=KL", "accent", full=18),
            Bar("mu.0", "=μ₁", full=3, signed=True, digits=2),
            Bar("mu.1", "=μ₂", full=3, signed=True, digits=2),
        ]
        Bars(NAME, "plane.answer", bars, elem_id="bars")
    with frame.film():
        Film(NAME, frames=spots, pixelated=True, fit="contain", elem_id="film")


def _faces(frame: Frame) -> None:
    fields = ["face", "sample"]
    with frame.stage():
        sheets = [Sheet("original", caption="bench.original"), Sheet(caption="bench.changed")]
        Picture(NAME, ["face.answer"], sheets=sheets, plaque=("bench.smile",), elem_id="faces")
        Sliders(NAME, [Slider("smile", "bench.smile_slider"), Slider("age", "=age")], elem_id="sliders")
        Ask(NAME, look, id="face", knobs=["smile", "age"], event="photo", fields=fields, needs_event=True)
    with frame.outcome():
        Photo(NAME, open_photo, samples=samples, knob="face", elem_id="photo")
        Sketch(NAME, elem_id="sketch")
        Ask(NAME, judge, id="judge", event="sketch", fields=["pixels"], needs_event=True)
        Bars(NAME, "judge.answer", [Bar("ink", "=ink", full=255)], elem_id="ink")
    with frame.film():
        Film(
            NAME,
            frames=film,
            id="smiles",
            knob="smile",
            event="photo",
            fields=fields,
            needs_event=True,
            name="bench.film",
            elem_id="smiles",
        )


def publish() -> None:
    """No endpoints."""


def warm() -> None:
    """Nothing here is heavy."""
