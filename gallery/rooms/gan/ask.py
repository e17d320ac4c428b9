"""What the GAN room's calls have in common: knobs become a model, a seed and a truncation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gallery.shell.calls import choice, field, integer, number
from gallery.shell.later import later
from gallery.widgets.answers import Facts, facts, source_of
from models.gan.vocabulary import DATA

if TYPE_CHECKING:
    from models.gan import gan
else:
    gan = later("models.gan.gan")

LAST_SEED = 999_999
"""Of a knob; the API knows all seeds up to 2^31 - 1."""
DATASETS = {"faces": "UTKFace", "fashion": "Fashion-MNIST"}


def model_of(knobs: object) -> str:
    """The model's name. Raises Refusal."""
    return choice(field(knobs, "model"), DATA, "model")


def seed_of(knobs: object, name: str) -> int:
    """The seed that a knob holds. Raises Refusal."""
    return integer(field(knobs, name), 0, LAST_SEED, name)


def psi_of(knobs: object) -> float:
    """The truncation. Raises Refusal."""
    return number(field(knobs, "psi"), 0.0, 1.0, "psi")


def about(name: str) -> Facts:
    """What a plaque says of a model, its parameters in millions."""
    return facts(gan.gan(name).card.params / 1e6, source_of(f"gan-{name}"), DATASETS[name])
