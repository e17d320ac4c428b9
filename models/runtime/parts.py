"""A network over many pictures at once, as many as fit beside others, in one turn at the device."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from models.runtime import device


def in_parts(fn: Callable[[Tensor], Tensor], x: Tensor, rows: int) -> Tensor:
    """fn(x) on the CPU, computed on the device `rows` rows at a time, in inference mode.

    fn: (B, ...) to (B, ...), each row by itself. Raises DeviceBusy and Abandoned, as the gate does.
    """
    here = device.device()
    with device.gate.turn(), torch.inference_mode():
        return torch.cat([fn(part.to(here)).cpu() for part in x.split(rows)])
