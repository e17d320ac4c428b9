"""Knobs: the settings of a room that a link carries, declared once for the browser and the server."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Knob:
    """One shareable setting of a room.

    kind: "number" | "int" | "choice". lo and hi: inclusive bounds of a number. digits: decimals kept in
    a link, so that a restored number is exactly the one that was seen. act: the act it belongs to; a link
    leaves it out while another act is shown.
    """

    default: float | int | str
    kind: str
    lo: float = 0
    hi: float = 0
    digits: int = 0
    choices: tuple[str, ...] = ()
    act: str = ""

    def fits(self, value: object) -> bool:
        """Whether the knob can be set to this value, which a link or a button may give as text."""
        if self.kind == "choice":
            return str(value) in self.choices
        try:
            x = float(str(value))
        except ValueError:
            return False
        return math.isfinite(x) and self.lo <= x <= self.hi and (self.kind != "int" or x.is_integer())

    def spec(self) -> dict[str, Any]:
        """The same declaration as the browser's `Room.define` takes it."""
        spec: dict[str, Any] = {"default": self.default, "kind": self.kind}
        if self.kind == "choice":
            spec["choices"] = list(self.choices)
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


def together(*tables: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs of several acts as one room's. Raises ValueError where two declare the same name."""
    found: dict[str, Knob] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        found |= table
    return found
