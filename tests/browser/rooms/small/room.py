"""A room as a new concept would bring it: one act with a plane, a picture, a film, and a script of its own.

tests.browser.copies makes others of it, under other names: nothing outside a room's folder knows it.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from gallery.shell.calls import Refusal, call, number, values
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import choice, real, whole
from gallery.shell.source import Code
from gallery.widgets import Film, Picture, Plane
from gallery.widgets.base import Widget

NAME = "small"
KNOBS = {"u": real(0, -3, 3), "v": real(0, -3, 3), "seed": whole(1, 0, 99), "tone": choice("dark", "pale")}
FRAMES = 12


def url(pixels: np.ndarray) -> str:
    """Grey pixels as a data URL."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def spot(u: float, v: float, side: int = 28) -> np.ndarray:
    """A dark spot where (u, v) says: (side, side) uint8."""
    axis = np.linspace(-3, 3, side)
    x, y = np.meshgrid(axis, -axis)
    return (255 * (1 - np.exp(-((x - u) ** 2 + (y - v) ** 2)))).astype(np.uint8)


@call
def ask(args: list[Any]) -> dict[str, Any]:
    """The spot under the point. Far to the right there is none: a sentence of this room says so."""
    _, u, v = values(args, 3)
    u, v = number(u, -3, 3, "u"), number(v, -3, 3, "v")
    if u > 2.9:
        raise Refusal("small.none", u=u)
    return {"image": url(spot(u, v)), "ms": 1.0}


@call
def begin(args: list[Any]) -> dict[str, Any]:
    """A walk around a circle, its beginning given by the seed."""
    (knobs,) = values(args, 1)
    turns = np.linspace(0, 2 * np.pi, FRAMES, endpoint=False) + number(knobs["seed"], 0, 99, "seed")
    sprite = np.hstack([spot(2 * np.cos(t), 2 * np.sin(t)) for t in turns])
    return {"token": "", "done": True, "total": FRAMES, "n": FRAMES, "w": 28, "h": 28, "sprite": url(sprite)}


class Walk(Widget):
    """Start, stop and seed, from the shared generator."""

    kind = "small-walk"
    EMITS = ("film",)
    TAKES = ("go",)

    def __init__(self, room: str) -> None:
        super().__init__({"room": room, "fresh": ["seed"], "last_seed": 99}, {"begin": begin})


def build() -> None:
    """The act."""
    act = Act(
        "walk",
        formula=r"z = (u, v)",
        tries=(Try("small.try.corner", {"u": 1.5, "v": -1.5}), Try("small.try.go", emit="go")),
        code=(Code("gallery/shell/words.py", "number"),),
    )
    frame = Frame(NAME, [act])
    with frame.act("walk"):
        with frame.stage():
            Plane(NAME, ask=ask)
        with frame.outcome():
            Picture(
                NAME, ["plane.answer", "film.frame"], pixelated=True, plaque=("small.plaque",), digits={"u": 2, "v": 2}
            )
            Walk(NAME)
        with frame.film():
            Film(NAME, pixelated=True, fit="contain")


def publish() -> None:
    """No endpoints."""


def warm() -> None:
    """Nothing here is heavy."""
