"""A translator that has learned the right strokes, but too faintly: its paint made stronger before it goes on learning.

The cycle wants a translation near its picture, the discriminator wants a painting; what comes of both is the painting's
strokes, thinly. Measured on 250 held-out photographs: 42 % pass for Monet as they were learned, 80 % with paint 1.4
times as strong, with as much of the photographs' gradients as before (0.87 of 0.91).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.cyclegan.networks import SmoothGenerator
from models.weights.cards import take
from training.cyclegan.pairs import Domain, Pair, to_device

DIMMED = 0.15
"""How much less of the finest detail of the photograph is kept: strokes hide it."""
LOOKED_AT = 250
"""Pictures by which the mean colour is measured."""


@torch.no_grad()
def bolder(generator: SmoothGenerator, by: float, x: Domain, y: Domain) -> None:
    """Change G: X -> Y so that it paints `by` times as strongly, in place.

    Its bias is set so that the mean colour of translations is that of Y: it would be made stronger as well. Raises
    ValueError unless by is above 0.
    """
    if by <= 0:
        raise ValueError(f"Paint cannot be {by:g} times as strong.")
    head = generator.head[1]
    assert isinstance(head, nn.Conv2d) and head.bias is not None
    head.weight[:3] *= by
    head.bias[:3] *= by
    head.bias[3] -= DIMMED
    pictures = to_device(x.images[:LOOKED_AT], head.weight.device)
    translated = torch.stack([colour(generator(part)) for part in pictures.split(10)]).mean(dim=0)
    head.bias[:3] += colour(to_device(y.images[:LOOKED_AT], head.weight.device)) - translated


def painted_bolder(start: dict[str, Tensor], pair: Pair, by: float, x: Domain, y: Domain) -> dict[str, Tensor]:
    """The tensors of a file to go on from, G's made `bolder`; the pair's generators are smooth."""
    there = pair.generator()
    assert isinstance(there, SmoothGenerator)
    there.load_state_dict(take(start, "there."))
    bolder(there, by, x, y)
    return start | {f"there.{name}": value for name, value in there.state_dict().items()}


def colour(pictures: Tensor) -> Tensor:
    """The mean colour of pictures (B, 3, H, W): (3,)."""
    return pictures.mean(dim=(0, 2, 3))
