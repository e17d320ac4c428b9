"""What a weights card says, how it is read and how it is written: one TOML file beside each set of weights.

Reading is strict: a misspelt key is an error, never a default. It imports neither torch nor the Hub.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
"""The cards and their embedded files."""

EMBEDDED_LIMIT = 10_000_000
"""Bytes; a file in the repository stays below it (a Space wants LFS beyond)."""

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_FILE = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*\.safetensors")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class WeightsError(Exception):
    """Weights that cannot be used. The message is English; the gallery says `key` in both languages."""

    def __init__(self, key: str, message: str, **args: str | int | float) -> None:
        super().__init__(message)
        self.key = key
        self.words = args

    @property  # the contract of all errors that reach a visitor: .key and .args, a dict for the sentence
    def args(self) -> dict[str, str | int | float]:  # type: ignore[override]
        return self.words


@dataclass(frozen=True)
class HubSource:
    """A file on the Hugging Face Hub, pinned: `revision` is a commit wherever one is known."""

    repo: str
    revision: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Trained:
    """How long, on how many images, on what, and when (ISO date)."""

    minutes: float = 0.0
    images: int = 0
    device: str = ""
    date: str = ""


@dataclass(frozen=True)
class Card:
    """One set of weights. `file` is empty where the weights live on the Hub only."""

    name: str
    title: str
    params: int
    file: str = ""
    sha256: str = ""
    recipe: str = ""
    early: str = ""
    """Of weights that fall short of what is wanted: by how much, how fast they come nearer."""
    data: str = ""
    data_terms: str = ""
    licence: str = ""
    paper: str = ""
    evaluation_only: bool = False
    """A judge used to measure other weights; at most a room tells a visitor what it sees in his picture."""
    quality_on: str = ""
    """The sentence that says what `quality` was measured on."""
    network: dict[str, Any] = field(default_factory=dict)
    prior: dict[str, Any] = field(default_factory=dict)
    trained: Trained = field(default_factory=Trained)
    quality: dict[str, float | str] = field(default_factory=dict)
    hub: HubSource | None = None

    def __post_init__(self) -> None:
        _check(self)

    def figures(self, most: int = 6) -> str:
        """The first of the quality's figures in one line: "mse 0.0028, smiling 0.91"."""
        first = list(self.quality.items())[:most]
        return ", ".join(f"{k} {v if isinstance(v, (str, int)) else f'{v:.4g}'}" for k, v in first)


def card_error(name: str, why: str) -> WeightsError:
    """A card that breaks the rules."""
    return WeightsError("weights.bad_card", f"The weights card “{name}” cannot be used: {why}.", name=name)


def _check(card: Card) -> None:
    """Raise WeightsError on the first rule that a card breaks."""
    rules = {
        "its name needs small letters, digits and dashes": bool(_NAME.fullmatch(card.name)),
        "params must be a positive whole number": type(card.params) is int and card.params > 0,
        "file must be the name of a .safetensors file": not card.file or bool(_FILE.fullmatch(card.file)),
        "file must lie beside the card": "/" not in card.file,
        "sha256 must be 64 hexadecimal digits": bool(_SHA256.fullmatch(card.sha256)) == bool(card.file),
        "it names neither a file nor a Hub repository": bool(card.file) or card.hub is not None,
        "quality must hold numbers or short words": all(_is_figure(v) for v in card.quality.values()),
    }
    if card.hub is not None:
        rules |= {
            "hub.repo must read user/name": re.fullmatch(r"[\w.-]+/[\w.-]+", card.hub.repo) is not None,
            "hub.revision must be named": bool(card.hub.revision),
            "hub.file must be a .safetensors file": bool(_FILE.fullmatch(card.hub.file)),
            "hub.sha256 must be 64 hexadecimal digits": bool(_SHA256.fullmatch(card.hub.sha256)),
        }
    for rule, kept in rules.items():
        if not kept:
            raise card_error(card.name, rule)


def _is_figure(value: object) -> bool:
    return isinstance(value, (int, float, str)) and not isinstance(value, bool)


def typed(kind: type[T], table: dict[str, Any], name: str) -> T:
    """`kind(**table)`, with every key known and every value of the field's own plain type."""
    fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    plain = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}
    for key, value in table.items():
        if key not in fields:
            raise card_error(name, f"there is no entry “{key}”")
        wanted = plain.get(str(fields[key].type))
        if wanted and type(value) not in wanted:
            raise card_error(name, f"{key} should be of type {fields[key].type}")
        if str(fields[key].type).startswith("dict") and not isinstance(value, dict):
            raise card_error(name, f"{key} should be a table")
    try:
        return kind(**table)
    except TypeError as error:
        raise card_error(name, f"an entry is missing ({error})") from error


def load_card(name: str, folder: Path = WEIGHTS) -> Card:
    """The card `name`. Raises WeightsError where there is none or it breaks a rule."""
    path = folder / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise WeightsError("weights.no_card", f"There are no weights called “{name}”.", name=name)
    state = path.stat()
    return _read_card(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=128)
def _read_card(path: Path, _changed: int, _size: int) -> Card:
    """The card in a file, read once for each state of it: a plaque asks for its card with every picture."""
    name = path.stem
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise card_error(name, f"it is no TOML ({error})") from error
    if "name" in table:
        raise card_error(name, "its name is the file's name and is not written inside")
    for key, kind in (("hub", HubSource), ("trained", Trained)):
        if key in table:
            if not isinstance(table[key], dict):
                raise card_error(name, f"{key} should be a table")
            table[key] = typed(kind, table[key], name)
    return typed(Card, {"name": name, **table}, name)


def all_cards(folder: Path = WEIGHTS) -> list[Card]:
    """Every card of the folder, by name."""
    return [load_card(path.stem, folder) for path in sorted(folder.glob("*.toml"))]


def save_card(card: Card, path: Path) -> None:
    """Write a card as TOML in the fields' own order; equal cards give equal bytes.

    `path` is the .toml file, named after the card. Entries that are empty are left out.
    """
    if path.name != f"{card.name}.toml":
        raise card_error(card.name, f"its file must be called {card.name}.toml")
    import tomlkit

    empty: tuple[object, ...] = ("", None, {}, False)
    table = {k: v for k, v in dataclasses.asdict(card).items() if k != "name" and v not in empty}
    if card.trained == Trained():
        del table["trained"]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(tomlkit.dumps(table), encoding="utf-8")
    temporary.replace(path)


def update_quality(
    name: str,
    quality: dict[str, float | str],
    quality_on: str = "",
    folder: Path = WEIGHTS,
    anew: tuple[str, ...] = (),
) -> Card:
    """Put figures on a card, beside those that it has, with what they were measured on; returns the card.

    anew: how the names of figures begin of which none stays that was not measured now.
    """
    card = load_card(name, folder)
    figures = {k: v if isinstance(v, (str, int)) else round(float(v), 6) for k, v in quality.items()}
    card = dataclasses.replace(
        card,
        quality={**figures, **{k: v for k, v in card.quality.items() if k not in figures and not k.startswith(anew)}},
        quality_on=quality_on or card.quality_on,
    )
    save_card(card, folder / f"{name}.toml")
    return card
