"""What a card says of how its weights were made: the command, what it cost, whose data and terms they are."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from models.weights.cards import Card, Trained, load_card

SHARED = ("name", "data", "minutes", "start", "seed", "device", "precision", "fresh")
"""What a card says elsewhere, or what leaves the weights as they are; every other option stands in the command."""
UNWRITTEN = "0" * 64
"""The hash on a card whose file is not written yet."""


def card_beside(weights: Path) -> Card:
    """The card of a file of weights. Raises WeightsError."""
    return load_card(weights.stem, weights.parent)


def earlier(start: Path | None) -> Trained:
    """What the weights have cost that a run goes on from."""
    return card_beside(start).trained if start else Trained()


def spent(before: Trained, minutes: float, images: int, device: object) -> Trained:
    """What they have cost together with a run that went on from them and ends today."""
    date = datetime.date.today().isoformat()
    return Trained(round(before.minutes + minutes, 1), before.images + images, str(device), date)


def command(module: str, args: argparse.Namespace, budget: str = "") -> str:
    """What a card says of how its weights were made: the command, after those that made what it went on from."""
    going_on = f" --from weights/{args.start.name}" if args.start else ""
    seeded = f" --seed {args.seed}" if args.seed else ""
    line = f"training.{module} {args.name}"
    given = {key.replace("_", "-"): value for key, value in vars(args).items() if key not in SHARED and value}
    more = "".join(f" --{key}" if value is True else f" --{key} {value}" for key, value in given.items())
    options = f"{going_on}{seeded}{more} {budget or f'--minutes {args.minutes:g}'}"
    before = card_beside(args.start).recipe if args.start else ""
    return f"{before}, then{options}" if line in before else f"python -m {line}{options}"


def blank_card(name: str, title: str, network: dict[str, Any], paper: str, like: str = "", **more: Any) -> Card:
    """What is known of weights before they are trained.

    like: the name of a card, of which they have data, terms and licence; more: any other field of Card, before those.
    Raises WeightsError where there is no card `like`.
    """
    taken = {key: getattr(load_card(like), key) for key in ("data", "data_terms", "licence")} if like else {}
    file = f"{name}.safetensors"
    known: dict[str, Any] = {"params": 1, "file": file, "sha256": UNWRITTEN, "network": network, "paper": paper}
    return Card(name=name, title=title, **known | taken | more)
