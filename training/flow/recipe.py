"""Recipe of the flows of the plane: `python -m training.flow nice|realnvp|spline|matching|all --minutes M`.

Each target of models/plane/toys.py gets an equal share of a kind's minutes. A run that is cut off goes on with the
pairs that are missing; a run of one kind or one target leaves the other weights as they are.
"""

from __future__ import annotations

import argparse
import inspect

import torch
from torch import Tensor

from models.flow.density import Bijection
from models.flow.fitting import BATCH, fit
from models.flow.flow import MODELS
from models.plane.toys import TARGETS, target
from models.weights.cards import (
    WEIGHTS,
    Card,
    Trained,
    WeightsError,
    load_card,
    read_tensors,
    save_card,
    save_weights,
    sha256_of,
    take,
)
from training.cards import spent
from training.flow.counted import CountedRun
from training.flow.pieces import Pieces
from training.recipe import Run, arguments

Figures = dict[str, float | str]
NAME = "flow-2d"
SHARE = {"nice": 0.75, "realnvp": 1.5, "spline": 1.0, "matching": 0.75}
"""What one target gets of the minutes or steps, by kind: the couplings of RealNVP gain the longest."""
PAPERS = (
    "Dinh et al. 2015, arXiv:1410.8516; Dinh et al. 2017, arXiv:1605.08803; "
    "Durkan et al. 2019, arXiv:1906.04032; Lipman et al. 2023, arXiv:2210.02747"
)


def shape(kind: str) -> dict[str, int | float]:
    """The network's sizes as its builder has them by default: what the card says."""
    return {name: p.default for name, p in inspect.signature(MODELS[kind]).parameters.items()}


@torch.no_grad()
def gap(model: Bijection, name: str, points: int) -> float:
    """-E log q(x) minus the same points' -E log p(x): KL(p || q) in nats, without the noise of the entropy."""
    x = target(name).sample(points, torch.Generator().manual_seed(1))
    return float((target(name).log_density(x.double()) - model.log_density(x).double()).mean())


def train(run: Run, kind: str, name: str, start: dict[str, Tensor]) -> dict[str, Tensor]:
    """One kind on one target for the run's budget, from the weights `start` if there are any; the averaged weights."""
    prefix = f"{kind}.{name}."
    model = MODELS[kind]()
    if own := take(start, prefix):
        model.load_state_dict(own)
    model.to(run.device)
    average = model
    for state in fit(model, target(name), kind, lambda: run.progress, run.seed):
        average, run.images = state.average, state.points
        if state.steps % 500 == 0:
            run.say(loss=state.loss)
    return {prefix + k: v.cpu() for k, v in average.state_dict().items()}


def old_card() -> Card | None:
    """The card of the weights that are there, if there are any."""
    try:
        return load_card(NAME)
    except WeightsError:
        return None


def line(args: argparse.Namespace) -> str:
    """What was asked for, as it stands on the card."""
    chosen = f" --target {args.target}" if args.target else ""
    going_on = f" --from weights/{args.start.name}" if args.start else ""
    budget = f"--steps {args.steps}" if args.steps else f"--minutes {args.minutes:g}"
    return f"training.flow {args.name}{chosen}{going_on} --seed {args.seed} {budget}"


def still_true(quality: Figures, tensors: dict[str, Tensor]) -> Figures:
    """The figures that new tensors leave as they are: not those of their pairs, nor the worst of their kinds."""
    pairs = {"_".join(name.split(".")[:2]) for name in tensors}
    kinds = {name.split(".")[0] for name in tensors}
    return {k: v for k, v in quality.items() if not k.endswith((*pairs, *(f"error_{kind}" for kind in kinds)))}


def write(tensors: dict[str, Tensor], args: argparse.Namespace, run: Trained) -> Card:
    """Put what was trained beside what was there before, and write the file and its card."""
    before = old_card()
    kept = read_tensors(WEIGHTS / before.file) if before else {}
    kinds = {name.split(".")[0] for name in {**kept, **tensors}}
    goes_on = before is not None and (args.start is not None or not kept.keys() <= tensors.keys())
    cost = before.trained if before and goes_on else Trained()
    everything = kept | tensors
    sha256 = save_weights(everything, WEIGHTS / f"{NAME}.safetensors")
    card = Card(
        name=NAME,
        title="Flows of the plane",
        params=sum(value.numel() for value in everything.values()),
        file=f"{NAME}.safetensors",
        sha256=sha256,
        recipe=f"{before.recipe}; then {line(args)}" if before and goes_on else f"python -m {line(args)}",
        network={kind: shape(kind) for kind in MODELS if kind in kinds},
        data="the eight densities of models/plane/toys.py, fresh points every step",
        data_terms="made by the recipe",
        licence="MIT, as the project",
        paper=PAPERS,
        quality=still_true(before.quality if before else {}, tensors),
        quality_on=before.quality_on if before else "",
        trained=spent(cost, run.minutes, run.images, args.device),
    )
    save_card(card, WEIGHTS / f"{NAME}.toml")
    return card


def main() -> None:
    parser = arguments("Train the flows of the plane.", [*MODELS, "all"], minutes=32)
    parser.add_argument("--target", choices=list(TARGETS), help="only this one (default: all of them)")
    parser.add_argument("--steps", type=int, default=0, help="so many steps a pair, on average, instead of --minutes")
    args = parser.parse_args()
    kinds = list(MODELS) if args.name == "all" else [args.name]
    pairs = [(kind, name) for kind in kinds for name in ([args.target] if args.target else TARGETS)]
    start = read_tensors(args.start) if args.start else {}
    pieces = Pieces(NAME, f"{line(args)} {args.start and sha256_of(args.start)}", args.fresh)
    whole = sum(SHARE[kind] for kind, _ in pairs)
    for kind, name in pairs:
        if pieces.has(f"{kind}.{name}."):
            continue
        most = round(args.steps * SHARE[kind]) * BATCH[kind]
        minutes = args.minutes * SHARE[kind] / whole
        run = CountedRun(f"{kind} {name}", minutes, torch.device(args.device), args.seed, most=most)
        pieces.add(train(run, kind, name, start), run)
        model = MODELS[kind]()
        model.load_state_dict(take(pieces.done, f"{kind}.{name}."))
        print(f"\n{kind} {name}: {gap(model, name, 20_000):.4f} nats above the entropy, {run.images:,} points")
    card = write(pieces.done, args, pieces.cost)
    pieces.finish()
    print(f"\n{card.name}: {card.params:,} numbers; measure it: python -m training.evaluate {NAME}")
