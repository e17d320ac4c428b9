"""Recorded runs of the museum, for a hall that does not train: a film of a real training in few bytes.

Each piece has two, the run that fails and the mended one; `python -m training.gan.museum_films` makes them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from models.gan import lab_views as views
from models.gan.lab import Lab, Settings
from models.gan.museum import MUSEUM
from models.plane.films import RUNS, small
from models.plane.measures import Judge

FOLDER = Path(__file__).with_name("films")
FRAMES, POINTS, CELLS = 33, 128, 20
FIGURES = ("pairs", "norm", "w1", "near", "modes", "half", "auc", "log_loss", "loss_d", "loss_g")


@dataclass(frozen=True)
class Recorded:
    """A run. points: (FRAMES, POINTS, 2) int8; verdicts: (FRAMES, CELLS, CELLS) uint8; figures: by name, (FRAMES,)."""

    points: np.ndarray
    verdicts: np.ndarray
    figures: dict[str, np.ndarray]


@torch.no_grad()
def record(settings: Settings, pairs: int) -> Recorded:
    """Train, and keep what is seen at FRAMES even moments, the first before any step."""
    lab = Lab(settings)
    judge, points, verdicts = Judge(lab.target), [], []
    figures: dict[str, list[float]] = {name: [] for name in FIGURES}
    for i in range(FRAMES):
        while lab.pairs < round(pairs * i / (FRAMES - 1)):
            lab.pair()
        said, half = views.verdicts(lab, CELLS)
        points.append(small(lab.points(POINTS)))
        verdicts.append(said.numpy())
        found = judge(lab.points())
        told = vars(found) | {"modes": (found.modes or (0, 0))[0], "half": half}
        told |= {name: getattr(lab, name) for name in ("pairs", "norm", "loss_d", "loss_g")}
        for name in FIGURES:
            figures[name].append(float(told[name]))
    return Recorded(np.stack(points), np.stack(verdicts), {n: np.array(v, np.float32) for n, v in figures.items()})


def path_of(name: str) -> Path:
    """The file of a piece's runs."""
    return FOLDER / f"{name}.safetensors"


def save(name: str) -> Path:
    """Record both runs of a piece and write them."""
    piece, arrays = MUSEUM[name], {}
    for kind, settings in zip(RUNS, (piece.settings, piece.mending), strict=True):
        run = record(settings, piece.steps)
        arrays[f"{kind}_points"] = run.points
        arrays[f"{kind}_verdicts"] = run.verdicts
        arrays[f"{kind}_figures"] = np.stack([run.figures[name] for name in FIGURES])
    FOLDER.mkdir(exist_ok=True)
    save_file(arrays, path_of(name))
    return path_of(name)


@functools.cache
def film(name: str) -> dict[str, Recorded]:
    """The recorded runs of a piece, by "failed" and "mended". Raises OSError, safetensors.SafetensorError."""
    kept = load_file(path_of(name))
    return {
        kind: Recorded(
            kept[f"{kind}_points"],
            kept[f"{kind}_verdicts"],
            dict(zip(FIGURES, kept[f"{kind}_figures"], strict=True)),
        )
        for kind in RUNS
    }
