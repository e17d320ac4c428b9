"""What the act "translate" asks first: pictures to begin with, photos, and the translation itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gallery.shell.calls import Refusal, Said, call, choice, field, number, text, values
from gallery.shell.later import later
from gallery.widgets import faces as photo
from gallery.widgets.answers import Facts, Sample, Samples, facts, jpeg_url, source_of
from models.cyclegan.vocabulary import PAIRS, WAYS
from models.runtime.gate import opening
from models.weights.cardfile import WEIGHTS, WeightsError, all_cards

if TYPE_CHECKING:
    from models.cyclegan import cyclegan
    from models.faces import faces
    from models.pictures import pictures
    from models.runtime import device
else:
    cyclegan = later("models.cyclegan.cyclegan")
    faces = later("models.faces.faces")
    pictures = later("models.pictures.pictures")
    device = later("models.runtime.device")

FOLDER = Path(photo.__file__).with_name("samples")
BUNDLED = {
    "painting1": "cyclegan.sample.painting",
    "painting2": "cyclegan.sample.painting",
    "noto1": "cyclegan.sample.noto",
    "noto2": "cyclegan.sample.noto",
    "twemoji1": "cyclegan.sample.twemoji",
    "twemoji2": "cyclegan.sample.twemoji",
}
"""Pictures of the two collections that may be shown to anybody: see the samples' README."""
FACES = ("1", "3", "6")
"""Faces that our VAE made."""
SAMPLES = (photo.PORTRAIT, *BUNDLED, *FACES)
FIRST = {
    "monet": (photo.PORTRAIT, "painting1"),
    "emoji": ("noto1", "twemoji1"),
    "smile": ("1", "3"),
}
"""Of each pair and collection, the sample that is shown where it is chosen."""
SIDE = 64
"""Pixels of an emoji and of a face."""
LONGEST = {"cpu": 512, "cuda": 1024}
"""Pixels of a photograph's longer side, by the device that computes."""
SIZES = ("96", "128", "192", "256", "384", "512")
"""Pixels of a photograph's longer side that it can be brought to before it is translated."""
AS_IS = "own"
FAST = "fast"
"""The network of ours, among NETWORKS."""
MOST_SENT = 3_000_000
"""Characters of a picture's data URL."""


def converted(folder: Path = WEIGHTS) -> dict[str, str]:
    """The authors' networks that somebody has converted: of each card, its name without "cyclegan-", and its title."""
    try:
        cards = [card for card in all_cards(folder) if card.name.startswith("cyclegan-")]
    except WeightsError:  # a card that breaks a rule is told of where it is used
        return {}
    theirs = [card for card in cards if card.network.get("generator") == "resnet"]
    return {card.name.removeprefix("cyclegan-"): card.title for card in theirs}


NETWORKS = converted()


@dataclass(frozen=True)
class Asked:
    """What is to be translated, (H, W, 3) uint8, and how: by which pair, which way, by the weights of which card."""

    pair: str
    way: str
    picture: np.ndarray
    name: str

    @property
    def direction(self) -> str:
        """ "there" or "back". Raises Refusal where the weights have no such direction."""
        return one_way(self.name, direction(self.way))


def one_way(name: str, wanted: str) -> str:
    """The direction itself. Raises Refusal where a converted card has only the other one, WeightsError."""
    if wanted not in cyclegan.translators(name).directions:
        raise Refusal("cyclegan.translate.one_way")
    return wanted


@dataclass(frozen=True, kw_only=True)
class Translated:
    """A picture and its translation as data URLs; what there is to say of them is asked when they are seen.

    input: None where the page said that it shows that picture already.
    """

    input: str | None
    translated: str
    width: int
    height: int
    facts: Facts


@dataclass(frozen=True)
class Opened:
    """A photo that was opened, as `gallery.widgets.Photo` takes it: `face` is the whole picture, or the cut square."""

    how: str
    face: str
    boxes: Sequence[Any] = ()


def longest() -> int:
    """Pixels of a longer side that this machine translates."""
    return LONGEST["cuda" if device.device().type == "cuda" else "cpu"]


