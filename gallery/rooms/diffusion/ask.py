"""What the diffusion room's calls have in common: knobs become a wish, frames become strips of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gallery.shell.calls import Said, choice, field, integer, number
from gallery.shell.later import later
from gallery.widgets import answers
from gallery.widgets.answers import Facts, facts
from models.diffusion import vocabulary
from models.diffusion.vocabulary import BIGGER, MODELS, SAMPLERS, T

if TYPE_CHECKING:
    from models.diffusion import bigger, diffusion, orders
    from models.pictures import pictures
else:
    bigger = later("models.diffusion.bigger")
    diffusion = later("models.diffusion.diffusion")
    orders = later("models.diffusion.orders")
    pictures = later("models.pictures.pictures")

MOODS, PEOPLE, GARMENTS = (("any", *asked) for asked in (vocabulary.MOODS, vocabulary.PEOPLE, vocabulary.GARMENTS))
COUNTS = ("1", "4", "9")
FEWEST, MOST = 4, T
"""Steps of a sampler."""
STRONGEST = 8.0
"""Largest guidance w."""
LAST_SEED = 999_999
QUALITY = 88
"""Of JPEG, where many frames travel at once."""
UNASKED: tuple[dict[str, str], ...] = (
    {"model": "faces", "mood": "any", "who": "any"},
    {"model": "fashion", "garment": "any"},
    *({"model": name} for name in BIGGER),
)
"""Knobs at which nothing is asked of the model: then guidance has nothing to strengthen."""
TITLES = {"ddpm": "DDPM", "ddim": "DDIM", "dpm++": "DPM-Solver++", "euler": "Euler", "heun": "Heun"}
DATASETS = {
    "faces": "UTKFace",
    "fashion": "Fashion-MNIST",
    "celebahq": "CelebA-HQ",
    "cat": "LSUN Cat",
    "church": "LSUN Church",
    "cifar10": "CIFAR-10",
}


def model_of(knobs: object) -> str:
    """The model's name. Raises Refusal."""
    return choice(field(knobs, "model"), (*MODELS, *BIGGER), "model")


def model(name: str) -> diffusion.Diffusion:
    """The model of that name. Raises WeightsError; for one of the Hub also where it is not here yet."""
    return orders.desk().model(name) if name in BIGGER else diffusion.MODELS[name]()


def schedule_of(name: str) -> str:
    """What the model was trained with."""
    return bigger.OWN if name in BIGGER else diffusion.TASKS[name].schedule


def label_of(knobs: object) -> str:
    """The label for the model that the knobs name. Raises Refusal."""
    return label_for(model_of(knobs), knobs)


def label_for(name: str, knobs: object) -> str:
    """The label as that model reads it: "smile,man", "7" or "" for nothing asked. Raises Refusal."""
    if name in BIGGER:
        return ""
    if name == "fashion":
        asked = [choice(field(knobs, "garment"), GARMENTS, "garment")]
    else:
        asked = [choice(field(knobs, "mood"), MOODS, "mood"), choice(field(knobs, "who"), PEOPLE, "who")]
    return ",".join(word for word in asked if word != "any")


def seed_of(knobs: object) -> int:
    """The seed of the first picture. Raises Refusal."""
    return integer(field(knobs, "seed"), 0, LAST_SEED, "seed")


def guidance_of(knobs: object) -> float:
    """w. Raises Refusal."""
    return number(field(knobs, "w"), 0.0, STRONGEST, "w")


def wish_of(knobs: object) -> diffusion.Wish:
    """The Wish of the knobs. Raises Refusal."""
    return diffusion.Wish(
        label=label_of(knobs),
        sampler=choice(field(knobs, "sampler"), SAMPLERS, "sampler"),
        steps=integer(field(knobs, "steps"), FEWEST, MOST, "steps"),
        w=guidance_of(knobs),
        eta=number(field(knobs, "eta"), 0.0, 1.0, "eta"),
        schedule=schedule_of(model_of(knobs)),
    )


def cell(batch: np.ndarray) -> np.ndarray:
    """Pictures (B, H, W, 3) or (B, H, W), uint8, as one square sheet (side H, side W, C)."""
    tiles = batch if batch.ndim == 4 else batch[..., None]
    return pictures.grid(tiles, columns=round(len(tiles) ** 0.5))


def about(name: str) -> Facts:
    """What a plaque says of a model, its parameters in millions."""
    return facts(model(name).params / 1e6, source_of(name), DATASETS[name])


def source_of(name: str) -> Said | str:
    """Where a model's weights came from, as a sentence; "" before they are used."""
    if name in BIGGER:
        key = "diffusion.hub.source_bin" if orders.offer(name).rewritten else "diffusion.hub.source"
        return Said(key, {"commit": orders.desk().standing(name).commit[:7]})
    return answers.source_of(f"diffusion-{name}")
