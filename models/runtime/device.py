"""Where and how things are computed: device, precision, memory format, threads, and whose turn it is.

Nothing else in the gallery names a device. `models.runtime.threads.prepare()` comes before the first import of torch.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn

from models.runtime import threads
from models.runtime.gate import DeviceBusy, Gate, visitor

F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound=nn.Module)

HALF_FROM = 32
"""Pictures in a batch from which bf16 pays on a CPU. Measured: a face decoder gains 1.9x here and 2.1x at 225,
a digit decoder breaks even here and gains 2.1x at 225; a single digit takes four times as long in bf16."""

gate = Gate()
"""One computation at a time: torch spreads each over all cores, and two at once only fight for them."""
compute = gate.compute

_exact = threading.local()
_lock = threading.Lock()
_device: torch.device | None = None

__all__ = [
    "HALF_FROM",
    "DeviceBusy",
    "autocast",
    "compute",
    "cpu_has_bf16",
    "describe",
    "device",
    "double",
    "exactly",
    "free_memory",
    "gate",
    "gpu",
    "half_here",
    "place",
    "set_device",
    "visitor",
]


def set_device(name: str | None = None) -> torch.device:
    """Choose by name ("cpu", "cuda", "cuda:1", "mps"), or the best there is with None or "auto".

    Raises ValueError with a sentence for a device that torch does not know or this machine does not have.
    """
    global _device
    chosen = _best() if name in (None, "", "auto") else _named(str(name))
    with _lock:
        _settle(chosen)
        _device = chosen
    return chosen


def device() -> torch.device:
    """The device in use, chosen on the first question: CUDA, else MPS, else the CPU."""
    return _device or set_device()


def _best() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _named(name: str) -> torch.device:
    try:
        chosen = torch.device(name)
    except RuntimeError:
        chosen = torch.device("meta")
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (chosen.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(chosen.type, False):
        raise ValueError(f"There is no device “{name}” here; this machine has {_best()}.")
    return chosen


def _settle(chosen: torch.device) -> None:
    """Threads, and the settings under which a picture hardly depends on the batch it was made in."""
    if chosen.type == "cpu":
        torch.set_num_threads(threads.count())
    if chosen.type == "cuda":
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False


def describe() -> str:
    """The device's name for a plaque: "CPU", "NVIDIA H200", "Apple GPU"."""
    here = device()
    if here.type == "cuda":
        return torch.cuda.get_device_name(here)
    return "Apple GPU" if here.type == "mps" else "CPU"


def double() -> torch.dtype:
    """float64, for what float32 cannot undo; float32 on an Apple GPU, which has no other."""
    return torch.float32 if device().type == "mps" else torch.float64


@functools.cache
def cpu_has_bf16() -> bool:
    """Whether this CPU computes bf16 itself; one that does not emulates it, many times slower than float32."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def half_here() -> bool:
    """Whether bf16 is faster here: on a CPU that computes it itself. A GPU is fast enough without."""
    return device().type == "cpu" and cpu_has_bf16()


def autocast(batch: int) -> AbstractContextManager[Any]:
    """bf16 where it was measured to pay: on this device for `batch` pictures at once; else full precision.

    It moves a pixel by up to about 3 of 255, so it is for sheets of pictures that are made in one piece.
    Inside a Batcher, whose batches depend on who else calls, it changes nothing.
    """
    if batch < HALF_FROM or getattr(_exact, "on", False) or not half_here():
        return nullcontext()
    return torch.autocast(device().type, dtype=torch.bfloat16)


@contextmanager
def exactly() -> Iterator[None]:
    """`with exactly():` full precision in this thread, whatever the batch."""
    before = getattr(_exact, "on", False)
    _exact.on = True
    try:
        yield
    finally:
        _exact.on = before


def place(module: M) -> M:
    """A network ready to answer: on the device, in eval mode, no gradients, channels last if it convolves."""
    module = module.to(device()).eval().requires_grad_(False)
    if any(isinstance(part, nn.Conv2d) for part in module.modules()):
        module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return module


def free_memory() -> None:
    """Give cached memory back to the device."""
    kind = device().type
    if kind == "cuda":
        torch.cuda.empty_cache()
    elif kind == "mps":
        torch.mps.empty_cache()


def gpu(fn: F, duration: int = 60) -> F:
    """`spaces.GPU(duration)` on a ZeroGPU Space, which lends a GPU for these seconds; elsewhere fn itself."""
    if not os.environ.get("SPACES_ZERO_GPU") or importlib.util.find_spec("spaces") is None:
        return fn
    import spaces

    return spaces.GPU(duration=duration)(fn)
