"""What a room shows of scores: density, arrows, differences and paths over all t, as small integers on square grids.

A grid of n x n cells lies over [-SPAN, SPAN]^2; its first row is on top. Everything is made a frame at a time, a turn
at the device's gate for each, so that other visitors come between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from models.diffusion.score import Blurred, Exact, Noised, Paths
from models.diffusion.score_learning import Epsilon
from models.pictures.pictures import UNIT, to_bytes
from models.plane.toys import Gaussians
from models.runtime import device

SPAN = 3.2
"""Half the side of the square that is shown."""
FLOOR = 0.15
"""The score is shown times sqrt(1 - alpha-bar_t), but at least times this: near t = 0 arrows would vanish."""
MOST = 1.0
"""|s - s*| that is shown as full, in units of the score's own size sqrt(E|s*|^2)."""

Score = Callable[[Tensor, int], Tensor]


def axis(cells: int) -> Tensor:
    """The middles of the cells along a side, rising: (cells,) float64."""
    return (torch.arange(cells, dtype=torch.float64) + 0.5) * (2 * SPAN / cells) - SPAN


def grid(cells: int) -> Tensor:
    """The middles of all cells, row by row from the top: (cells^2, 2) float64."""
    at = axis(cells)
    return torch.stack(torch.meshgrid(at, at.flip(0), indexing="xy"), dim=-1).reshape(-1, 2)


def strips(p: Noised, at: Tensor) -> Tensor:
    """The densities along each axis of the parts of p, a product of two for each part: (2, M, len(at)).

    Raises TypeError for a p that is none of `models.diffusion.score.noised`.
    """
    if isinstance(p, Gaussians):
        z = (at - p.centres.T[..., None]) / p.sigma
        return (-0.5 * z.square()).exp() / (p.sigma * math.sqrt(2 * math.pi))
    if isinstance(p, Blurred):
        z = (at - p.corners.T[..., None]) / p.sigma
        return (torch.special.ndtr(z) - torch.special.ndtr(z - p.side / p.sigma)) / p.side
    raise TypeError(f"{type(p).__name__} has no strips.")


def density(p: Noised, cells: int) -> Tensor:
    """p on the grid, (cells, cells): one product of matrices instead of M densities at each point."""
    along_x, along_y = strips(p, axis(cells))
    return (along_y.T @ along_x).flip(0) / len(along_x)


def densities(exact: Exact, times: Sequence[int], cells: int) -> list[np.ndarray]:
    """p_t for each t as (cells, cells) uint8, its highest value 255."""
    found = []
    for t in times:
        with device.gate.turn():
            p = density(exact.at(max(t, 1)), cells)
        found.append(to_bytes(p / p.max(), UNIT).numpy())
    return found


def arrows(score: Score, noise: Sequence[float], t: int, cells: int) -> np.ndarray:
    """The score on the grid, (cells, cells, 2) int8, y upwards; 127 is a whole cell.

    A vector v is shown (1 - exp(-|v|)) long: short ones keep their length, none is longer than 1.
    """
    v = score(grid(cells), max(t, 1)) * max(noise[max(t, 1)], FLOOR)
    size = v.norm(dim=1, keepdim=True).clamp(min=1e-9)
    shown = v / size * -torch.expm1(-size)
    return (127 * shown).round().to(torch.int8).view(cells, cells, 2).numpy()


def difference(exact: Exact, learned: Epsilon, t: int, cells: int) -> np.ndarray:
    """|s - s*| on the grid in units of sqrt(E|s*|^2) at this t, (cells, cells) uint8, MOST is 255."""
    t, points = max(t, 1), grid(cells)
    right = exact.score(points, t)
    share = density(exact.at(t), cells).reshape(-1)
    size = (share @ right.square().sum(dim=1) / share.sum()).sqrt()
    wrong = (learned.score(points, t) - right).norm(dim=1)
    return to_bytes((wrong / (MOST * size)).view(cells, cells), UNIT).numpy()


def fields(exact: Exact, times: Sequence[int], cells: int, learned: Epsilon | None = None) -> list[np.ndarray]:
    """The arrows at each t: the exact ones, or those learned."""
    found = []
    for t in times:
        with device.gate.turn():
            found.append(arrows(learned.score if learned else exact.score, exact.noise, t, cells))
    return found


def differences(exact: Exact, learned: Epsilon, times: Sequence[int], cells: int) -> list[np.ndarray]:
    """The difference at each t."""
    found = []
    for t in times:
        with device.gate.turn():
            found.append(difference(exact, learned, t, cells))
    return found


def packed(paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    """Both kinds of paths as (len(times), count, 2) int16; 32767 is 2 SPAN, beyond which nothing is seen."""
    unit = 32767 / (2 * SPAN)
    return tuple((x * unit).clamp(-32767, 32767).round().to(torch.int16).numpy() for x in (paths.sde, paths.ode))  # type: ignore[return-value]
