"""The border between tensors and images, and the one door through which uploads come in.

Uploads are hostile until `open_upload` has returned: size in bytes, format, and size in pixels are checked before a
pixel is decoded; what comes out is plain RGB, upright, without metadata, and not larger than anybody looks at. Tensors
are (C, H, W) floats, in [-1, 1] unless a `span` says otherwise; arrays are (H, W, C) or (H, W) uint8.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from models.pictures import decoding
from models.pictures.colours import to_rgb
from models.runtime.gate import opening

if TYPE_CHECKING:
    from torch import Tensor

    Picture = Image.Image | np.ndarray | Tensor

MAX_BYTES = 10_000_000
MIN_SIDE = 8
"""Pixels. Less than this is a tracking pixel or an accident, and no room can show anything with it."""
MAX_ASPECT = 20
AT_ONCE = 512 * 512
"""Pixels up to which a picture is opened without waiting for a turn."""

Span = tuple[float, float]
SIGNED: Span = (-1.0, 1.0)
UNIT: Span = (0.0, 1.0)

SMALL = 512
"""Pixels. Up to this side a JPEG keeps its colours at full resolution (4:4:4): a 64x64 face would smear."""

NOT_FINITE = "The picture holds NaN or infinite values."

_DATA_URL = re.compile(r"data:(?:[\w.+-]+/[\w.+-]+)?;base64,", re.ASCII)
_LONGEST_HEAD = 128


class PictureError(ValueError):
    """A picture that is not taken. `key` names the sentence in the gallery's words, `args` holds what it mentions."""

    def __init__(self, key: str, **args: int | str) -> None:
        super().__init__(f"{key} {args}")
        self.key = key
        self._args = args

    @property
    def args(self) -> dict[str, int | str]:  # type: ignore[override]
        """The values of the sentence's placeholders."""
        return self._args


def open_upload(data: bytes) -> Image.Image:
    """A visitor's file -> RGB, upright, on white, without metadata; no side longer than decoding.SIDE.

    What it is, its content says; `format` of the picture tells it on. Large pictures are opened two at a time, in
    visitors' turns. Raises PictureError for a file that is empty, too big in bytes or pixels, of another format than
    decoding.FORMATS, smaller than MIN_SIDE, longer than MAX_ASPECT times its width, or broken; for large pictures also
    DeviceBusy and Abandoned.
    """
    if not data:
        raise PictureError("picture.empty")
    if len(data) > MAX_BYTES:
        raise _too_big()
    image = _read_header(data)
    _check_size(image)
    with opening.turn() if image.width * image.height > AT_ONCE else contextlib.nullcontext():
        try:
            return decoding.decoded(image, data)
        except Exception as error:  # on hostile bytes Pillow's decoders raise nearly anything
            raise PictureError("picture.broken") from error


def open_path(path: str | Path) -> Image.Image:
    """The file at `path`, as `open_upload` takes it. Reads no more than the limit. Raises PictureError."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError, TypeError) as error:
        raise PictureError("picture.missing") from error
    return open_upload(data)


def from_data_url(url: str) -> Image.Image:
    """`data:image/png;base64,...`, as a browser's canvas or file reader makes it, as `open_upload` takes it.

    The type that it names is not asked: a browser guesses it by the file's name. Strict: base64 without blanks or
    missing padding. Raises PictureError; the size is checked
    before anything is decoded.
    """
    head = _DATA_URL.match(url[:_LONGEST_HEAD]) if isinstance(url, str) else None
    if head is None:
        raise PictureError("picture.address")
    if (len(url) - head.end()) // 4 * 3 > MAX_BYTES + 2:  # padding hides up to two bytes
        raise _too_big()
    try:
        data = binascii.a2b_base64(url[head.end() :], strict_mode=True)
    except ValueError as error:  # binascii.Error is one; so is a character that is not ASCII
        raise PictureError("picture.address") from error
    return open_upload(data)


def centre_square(image: Image.Image) -> Image.Image:
    """The biggest square around the centre."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def to_tensor(image: Image.Image, size: int, span: Span = SIGNED) -> Tensor:
    """The centre square, resized -> (3, size, size) float32 in `span`.

    Lanczos: the data set's 64x64 faces are closest to its 128x128 ones under this filter (mean squared error 5.4 of
    255^2; bicubic 5.7, box 6.8, bilinear 11.0, on 100 faces).
    """
    square = centre_square(image.convert("RGB"))
    if square.width != size:
        square = square.resize((size, size), Image.Resampling.LANCZOS)
    return from_uint8(np.array(square), span)


def to_uint8(tensor: Tensor, span: Span = SIGNED) -> np.ndarray:
    """(..., C, H, W) floats in `span` -> (..., H, W, C) uint8, as `to_bytes` makes them. Raises ValueError."""
    return np.ascontiguousarray(np.moveaxis(_rounded(tensor, span), -3, -1))


def from_uint8(pictures: np.ndarray | Tensor, span: Span = SIGNED) -> Tensor:
    """(..., H, W, C) uint8 -> (..., C, H, W) float32 in `span`, the way back; on the device of what is given."""
    import torch

    given = torch.from_numpy(np.ascontiguousarray(pictures)) if isinstance(pictures, np.ndarray) else pictures
    return from_bytes(given.movedim(-1, -3), span)


