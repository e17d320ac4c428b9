"""Notebooks as a student runs them, and what the gallery's own server functions answered for the same state."""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from PIL import Image

from gallery.shell import notebook, page
from gallery.shell.calls import Answer, ServerFunction
from gallery.shell.contracts import Room


@cache
def rooms() -> dict[str, Room]:
    """The gallery's rooms, built."""
    loaded = page.load()
    page.build(loaded)
    return {room.NAME: room for room in loaded}


def state(query: str) -> tuple[Room, dict[str, Any]]:
    """The room and the knobs of a link."""
    given = dict(parse_qsl(query))
    room = rooms()[given["room"]]
    return room, notebook.state(room, given)


def made(query: str, lang: str = "en") -> dict[str, Any]:
    """The notebook of a link."""
    room, knobs = state(query)
    return notebook.document(room, knobs, "http://gallery/", lang)


class Ran:
    """A notebook whose cells ran in this process. shown: its pictures, as they were given to show(); all: its names."""

    def __init__(self, query: str, changes: Mapping[str, str]) -> None:
        """changes: pieces of its code that a student writes otherwise, like "steps = 500" -> "steps = 20"."""
        self.shown: list[np.ndarray] = []
        self.all: dict[str, Any] = {}
        for each in made(query)["cells"]:
            if each["cell_type"] == "code":
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(changed(each["source"], changes), query, "exec"), self.all)
            if self.all.get("show") not in (None, self.show):
                self.really, self.all["show"] = self.all["show"], self.show

    def show(self, picture: np.ndarray, zoom: int = 1) -> None:
        """Keep a picture, and show it as the notebook does."""
        self.shown.append(np.squeeze(np.asarray(picture)))
        self.really(picture, zoom)


def changed(source: str, changes: Mapping[str, str]) -> str:
    """A cell with some of its pieces written otherwise."""
    for old, new in changes.items():
        source = source.replace(old, new)
    return source


def opened(picture: Any) -> np.ndarray:
    """A picture that the gallery answered: a data URL, or what an endpoint returns. (H, W) or (H, W, 3) uint8."""
    if isinstance(picture, str):
        picture = Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2])))
    return np.squeeze(np.asarray(picture))


def frame(strip: Answer, i: int, row: int = 0, rows: int = 1) -> np.ndarray:
    """Frame i of a film, or a row of it."""
    whole = opened(strip["sprite"])
    wide, high = whole.shape[1] // strip["n"], whole.shape[0] // rows
    return whole[row * high : (row + 1) * high, i * wide : (i + 1) * wide]


def ask(fn: ServerFunction, *args: Any) -> Answer:
    """What a server function answers; an error fails the test."""
    answer = fn(list(args))
    assert "error" not in answer, answer
    return answer


def pulled(begin: Answer, more: ServerFunction, *args: Any) -> Iterator[Answer]:
    """All moments of a job, the first among them."""
    yield begin
    moment = begin
    while not moment["done"]:
        moment = ask(more, begin["token"], *args)
        yield moment


def trained(begin: Answer, more: ServerFunction, steps: int, knobs: Mapping[str, Any]) -> Answer:
    """The moment after so many steps of a training."""
    moment = begin
    for _ in range(steps):
        moment = ask(more, begin["token"], "both", steps, knobs)
    return moment
