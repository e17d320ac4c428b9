"""Cheap tricks that a judge of style must not take for the style: its battery, and what it is trained against.

A small judge trained on clean pictures takes coarse coloured noise over a photograph for a painting; a generator finds
that out long before it learns to paint. So no figure of a judge counts unless each of these tricks, played on pictures
of the one style, is taken for the other in fewer than PASSES of the cases.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PASSES = 0.1
NOISE, COLOURED = 30 / 127.5, 0.3
"""Standard deviations in [-1, 1]: of white noise, 30 of 255, and of colour noise after it is blurred. A judge that had
learned from clean pictures took 80 and 96 % of such photographs for paintings."""

Trick = Callable[[Tensor], Tensor]


def blurred(x: Tensor, sigma: float) -> Tensor:
    """A Gaussian blur of sigma pixels, borders reflected.  (B, C, H, W)."""
    reach = max(1, round(3 * sigma))
    at = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    kernel = torch.exp(-0.5 * (at / sigma) ** 2)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, 1, -1)
    x = F.conv2d(F.pad(x, (reach, reach, 0, 0), mode="reflect"), kernel, groups=x.shape[1])
    return F.conv2d(F.pad(x, (0, 0, reach, reach), mode="reflect"), kernel.transpose(2, 3), groups=x.shape[1])


def with_noise(x: Tensor, by: float = NOISE) -> Tensor:
    """White noise on every pixel and colour."""
    return (x + by * torch.randn_like(x)).clamp(-1, 1)


def with_coloured_noise(x: Tensor, by: float = COLOURED, sigma: float = 2.0) -> Tensor:
    """Coloured confetti of some pixels' size, with `by` as its standard deviation."""
    noise = blurred(torch.randn_like(x), sigma)
    return (x + by * noise / noise.std()).clamp(-1, 1)


def out_of_focus(x: Tensor, sigma: float = 1.5) -> Tensor:
    """Softly blurred."""
    return blurred(x, sigma)


def enlarged(x: Tensor, by: float = 0.12) -> Tensor:
    """The middle of the picture, enlarged to its size."""
    size = x.shape[-1]
    side = round(size / (1 + by))
    first = (size - side) // 2
    part = x[..., first : first + side, first : first + side]
    return F.interpolate(part, (size, size), mode="bilinear", align_corners=False)


def coloured_as(targets: Tensor) -> Trick:
    """The colours' mean and covariance become those of targets (N, 3, H, W), each picture on its own: Pitie 2007."""
    wanted_mean, wanted = _moments(targets)

    def transferred(x: Tensor) -> Tensor:
        return torch.stack([_moved(picture, wanted_mean, wanted) for picture in x])

    return transferred


def _moments(x: Tensor) -> tuple[Tensor, Tensor]:
    pixels = x.transpose(0, -3).flatten(1).double() if x.ndim == 4 else x.flatten(1).double()
    return pixels.mean(dim=1), torch.cov(pixels)


def _power(symmetric: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(symmetric)
    return (vectors * values.clamp(min=1e-6) ** exponent) @ vectors.T


def _moved(picture: Tensor, wanted_mean: Tensor, wanted: Tensor) -> Tensor:
    mean, covariance = _moments(picture)
    root, inverse = _power(covariance, 0.5), _power(covariance, -0.5)
    linear = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    moved = linear @ (picture.flatten(1).double() - mean[:, None]) + wanted_mean[:, None]
    return moved.reshape(picture.shape).to(picture).clamp(-1, 1)


def tricks(targets: Tensor) -> dict[str, Trick]:
    """All of the battery by name; targets: pictures of the style that is feigned, (N, 3, H, W) in [-1, 1]."""
    return {
        "noise": with_noise,
        "coloured_noise": with_coloured_noise,
        "blurred": out_of_focus,
        "enlarged": enlarged,
        "colour_transfer": coloured_as(targets),
    }


@torch.no_grad()
def battery(judge: nn.Module, inputs: Tensor, targets: Tensor, style: int, seed: int = 0) -> dict[str, float]:
    """The share of pictures that the judge takes for `style` after each trick: {"attack_noise": 0.03, ...}.

    inputs: pictures of the other style, targets: of the feigned one; (N, 3, H, W) in [-1, 1].
    """
    found = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for name, trick in tricks(targets).items():
            shares = [(judge(trick(part)).argmax(dim=1) == style).float() for part in inputs.split(50)]
            found[f"attack_{name}"] = torch.cat(shares).mean().item()
    return found


def passed(shares: dict[str, float]) -> bool:
    """Whether every trick stays under PASSES."""
    return all(share < PASSES for share in shares.values())


def attacked(x: Tensor, answers: Tensor) -> Tensor:
    """A batch in which a trick is played on half of the pictures, whatever their style: their answers stay.

    A judge that sees both styles with noise, blurred, and in each other's colours can go by none of these. x: (B, 3, H,
    W) in [-1, 1]; answers: (B,) 0 or 1. Colours are taken from the other style's pictures of the same batch.
    """
    played = x.clone()
    kind = torch.randint(0, 10, (len(x),))
    strength = torch.rand(len(x)).tolist()
    for i, k in enumerate(kind.tolist()):
        if k < 5:
            played[i] = _trick(k, strength[i], x[i : i + 1], x[answers != answers[i]])[0]
    return played


def _trick(kind: int, u: float, x: Tensor, others: Tensor) -> Tensor:
    """One of the five, of random strength u in [0, 1]."""
    if kind == 0:
        return with_noise(x, u * 1.5 * NOISE)
    if kind == 1:
        return with_coloured_noise(x, u * 2 * COLOURED, 1 + 2 * float(torch.rand(())))
    if kind == 2:
        return blurred(x, 0.4 + 1.6 * u)
    if kind == 3:
        return enlarged(x, 0.25 * u)
    return coloured_as(others)(x) if len(others) else x