def scaled(image: Image.Image, side: int) -> Image.Image:
    """The same picture, its longer side `side` pixels, or more where the shorter would come below the least."""
    by = max(side / max(image.size), cyclegan.LEAST / min(image.size))
    width, height = (max(cyclegan.LEAST, round(length * by)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def smaller(image: Image.Image, side: int) -> Image.Image:
    """The same picture with no side longer than `side`; its shape stays."""
    return image if max(image.size) <= side else scaled(image, side)


@cache
def bundled(name: str) -> np.ndarray:
    """A sample picture by its name, (H, W, 3) uint8."""
    if name in BUNDLED:
        return np.array(pictures.open_path(FOLDER / f"{name}.webp"))
    if name == photo.PORTRAIT:
        return np.array(pictures.open_path(photo.PORTRAIT_FILE))
    return photo.sample(name)


def called(name: str) -> Said:
    """What is read aloud of a sample."""
    return Said(BUNDLED[name], {"n": int(name[-1])}) if name in BUNDLED else photo.name_of(name)


def fitted(image: Image.Image, pair: str, size: str = AS_IS) -> np.ndarray:
    """A picture as the pair takes it: whole for paintings, a face that is found, or the centre square of an emoji.

    size: one of SIZES, to which a whole picture is brought, or AS_IS.

    Called in the visitor's turn to open pictures. Raises Refusal for a picture that is too small.
    """
    if min(image.size) < cyclegan.LEAST and pair == "monet":
        raise Refusal("cyclegan.translate.too_small", pixels=cyclegan.LEAST)
    if pair == "monet":
        return np.array(smaller(image, longest()) if size == AS_IS else scaled(image, int(size)))
    if pair == "smile":
        return np.array(faces.face_for_model(image).picture)
    return np.array(pictures.centre_square(image).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def opened(url: object) -> Image.Image:
    """The picture that the browser sends. Raises PictureError, Refusal."""
    return pictures.from_data_url(text(url, MOST_SENT, "photo"))


def chosen(data: object) -> Image.Image:
    """The picture that {face, sample} names: a sample, or where it is none, what the browser sends.

    Called in the visitor's turn to open pictures. Raises PictureError, Refusal.
    """
    name = field(data, "sample")
    return opened(field(data, "face")) if name is None else Image.fromarray(bundled(choice(name, SAMPLES, "picture")))


def direction(way: str) -> str:
    """ "there" for a2b, "back" for b2a."""
    return cyclegan.DIRECTIONS[WAYS.index(way)]


@call
def samples(args: list[Any]) -> Samples:
    """[] -> the pictures to begin with."""
    values(args, 0)
    return Samples([Sample(name, jpeg_url(bundled(name)), called(name)) for name in SAMPLES])


@call
def open_photo(args: list[Any]) -> Opened:
    """[data URL, None | {x, y, size}] -> the whole photo, upright and not too large, or the square that was cut."""
    url, frame = values(args, 2)
    with opening.turn():
        image = pictures.from_data_url(url)
        if frame is not None:
            image = _cut(image, frame)
        return Opened("framed", jpeg_url(np.array(smaller(image, longest())), 95))


def _cut(image: Image.Image, frame: object) -> Image.Image:
    x, y, size = (number(field(frame, name), 0.0, 1.0, name) for name in ("x", "y", "size"))
    side = max(cyclegan.LEAST, round(size * image.width))
    left, top = round(x * image.width), round(y * image.height)
    return image.crop((left, top, min(left + side, image.width), min(top + side, image.height)))


def asked(args: object) -> Asked:
    """[{knobs}, {face, sample}]; face: a data URL, where it is no sample. Raises PictureError, Refusal."""
    knobs, data = values(args, 2)
    pair = choice(field(knobs, "pair"), PAIRS, "pair")
    way = choice(field(knobs, "direction"), WAYS, "direction")
    size = choice(field(knobs, "size"), (AS_IS, *SIZES), "size")
    network = choice(field(knobs, "network"), (FAST, *NETWORKS), "network")
    with opening.turn():
        return Asked(pair, way, fitted(chosen(data), pair, size), pair if network == FAST else network)


@call
def travel(args: list[Any]) -> Translated:
    """[{knobs}, {face, sample, known}] -> the picture, unless it is known, and its translation."""
    wish = asked(args)
    made = cyclegan.known(wish.name, wish.direction, wish.picture)
    return Translated(
        input=None if args[1].get("known") is True else jpeg_url(wish.picture, 95),
        translated=jpeg_url(made, 95),
        width=made.shape[1],
        height=made.shape[0],
        facts=facts(cyclegan.translators(wish.name).params / 1e6, source_of(f"cyclegan-{wish.name}")),
    )
