"""What the recorded runs of the museums have in common: places in the plane in one byte each."""

from __future__ import annotations

import numpy as np
from torch import Tensor

RUNS = ("failed", "mended")
"""Of a piece: the run that fails, and the one with the change that mends it."""
REACH = 4.0
UNIT = 127 / REACH
"""Places are whole numbers of a 127th of REACH: what lies farther out stands at the edge."""


def small(x: Tensor) -> np.ndarray:
    """Places of any shape as int8; what lies nowhere stands at the edge."""
    return (x.nan_to_num(REACH) * UNIT).clamp(-127, 127).round().char().cpu().numpy()
