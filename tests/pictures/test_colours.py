"""Every mode that a file can have, against closed forms: the colours that go in through the door come out of it."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms, TiffImagePlugin

from tests.pictures.files import LINEAR, PHOTO, WIDE, encoded, opened

rng = np.random.default_rng(0)


def on_white(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.rint((colour * alpha + 255.0 * (255 - alpha)) / 255).astype(np.uint8)


def test_alpha_is_on_white() -> None:
    alpha = rng.integers(0, 256, (24, 40, 1), dtype=np.uint8)
    rgba = np.concatenate([PHOTO, alpha], axis=2)
    expected = on_white(PHOTO.astype(float), alpha.astype(float))
    assert np.array_equal(opened(Image.fromarray(rgba), "PNG"), expected)
    assert np.array_equal(opened(Image.fromarray(rgba), "TIFF"), expected)
    assert np.array_equal(opened(Image.fromarray(rgba), "WEBP", lossless=True, exact=True), expected)


def test_grey_with_alpha() -> None:
    both = PHOTO[..., :2].copy()
    expected = on_white(both[..., :1].astype(float), both[..., 1:].astype(float))
    assert np.array_equal(opened(Image.fromarray(both, "LA"), "PNG"), expected.repeat(3, axis=2))


def test_palette_with_a_clear_colour() -> None:
    image = Image.fromarray(np.tile(np.arange(4, dtype=np.uint8), (24, 10)))
    image = Image.frombytes("P", image.size, image.tobytes())
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30])
    for kind in ("PNG", "GIF"):
        assert opened(image, kind, transparency=2)[0, :4].tolist() == [
            [255, 0, 0],
            [0, 255, 0],
            [255] * 3,
            [10, 20, 30],
        ]
    halves = opened(image, "PNG", transparency=bytes([255, 128, 0, 255]))
    assert halves[0, 1].tolist() == [127, 255, 127]
    assert opened(image, "PNG")[0, 2].tolist() == [0, 0, 255]


def test_a_clear_colour_of_rgb_and_16_bit_png() -> None:
    image = Image.new("RGB", (16, 16), (1, 2, 3))
    image.putpixel((0, 0), (9, 9, 9))
    pixels = opened(image, "PNG", transparency=(1, 2, 3))
    assert pixels[0, 0].tolist() == [9, 9, 9] and (pixels[1:] == 255).all()
    deep = Image.fromarray(np.full((16, 16), 5000, np.uint16))
    assert (opened(deep, "PNG", transparency=5000) == 255).all()


def test_one_bit_and_ycbcr() -> None:
    bits = PHOTO[..., 0] > 127
    for kind in ("PNG", "TIFF", "BMP"):
        assert np.array_equal(opened(Image.fromarray(bits), kind)[..., 0], bits * np.uint8(255))
    luma = Image.fromarray(PHOTO).convert("YCbCr")
    assert np.abs(opened(luma, "TIFF", compression="tiff_lzw").astype(int) - PHOTO).max() <= 3


def test_cmyk_is_ink_on_paper_also_where_adobe_inverts_it() -> None:
    inks = [(0, 0, 0, 0), (255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255), (100, 50, 0, 60)]
    for ink in inks:
        paper = Image.new("CMYK", (16, 16), ink)
        expected = [(255 - part) * (255 - ink[3]) / 255 for part in ink[:3]]
        for kind in ("TIFF", "JPEG"):  # JPEG: Pillow writes Adobe's marker and inverted values
            assert np.abs(opened(paper, kind) - np.array(expected)).max() <= 2, (ink, kind)
    assert b"Adobe" in encoded(Image.new("CMYK", (16, 16)), "JPEG")


def test_sixteen_bits_are_scaled_by_257() -> None:
    values = np.linspace(0, 65535, 24 * 40).reshape(24, 40).round().astype(np.uint16)
    expected = np.rint(values / 257)
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(opened(Image.fromarray(values), kind)[..., 0], expected)
    big = Image.frombytes("I;16B", (40, 24), values.astype(">u2").tobytes())
    assert np.array_equal(opened(big, "TIFF")[..., 0], expected)
    wide = Image.fromarray(values.astype(np.int32))
    assert np.array_equal(opened(wide, "TIFF")[..., 0], expected)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[262] = 0
    assert np.array_equal(
        opened(Image.fromarray(values), "TIFF", tiffinfo=tags)[..., 0], np.rint((65535 - values) / 257)
    )


def test_wider_integers_are_stretched() -> None:
    values = np.linspace(-(2**31), 2**31 - 1, 24 * 40).reshape(24, 40).astype(np.int32)
    grey = opened(Image.fromarray(values), "TIFF")[..., 0].astype(int)
    assert grey[0, 0] == 0 and grey[-1, -1] == 255 and (np.diff(grey.ravel()) >= 0).all()


def floats(low: float, high: float) -> np.ndarray:
    return np.linspace(low, high, 24 * 40, dtype=np.float32).reshape(24, 40)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (floats(0, 1), floats(0, 255)),
        (floats(0.2, 0.4), floats(51, 102)),
        (floats(10, 200), floats(10, 200)),
        (floats(-3, 7), floats(0, 255)),
        (floats(0, 4000), floats(0, 255)),
        (floats(1000, 1001), floats(0, 255)),
        (floats(-3e38, 3e38), floats(0, 255)),
        (np.full((24, 40), 7000, np.float32), np.zeros((24, 40))),
        (np.full((24, 40), np.nan, np.float32), np.zeros((24, 40))),
    ],
    ids=lambda values: f"{values.min():g}..{values.max():g}",
)
def test_floats(values: np.ndarray, expected: np.ndarray) -> None:
    grey = opened(Image.fromarray(values), "TIFF")
    assert np.abs(grey - expected[..., None]).max() <= 0.6


def test_nan_is_black_and_infinity_an_extreme() -> None:
    values = floats(0, 1).copy()
    values[0, :4] = np.nan, np.inf, -np.inf, 0
    grey = opened(Image.fromarray(values), "TIFF")[..., 0]
    assert grey[0, :3].tolist() == [0, 255, 0]
    assert np.array_equal(grey[1:], np.rint(values[1:] * 255))


def test_nan_among_large_floats_is_black_and_moves_nothing_else() -> None:
    values = floats(1000, 2000).copy()
    values[0, 0] = np.nan
    grey = opened(Image.fromarray(values), "TIFF")[..., 0]
    assert grey[0, 0] == 0 and np.abs(grey[1:] - floats(0, 255)[1:]).max() <= 1


def lab_to_srgb(lightness: float, a: float, b: float) -> list[float]:
    """CIE 1976, white D50; Bradford-adapted matrix of sRGB (Lindbloom)."""
    f = np.array([a / 500, 0, -b / 200]) + (lightness + 16) / 116
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * [0.96422, 1, 0.82521]
    matrix = [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
    linear = np.clip(np.array(matrix) @ xyz, 0, 1)
    return list(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("lab", [(0, 0, 0), (255, 0, 0), (128, 0, 0), (150, 40, 20), (120, -30, 35), (90, 10, -40)])
def test_lab_against_the_closed_form(lab: tuple[int, int, int]) -> None:
    raw = bytes([lab[0], lab[1] % 256, lab[2] % 256]) * 256  # TIFF: a and b are signed bytes
    pixel = opened(Image.frombytes("LAB", (16, 16), raw), "TIFF")[3, 3]
    assert np.abs(pixel - lab_to_srgb(lab[0] / 2.55, lab[1], lab[2])).max() <= 3


def swapped_profile() -> bytes:
    """An RGB profile whose red is sRGB's green and the other way round: unmistakable if it is used."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", icc[128:132])[0]
    tags = {bytes(icc[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    icc[red : red + 4], icc[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(icc).replace("sRGB".encode("utf-16-be"), "gRBx".encode("utf-16-be"))


def test_a_colour_profile_is_used() -> None:
    image = Image.new("RGB", (16, 16), (255, 0, 0))
    pixel = opened(image, "PNG", icc_profile=swapped_profile())[0, 0]
    assert pixel[1] > 240 and pixel[0] < 15
    half = image.copy()
    half.putalpha(0)
    assert (opened(half, "PNG", icc_profile=swapped_profile()) == 255).all()


def test_a_linear_profile_that_calls_itself_srgb_is_read() -> None:
    ramp = np.repeat(np.arange(16, 256, 16, dtype=np.uint8)[None, :, None], 16, axis=0).repeat(3, axis=2)
    light = ramp / 255
    wanted = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    for mode in ("RGB", "RGBA"):
        found = opened(Image.fromarray(ramp).convert(mode), "PNG", icc_profile=LINEAR)
        assert np.abs(found - wanted).max() <= 2


def test_a_wide_profile_that_calls_itself_srgb_is_read() -> None:
    """P3's (200, 100, 100) lies in sRGB, at (213, 96, 97): its linear light through both matrices."""
    found = opened(Image.new("RGB", (16, 16), (200, 100, 100)), "PNG", icc_profile=WIDE)
    assert np.abs(found[3, 3].astype(float) - p3_to_srgb((200, 100, 100))).max() <= 2
    assert found[3, 3, 0] > 208


def p3_to_srgb(pixel: tuple[int, int, int]) -> np.ndarray:
    """Display P3 -> sRGB by the matrix of CSS Color 4 (both have the same curve and the same white)."""
    v = np.array(pixel) / 255
    light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    matrix = [[1.2249401, -0.2249404, 0], [-0.0420569, 1.0420571, 0], [-0.0196376, -0.0786361, 1.0982735]]
    mixed = np.clip(np.array(matrix) @ light, 0, 1)
    return 255 * np.where(mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** (1 / 2.4) - 0.055)


def test_an_srgb_profile_changes_nothing() -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(opened(Image.fromarray(PHOTO), "PNG", icc_profile=icc), PHOTO)


@pytest.mark.parametrize("icc", [b"nonsense" * 40, b"\x00" * 200])
def test_a_broken_or_foreign_profile_is_dropped(icc: bytes) -> None:
    assert np.array_equal(opened(Image.fromarray(PHOTO), "PNG", icc_profile=icc), PHOTO)
    grey = Image.fromarray(PHOTO[..., 0])
    assert np.array_equal(opened(grey, "PNG", icc_profile=swapped_profile())[..., 1], PHOTO[..., 0])


def profile(name: str, gamma: float, primaries: list[tuple[float, float, float]]) -> bytes:
    """An ICC profile of three primaries and a power law (ICC.1:2001-04). primaries: XYZ relative to D50."""

    def fixed(*values: float) -> bytes:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))

    described = name.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(described)) + described + bytes(78),
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249),
        b"cprt": b"text\0\0\0\0none\0",
        **{f"{c}XYZ".encode(): b"XYZ \0\0\0\0" + fixed(*primaries[i]) for i, c in enumerate("rgb")},
        **{f"{c}TRC".encode(): b"curv\0\0\0\0\0\0\0\1" + struct.pack(">H", round(gamma * 256)) for c in "rgb"},
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for kind, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += kind + struct.pack(">II", start + len(body), len(content))
        body += padded
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return head + bytes(128 - len(head)) + table + body


