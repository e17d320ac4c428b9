"""Recipe of the matched flows: `python -m training.flow.pairings all|TARGET --steps N` or `--minutes M`.

Each target gets three flows of one shape. Independent pairs are learned first, from nothing; from its weights go on
minibatch optimal transport (Tong et al. 2024) and one reflow (Liu et al. 2023), which learns the pairs that the first
flow has made. A run that is cut off goes on with what is missing.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from models.flow.fitting import minimize
from models.flow.flow import noise
from models.flow.matching import Matching
from models.flow.vocabulary import PAIRINGS, TARGETS
from models.plane import toys
from models.weights.cards import (
    WEIGHTS,
    Card,
    Trained,
    WeightsError,
    load_card,
    read_tensors,
    save_card,
    save_weights,
    take,
)
from training.cards import spent
from training.flow.counted import CountedRun
from training.flow.pieces import Pieces
from training.recipe import Run, arguments

NAME = "flow-matching"
WIDTH = 96
BATCH = 2048
PEAK = {"independent": 3e-3, "transport": 2e-3, "reflow": 2e-3}
"""Highest learning rates; two of the three go on from the first one's weights."""
SHARE = {"independent": 1.5, "transport": 0.5, "reflow": 1.0}
"""What one pairing gets of the minutes or steps of a target, on average 1."""
GROUP = 256
"""Pairs that optimal transport chooses at once; each is seen at several times, for the pairing costs the most."""
MADE = 65_536
"""Pairs that the first flow makes for the reflow."""

Draw = Callable[[torch.Generator], tuple[Tensor, Tensor]]
"""Noise and data as they are paired, each (B, 2)."""


def times(count: int, generator: torch.Generator) -> Tensor:
    """t evenly over [0, 1), one in each of `count` equal parts, which a mean over them profits from: (count, 1)."""
    return (torch.arange(count)[:, None] + torch.rand(count, 1, generator=generator)) / count


def cheapest(z: Tensor, x: Tensor) -> Tensor:
    """The data in the order in which the noise is paired with it at the least mean squared way.  (B, 2) each."""
    return x[linear_sum_assignment(torch.cdist(z, x).square().double().numpy())[1]]


def independent(target: toys.Target) -> Draw:
    """Any noise with any data."""

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        return torch.randn(BATCH, 2, generator=generator), target.sample(BATCH, generator)

    return draw


