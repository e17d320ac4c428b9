"""Snapshots of a generator during training: the same seeds at a dozen image counts, small, for a film in the room."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.pictures.pictures import grid, to_uint8

MARKS = (0, 2_000, 5_000, 10_000, 20_000, 40_000, 70_000, 120_000, 200_000, 300_000, 500_000, 800_000)
"""Image counts after which a snapshot is taken: denser early, where more happens."""
ROWS = 3


def webp(pictures: Tensor, rows: int = ROWS) -> Tensor:
    """Pictures (N, C, H, W) in [-1, 1], in so many rows, as the bytes of one WebP picture: (bytes,) uint8."""
    pixels = grid(to_uint8(pictures), len(pictures) // rows)
    colour = np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(colour)).save(buffer, "WEBP", quality=50, method=6)
    return torch.frombuffer(bytearray(buffer.getvalue()), dtype=torch.uint8)


class Film:
    """The snapshots so far, by image count. A run that goes on from weights goes on with their film."""

    def __init__(self, tensors: dict[str, Tensor] | None = None, prefix: str = "film.", rows: int = ROWS) -> None:
        self.prefix, self.rows = prefix, rows
        self.frames = {int(k.removeprefix(prefix)): v for k, v in (tensors or {}).items() if k.startswith(prefix)}

    def due(self, images: int) -> int | None:
        """The latest mark that was reached and has no snapshot yet."""
        marks = [mark for mark in MARKS if mark <= images]
        return marks[-1] if marks[-1] not in self.frames else None

    def shoot(self, images: int, draw: Callable[[], Tensor]) -> None:
        """Take a snapshot if one is due; draw() gives (N, C, H, W) in [-1, 1]."""
        mark = self.due(images)
        if mark is not None:
            self.frames[mark] = webp(draw(), self.rows)

    def tensors(self) -> dict[str, Tensor]:
        return {f"{self.prefix}{mark:07d}": frame for mark, frame in sorted(self.frames.items())}

    def state_dict(self) -> dict[str, Tensor]:
        return self.tensors()

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> None:
        self.frames = {int(str(k).removeprefix(self.prefix)): v for k, v in state_dict.items()}
