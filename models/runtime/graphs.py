"""On a GPU a small network waits for its kernels to be launched, one by one.

Recorded once as a CUDA graph and replayed, all of them are launched at once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import torch
from torch import Tensor

from models.runtime import device

log = logging.getLogger("vernissage")

SMALL = 2
"""Rows up to which a batch is replayed: one picture, with guidance two. Larger ones keep the GPU busy anyway."""


def here() -> bool:
    """Whether graphs can be recorded: on a GPU that is ours alone, which one lent by ZeroGPU is not."""
    return device.device().type == "cuda" and not os.environ.get("SPACES_ZERO_GPU")


class Recorded:
    """A function of tensors on a GPU, recorded once with inputs of these shapes. Called by one thread at a time."""

    def __init__(self, fn: Callable[..., Tensor], *examples: Tensor) -> None:
        self.inputs = [x.clone() for x in examples]
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):  # libraries choose and allocate on their first calls
            for _ in range(3):
                fn(*self.inputs)
        torch.cuda.current_stream().wait_stream(aside)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.output = fn(*self.inputs)

    def __call__(self, *inputs: Tensor) -> Tensor:
        for kept, x in zip(self.inputs, inputs, strict=True):
            kept.copy_(x)
        self.graph.replay()
        return self.output.clone()


class Replayed:
    """fn, replayed where that is quicker: on a GPU, up to `most` rows. What cannot be recorded runs as it is."""

    def __init__(self, fn: Callable[..., Tensor], most: int = SMALL) -> None:
        self.fn, self.most, self.graphs = fn, most, here()
        self._recorded: dict[tuple[torch.Size, ...], Recorded] = {}

    def __call__(self, *inputs: Tensor) -> Tensor:
        """fn(*inputs); inputs: (B, ...) on the device."""
        if not self.graphs or len(inputs[0]) > self.most:
            return self.fn(*inputs)
        kind = tuple(x.shape for x in inputs)
        if kind not in self._recorded:
            try:
                self._recorded[kind] = Recorded(self.fn, *inputs)
            except Exception:  # the boundary to CUDA, which refuses in many ways
                log.exception("the network could not be recorded as a CUDA graph; it runs without")
                self.graphs = False
                return self.fn(*inputs)
        return self._recorded[kind](*inputs)
