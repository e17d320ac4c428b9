"""Light and spectrum of made pictures over those of real ones: what the eye sees at once and a judge does not."""

from __future__ import annotations

import torch
from torch import Tensor

Figures = dict[str, float | str]
RADII = (4, 8, 16, 24, 30)
"""Cycles across a picture of 64 pixels at which power is compared; scaled for other sizes."""


def grey(images: Tensor) -> Tensor:
    """(N, C, H, W) uint8 to (N, H, W) in [0, 1], the mean over colours. Raises ValueError for other types."""
    if images.dtype != torch.uint8 or images.ndim != 4:
        raise ValueError(f"pictures are (N, C, H, W) uint8, not {tuple(images.shape)} {images.dtype}")
    return images.float().mean(dim=1) / 255


def brightness_spread(images: Tensor) -> float:
    """Standard deviation over pictures of their mean brightness, in [0, 1]."""
    return grey(images).mean(dim=(1, 2)).std().item()


def contrast(images: Tensor) -> float:
    """The mean over pictures of the standard deviation of their pixels, in [0, 1]."""
    return grey(images).flatten(1).std(dim=1).mean().item()


def power(images: Tensor) -> Tensor:
    """Mean power of each frequency, (S, S), the constant in the middle; of squares (N, C, S, S) under a Hann window.

    Without the window the jump from one border to the opposite one would look like fine detail.
    """
    x = grey(images)
    x = x - x.mean(dim=(1, 2), keepdim=True)
    window = torch.hann_window(x.shape[-1], periodic=False)
    spectrum = torch.fft.fft2(x * window * window[:, None]).abs().square().mean(dim=0)
    return torch.fft.fftshift(spectrum)


def radial(spectrum: Tensor) -> Tensor:
    """Power (S, S) averaged over rings of one cycle's width: (S // 2,), index r for r cycles."""
    at = torch.arange(len(spectrum)) - len(spectrum) // 2
    ring = (at.square() + at[:, None].square()).float().sqrt().round().long().clamp(max=len(spectrum) // 2)
    total = torch.zeros(len(spectrum) // 2 + 1).index_add_(0, ring.flatten(), spectrum.flatten())
    return (total / torch.bincount(ring.flatten(), minlength=len(total)))[:-1]


def corner(spectrum: Tensor) -> float:
    """Power at the checkerboard of single pixels, the 3x3 frequencies around it: where a network folds pixels back."""
    rolled = spectrum.roll((1, 1), (0, 1))
    return rolled[:3, :3].mean().item()


def grid_peak(spectrum: Tensor) -> float:
    """The lines of period 2 and 4 pixels over what surrounds them, the largest: about 1 without a grid."""
    size, middle = len(spectrum), len(spectrum) // 2
    found = []
    for period in (2, 4):
        for rows in (spectrum, spectrum.T):
            line, *around = (rows[(middle + size // period + by) % size].mean() for by in (0, -3, 3))
            found.append((2 * line / sum(around)).item())
    return max(found)


def light_and_spectrum(real: Tensor, made: Tensor) -> Figures:
    """Spread of brightness, contrast and power at RADII, made over real; the grid's energies. Squares of one size."""
    ours, theirs = power(made), power(real)
    rings, scale = radial(ours) / radial(theirs), len(ours) / 64
    figures: Figures = {
        "brightness_spread": brightness_spread(made),
        "floor_brightness_spread": brightness_spread(real),
        "contrast": contrast(made),
        "floor_contrast": contrast(real),
    }
    figures |= {f"power_{r}": rings[int(r * scale)].item() for r in RADII}
    return figures | {
        "checkerboard_over_real": corner(ours) / corner(theirs),
        "grid_peak": grid_peak(ours),
        "floor_grid_peak": grid_peak(theirs),
    }
