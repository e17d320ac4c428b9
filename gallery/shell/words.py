"""Every sentence that a visitor reads, in Russian and English.

Each .toml below gallery/, a room's in its folder, holds `key = { ru = "...", en = "..." }` in nested tables;
a key is the dotted path. In a sentence `{name}` stands for a value and `{n:form|form|form}` for the form of a word that
goes with the number n (Russian: 1, 2, 5; English: 1, 2). The browser's `sentence` follows the same rules.
"""

from __future__ import annotations

import re
import tomllib
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("ru", "en")
PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
TIED = re.compile(r" (?=— |\{\w+:)")
"""A dash begins no line, and a number is not parted from the word that it counts."""
GALLERY = Path(__file__).parents[1]

Value = str | int | float
Words = dict[str, dict[str, str]]
"""key -> language -> sentence"""


class WordsError(Exception):
    """A file of words that breaks the rules; the message names the key."""


def _flatten(table: dict[str, Any], prefix: str, into: dict[str, dict[str, str]], where: str) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if not isinstance(value, dict):
            raise WordsError(f"{where}: {key} is not a table")
        if set(value) & set(LANGUAGES):
            if set(value) != set(LANGUAGES) or not all(isinstance(v, str) and v for v in value.values()):
                raise WordsError(f"{where}: {key} needs exactly {', '.join(LANGUAGES)}")
            if key in into:
                raise WordsError(f"{where}: {key} is there already")
            into[key] = {lang: TIED.sub("\u00a0", sentence) for lang, sentence in value.items()}
        else:
            _flatten(value, f"{key}.", into, where)


def load(folder: Path) -> Words:
    """All words below a folder: key -> language -> sentence. Raises WordsError on a missing translation."""
    words: Words = {}
    for path in sorted(folder.rglob("*.toml")):
        _flatten(tomllib.loads(path.read_text("utf-8")), "", words, path.name)
    return words


@cache
def all_words() -> Words:
    """The gallery's words, read once."""
    return load(GALLERY)


def include(folder: Path) -> None:
    """Take in the words of a room, which may stand outside the gallery's folder."""
    all_words().update(load(folder))


def number(x: float, lang: str, digits: int | None = None) -> str:
    """A number as the reader writes it: 0,62 and 10 000 in Russian, a true minus sign in both.

    Without digits, at most two decimals and no trailing zeros. Four digits stay together. Halves go away from zero and
    what counts is the rounded number, as in the page's own `number`.
    """
    with localcontext(rounding=ROUND_HALF_UP):
        text = f"{Decimal(float(x)):,.{2 if digits is None else digits}f}"
    if re.match(r"-?\d,\d{3}(?!,)", text):
        text = text.replace(",", "")
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    if lang == "ru":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return text.replace("-", "\u2212")


def plural(n: float, lang: str, forms: list[str]) -> str:
    """The form that goes with n: (строка, строки, строк) in Russian, (line, lines) in English."""
    if lang != "ru":
        return forms[0] if n == 1 else forms[-1]
    if n != int(n):
        return forms[min(1, len(forms) - 1)]
    tens, ones = abs(int(n)) % 100, abs(int(n)) % 10
    index = 2 if 10 < tens < 20 or ones == 0 or ones > 4 else int(ones > 1)
    return forms[min(index, len(forms) - 1)]


def sentence(key: str, lang: str, **args: Value) -> str:
    """The sentence in a language, its values filled in and written as the reader writes them.

    lang: any tag; "ru-RU" means Russian, everything unknown English. Raises KeyError for an unknown key.
    """
    lang = "ru" if lang.lower().startswith("ru") else "en"

    def fill(match: re.Match[str]) -> str:
        value = args[match[1]]
        if match[2] is not None:
            return plural(float(value), lang, match[2].split("|"))
        return value if isinstance(value, str) else number(value, lang)

    return PLACEHOLDER.sub(fill, all_words()[key][lang])


def preferred(accept_language: str) -> str:
    """The visitor's language from an Accept-Language header: "ru" where Russian comes before English."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        if tag[:2].lower() in LANGUAGES:
            ranked.append((-weight, place, tag[:2].lower()))
    return min(ranked)[2] if ranked else "en"
