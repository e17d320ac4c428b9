"""A face that was found in the GAN's generator, as the browser keeps it from one question to the next."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import numpy as np

from gallery.shell.calls import Refusal, text
from gallery.shell.later import later

if TYPE_CHECKING:
    from models.gan import found, gan
else:
    found = later("models.gan.found")
    gan = later("models.gan.gan")

MOST_CODE = 12_000
"""Characters of a face that was found."""


def kept(face: found.Found) -> str:
    """A face that was found, for the browser to keep: half precision, base64."""
    return base64.b64encode(face.packed().astype("<f2").tobytes()).decode()


def brought(code: object) -> found.Found:
    """The face that the browser kept. Raises Refusal for what is none."""
    try:
        numbers = np.frombuffer(base64.b64decode(text(code, MOST_CODE, "code"), validate=True), "<f2")
        return found.unpacked(gan.gan("faces"), numbers.astype(np.float32))
    except (binascii.Error, ValueError) as error:
        raise Refusal("input.list") from error
