"""How answers travel: dataclasses become objects, parts lie flat, and a film's frames are where it says."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from gallery.shell.calls import Part, Refusal, Said, call, sent
from gallery.widgets.answers import jpeg_url, png_url, sheet, strip


class Place(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Inner(Part):
    a: int
    b: float | None = None


@dataclass(frozen=True)
class Outer:
    inner: Inner
    told: Said
    given: float | None
    places: tuple[Place, ...] = ()
    left: str | None = None


def test_parts_lie_flat_and_what_is_left_out_does_not_travel() -> None:
    answer = Outer(Inner(1), Said("page.busy"), None, (Place(1, 2),))
    assert sent(answer) == {"a": 1, "told": {"key": "page.busy"}, "given": None, "places": [{"x": 1, "y": 2}]}
    assert sent({"many": [Inner(1, 0.0), Inner(2)]}) == {"many": [{"a": 1, "b": 0.0}, {"a": 2}]}


def test_a_call_answers_what_json_can_hold() -> None:
    @call
    def told(args: list[object]) -> Outer:
        if args:
            raise Refusal("input.list")
        return Outer(Inner(2, 0.5), Said("page.busy", {"n": 1}, {"n": 0}), 0.25)

    answer = told([])
    assert json.loads(json.dumps(answer)) == answer
    assert answer["b"] == 0.5 and answer["told"] == {"key": "page.busy", "args": {"n": 1}, "digits": {"n": 0}}
    assert told([1]) == {"error": {"key": "input.list", "args": {}}}


def decoded(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(b64decode(url.partition(",")[2]))))


def test_every_frame_of_a_film_lies_in_its_place() -> None:
    rows = [[np.full((8, 16, 3), 20 + 40 * i + 100 * j, np.uint8) for i in range(3)] for j in range(2)]
    film = strip(*rows, quality=95)
    assert (film.n, film.w, film.h) == (3, 16, 16)
    picture = decoded(film.sprite).astype(int)
    assert picture.shape[:2] == (film.h, film.n * film.w)
    for i in range(3):
        for j in range(2):
            frame = picture[8 * j : 8 * j + 8, 16 * i : 16 * i + 16]
            assert abs(frame - rows[j][i]).max() <= 3
    assert strip([]).n == 0
    assert np.array_equal(sheet(rows)[:8, 16:32], rows[0][1])


def test_png_keeps_every_value_and_jpeg_nearly() -> None:
    face = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    assert np.array_equal(decoded(png_url(face)), face)
    smooth = np.linspace(0, 255, 64 * 64).reshape(64, 64).astype(np.uint8)
    assert np.abs(decoded(jpeg_url(smooth)).astype(int) - smooth).max() < 8
