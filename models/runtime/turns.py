"""Long work in short turns at the device's gate, so that other visitors come between."""

from __future__ import annotations

import time
from collections.abc import Callable

from models.runtime import device
from models.runtime.alone import alone

TURN = 0.04
"""Seconds of work in one turn."""


def in_turns(step: Callable[[], object], seconds: float, done: Callable[[], bool], small: bool = False) -> float:
    """Call `step` again and again for that long, or until done; the seconds that it took, without waiting.

    At least one step is taken in each turn. small: steps of which one core does more than two. Raises DeviceBusy and
    Abandoned.
    """
    spent = 0.0
    while spent < seconds and not done():
        with device.gate.turn():
            turn = min(TURN, seconds - spent)
            spent += alone(_turn, step, turn, done) if small else _turn(step, turn, done)
    return spent


def _turn(step: Callable[[], object], seconds: float, done: Callable[[], bool]) -> float:
    begun = time.perf_counter()
    while not done():
        step()
        if time.perf_counter() - begun >= seconds:
            break
    return time.perf_counter() - begun
