"""conv(up(x)) as one layer, up being twice the size by repeated pixels: half of its work."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def enlarging_kernel(weight: Tensor) -> Tensor:
    """What a transposed convolution with stride 2 and padding 1 has to weigh to be conv(up(x)) for conv's 3x3 weights.

    Each pixel of up(x) stands four times, so that the nine weights meet four pixels of x, with sums of them: the 3x3
    kernel convolved with a 2x2 box of ones.  weight: (O, I, 3, 3). Returns (I, O, 4, 4).
    """
    kernels = weight.transpose(0, 1)  # as transposed convolutions have them
    spread = F.conv_transpose2d(kernels.flip(2, 3).reshape(-1, 1, 3, 3), kernels.new_ones(1, 1, 2, 2))
    return spread.view(*kernels.shape[:2], 4, 4)
