"""Knobs: the settings of a room that a link carries, declared once for the browser and the server."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WHOLE = re.compile(r"0|-?[1-9][0-9]{0,5}")
"""A number of a code, in the one way in which it is written."""


@dataclass(frozen=True)
class Knob:
    """One shareable setting of a room.

    kind: "number" | "int" | "choice" | "code". lo and hi: inclusive bounds of a number. digits: decimals kept in
    a link, so that a restored number is exactly the one that was seen. columns: bounds of the numbers of each row of a
    code, which has 1 to hi rows. act: the act it belongs to; a link leaves it out while another act is shown.
    """

    default: float | int | str
    kind: str
    lo: float = 0
    hi: float = 0
    digits: int = 0
    choices: tuple[str, ...] = ()
    columns: tuple[tuple[int, int], ...] = ()
    act: str = ""

    def fits(self, value: object) -> bool:
        """Whether the knob can be set to this value, which a link or a button may give as text."""
        if self.kind == "choice":
            return str(value) in self.choices
        if self.kind == "code":
            return self.rows(value) is not None
        try:
            x = float(str(value))
        except ValueError:
            return False
        return math.isfinite(x) and self.lo <= x <= self.hi and (self.kind != "int" or x.is_integer())

    def rows(self, value: object) -> list[list[int]] | None:
        """The rows of whole numbers that a code says, like "1_-20.3_40"; None for what is none."""
        if not isinstance(value, str) or value.count(".") >= self.hi:
            return None
        rows = [row.split("_") for row in value.split(".")]
        return [[int(cell) for cell in row] for row in rows] if all(map(self._row, rows)) else None

    def _row(self, cells: list[str]) -> bool:
        if len(cells) != len(self.columns) or not all(map(WHOLE.fullmatch, cells)):
            return False
        return all(lo <= int(cell) <= hi for cell, (lo, hi) in zip(cells, self.columns, strict=True))

    def spec(self) -> dict[str, Any]:
        """The same declaration as the browser's `Room.define` takes it."""
        spec: dict[str, Any] = {"default": self.default, "kind": self.kind}
        if self.kind == "choice":
            spec["choices"] = list(self.choices)
        elif self.kind == "code":
            spec |= {"max": self.hi, "columns": [list(bounds) for bounds in self.columns]}
        else:
            spec |= {"min": self.lo, "max": self.hi, "digits": self.digits}
        return spec | ({"act": self.act} if self.act else {})


def real(default: float, lo: float, hi: float, *, digits: int = 2, act: str = "") -> Knob:
    """A real number in [lo, hi], kept to some decimals."""
    return Knob(default, "number", lo, hi, digits, act=act)


def whole(default: int, lo: int, hi: int, *, act: str = "") -> Knob:
    """A whole number in [lo, hi]."""
    return Knob(default, "int", lo, hi, act=act)


def choice(*choices: str, act: str = "") -> Knob:
    """One of a few names; the first is the default."""
    return Knob(choices[0], "choice", choices=choices, act=act)


def code(default: str, columns: Sequence[tuple[int, int]], most: int, *, act: str = "") -> Knob:
    """Rows of whole numbers as a short text, "1_-20.3_40": 1 to `most` rows, a number for each of the columns."""
    return Knob(default, "code", hi=most, columns=tuple(columns), act=act)


def together(*tables: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs of several acts as one room's. Raises ValueError where two declare the same name."""
    found: dict[str, Knob] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        found |= table
    return found
