"""Noise by seed: one seed is one picture, whatever else is made beside it.

Every picture has a generator of its own, as in Karras et al. 2022 (EDM); a generator for the batch would make the
second picture depend on how many stand before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

Noise = Callable[[], Tensor]
"""Fresh noise in the shape of x."""


def generators(seeds: Iterable[int]) -> list[torch.Generator]:
    """A generator on the CPU for each seed, at its beginning."""
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def seeded_noise(seeds: Iterable[int], shape: Sequence[int]) -> Noise:
    """Noise for a batch that is drawn again and again: each picture goes on with its own generator.

    The first call gives what `noise_of` gives, later ones what follows: (len(seeds), *shape), float32 on the CPU.
    """
    each = generators(seeds)
    return lambda: torch.stack([torch.randn(*shape, generator=generator) for generator in each])


def noise_of(seeds: Iterable[int], shape: Sequence[int]) -> Tensor:
    """z ~ N(0, I) of these seeds, (len(seeds), *shape), float32 on the CPU."""
    return seeded_noise(seeds, shape)()


def slerp(a: Tensor, b: Tensor, share: float) -> Tensor:
    """From a to b along the arc between them, so that the length stays that of Gaussian noise: Shoemake 1985.

    a, b: tensors of one shape; share: 0 ... 1.
    """
    angle = torch.arccos(((a * b).sum() / (a.norm() * b.norm())).clamp(-1, 1))
    if angle < 1e-4:
        return torch.lerp(a, b, share)
    return (torch.sin((1 - share) * angle) * a + torch.sin(share * angle) * b) / torch.sin(angle)
