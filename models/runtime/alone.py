"""One core for what is small: a thread whose OpenMP and MKL never spread an operation over the others.

Where a thread has slept, the kernel often wakes both halves of an operation on one core, and each waits for the other:
a density of 4,096 points between two moves of a hand took 83 ms with two threads and 1.7 with one.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

import torch

P = ParamSpec("P")
R = TypeVar("R")

AT_ONCE = 2
"""What has its turn at the device's gate, and something beside it that needs none."""


def alone(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """fn(*args, **kwargs) on one core, with the caller's context variables and gradient mode; raises what fn raises.

    A turn at the device's gate is the caller's: fn must not ask for one.
    """
    with_grad, inferring = torch.is_grad_enabled(), torch.is_inference_mode_enabled()

    def call() -> R:
        with torch.inference_mode(inferring), torch.set_grad_enabled(with_grad):
            return fn(*args, **kwargs)

    return _pool().submit(copy_context().run, call).result()


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "alone", initializer=_narrow)


def _narrow() -> None:
    """This thread computes by itself; what threads to come begin with stays what it was."""
    count = torch.get_num_threads()  # once it has been asked, a thread no longer follows what others set
    torch.set_num_threads(1)
    other = threading.Thread(target=torch.set_num_threads, args=(count,))
    other.start()
    other.join()
