"""All weights of a small network in one row of memory, so that what is done to each of them is done once."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def in_one_row(module: nn.Module) -> nn.Parameter:
    """The module's weights, (N,), as a parameter with a gradient of zeros; its own become views of both.

    An optimizer of the row trains the module: each step is one of N numbers, not of some dozens of tensors.
    """
    own = list(module.parameters())
    row = nn.Parameter(torch.cat([p.flatten() for p in own]))
    row.grad = torch.zeros_like(row)
    sizes = [p.numel() for p in own]
    values, slopes = row.detach().split(sizes), row.grad.split(sizes)
    for p, value, slope in zip(own, values, slopes, strict=True):
        p.data = value.view_as(p)
        p.grad = slope.view_as(p)
    return row
