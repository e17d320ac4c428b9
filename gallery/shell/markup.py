"""Pieces of HTML that every room is made of. They hold no words: the page fills in [data-t] by key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Choice = tuple[str, str]  # a knob's value, and the words key (or, after "=", the text) it shows


def t(key: str, tag: str = "span", *, cls: str = "", **args: Any) -> str:
    """An element that shows the words of a key, in the language of the moment."""
    extra = f' class="{escape(cls)}"' if cls else ""
    extra += f" data-t-args='{escape(json.dumps(args))}'" if args else ""
    return f'<{tag} data-t="{escape(key)}"{extra}></{tag}>'


def label(key: str) -> str:
    """Words of a key, or what follows "=" as it stands: names and symbols that no language changes."""
    return f"<span>{escape(key[1:])}</span>" if key.startswith("=") else t(key)


def segments(knob: str, choices: Sequence[Choice], label_key: str, *, named: bool = False) -> str:
    """A segmented control bound to a choice knob: arrows move, a click sets. named: its label stands before it."""
    buttons = "".join(
        f'<button type="button" role="radio" aria-checked="false" tabindex="-1" data-value="{escape(value)}">'
        f"{label(key)}</button>"
        for value, key in choices
    )
    group = (
        f'<div class="v-seg" role="radiogroup" data-knob="{escape(knob)}" data-t-label="{escape(label_key)}">'
        f"{buttons}</div>"
    )
    return f'<div class="v-named">{t(label_key)}{group}</div>' if named else group


def try_button(key: str, knobs: Mapping[str, Any], emit: str = "") -> str:
    """A prompt of "Try": sets knobs, and may send an event to the room ("film" plays the film)."""
    event = f' data-emit="{escape(emit)}"' if emit else ""
    return (
        f'<button type="button" class="v-try" data-set=\'{escape(json.dumps(dict(knobs)))}\'{event}>{t(key)}</button>'
    )
