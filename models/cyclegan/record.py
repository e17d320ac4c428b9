"""What the runs of our CycleGANs have recorded: pictures there and back, and the losses."""

from __future__ import annotations

import functools

from models.cyclegan.film import LOSSES
from models.pictures.recorded import Film, Losses, film_of, losses_of
from models.weights.cards import WeightsError, load_card, load_tensors, shelf, take


@functools.cache
def filmed(pair: str) -> bool:
    """Whether there are weights of that pair, with a film and the losses of their training."""
    try:
        tensors = load_tensors(load_card(f"cyclegan-{pair}", shelf().folder))
    except WeightsError:
        return False
    return bool(take(tensors, "film.")) and losses_of(tensors, LOSSES) is not None


def record(pair: str) -> tuple[Film, Losses] | None:
    """The film, whose frames have the rows of `models.cyclegan.film`, and the losses; None where there is no film."""
    if not filmed(pair):
        return None
    tensors = load_tensors(load_card(f"cyclegan-{pair}", shelf().folder))
    film, losses = film_of(take(tensors, "film.")), losses_of(tensors, LOSSES)
    return (film, losses) if film and losses else None