def transport(target: toys.Target) -> Draw:
    """A group of pairs at the least way, each at several times."""

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        z = torch.randn(GROUP, 2, generator=generator)
        x = cheapest(z, target.sample(GROUP, generator))
        order = torch.randperm(BATCH, generator=generator)  # so that each pair meets times from all of [0, 1)
        return z.repeat(BATCH // GROUP, 1)[order], x.repeat(BATCH // GROUP, 1)[order]

    return draw


@torch.no_grad()
def reflow(first: Matching, seed: int) -> Draw:
    """The pairs that a flow has made: noise, and where it goes."""
    made = torch.randn(MADE, 2, generator=torch.Generator().manual_seed(seed + 1))
    ends = torch.cat([first.inverse(part) for part in made.split(BATCH)])

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(MADE, (BATCH,), generator=generator)
        return made[chosen], ends[chosen]

    return draw


def pairs_of(pairing: str, target: toys.Target, first: Matching, seed: int) -> Draw:
    """How a pairing draws. first: the flow of independent pairs."""
    return {
        "independent": lambda: independent(target),
        "transport": lambda: transport(target),
        "reflow": lambda: reflow(first, seed),
    }[pairing]()


def train(run: Run, pairing: str, name: str, first: Matching) -> dict[str, Tensor]:
    """One pairing on one target for the run's budget; the averaged weights. first: what it begins with."""
    generator = torch.Generator().manual_seed(run.seed)
    model, draw = copy.deepcopy(first), pairs_of(pairing, toys.target(name), first, run.seed)
    average = model

    def loss() -> Tensor:
        z, x = draw(generator)
        return model.paired_loss(z, x, times(BATCH, generator))

    for state in minimize(model, loss, BATCH, PEAK[pairing], lambda: run.progress):
        average, run.images = state.average, state.points
        if state.steps % 500 == 0:
            run.say(loss=state.loss)
    return {f"{pairing}.{name}.{key}": value for key, value in average.state_dict().items()}


def partners(name: str) -> Tensor:
    """What optimal transport pairs the first points of noise with that a room shows: (GROUP, 2)."""
    return cheapest(noise(0, GROUP), toys.target(name).sample(GROUP, torch.Generator().manual_seed(1)))


def line(args: argparse.Namespace) -> str:
    """What was asked for, as it stands on the card."""
    budget = f"--steps {args.steps}" if args.steps else f"--minutes {args.minutes:g}"
    return f"python -m training.flow.pairings {args.name} --seed {args.seed} {budget}"


def before(name: str = NAME) -> Card | None:
    """The card of the weights that are there, if there are any."""
    try:
        return load_card(name)
    except WeightsError:
        return None


def still_true(old: Card, tensors: dict[str, Tensor]) -> dict[str, float | str]:
    """The figures of the targets that new tensors are not of."""
    anew = {key.split(".")[1] for key in tensors}
    return {name: value for name, value in old.quality.items() if not anew & set(name.split("_"))}


def write(pieces: Pieces, args: argparse.Namespace) -> Card:
    """The file and its card; a run of one target leaves the others as they are."""
    old = before() if args.name != "all" else None
    kept = read_tensors(WEIGHTS / old.file) if old else {}
    everything = kept | pieces.done
    shown = {key.split(".")[1] for key in everything}
    everything |= {f"pairs.{name}": partners(name) for name in shown}
    sha256 = save_weights(everything, WEIGHTS / f"{NAME}.safetensors", half=True)
    card = Card(
        name=NAME,
        title="Flow matching in the plane, by pairing",
        params=sum(value.numel() for key, value in everything.items() if not key.startswith("pairs.")),
        file=f"{NAME}.safetensors",
        sha256=sha256,
        recipe=f"{old.recipe}; then {line(args)}" if old else line(args),
        network={"width": WIDTH},
        data="six densities of models/plane/toys.py, fresh points every step; reflow: the first flow's own pairs",
        data_terms="made by the recipe",
        licence="MIT, as the project",
        paper="Lipman et al. 2023, arXiv:2210.02747; Tong et al. 2024, arXiv:2302.00482; Liu et al. 2023, "
        "arXiv:2209.03003",
        quality=still_true(old, pieces.done) if old else {},
        quality_on=old.quality_on if old else "",
        trained=spent(old.trained if old else Trained(), pieces.cost.minutes, pieces.cost.images, "cpu"),
    )
    save_card(card, WEIGHTS / f"{NAME}.toml")
    return card


def main() -> None:
    parser = arguments("Train the matched flows of the plane.", [*TARGETS, "all"], minutes=40)
    parser.add_argument(
        "--steps", type=int, default=0, help="so many steps a network, on average, instead of --minutes"
    )
    args = parser.parse_args()
    if args.start:
        parser.error("these networks are trained from nothing; what is missing goes on by itself")
    names = TARGETS if args.name == "all" else [args.name]
    pieces = Pieces(NAME, line(args), args.fresh)
    for name in names:
        torch.manual_seed(args.seed)
        first = Matching(WIDTH)
        for pairing in PAIRINGS:
            prefix = f"{pairing}.{name}."
            if not pieces.has(prefix):
                most = round(args.steps * SHARE[pairing]) * BATCH
                minutes = args.minutes * SHARE[pairing] / (len(PAIRINGS) * len(names))
                run = CountedRun(
                    f"{pairing} {name}", minutes, torch.device("cpu"), args.seed, precision="float32", most=most
                )
                pieces.add(train(run, pairing, name, first), run)
            if pairing == "independent":
                first.load_state_dict(take(pieces.done, prefix))
    card = write(pieces, args)
    pieces.finish()
    print(f"\n{card.name}: {card.params:,} numbers; measure it: python -m training.evaluate {NAME}")


if __name__ == "__main__":
    main()