def to_bytes(values: Tensor, span: Span = SIGNED) -> Tensor:
    """Floats in `span` -> uint8 of the same shape on the CPU, rounded; values outside are clipped.

    Raises ValueError for a NaN or an infinity.
    """
    import torch

    return torch.from_numpy(_rounded(values, span))


def _rounded(values: Tensor, span: Span) -> np.ndarray:
    """In numpy: a hall's answers are made in as many threads, and each would begin threads of torch's of its own."""
    low, high = span
    x = values.detach().float().cpu().numpy()
    if not np.isfinite(x).all():
        raise ValueError(NOT_FINITE)
    scaled = np.clip(x, low, high)
    scaled -= low
    scaled *= 255 / (high - low)
    return np.rint(scaled, out=scaled).astype(np.uint8)


def finite(x: Tensor) -> Tensor:
    """x itself. Raises ValueError for a NaN or an infinity: a broken network must not pass for a black picture."""
    if x.numel() and not all(end.isfinite() for end in x.aminmax()):  # a NaN anywhere is both; no copy of x is made
        raise ValueError(NOT_FINITE)
    return x


def from_bytes(values: Tensor, span: Span = SIGNED) -> Tensor:
    """uint8 -> float32 in `span`, of the same shape and on the same device. Raises TypeError for what is not uint8."""
    if str(values.dtype) != "torch.uint8":
        raise TypeError(f"Pictures are uint8 here, not {values.dtype}.")
    low, high = span
    return values.float().div_(255 / (high - low)).add_(low)


def grid(pictures: Tensor | np.ndarray, columns: int, span: Span = SIGNED) -> np.ndarray:
    """N pictures -> one big (rows H, columns W, C) uint8, row by row; places left over are white.

    pictures: (N, C, H, W) floats in `span`, or (N, H, W, C) uint8. Raises ValueError for no picture or no column.
    """
    tiles = pictures if isinstance(pictures, np.ndarray) else to_uint8(pictures, span)
    n, height, width, channels = tiles.shape
    if n == 0 or columns < 1:
        raise ValueError("A grid has at least one picture and one column.")
    rows = -(-n // columns)
    canvas = np.full((rows * columns, height, width, channels), 255, np.uint8)
    canvas[:n] = tiles
    lines = canvas.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return lines.reshape(rows * height, columns * width, channels)


def sprite(frames: Tensor | np.ndarray | Iterable[np.ndarray], span: Span = SIGNED) -> np.ndarray:
    """The frames of a film -> one horizontal strip (H, N W, C) uint8, which the browser cuts and plays.

    frames: (N, C, H, W) floats in `span`, (N, H, W, C) uint8, or several (H, W, C) uint8 of one size.
    """
    if isinstance(frames, np.ndarray) or hasattr(frames, "detach"):
        strip: Any = frames
    else:
        strip = np.stack(list(frames))
    return grid(strip, columns=len(strip), span=span)


def jpeg(picture: Picture, quality: int = 90) -> bytes:
    """A JPEG file, 4:4:4 up to SMALL pixels, 4:2:0 above. picture: as `to_image` takes it."""
    image = to_image(picture)
    subsampling = 0 if max(image.size) <= SMALL else 2
    return _encoded(image, "JPEG", quality=quality, subsampling=subsampling)


def png(picture: Picture) -> bytes:
    """A PNG file, lossless. picture: as `to_image` takes it. Level 1: three times as fast as 6, a tenth bigger."""
    return _encoded(to_image(picture), "PNG", compress_level=1)


def data_url(data: bytes, mime: str = "image/jpeg") -> str:
    """An encoded picture as a `data:` address for the browser."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def to_image(picture: Picture) -> Image.Image:
    """A Pillow image of mode L or RGB from one, from (H, W), (H, W, 1), (H, W, 3) uint8, or (C, H, W) in [-1, 1]."""
    if isinstance(picture, Image.Image):
        return picture if picture.mode in ("L", "RGB") else to_rgb(picture)
    array = picture if isinstance(picture, np.ndarray) else to_uint8(picture)
    if array.dtype != np.uint8:
        raise TypeError(f"Arrays are uint8 here, not {array.dtype}.")
    return Image.fromarray(array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _read_header(data: bytes) -> Image.Image:
    """The opened, undecoded picture. Raises PictureError for other formats and for Pillow's own alarm at bombs."""
    try:
        return decoding.header(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(decoding.MAX_PIXELS) from error
    except Exception as error:
        raise PictureError("picture.format", formats=decoding.NAMES) from error


def _check_size(image: Image.Image) -> None:
    """Raises PictureError for a picture with too many pixels, too few, or hardly more than a line."""
    (width, height), most = image.size, decoding.most_pixels(image)
    if width * height > most:
        raise _too_many_pixels(most)
    if min(width, height) < MIN_SIDE:
        raise PictureError("picture.too_small", pixels=MIN_SIDE)
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise PictureError("picture.too_long", times=MAX_ASPECT)


def _too_big() -> PictureError:
    return PictureError("picture.too_big", megabytes=MAX_BYTES // 1_000_000)


def _too_many_pixels(most: int) -> PictureError:
    return PictureError("picture.too_many_pixels", megapixels=most // 1_000_000)
