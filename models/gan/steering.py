"""Directions in w along which a face is steered: differences of two means, and the first principal axes.

Härkönen et al. 2020, arXiv:2004.02546 (GANSpace: principal axes of w, edits of some layers only); Shen et al. 2020,
arXiv:1907.10786 (directions in w, held apart). How the directions are made: training/gan/directions.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from models.faces.vocabulary import DIRECTIONS
from models.gan.gan import gan
from models.gan.vocabulary import AXES, REACH
from models.weights.cards import Card, Held, WeightsError, load_tensors

NAMES = (*DIRECTIONS, *AXES)
"""In the order in which k stands in a row."""


def principal_axes(w: Tensor, count: int = len(AXES)) -> Tensor:
    """The axes along which w varies most, each as long as its standard deviation, (count, D); section 3.1 of GANSpace.

    w: (N, D), N of at least D. The sign is fixed: the largest number of an axis is positive.
    """
    centred = (w - w.mean(dim=0)).double()
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(w))
    axes = vectors.T.flip(0)[:count]
    largest = axes.gather(1, axes.abs().argmax(dim=1, keepdim=True))
    return (axes * largest.sign() * values.flip(0)[:count, None].clamp(min=0).sqrt()).float()


class Steering:
    """The directions of one generator. `directions`: (len(NAMES), layers, D), one row for each of NAMES."""

    def __init__(self, card: Card) -> None:
        if card.network.get("generator") != gan("faces").generator_known_by:
            raise WeightsError("weights.other_network", "The directions are of another generator.", file=card.file)
        tensors = load_tensors(card)
        axes = tensors["axes"][:, None].expand(-1, tensors["direction.smile"].shape[0], -1)
        self.card = card
        self.directions = torch.cat([torch.stack([tensors[f"direction.{name}"] for name in DIRECTIONS]), axes])

    def edit(self, w: Tensor, k: Sequence[float]) -> Tensor:
        """w' = w + sum_i k_i v_i, v_i in the order of NAMES, layer by layer.  w: (..., layers, D); so is w'."""
        return w + torch.einsum("i,ild->ld", torch.tensor(k, dtype=w.dtype), self.directions.to(w.dtype))

    def along(self, w: Tensor, k: Sequence[float], name: str, steps: int = 25) -> tuple[Tensor, list[float]]:
        """One direction from -REACH to REACH, the others at k: styles (steps, layers, D), and its values.

        w: (layers, D).
        """
        marks = torch.linspace(-REACH, REACH, steps).tolist()
        rows = [[mark if each == name else other for each, other in zip(NAMES, k, strict=True)] for mark in marks]
        return torch.stack([self.edit(w, row) for row in rows]), marks


steering = Held("gan-steering", Steering)
"""steering() are the directions of the faces' generator, loaded on first use. Raises WeightsError."""
