"""Weights from elsewhere: `python -m training.cyclegan.convert cyclegan FILE --name cyclegan-NAME`.

FILE is a generator as the authors of CycleGAN save it (latest_net_G_A.pth); --back FILE adds the one of the other
direction. It becomes a safetensors file and a card, and then loads like every other set of weights. What the authors'
licence and data allow is for you to say: --data-terms and --licence go on the card.
"""

from __future__ import annotations

import argparse
import pickle
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.cyclegan.cyclegan import DIRECTIONS
from models.cyclegan.networks import ResnetGenerator
from models.weights.cards import WEIGHTS, Card, save_card, save_weights

AUTHORS = "junyanz/pytorch-CycleGAN-and-pix2pix"
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
"""What instance normalization kept in files from before PyTorch 0.4, and never used."""


@dataclass(frozen=True)
class Converted:
    """A generator's tensors under our names, its sizes, and the keys of the file that were left out."""

    tensors: dict[str, Tensor]
    blocks: int
    width: int
    dropped: tuple[str, ...]


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a .pth file; nothing in it is run (weights_only). Raises SystemExit with a sentence."""
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise SystemExit(f"{path} is no file of tensors: {error}") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise SystemExit(f"{path} holds something else than named tensors.")
    broken = [key for key, value in state.items() if value.is_floating_point() and not value.isfinite().all()]
    if broken:
        raise SystemExit(f"{path} is broken: {broken[0]} holds what is no number.")
    return {str(key): value for key, value in state.items()}


def refuse_name(args: argparse.Namespace) -> None:
    """Raise SystemExit, before anything is written, for a name that no card can have or that one has already."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", args.name):
        raise SystemExit(f"--name {args.name}: a card's name is of small letters, digits and dashes.")
    taken = [path for path in (args.folder / f"{args.name}{end}" for end in (".toml", ".safetensors")) if path.exists()]
    if taken and not args.replace:
        raise SystemExit(f"--name {args.name}: there is {taken[0]} already; --replace writes over it.")


def convert_generator(state: dict[str, Tensor]) -> Converted:
    """The authors' generator as our ResnetGenerator: every key is taken over, or dropped for a reason that is named.

    DataParallel's prefix "module." goes, and what instance normalization kept in old files. Raises ValueError where a
    key is missing, left over, or of another shape.
    """
    state = {key.removeprefix("module."): value for key, value in state.items()}
    dropped = tuple(key for key in state if key.rsplit(".", 1)[-1] in STATISTICS)
    tensors = {key: value.float() for key, value in state.items() if key not in dropped}
    blocks, width = _sizes(tensors)
    wanted = ResnetGenerator(blocks, width).state_dict()
    faults = [f"lacks {key}" for key in wanted.keys() - tensors.keys()]
    faults += [f"has {key}, which the generator has not" for key in tensors.keys() - wanted.keys()]
    faults += [
        f"has {key} of shape {tuple(tensors[key].shape)}, not {tuple(wanted[key].shape)}"
        for key in wanted.keys() & tensors.keys()
        if tensors[key].shape != wanted[key].shape
    ]
    if faults:
        raise ValueError(f"This is no ResNet generator with instance normalization: it {sorted(faults)[0]}.")
    return Converted(tensors, blocks, width, dropped)


def _sizes(tensors: dict[str, Tensor]) -> tuple[int, int]:
    """How many blocks, and how many filters the first layer has, read from names and shapes."""
    blocks = {match[1] for key in tensors if (match := re.match(r"model\.(\d+)\.conv_block\.", key))}
    first = tensors.get("model.1.weight")
    if not blocks or first is None or first.ndim != 4:
        raise ValueError("This is no ResNet generator: it has no residual blocks or no first layer.")
    return len(blocks), first.shape[0]


def card_for(args: argparse.Namespace, parts: dict[str, Converted], sha256: str) -> Card:
    """What there is to say about weights that were made elsewhere."""
    first = next(iter(parts.values()))
    return Card(
        name=args.name,
        title=args.title or args.name,
        params=sum(value.numel() for part in parts.values() for value in part.tensors.values()),
        file=f"{args.name}.safetensors",
        sha256=sha256,
        recipe=f"converted from {', '.join(str(Path(f).name) for f in (args.file, args.back) if f)} ({AUTHORS})",
        data=args.trained_on,
        data_terms=args.data_terms,
        licence=args.licence,
        paper="Zhu et al. 2017, arXiv:1703.10593",
        network={"generator": "resnet", "blocks": first.blocks, "width": first.width, "directions": list(parts)},
    )


def convert_cyclegan(args: argparse.Namespace) -> Card:
    """Read one generator or both, write the safetensors file and the card into the folder, and say what was dropped."""
    refuse_name(args)
    files = {name: file for name, file in zip(DIRECTIONS, (args.file, args.back), strict=True) if file}
    parts = {}
    for name, file in files.items():
        try:
            parts[name] = convert_generator(read_checkpoint(file))
        except ValueError as error:
            raise SystemExit(f"{file}: {error}") from error
        part = parts[name]
        print(f"{file}: ResNet-{part.blocks}, {part.width} filters, {len(part.tensors)} tensors taken over.")
        if part.dropped:
            print(f"  dropped {len(part.dropped)} that instance normalization does not use: {', '.join(part.dropped)}")
    if len({(part.blocks, part.width) for part in parts.values()}) > 1:
        raise SystemExit("The two generators are of different sizes; convert each to a card of its own.")
    tensors = {f"{name}.{key}": value for name, part in parts.items() for key, value in part.tensors.items()}
    sha256 = save_weights(tensors, args.folder / f"{args.name}.safetensors")
    card = card_for(args, parts, sha256)
    save_card(card, args.folder / f"{args.name}.toml")
    return card


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("concept", choices=["cyclegan"])
    parser.add_argument("file", type=Path, help="latest_net_G_A.pth, or latest_net_G.pth of the pretrained models")
    parser.add_argument("--back", type=Path, help="the generator of the other direction, latest_net_G_B.pth")
    parser.add_argument("--name", required=True, help="of the card: small letters, digits and dashes")
    parser.add_argument("--title", default="")
    parser.add_argument("--trained-on", default="", help="the data that it was trained on")
    parser.add_argument("--data-terms", default="")
    parser.add_argument("--licence", default="")
    parser.add_argument("--replace", action="store_true", help="write over a card of that name")
    parser.add_argument("--folder", type=Path, default=WEIGHTS)
    card = convert_cyclegan(parser.parse_args(words))
    print(f"{card.name}: {card.params:,} parameters, {card.file}")


if __name__ == "__main__":
    main()
