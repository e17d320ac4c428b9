"""Long work in short turns at the device's gate, so that other visitors come between."""

from __future__ import annotations

import time
from collections.abc import Callable

from models.runtime import device

TURN = 0.04
"""Seconds of work in one turn."""


def in_turns(step: Callable[[], object], seconds: float, done: Callable[[], bool]) -> float:
    """Call `step` again and again for that long, or until done; the seconds that it took, without waiting.

    At least one step is taken in each turn. Raises DeviceBusy and Abandoned.
    """
    spent = 0.0
    while spent < seconds and not done():
        with device.gate.turn():
            begun = time.perf_counter()
            end = begun + min(TURN, seconds - spent)
            while not done():
                step()
                if time.perf_counter() >= end:
                    break
            spent += time.perf_counter() - begun
    return spent
