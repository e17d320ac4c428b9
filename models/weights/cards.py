"""Weights: from the name on a card to tensors in a network, verified and strict. safetensors only.

    card = load_card("digits")
    load_into(network, card)        # raises WeightsError, with words for the visitor
    held = Held("digits", build)    # held() is build(card), made on first use, again after a swap

On the command line: `python -m models.weights` (list), `verify`, `pull`, `publish USER/REPO`, `table`.
"""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from models.weights.cardfile import (
    EMBEDDED_LIMIT,
    WEIGHTS,
    Card,
    HubSource,
    Trained,
    WeightsError,
    all_cards,
    load_card,
    save_card,
    update_quality,
)
from models.weights.hub import Shelf, hub_source, offline, sha256_of
from models.weights.sources import Badge, HubState, Source

if TYPE_CHECKING:
    from torch import Tensor, nn

T = TypeVar("T")

__all__ = [
    "EMBEDDED_LIMIT",
    "WEIGHTS",
    "Badge",
    "Card",
    "Held",
    "HubSource",
    "HubState",
    "Shelf",
    "Source",
    "Trained",
    "WeightsError",
    "all_cards",
    "badge",
    "fetch",
    "fingerprint",
    "hub_source",
    "load_card",
    "load_into",
    "load_tensors",
    "offline",
    "on_swap",
    "refresh_in_background",
    "save_card",
    "save_weights",
    "sha256_of",
    "shelf",
    "take",
    "update_quality",
]


@functools.cache
def shelf() -> Shelf:
    """The shelf of this gallery's own cards."""
    return Shelf()


def fetch(card: Card) -> tuple[Path, Source]:
    """The best verified file of a card that is here now. Raises WeightsError; never waits for the network."""
    return shelf().fetch(card)


def badge(name: str) -> Badge:
    """Where the weights `name` come from and what became of the Hub. Raises WeightsError for a bad card."""
    return shelf().badge(load_card(name, shelf().folder))


def refresh_in_background(names: Iterable[str] | None = None) -> threading.Thread:
    """Ask the Hub for what is not here: for all cards with an embedded file, or for the `names`."""
    return shelf().refresh(names)


def on_swap(name: str, callback: Callable[[Source], None]) -> None:
    """Call `callback(source)` in the background thread when a better file of card `name` has arrived."""
    shelf().on_swap(name, callback)


class Held(Generic[T]):
    """What `build(card)` makes of a set of weights: made on first use, and again when better weights arrive.

    `held()` gives it; calls that come while it is made wait. A swap takes one assignment: until the new one
    stands complete, the old one answers, and it stays if the new weights cannot be used.
    """

    def __init__(self, name: str, build: Callable[[Card], T]) -> None:
        self.name, self.build = name, build
        self._lock = threading.Lock()
        self._made: tuple[T, ...] = ()

    def __call__(self) -> T:
        """The thing itself. Raises WeightsError; the next call tries again."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._made = (self.build(load_card(self.name, shelf().folder)),)
                    on_swap(self.name, self._swap)
        return self._made[0]

    def _swap(self, _: Source) -> None:
        self._made = (self.build(load_card(self.name, shelf().folder)),)


def load_tensors(card: Card, half: bool = False) -> dict[str, Tensor]:
    """The tensors of a card's file, on the CPU, verified and finite.

    half: leave half precision as it is stored; otherwise float16 and bfloat16 become float32.
    Raises WeightsError.
    """
    return read_tensors(fetch(card)[0], half)


def read_tensors(path: Path, half: bool = False) -> dict[str, Tensor]:
    """The tensors of a safetensors file, as `load_tensors` gives them. Raises WeightsError."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            "weights.not_safetensors", f"{path.name} cannot be read: {error}.", file=path.name
        ) from error
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise WeightsError(
                "weights.not_finite",
                f"{path.name} holds numbers that are not finite ({name}).",
                file=path.name,
            )
    if half:
        return tensors
    return {k: v.float() if v.dtype in (torch.float16, torch.bfloat16) else v for k, v in tensors.items()}


def fingerprint(tensors: Mapping[str, Tensor]) -> str:
    """Twelve hex digits that a network's tensors are known by, whatever else their file holds."""
    told = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        told.update(f"{name} {tuple(tensor.shape)} ".encode())
        told.update(tensor.float().cpu().contiguous().numpy().tobytes())
    return told.hexdigest()[:12]


def take(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, without it: one network of a file that holds several."""
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def load_into(module: nn.Module, card: Card, prefix: str = "") -> Source:
    """Fill `module` with a card's tensors: exactly its names, exactly its shapes; returns their source.

    prefix: "decoder." takes only the tensors whose names begin so, for a file that holds several networks.
    The module is left as it was when this raises WeightsError.
    """
    path, source = fetch(card)
    tensors = take(read_tensors(path), prefix)
    _compare(module.state_dict(), tensors, path.name)
    module.load_state_dict(tensors, strict=True)
    return source


def _compare(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor], file: str) -> None:
    """Raise WeightsError unless names and shapes agree."""
    missing, extra = sorted(wanted.keys() - given.keys()), sorted(given.keys() - wanted.keys())
    wrong = [k for k in wanted if k in given and wanted[k].shape != given[k].shape]
    for names, fault in ((missing, "lacks"), (extra, "has too much:"), (wrong, "has another shape for")):
        if names:
            raise WeightsError(
                "weights.other_network",
                f"{file} belongs to another network: it {fault} {names[0]} ({len(names)} in all).",
                file=file,
            )


def save_weights(tensors: Mapping[str, Tensor], path: Path, half: bool = False) -> str:
    """Write tensors as safetensors, in one step, and return the file's sha256 for its card.

    half: store float32 as float16, which halves the file; they become float32 again when loaded.
    Raises WeightsError where a number is not finite, also after the rounding. Equal tensors give equal bytes.
    """
    import torch
    from safetensors.torch import save_file

    plain = {}
    for name, tensor in sorted(tensors.items()):
        value = tensor.detach().cpu().contiguous()
        value = value.half() if half and value.dtype == torch.float32 else value
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise WeightsError(
                "weights.not_finite",
                f"{path.name}: {name} holds numbers that are not finite.",
                file=path.name,
            )
        plain[name] = value.clone()  # tensors that share memory are refused by the format
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    save_file(plain, temporary)
    os.replace(temporary, path)
    return sha256_of(path)
