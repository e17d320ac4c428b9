"""What a pair's discriminators say of every patch of a picture, and how large a patch is.

Zhu et al. 2017 and Isola et al. 2017 (arXiv:1611.07004): the discriminator is convolutional, and each of its numbers
judges one patch only. Trained with least squares: 1 is "real, of this collection", 0 is "translated".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.cyclegan.discriminators import Bounded, discriminator
from models.cyclegan.networks import LEAST
from models.pictures.pictures import from_uint8
from models.runtime import device
from models.weights.cards import Card, WeightsError, take

CRITICS = {"a": "judge_x", "b": "judge_y"}
"""Of the first collection X and of the second, Y: their tensors' names in the file."""
FINEST = 0
"""The scale that is shown: the picture itself, not its half."""


def receptive_field(net: nn.Module) -> tuple[int, int]:
    """Pixels of a side that one verdict depends on, and pixels from one verdict to the next.

    Over convolutions of kernels k and strides s, from the last to the first: field = s field + (k - s).
    """
    field, stride = 1, 1
    for conv in reversed([layer for layer in net.modules() if isinstance(layer, nn.Conv2d)]):
        (k, _), (s, _) = conv.kernel_size, conv.stride
        field, stride = s * field + (k - s), s * stride
    return field, stride


@dataclass(frozen=True)
class Verdicts:
    """values: (h, w) float32, about 1 for real; field, step: a patch's side and the way to the next one, in pixels."""

    values: np.ndarray
    field: int
    step: int

    @property
    def mean(self) -> float:
        """Over all patches: what the generator's loss is made of."""
        return float(self.values.mean())


class Critics:
    """Both discriminators of a pair, from the tensors of its file; none where its card keeps none."""

    def __init__(self, card: Card, tensors: Mapping[str, Tensor]) -> None:
        self.networks: dict[str, Bounded] = {}
        sizes = card.network.get("discriminators")
        if sizes is None:
            return
        for side, name in CRITICS.items():
            network = discriminator(sizes)
            try:
                network.load_state_dict(take(tensors, f"{name}."), strict=True)
            except RuntimeError as error:
                raise WeightsError("weights.other_network", f"{card.file}: {error}", file=card.file) from error
            self.networks[side] = device.place(network)

    def verdicts(self, side: str, picture: np.ndarray) -> Verdicts | None:
        """What the discriminator of collection `side`, "a" or "b", says of a picture (H, W, 3) uint8.

        None where this pair's were not kept. Raises ValueError for a picture of less than 32 pixels a side.
        """
        if side not in self.networks:
            return None
        if min(picture.shape[:2]) < LEAST:
            raise ValueError(f"A picture has at least {LEAST} pixels a side.")
        part = self.networks[side].parts[FINEST]
        weight = next(part.parameters())
        x = from_uint8(picture[None]).to(weight.device, weight.dtype)
        with torch.inference_mode():
            values = device.gate.compute(part, x)
        return Verdicts(values[0, 0].float().cpu().numpy(), *receptive_field(part))


def shown(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """Verdicts as greys over their picture, (H, W) uint8: black at 0 and below, white at 1 and above, no smoothing."""
    x = torch.from_numpy(values)[None, None].clamp(0, 1)
    return (F.interpolate(x, (height, width), mode="nearest")[0, 0] * 255).round().byte().numpy()