SRGB_D50 = [(0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)]
P3_D50 = [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)]
"""Columns of the matrices from linear RGB to XYZ, Bradford-adapted to D50 (Lindbloom)."""


def meant(colours: np.ndarray, gamma: float, primaries: list[tuple[float, float, float]]) -> np.ndarray:
    """What colours of such a profile are in sRGB, IEC 61966-2-1: (N, 3) in [0, 255]."""
    xyz = (colours / 255) ** gamma @ np.array(primaries)
    linear = np.clip(xyz @ np.linalg.inv(np.array(SRGB_D50)), 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize(
    ("name", "gamma", "primaries"),
    [("Linear sRGB", 1.0, SRGB_D50), ("Display P3 (no sRGB)", 2.2, P3_D50), ("sRGB, gamma 1.8", 1.8, SRGB_D50)],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_profile_is_read_whatever_its_name_is(
    kind: str, name: str, gamma: float, primaries: list[tuple[float, float, float]]
) -> None:
    colours = PHOTO.reshape(-1, 3).astype(float)
    options = {"lossless": True} if kind == "WEBP" else {}
    found = opened(Image.fromarray(PHOTO), kind, icc_profile=profile(name, gamma, primaries), **options)
    expected = meant(colours, gamma, primaries)
    assert np.abs(expected - colours).mean() > 4, "it does change colours"
    bright = colours.min(axis=1) > 40  # where gamma is steep, 8 bits say little
    assert np.abs(found.reshape(-1, 3) - expected)[bright].max() < 4


def test_a_profile_that_changes_nothing_is_left_out_whatever_its_name_is() -> None:
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(opened(Image.fromarray(PHOTO), "PNG", icc_profile=same), PHOTO)
    assert np.array_equal(opened(Image.fromarray(PHOTO), "PNG", icc_profile=same.replace(b"sRGB", b"ours")), PHOTO)
