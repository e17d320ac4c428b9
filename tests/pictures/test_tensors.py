"""The border between tensors and images: laws of the conversions in models/pictures/pictures.py."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image

from models.diffusion.diffusion import FACES, FASHION
from models.diffusion.diffusion import to_pictures as diffusion_pictures
from models.flow.portraits import to_pictures as glow_pictures
from models.pictures.pictures import (
    SIGNED,
    UNIT,
    centre_square,
    from_bytes,
    from_uint8,
    grid,
    jpeg,
    png,
    sprite,
    to_bytes,
    to_image,
    to_tensor,
    to_uint8,
)
from models.vae.latent import to_picture

BYTES = np.arange(256 * 3, dtype=np.uint16).astype(np.uint8).reshape(16, 16, 3)


@pytest.mark.parametrize("span", [SIGNED, UNIT])
def test_to_uint8_undoes_to_tensor(span: tuple[float, float]) -> None:
    tensor = to_tensor(Image.fromarray(BYTES), 16, span)
    assert tensor.shape == (3, 16, 16) and tensor.dtype == torch.float32
    assert tensor.min() == span[0] and tensor.max() == span[1]
    assert np.array_equal(to_uint8(tensor, span), BYTES)
    assert np.array_equal(to_uint8(tensor.to(torch.float64), span), BYTES)


def test_values_outside_are_clipped_and_half_tones_rounded() -> None:
    tensor = torch.tensor([-9.0, -1.0, 0.001, 1.0, 9.0]).reshape(1, 1, 5).to(torch.bfloat16)
    assert to_uint8(tensor).ravel().tolist() == [0, 0, 128, 255, 255]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_broken_network_does_not_pass_for_a_picture(value: float) -> None:
    with pytest.raises(ValueError, match="NaN"):
        to_uint8(torch.tensor([[[0.0, value]]]))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    ("convert", "shape"),
    [
        (to_bytes, (3, 4)),
        (to_picture, (28, 28)),
        (glow_pictures, (2, 3, 4, 4)),
        (lambda x: diffusion_pictures(x, FACES), (2, 3, 64, 64)),
        (lambda x: diffusion_pictures(x, FASHION), (2, 1, 32, 32)),
    ],
    ids=["bytes", "plane", "glow", "faces", "fashion"],
)
def test_no_way_to_a_picture_swallows_what_is_not_finite(
    convert: Callable[[torch.Tensor], object], shape: tuple[int, ...], value: float
) -> None:
    x = torch.zeros(shape)
    convert(x)
    x[..., shape[-2] // 2, shape[-1] // 2] = value
    with pytest.raises(ValueError, match="NaN"):
        convert(x)


@pytest.mark.parametrize("span", [SIGNED, UNIT])
def test_every_grey_value_comes_back_from_floats(span: tuple[float, float]) -> None:
    x = from_uint8(BYTES, span)
    assert x.shape == (3, 16, 16) and x.dtype == torch.float32 and (x.min(), x.max()) == span
    expected = torch.linspace(*span, 256, dtype=torch.float64)
    torch.testing.assert_close(from_bytes(torch.arange(256).byte(), span).double(), expected, atol=2e-7, rtol=0)
    assert np.array_equal(to_uint8(x, span), BYTES)
    assert np.array_equal(to_uint8(from_uint8(torch.from_numpy(BYTES[None]), span), span), BYTES[None])


def test_what_is_no_picture_is_not_taken_for_one() -> None:
    with pytest.raises(TypeError, match="uint8"):
        from_uint8(np.zeros((2, 4, 4, 3), np.float32))


def test_to_tensor_takes_the_centre() -> None:
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:, 20:40] = 255
    assert (to_tensor(Image.fromarray(wide), 20) == 1).all()
    assert to_tensor(Image.fromarray(wide).convert("L"), 8).shape == (3, 8, 8)
    assert centre_square(Image.new("RGB", (7, 4))).size == (4, 4)


def test_a_grid_holds_each_picture_in_its_place() -> None:
    tiles = np.random.default_rng(0).integers(0, 255, (7, 4, 5, 3), dtype=np.uint8)
    big = grid(tiles, columns=3)
    assert big.shape == (12, 15, 3)
    for i, tile in enumerate(tiles):
        row, column = divmod(i, 3)
        assert np.array_equal(big[row * 4 : row * 4 + 4, column * 5 : column * 5 + 5], tile)
    assert (big[8:, 5:] == 255).all()


def test_tensors_and_arrays_make_the_same_grid_and_strip() -> None:
    x = torch.rand(6, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    assert np.array_equal(grid(x, 2, UNIT), grid(to_uint8(x, UNIT), 2))
    strip = sprite(x, UNIT)
    assert strip.shape == (4, 24, 1)
    assert np.array_equal(strip, sprite(list(to_uint8(x, UNIT))))
    assert np.array_equal(strip, sprite(to_uint8(x, UNIT)))


@pytest.mark.parametrize(("count", "columns"), [(0, 3), (3, 0), (3, -1)])
def test_a_grid_of_nothing_is_an_error(count: int, columns: int) -> None:
    with pytest.raises(ValueError, match="grid"):
        grid(np.zeros((count, 4, 4, 3), np.uint8), columns)


def test_png_is_lossless_and_jpeg_near_with_colours_at_full_resolution() -> None:
    array = np.zeros((64, 64, 3), np.uint8)
    array[:, ::2] = (255, 0, 0)
    array[:, 1::2] = (0, 0, 255)  # stripes of one pixel: 4:2:0 would make them violet
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(array)))), array)
    back = np.asarray(Image.open(io.BytesIO(jpeg(array))), int)
    assert np.abs(back - array).mean() < 10
    assert jpeg(array) == jpeg(Image.fromarray(array)) == jpeg(array)


def test_grey_pictures_stay_grey() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert to_image(grey).mode == to_image(grey[..., None]).mode == "L"
    assert np.array_equal(np.asarray(to_image(grey[..., None])), grey)
    assert to_image(torch.zeros(1, 4, 4)).getpixel((0, 0)) == 128
    with pytest.raises(TypeError, match="uint8"):
        to_image(np.zeros((4, 4), np.float32))
