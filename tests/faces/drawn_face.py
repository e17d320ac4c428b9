"""A face that nobody has: shaded with a few formulas, framed like the data, accepted by the finders."""

from __future__ import annotations

import numpy as np

from models.faces.faces import LEFT_EYE, RIGHT_EYE

SKIN = np.array([224, 180, 150], np.float64)
WALL = np.array([120, 140, 150], np.float64)
HAIR = np.array([60, 45, 35], np.float64)
LIPS = np.array([170, 80, 80], np.float64)
IRIS = np.array([40, 30, 25], np.float64)
WHITE = np.array([240, 238, 235], np.float64)


def drawn_face(side: int = 128) -> np.ndarray:
    """(side, side, 3) uint8: head, hair, brows, eyes, nose and mouth where the data has them."""
    grid = (np.arange(side) + 0.5) * 64 / side
    x, y = np.meshgrid(grid, grid)
    picture = np.broadcast_to(WALL, (side, side, 3)).copy()

    def paint(colour: np.ndarray, cx: float, cy: float, rx: float, ry: float, soft: float, depth: float = 1.0) -> None:
        """An ellipse with an edge `soft` of its radius wide."""
        distance = np.hypot((x - cx) / rx, (y - cy) / ry)
        cover = depth * np.clip((1 + soft - distance) / (2 * soft), 0, 1)[..., None]
        picture[:] = picture * (1 - cover) + colour * cover

    middle = (LEFT_EYE[0] + RIGHT_EYE[0]) / 2
    paint(HAIR, middle, 26, 31, 42, 0.05)
    paint(SKIN * 0.86, middle, 30, 26.5, 37, 0.10)
    paint(SKIN, middle, 31, 21, 32, 0.35)
    for cx, cy in (LEFT_EYE, RIGHT_EYE):
        paint(SKIN * 0.62, cx, cy - 0.5, 8.0, 4.6, 0.5)
        paint(HAIR, cx, cy - 5.6, 7.0, 1.2, 0.5, 0.9)
        paint(WHITE, cx, cy, 4.6, 2.2, 0.2)
        paint(IRIS, cx, cy, 2.2, 2.2, 0.2)
        paint(SKIN, cx, cy + 9, 7.5, 4.5, 0.6)
        paint(SKIN * 0.55, cx + (4.2 if cx < middle else -4.2) * 2, 34.5, 1.6, 1.1, 0.5, 0.8)
    paint(np.minimum(SKIN * 1.08, 255), middle, 26, 2.2, 9, 0.7)
    paint(SKIN * 0.75, middle, 36.5, 5.5, 1.6, 0.6, 0.8)
    paint(LIPS, middle, 45, 9.5, 2.8, 0.3)
    paint(LIPS * 0.5, middle, 45, 9.0, 0.7, 0.5)
    paint(SKIN * 0.8, middle, 50, 6, 1.3, 0.7, 0.7)
    return np.rint(picture).clip(0, 255).astype(np.uint8)
