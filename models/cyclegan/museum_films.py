"""Recorded runs of the museum, for a hall that does not train, or a machine that has much else to do.

Each piece has two, the run that fails and the mended one; `python -m training.cyclegan.museum_films` makes them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor

from models.cyclegan.museum import EVERY, MUSEUM
from models.cyclegan.plane import Plane, Settings
from models.cyclegan.plane_measures import Judge, Measures
from models.plane.films import RUNS, small

FOLDER = Path(__file__).with_name("films")
FRAMES, POINTS = 33, 128
FIGURES = ("pairs", "loss_d", "loss_g", "lost", "cycle", "closed", "noisy", "moved", "to_y", "to_x")
"""Of a frame: steps, what training says, and the measures; to_y, to_x over the distance of two samples."""
PARTS = ("clouds", "places", "figures")


@dataclass(frozen=True)
class Recorded:
    """A run. clouds: x and y, (2, POINTS, 2) int8; places: G(x), F(G(x)), F(y), G(F(y)) in each frame,
    (FRAMES, 4, POINTS, 2) int8; figures: (FRAMES, len(FIGURES)) float32."""

    clouds: np.ndarray
    places: np.ndarray
    figures: np.ndarray


def told(plane: Plane, found: Measures) -> list[float]:
    """FIGURES of a moment."""
    ours = [float(plane.steps), plane.loss_d, plane.loss_g, plane.lost]
    return [*ours, found.cycle, found.closed, found.noisy, found.moved, *found.times]


def seen(plane: Plane) -> np.ndarray:
    """Where the points are at a moment."""
    made_y, made_x = plane.there(plane.x[:POINTS]), plane.back(plane.y[:POINTS])
    return small(torch.stack([made_y, plane.back(made_y), made_x, plane.there(made_x)]))


@torch.no_grad()
def record(settings: Settings, steps: int) -> tuple[Recorded, list[Measures]]:
    """Train, and keep what is seen at FRAMES even moments, the first before any step; and what the rules read."""
    plane = Plane(settings)
    judge, read = Judge(plane), list[Measures]()
    places: list[np.ndarray] = []
    figures: list[list[float]] = []
    for i in range(FRAMES):
        while plane.steps < round(steps * i / (FRAMES - 1)):
            plane.step()
            if plane.steps % EVERY == 0:
                read.append(judge(plane))
        places.append(seen(plane))
        figures.append(told(plane, judge(plane)))
    clouds: Tensor = torch.stack([plane.x[:POINTS], plane.y[:POINTS]])
    return Recorded(small(clouds), np.stack(places), np.array(figures, np.float32)), read


def path_of(name: str) -> Path:
    """The file of a piece's runs."""
    return FOLDER / f"{name}.safetensors"


def save(name: str) -> Path:
    """Record both runs of a piece and write them. Raises ValueError where a run does not end as its rules say."""
    piece, arrays = MUSEUM[name], dict[str, np.ndarray]()
    for kind, settings in zip(RUNS, (piece.settings, piece.mending), strict=True):
        run, read = record(settings, piece.steps)
        if piece.verdict(settings, read) != kind:
            raise ValueError(f"{name}: the run that should end {kind!r} does not")
        arrays |= {f"{kind}_{part}": getattr(run, part) for part in PARTS}
    FOLDER.mkdir(exist_ok=True)
    save_file(arrays, path_of(name))
    return path_of(name)


@functools.cache
def film(name: str) -> dict[str, Recorded]:
    """The recorded runs of a piece, by "failed" and "mended". Raises OSError, safetensors.SafetensorError."""
    kept = load_file(path_of(name))
    return {kind: Recorded(*(kept[f"{kind}_{part}"] for part in PARTS)) for kind in RUNS}
