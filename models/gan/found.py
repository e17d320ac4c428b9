"""A face in the generator, of a seed or looked for: steered, walked from, mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from models.gan.gan import Gan
from models.gan.steering import steering
from models.gan.stylegan import mix_styles

FURTHEST = 60.0
"""No number of a style or an offset is larger; a search and all sliders together come to 20."""


@dataclass(frozen=True)
class Found:
    """A face of the faces' generator. w: (layers, D); offsets: none, or a map (1, H, W) for each layer but the last."""

    model: Gan
    w: Tensor
    offsets: Sequence[Tensor] = field(default=())

    def picture(self) -> np.ndarray:
        """What the generator makes of it, (H, W, 3) uint8."""
        return self.pictures(self.w[None])[0]

    def pictures(self, w: Tensor, shares: Tensor | None = None) -> np.ndarray:
        """What it makes of other styles (N, layers, D) with these offsets: (N, H, W, 3) uint8.

        shares: how much of the offsets each has, (N,); None: all.
        """
        if not self.offsets:
            return self.model.pictures(w)
        share = torch.ones(len(w)) if shares is None else shares
        return self.model.offset_pictures(w, [each * share[:, None, None, None] for each in self.offsets])

    def length(self) -> float:
        """How far it lies from the mean face: the mean over the layers of |w - E[w]|."""
        return float((self.w - self.model.generator.mean.cpu()).norm(dim=1).mean())

    def steered(self, k: Sequence[float]) -> Found:
        """w + sum_i k_i v_i, in the order of models.gan.steering.NAMES."""
        return replace(self, w=steering().edit(self.w, k))

    def along(self, k: Sequence[float], name: str) -> tuple[np.ndarray, list[float]]:
        """One direction from its one end to the other, the others at k: pictures (N, H, W, 3), and its values."""
        w, marks = steering().along(self.w, k, name)
        return self.pictures(w), marks

    def walked(self, other: Found, t: Sequence[float]) -> np.ndarray:
        """w = (1 - t) a + t b for each t in [0, 1]; this one's offsets fade: (len(t), H, W, 3).  other: without any."""
        weight = torch.tensor(t)
        return self.pictures(torch.lerp(self.w, other.w, weight[:, None, None]), 1 - weight)

    def mixed(self, other: Found, layer: int) -> Found:
        """This one's styles below `layer`, the other's from there on; so are the offsets, which only this one has."""
        offsets = [each * (i < layer) for i, each in enumerate(self.offsets)]
        return replace(self, w=mix_styles(self.w[None], other.w[None], layer)[0], offsets=offsets)

    def packed(self) -> np.ndarray:
        """All its numbers in one row, float32: w, then the offsets."""
        return torch.cat([self.w.flatten(), *(each.flatten() for each in self.offsets)]).numpy()


def of_seed(model: Gan, seed: int, psi: float) -> Found:
    """The face of a seed, truncated."""
    return Found(model, model.of_seeds([seed], psi)[0])


def unpacked(model: Gan, numbers: np.ndarray) -> Found:
    """What `packed` gave. Raises ValueError for anything else, for numbers that are not finite and for huge ones."""
    shape = model.shape
    sizes = [shape.layers * shape.latent, *(side**2 for side in shape.sides)]
    if len(numbers) not in (sizes[0], sum(sizes)) or not bool((np.abs(numbers) <= FURTHEST).all()):
        raise ValueError("these are not the numbers of a face in the generator")
    w, *rest = torch.from_numpy(numbers.copy()).split(sizes if len(numbers) > sizes[0] else sizes[:1])
    offsets = [each.view(1, side, side) for each, side in zip(rest, shape.sides, strict=False)]
    return Found(model, w.view(shape.layers, shape.latent), offsets)
