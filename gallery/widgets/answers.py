"""What the rooms answer: pictures, films, plaques and curves. `gallery.shell.calls.sent` says how they travel."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from gallery.shell.calls import Part, Said
from gallery.shell.later import later

if TYPE_CHECKING:
    from models.pictures import pictures
    from models.runtime import device
    from models.weights import cards
else:
    pictures = later("models.pictures.pictures")
    device = later("models.runtime.device")
    cards = later("models.weights.cards")

Caption = Said | str | float
"""Beneath a frame; a number is written as the reader writes it."""


def jpeg_url(picture: np.ndarray, quality: int = 92) -> str:
    """A picture (H, W), (H, W, 1) or (H, W, 3) uint8 as a data URL, quickly."""
    return pictures.data_url(pictures.jpeg(picture, quality))


def png_url(picture: np.ndarray) -> str:
    """The same without loss: the browser sends it back to be encoded."""
    return pictures.data_url(pictures.png(picture), "image/png")


def numbers_text(arrays: np.ndarray | list[np.ndarray]) -> str:
    """Numbers of a few bytes, one after another, as base64; the browser reads little-endian."""
    array = np.stack(arrays) if isinstance(arrays, list) else arrays
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def sheet(rows: Sequence[Sequence[np.ndarray] | np.ndarray]) -> np.ndarray:
    """Rows of pictures of one size, (H, W, C) uint8, as one picture."""
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)


@dataclass(frozen=True, kw_only=True)
class Strip(Part):
    """A film as `gallery.widgets.Film` takes it: n frames of w x h pixels side by side in one picture.

    sprite: its data URL. values: of a knob, one for each frame; knob: which, if not the film's own. captions: one for
    each frame. index: of the frame that is shown first.
    """

    sprite: str
    n: int
    w: int
    h: int
    values: Sequence[float] | None = None
    captions: Sequence[Caption] | None = None
    knob: str | None = None
    index: int | None = None


def strip(*rows: Sequence[np.ndarray] | np.ndarray, quality: int = 90) -> Strip:
    """Pictures of one size, (H, W, C) uint8, as a film; with several rows a frame is a column of them. None: n = 0."""
    if not len(rows[0]):
        return Strip(sprite="", n=0, w=0, h=0)
    height, width = rows[0][0].shape[:2]
    sprite = jpeg_url(sheet(rows), quality)
    return Strip(sprite=sprite, n=len(rows[0]), w=width, h=len(rows) * height)


def stops(
    frames: Sequence[np.ndarray] | np.ndarray,
    marks: Sequence[float],
    key: str,
    number: str,
    digits: int,
    knob: str | None = None,
    quality: int = 90,
) -> Strip:
    """A film along a number. marks: its value in each frame; each caption is the sentence `key` with that value as
    `number`, written with so many digits. knob: the one that it is, if not the film's own."""
    captions = [Said(key, {number: mark}, {number: digits}) for mark in marks]
    return replace(strip(frames, quality=quality), values=list(marks), captions=captions, knob=knob)


@dataclass(frozen=True, kw_only=True)
class Facts(Part):
    """What a plaque says of a model. params: as many as its sentence counts in; source: where its weights came from."""

    params: float
    source: Said | str
    device: str
    dataset: str | None = None


def facts(params: float, source: Said | str, dataset: str | None = None) -> Facts:
    """The facts of a model that computes on the device in use."""
    return Facts(params=params, source=source, device=device.describe(), dataset=dataset)


def source_of(card: str) -> Said | str:
    """Where the weights of a card came from, as a sentence; "" before they are used."""
    source = cards.badge(card).source
    return Said(source.key) if source else ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One curve of `gallery.widgets.Curve`. points: in [0, 1]; dash: with gaps; quiet: without its dot."""

    points: Sequence[float]
    color: Literal["data", "accent", "ink", "soft"]
    label: Said | str = ""
    dash: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Curves(Part):
    """What a Curve draws, the last curve on top."""

    curves: Sequence[Line]


@dataclass(frozen=True)
class Sample:
    """A picture to begin with; id: its name in a link, image: its data URL, name: what is read aloud of it."""

    id: str
    image: str
    name: Said


@dataclass(frozen=True)
class Samples:
    """What a Photo offers beside the visitor's own pictures."""

    samples: Sequence[Sample]
