"""The bigger models that rooms offer from the Hub: which files, at which commit, with which hashes, who loads them.

A room declares them in `weights/bigger/<room>.toml`, one table a model, and no Hub repository is named elsewhere:

    [cat]
    repo = "google/ddpm-cat-256"
    commit = "82ca0d5d…"                      # "" where none is known: not pinned yet
    loader = "models.diffusion.bigger:Bigger"
    source = "where commit and hashes were read, and when"

    [cat.files]                               # all that is asked for, each with its sha256, "" where none is known
    "config.json" = "32b2f053…"
    "diffusion_pytorch_model.safetensors" = "0806be43…"

`python -m models.weights pin` asks the Hub and writes commit and hashes. Weights are safetensors; a `.bin`, where a
repository has nothing else, is rewritten once (`rewrite.py`). Reading imports neither torch nor the Hub's client.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from models.weights.cardfile import WEIGHTS, card_error, typed

BIGGER = WEIGHTS / "bigger"
"""One file a room."""
SAFE, PICKLE = ".safetensors", ".bin"

_REPO = re.compile(r"[\w.-]+/[\w.-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|")
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_LOADER = re.compile(r"models(?:\.\w+)+:\w+")
_PATH = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*(?:\.json|\.safetensors|\.bin)")


class Loaded(Protocol):
    """What a loader makes. seconds: for one pass, measured here; params: how many parameters it has."""

    seconds: float
    params: int


@dataclass(frozen=True)
class File:
    """A file that is asked for. sha256: "" where it is not known yet."""

    name: str
    sha256: str = ""

    @property
    def weights(self) -> bool:
        """Whether it holds weights, not settings."""
        return self.name.endswith((SAFE, PICKLE))


@dataclass(frozen=True)
class Offer:
    """A bigger model of a room. loader: "module:name", called with the model's name and its folder."""

    room: str
    name: str
    repo: str
    loader: str
    files: tuple[File, ...]
    commit: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def key(self) -> str:
        """Its name among those of all rooms."""
        return f"{self.room}/{self.name}"

    @property
    def pinned(self) -> bool:
        """Whether the commit and the hash of all weights are known before the Hub is asked.

        A setting's hash may be open: at a pinned commit it is what the Hub calls that file's git object.
        """
        return bool(self.commit) and all(file.sha256 for file in self.files if file.weights)

    @property
    def rewritten(self) -> bool:
        """Whether its weights come as a pickle, and are rewritten as safetensors once."""
        return any(file.name.endswith(PICKLE) for file in self.files)

    def load(self, folder: Path) -> Loaded:
        """The model from its verified folder. Raises what the loader raises, WeightsError above all."""
        module, _, name = self.loader.partition(":")
        made: Loaded = getattr(importlib.import_module(module), name)(self.name, folder)
        return made


def _check(offer: Offer) -> None:
    """Raise WeightsError on the first rule that an offer breaks."""
    names = [file.name for file in offer.files]
    rules = {
        "repo must read owner/name": bool(_REPO.fullmatch(offer.repo)),
        "commit must be 40 hexadecimal digits, or empty": bool(_COMMIT.fullmatch(offer.commit)),
        "loader must read models.….module:name": bool(_LOADER.fullmatch(offer.loader)),
        "files must be .json, .safetensors or .bin": all(_PATH.fullmatch(name) for name in names),
        "files must hold weights": any(file.weights for file in offer.files),
        "a sha256 has 64 hexadecimal digits": all(_SHA256.fullmatch(file.sha256) for file in offer.files),
    }
    for rule, kept in rules.items():
        if not kept:
            raise card_error(offer.key, rule)


def offers(room: str, folder: Path = BIGGER) -> dict[str, Offer]:
    """A room's bigger models by name, in the file's order. Raises WeightsError where the file breaks a rule."""
    path = folder / f"{room}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise card_error(path.name, f"it cannot be read ({error})") from error
    return {name: _offer(room, name, entry) for name, entry in table.items()}


def _offer(room: str, name: str, entry: Any) -> Offer:
    key = f"{room}/{name}"
    files = entry.get("files") if isinstance(entry, dict) else None
    if not isinstance(files, dict) or not all(isinstance(sha256, str) for sha256 in files.values()):
        raise card_error(key, "its files should be a table of hashes")
    if {"room", "name"} & entry.keys():
        raise card_error(key, "its room and its name are the file's name and the table's")
    listed = tuple(File(file, sha256) for file, sha256 in files.items())
    return typed(Offer, {**entry, "room": room, "name": name, "files": listed}, key)


def all_offers(folder: Path = BIGGER) -> list[Offer]:
    """Every room's. Raises WeightsError also where two name one repository: they would share a folder."""
    found = [offer for path in sorted(folder.glob("*.toml")) for offer in offers(path.stem, folder).values()]
    repos = [offer.repo for offer in found]
    for offer in found:
        if repos.count(offer.repo) > 1:
            raise card_error(offer.key, f"{offer.repo} is offered twice")
    return found


def save_offers(room: str, made: dict[str, Offer], folder: Path = BIGGER) -> None:
    """Write a room's file anew; equal offers give equal bytes."""
    import tomlkit

    table = {
        offer.name: {
            **{key: getattr(offer, key) for key in ("repo", "commit", "loader", "source")},
            "files": {file.name: file.sha256 for file in offer.files},
        }
        for offer in made.values()
    }
    path = folder / f"{room}.toml"
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(tomlkit.dumps(table), encoding="utf-8")
    temporary.replace(path)


@functools.cache
def declared(room: str) -> dict[str, Offer]:
    """What the room offers, read once for the process; GALLERY_BIGGER names a folder whose entries go before ours.

    Raises WeightsError where a file breaks a rule, or the folder is not there.
    """
    named = os.environ.get("GALLERY_BIGGER")
    if not named:
        return offers(room)
    if not Path(named).is_dir():
        raise card_error(room, "GALLERY_BIGGER names no folder")
    return offers(room) | (offers(room, Path(named)) if (Path(named) / f"{room}.toml").exists() else {})
