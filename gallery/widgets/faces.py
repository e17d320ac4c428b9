"""Faces for the VAE room: the samples that the gallery ships, the visitor's photos, and faces drawn from the prior."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image

from gallery.shell import uploads
from gallery.shell.calls import Refusal, Said, call, field, number, values
from gallery.shell.later import later
from gallery.widgets.answers import Sample, Samples, png_url
from models.runtime.gate import opening
from models.runtime.kept import Kept

if TYPE_CHECKING:
    from models.faces import faces
    from models.pictures import decoding, pictures
    from models.vae import smile
else:
    faces = later("models.faces.faces")
    decoding = later("models.pictures.decoding")
    pictures = later("models.pictures.pictures")
    smile = later("models.vae.smile")

MOST_SUGGESTED = 6
SIDE = 64
"""Pixels of a face."""
MOST_SENT = 400_000
"""Characters of a small picture's data URL: a PNG of noise, 256 pixels a side, has 270,000."""
Face = np.ndarray  # (64, 64, 3) uint8

SEEDS = {str(i): seed for i, seed in enumerate((11, 51, 8, 38, 6, 37, 35, 57, 45, 40, 47), 1)}
"""Sample faces that our model made: name in a link -> seed. Nobody's photographs."""
SAMPLE_TEMPERATURE = 0.7
PORTRAIT = "collins"
"""The one photograph: NASA's portrait of Eileen Collins, in the public domain."""
SAMPLES = (*SEEDS, PORTRAIT)
OWN, DRAWN = "own", "drawn"
FACES = (*SAMPLES, OWN, DRAWN)
lately: Kept[Face] = Kept(4_000_000, lambda face: face.nbytes)
"""Faces that programs' photos showed, by what the photos hold; forgotten with the photos."""
PORTRAIT_FILE = Path(__file__).with_name("samples") / "astronaut.jpg"


@cache
def portrait() -> Face:
    """The portrait, found and framed like the data: (64, 64, 3) uint8."""
    return np.array(faces.face_for_model(pictures.open_path(PORTRAIT_FILE)).picture)


def sample(name: str) -> Face:
    """A sample face by its name: (64, 64, 3) uint8."""
    if name == PORTRAIT:
        return portrait()
    model = smile.faces()
    return model.picture(model.draw(SEEDS[name], 1, SAMPLE_TEMPERATURE)[0])


def square(url: Any, *sides: int) -> Image.Image:
    """The picture that the browser sends, one of these sides in pixels. Raises PictureError, and Refusal for others and
    for a file that holds more than such a picture."""
    if isinstance(url, str) and len(url) > MOST_SENT:
        raise Refusal("widgets.photo.not_a_face")
    image = pictures.from_data_url(url)
    if image.width != image.height or image.width not in sides:
        raise Refusal("widgets.photo.not_a_face")
    return image


def framed(url: Any) -> Face:
    """The 64x64 face that the browser sends. Raises PictureError, and Refusal for another size."""
    return np.array(square(url, SIDE))


def api_photo(photo: object) -> Image.Image:
    """A photo that reaches an endpoint, whole and upright. Raises PictureError, Refusal."""
    return opened(sent(photo))


def sent(photo: object) -> str | bytes:
    """What reaches an endpoint for a photo: its data URL, or what the uploaded file holds. Raises Refusal."""
    if not isinstance(photo, str):
        raise Refusal("widgets.photo.missing")
    return photo if photo.startswith("data:") else uploads.read(photo, pictures.MAX_BYTES + 1)


def opened(content: str | bytes) -> Image.Image:
    """Raises PictureError."""
    return pictures.from_data_url(content) if isinstance(content, str) else pictures.open_upload(content)


def api_face(photo: object) -> Face:
    """A photo that reaches an endpoint: its one face, or else its centre square. Raises PictureError, Refusal.

    A program that edits one photo many times has its face looked for once.
    """
    with opening.turn():
        content = sent(photo)
        named = hashlib.sha256(content.encode(errors="surrogatepass") if isinstance(content, str) else content).digest()
        return lately.get(named, lambda: np.array(faces.face_for_model(opened(content)).picture)).copy()


def offered(names: Sequence[str]) -> list[Sample]:
    """Sample faces by their names."""
    return [Sample(name, png_url(sample(name)), name_of(name)) for name in names]


def name_of(name: str) -> Said:
    """What is read aloud of a sample face."""
    return Said("widgets.photo.portrait") if name == PORTRAIT else Said("widgets.photo.sample", {"n": int(name)})


@call
def samples(args: list[Any]) -> Samples:
    """[] -> all sample faces."""
    values(args, 0)
    return Samples(offered(SAMPLES))


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A photo that was opened. face: the data URL of a 64x64 picture, None where the visitor has to choose; how, photo:
    see `gallery.widgets.Photo`; boxes: suggested squares."""

    how: Literal["framed", "found", "choose"]
    boxes: Sequence[faces.Square] = ()
    face: str | None = None
    photo: str | None = None


@call
def open_photo(args: list[Any]) -> Opened:
    """[data URL, None | {x, y, size}] -> the face in a photo: found, cut out by hand, or to be chosen."""
    url, frame = values(args, 2)
    with opening.turn():
        image = pictures.from_data_url(url)
        if frame is not None:
            return Opened(how="framed", face=png_url(cut(image, frame)))
        return replace(found(image), photo=shown(image))


def shown(image: Image.Image) -> str | None:
    """A JPEG of what a browser cannot show by itself; None for what it can."""
    return pictures.data_url(pictures.jpeg(image)) if image.format in decoding.FOREIGN else None


def found(image: Image.Image) -> Opened:
    """The one face in a photo, or what may be one."""
    boxes = faces.find_faces(image)
    crop = faces.face_for_model(image, boxes=boxes)
    if crop.how == "framed":
        return Opened(how="framed", face=png_url(np.array(crop.picture)))
    only = faces.only_face(boxes)
    if crop.how == "aligned" and only:
        found = [faces.square_of(image, only)]
        return Opened(how="found", face=png_url(np.array(crop.picture)), boxes=found)
    suggested = [faces.square_of(image, box) for box in boxes[:MOST_SUGGESTED]]
    return Opened(how="choose", boxes=suggested)


def cut(image: Image.Image, frame: object) -> Face:
    """The visitor's own square of the photo. Raises Refusal, PictureError."""
    x, y, size = (number(field(frame, name), 0.0, 1.0, name) for name in ("x", "y", "size"))
    return np.array(faces.crop(image, x, y, size))
