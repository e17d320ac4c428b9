"""Modules that are imported when first used.

The page is served a second after the command because torch, diffusers and our models are not imported on the way to it.
A room says so twice, once for those who read and check types, once for what happens:

    if TYPE_CHECKING:
        from models.vae import latent
    else:
        latent = later("models.vae.latent")

The import then happens at the first attribute. A test holds both lines together.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Any

_lock = threading.Lock()
_first: list[Callable[[], object]] = []


class Later:
    """Stands for a module until it is needed; any thread may be the first to need it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        prepare()
        # Python's own import lock makes latecomers wait for a module that is still being imported.
        return getattr(importlib.import_module(self._name), attribute)


def later(name: str) -> Any:
    """A stand-in for the module; its first attribute imports it."""
    return Later(name)


def first(step: Callable[[], object]) -> None:
    """Have a step taken before any of these modules is used: choosing the device, for one."""
    _first.append(step)


def prepare() -> None:
    """Take the steps that must come first, once; whoever comes meanwhile waits. Raises what they raise."""
    if _first:
        with _lock:
            while _first:
                _first[0]()
                _first.pop(0)
