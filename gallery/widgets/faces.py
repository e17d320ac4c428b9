"""Faces for the VAE room: the samples that the gallery ships, the visitor's photos, and faces drawn from the prior."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gallery.shell import uploads
from gallery.shell.calls import Answer, Refusal, call, field, number, values
from gallery.shell.later import later

if TYPE_CHECKING:
    from models.faces import faces
    from models.pictures import pictures
    from models.vae import smile
else:
    faces = later("models.faces.faces")
    pictures = later("models.pictures.pictures")
    smile = later("models.vae.smile")

MOST_SUGGESTED = 6
Face = np.ndarray  # (64, 64, 3) uint8

SEEDS = {str(i): seed for i, seed in enumerate((11, 51, 8, 38, 6, 37, 35, 57, 45, 40, 47), 1)}
"""Sample faces that our model made: name in a link -> seed. Nobody's photographs."""
SAMPLE_TEMPERATURE = 0.7
PORTRAIT = "collins"
"""The one photograph: NASA's portrait of Eileen Collins, in the public domain."""
SAMPLES = (*SEEDS, PORTRAIT)
OWN, DRAWN = "own", "drawn"
FACES = (*SAMPLES, OWN, DRAWN)
PORTRAIT_FILE = Path(__file__).with_name("samples") / "astronaut.jpg"


def png_url(face: Face) -> str:
    """A face as a data URL, without loss: the browser sends it back to be encoded."""
    return pictures.data_url(pictures.png(face), "image/png")


def jpeg_url(face: Face) -> str:
    """A decoded face as a data URL."""
    return pictures.data_url(pictures.jpeg(face, 92))


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


def framed(url: Any) -> Face:
    """The 64x64 face that the browser sends. Raises PictureError, and Refusal for another size."""
    image = pictures.from_data_url(url)
    if image.size != (64, 64):
        raise Refusal("widgets.photo.not_a_face")
    return np.array(image)


def api_face(photo: object) -> Face:
    """A photo that reaches an endpoint: its one face, or else its centre square. Raises PictureError, Refusal."""
    if not isinstance(photo, str):
        raise Refusal("widgets.photo.missing")
    if photo.startswith("data:"):
        image = pictures.from_data_url(photo)
    else:
        image = pictures.open_upload(uploads.read(photo, pictures.MAX_BYTES + 1))
    return np.array(faces.face_for_model(image).picture)


@call
def samples(args: list[Any]) -> Answer:
    """[] -> {"samples": [{id, image}]}."""
    values(args, 0)
    return {"samples": [{"id": name, "image": png_url(sample(name))} for name in SAMPLES]}


@call
def open_photo(args: list[Any]) -> Answer:
    """[data URL, None | {x, y, size}] -> {face, how, boxes}: found, cut out by hand, or to be chosen."""
    url, square = values(args, 2)
    image = pictures.from_data_url(url)
    if square is not None:
        return {"face": png_url(cut(image, square)), "how": "framed", "boxes": []}
    crop = faces.face_for_model(image)
    if crop.how == "framed":
        return {"face": png_url(np.array(crop.picture)), "how": "framed", "boxes": []}
    boxes = faces.find_faces(image)
    only = faces.only_face(boxes)
    if crop.how == "aligned" and only:
        found = suggestion(image, only)
        return {"face": png_url(np.array(crop.picture)), "how": "found", "boxes": [found]}
    return {"how": "choose", "boxes": [suggestion(image, box) for box in boxes[:MOST_SUGGESTED]]}


def cut(image: Image.Image, square: object) -> Face:
    """The visitor's own square of the photo. Raises Refusal, PictureError."""
    x, y, size = (number(field(square, name), 0.0, 1.0, name) for name in ("x", "y", "size"))
    return np.array(faces.crop(image, x, y, size))


def suggestion(image: Image.Image, box: faces.Box) -> dict[str, float]:
    """A found face as the square that would be cut out of the photo."""
    return faces.square_of(image, box)._asdict()
