"""What a page shows of a laboratory: D over the plane, the best D there could be, arrows, and the noise's grid.

A grid of CELLS x CELLS cells lies over [-SPAN, SPAN]^2, its first row on top; places are int16 with 32767 at 2 SPAN.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.gan.lab import Lab
from models.plane.toys import Target

SPAN = 3.2
"""Half the side of the square that is shown."""
CELLS = 40
POINTS, ARROWS = 300, 60
"""Generated points that are shown, and those of them with an arrow."""
LINES, ALONG = 11, 41
"""Of the warped grid: lines in each direction, and points of each."""
WIDTH = 0.15
"""Standard deviation of the kernel that makes a density of generated points; the target's is blurred no less."""

PAPER, VERMILION, BLUE = (torch.tensor(c).float() for c in ((255, 253, 248), (185, 60, 37), (47, 102, 144)))
PALE = 0.55
"""Of the picture: how far D's colours go from the paper."""


def axis(cells: int) -> Tensor:
    """The middles of the cells along a side, rising: (cells,)."""
    return (torch.arange(cells) + 0.5) * (2 * SPAN / cells) - SPAN


def grid(cells: int) -> Tensor:
    """The middles of all cells, row by row from the top: (cells^2, 2)."""
    at = axis(cells)
    return torch.stack(torch.meshgrid(at, at.flip(0), indexing="xy"), dim=-1).reshape(-1, 2)


def packed(x: Tensor) -> Tensor:
    """Places as int16; what lies beyond 2 SPAN, or nowhere, stands at its edge."""
    unit = 32767 / (2 * SPAN)
    return (x.nan_to_num(2 * SPAN) * unit).clamp(-32767, 32767).round().to(torch.int16)


def shares(values: Tensor) -> Tensor:
    """0 ... 1 as bytes."""
    return (255 * values.nan_to_num(0).clamp(0, 1)).round().to(torch.uint8)


def verdicts(lab: Lab, cells: int = CELLS) -> tuple[Tensor, float]:
    """What D says on the grid, (cells, cells) bytes, and the value at which it is undecided, 0 ... 1.

    A critic has no scale: its least value is shown as 0, its largest as 1, undecided half way between its means.
    """
    said = lab.d.forward(grid(cells))[:, 0]
    if lab.loss.kind == "probability":
        return shares(said.sigmoid()).view(cells, cells), 0.5
    if lab.loss.kind == "share":
        return shares(said).view(cells, cells), 0.5
    low, high = float(said.min()), float(said.max())
    size = max(high - low, 1e-12)
    middle = float(lab.d.forward(lab.real).mean() + lab.d.forward(lab.points(len(lab.real))).mean()) / 2
    return shares((said - low) / size).view(cells, cells), (middle - low) / size


def kernel(x: Tensor, cells: int) -> Tensor:
    """The density of points by Gaussians of WIDTH on them, on the grid: (N, 2) to (cells, cells)."""
    at = axis(cells)
    along = [(-0.5 * ((x[:, i : i + 1] - at) / WIDTH).square()).exp() for i in (0, 1)]
    return (along[1].T @ along[0]).flip(0) / (len(x) * 2 * math.pi * WIDTH**2)


def density(target: Target, cells: int = CELLS) -> Tensor:
    """p on the grid, (cells, cells): once for each target."""
    return target.log_density(grid(cells).double()).exp().float().view(cells, cells)


def optimum(p: Tensor, made: Tensor, smoothing: float = 0.0) -> Tensor:
    """D*(x) = p(x) / (p(x) + p_G(x)), eq. 2 of Goodfellow et al. 2014, as bytes on the grid of p; p_G by the kernel.

    With labels 1 - s and s it is ((1 - s) p + s p_G) / (p + p_G). Where neither has points, it says 1/2.
    """
    q, tiny = kernel(made, len(p)), 1e-6
    return shares(((1 - smoothing) * p + smoothing * q + tiny / 2) / (p + q + tiny))


def arrows(lab: Lab, count: int = ARROWS) -> Tensor:
    """Where each of the first generated points is pushed: minus the gradient of G's loss there, (count, 2).

    The longest is 0.6 long, in units of the plane, so that directions can be seen however small the gradient is.
    """
    pushed = -lab.pull(lab.points(count), lab.real[:count])[0]
    return pushed * (0.6 / max(float(pushed.norm(dim=1).max()), 1e-30))


def warped(lab: Lab) -> Tensor:
    """Where G takes a grid of the noise, lines at even shares of it: (lines, ALONG, 2); one line in one dimension."""
    share = (torch.arange(ALONG) + 0.5) / ALONG
    uniform = lab.settings.noise == "uniform1"
    along = 2 * share - 1 if uniform else math.sqrt(2) * torch.special.erfinv(2 * share - 1)
    if lab.held.shape[1] == 1:
        lines = along[None, :, None]
    else:
        across = along[:: (ALONG - 1) // (LINES - 1)][:LINES]
        one = torch.stack(torch.meshgrid(across, along, indexing="ij"), dim=-1)
        lines = torch.cat([one, one.flip(-1)])
    return lab.g.forward(lines.reshape(-1, lines.shape[-1])).view(*lines.shape[:2], 2)


def picture(lab: Lab, side: int = 480) -> np.ndarray:
    """The plane as it is shown, (side, side, 3) uint8: D from vermilion (generated) to blue (real), points on top."""
    said = verdicts(lab)[0].float()[None, None] / 255
    shares_of_blue = F.interpolate(said, (side, side), mode="bilinear")[0, 0, :, :, None]
    ground = torch.where(shares_of_blue < 0.5, PAPER + (PAPER - VERMILION) * (2 * shares_of_blue - 1) * PALE, PAPER)
    ground = torch.where(shares_of_blue > 0.5, PAPER + (BLUE - PAPER) * (2 * shares_of_blue - 1) * PALE, ground)
    shown = ground.round().to(torch.uint8)
    for points, colour in ((lab.real, BLUE), (lab.points(POINTS), VERMILION)):
        place = ((points.nan_to_num(9.0) / SPAN * torch.tensor([1.0, -1.0]) + 1) / 2 * side).long()
        for x, y in place[((place > 1) & (place < side - 2)).all(dim=1)].tolist():
            shown[y - 1 : y + 2, x - 1 : x + 2] = colour.to(torch.uint8)
    return shown.numpy()
