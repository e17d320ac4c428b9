"""Knobs that are codes: one way to write each, and nothing else is taken."""

from __future__ import annotations

import pytest

from gallery.shell.knobs import code

KNOB = code("1_-20.3_40", [(0, 9), (-50, 50)], 3)
HOSTILE = (
    "", ".", "1", "1_2_3", "1_2.", ".1_2", "1__2", "10_0", "1_51", "1_-51", "1_2.1_2.1_2.1_2", "01_2", "1_-0", "1_+2",
    "1_2.5", "1e1_2", "１_2", "1_2 ", "1_2\n", "1_nan", "1_" + "9" * 400, None, 7, ["1_2"], True, float("nan"),
)  # fmt: skip


def test_rows_are_read() -> None:
    assert KNOB.rows("1_-20.3_40") == [[1, -20], [3, 40]] and KNOB.rows("0_0") == [[0, 0]]
    assert KNOB.fits(KNOB.default)
    assert KNOB.spec() == {"default": "1_-20.3_40", "kind": "code", "max": 3, "columns": [[0, 9], [-50, 50]]}


@pytest.mark.parametrize("value", HOSTILE)
def test_anything_else_is_not_taken(value: object) -> None:
    assert KNOB.rows(value) is None and not KNOB.fits(value)
