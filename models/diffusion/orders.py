"""The diffusion room's desk: its bigger models, as `weights/bigger/diffusion.toml` offers them."""

from __future__ import annotations

from models.weights.desk import Desk, Standing, desk_of
from models.weights.offers import Offer, declared

__all__ = ["Desk", "Offer", "Standing", "desk", "offer"]

ROOM = "diffusion"


def desk() -> Desk:
    """The desk of this gallery."""
    return desk_of(ROOM)


def offer(name: str) -> Offer:
    """What is offered under that name."""
    return declared(ROOM)[name]
