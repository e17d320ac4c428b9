"""Every picture mode that a file can have, turned into 8-bit RGB.

Pillow decodes the files but leaves some modes alone or clips them on conversion: 16-bit and float greys, Lab, colour
profiles. Those are done here; the rest is Pillow's.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

FULL = 65535
"""The brightest value of 16 bits: 257 times the brightest of 8."""
PILLOW_FLOAT = 16.0
"""Float pictures that reach at least this and at most 255 follow Pillow's own convention: [0, 255], not stretched."""

TIFF_PHOTOMETRIC = 262
WHITE_IS_ZERO = 0

PROBES, ROUNDING = 9, 3
"""A profile is tried on so many values of each colour; what moves none of them by more is sRGB."""
Profile = ImageCms.ImageCmsProfile | ImageCms.core.CmsProfile


def to_rgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB without alpha or metadata, transparent parts on white.

    image: decoded, of any mode that Pillow reads. Returns a new picture with an empty `info`.
    """
    alpha = _alpha(image)
    rgb = _colours(_opaque(image), image.info.get("icc_profile"))
    if alpha is not None:
        rgb = Image.composite(rgb, Image.new("RGB", rgb.size, "white"), alpha)
    return Image.frombytes("RGB", rgb.size, rgb.tobytes())


def inverted(image: Image.Image) -> bool:
    """Whether 0 is white in a TIFF: Pillow inverts 8 bits itself, 16 it does not."""
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(TIFF_PHOTOMETRIC) == WHITE_IS_ZERO)


def grey_from_16_bits(values: np.ndarray) -> np.ndarray:
    """Integers in [0, 65535] -> uint8, v / 257 rounded to the nearest: 65535 becomes 255 and 257 becomes 1."""
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def eight_bits(image: Image.Image, invert: bool) -> Image.Image:
    """A picture of 16-bit greys in 8. invert: where 0 is white."""
    values = np.asarray(image)
    return Image.fromarray(grey_from_16_bits(FULL - values if invert else values))


def grey_from_numbers(values: np.ndarray) -> np.ndarray:
    """Floats or wide integers of any range -> uint8 of the same shape. NaN is black, infinities are the extremes.

    [0, 1] is scaled by 255; [0, 255] that reaches PILLOW_FLOAT is rounded; anything else is stretched from its
    smallest value to its largest, and is black where there is nothing to stretch.
    """
    values = values.astype(np.float32)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return np.zeros(values.shape, np.uint8)
    low, high = float(finite.min()), float(finite.max())
    values = np.clip(np.nan_to_num(values, nan=min(low, 0.0), posinf=high, neginf=low), min(low, 0.0), high)
    if low >= 0 and high <= 1:
        return np.rint(values * 255).astype(np.uint8)
    if low >= 0 and PILLOW_FLOAT <= high <= 255:
        return np.rint(values).astype(np.uint8)
    # float64 for the width of the range: high - low overflows float32 for its extremes
    scaled = (np.maximum(values, low) - np.float64(low)) / max(high - low, float(np.finfo(np.float32).tiny))
    return np.rint(scaled * 255).astype(np.uint8)


def _alpha(image: Image.Image) -> Image.Image | None:
    """The opacity, mode L, or None for a picture that is opaque throughout."""
    clear = image.info.get("transparency")
    if image.mode.startswith("I;16"):
        return None if clear is None else Image.fromarray(np.where(np.asarray(image) == clear, 0, 255).astype(np.uint8))
    return image.convert("RGBA").getchannel("A") if image.has_transparency_data else None


def _opaque(image: Image.Image) -> Image.Image:
    """The colours without the opacity, in one of the modes L, RGB, CMYK, LAB."""
    if image.mode.startswith("I;16"):
        return eight_bits(image, inverted(image))
    if image.mode == "I":
        values = np.asarray(image)
        fits = values.min() >= 0 and values.max() <= FULL
        return Image.fromarray(grey_from_16_bits(values) if fits else grey_from_numbers(values))
    if image.mode == "F":
        return Image.fromarray(grey_from_numbers(np.asarray(image)))
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    if image.mode in ("1", "LA", "La"):
        return (image.convert("LA") if image.mode == "La" else image).convert("L")
    # By way of RGBA, so that premultiplied colours (RGBa, PA) are divided by their alpha again
    return image.convert("RGBA").convert("RGB") if image.has_transparency_data else image.convert("RGB")


def _colours(image: Image.Image, icc: bytes | None) -> Image.Image:
    """L, RGB, CMYK or LAB -> RGB, through the embedded profile where it can be used, else by Pillow's own formulas."""
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB", 5003)  # TIFF's Lab is relative to D50, as the profile space is
        return _transform(image, lab)
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if _changes(profile, image.mode):
                return _transform(image, profile)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile, or one for another mode: the colours are then shown as they stand
    return image.convert("RGB")


def _transform(image: Image.Image, profile: Profile) -> Image.Image:
    """Colours as the profile means them, in sRGB. Raises PyCMSError for a profile of another colour space."""
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    assert converted is not None  # None is for inPlace
    return converted


def _changes(profile: Profile, mode: str) -> bool:
    """Whether the profile means other colours than sRGB: most photographs say sRGB in one way or another, and
    converting those would cost half a second and change roundings only. Raises PyCMSError."""
    if mode != "RGB":
        return True
    steps = np.linspace(0, 255, PROBES).astype(np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(PROBES, -1, 3)
    seen = np.asarray(_transform(Image.fromarray(colours), profile)).astype(int)
    return bool(np.abs(seen - colours).max() > ROUNDING)
