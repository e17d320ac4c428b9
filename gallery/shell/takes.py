"""What an act takes home: the Python of a notebook that computes a state again, declared beside the act.

    def walk(knobs: Knobs) -> Taken:
        return Taken([cell("show(planes($data)[$beta].picture($u, $v))", knobs)])

    Act("plane", ..., notebook=walk)

A cell may use what the notebook has set up by then: np, torch, pictures (models.pictures.pictures), ROOT (the folder of
the code) and show(picture, zoom), which shows (H, W) or (H, W, C) uint8. It asks models/ only.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PLACE = re.compile(r"\$(\w+)")
Knobs = Mapping[str, Any]
"""Of a room, each with a value that its declaration allows: numbers as float or int, everything else as text."""


@dataclass(frozen=True)
class Taken:
    """What is computed of a state. cells: Python, in order; notes: keys of the sentences that stand before them; cards:
    names of weights beside those that the act names."""

    cells: Sequence[str]
    notes: Sequence[str] = ()
    cards: Sequence[str] = ()


class Written(str):
    """A piece of Python that `cell` fills in as it stands, not as a text."""

    def __repr__(self) -> str:
        return str(self)


Take = Callable[[Knobs], Taken]
"""What an act declares. It may raise Refusal for a state that no notebook can hold."""


def cell(source: str, *values: Mapping[str, Any], **more: Any) -> str:
    """Python with each $name replaced by that value as Python writes it. Raises KeyError for a name without a value."""
    known = {name: value for each in (*values, more) for name, value in each.items()}
    return PLACE.sub(lambda found: repr(known[found[1]]), textwrap.dedent(source).strip())
