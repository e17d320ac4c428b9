"""Recorded runs of the museum, for a hall that does not train: a film of a real training in few bytes.

Each piece has two, the run that fails and the mended one; `python -m training.gan.museum_films` makes them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from models.gan import lab_views as views
from models.gan.lab import Lab, Settings
from models.gan.museum import MUSEUM
from models.plane.measures import Judge

FOLDER = Path(__file__).with_name("films")
FRAMES, POINTS, CELLS = 33, 128, 20
UNIT = 127 / 4.0
"""Places are whole numbers of a 127th of 4: what lies farther out stands at the edge."""
RUNS = ("failed", "mended")
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
        points.append((lab.points(POINTS) * UNIT).clamp(-127, 127).round().to(torch.int8).numpy())
        verdicts.append(said.numpy())
        found = judge(lab.points())
        told = vars(found) | {"modes": (found.modes or (0, 0))[0], "half": half}
        told |= {name: getattr(lab, name) for name in ("pairs", "norm", "loss_d", "loss_g")}
        for name in FIGURES:
            figures[name].append(float(told[name]))
    return Recorded(np.stack(points), np.stack(verdicts), {n: np.array(v, np.float32) for n, v in figures.items()})


def save(name: str) -> Path:
    """Record both runs of a piece and write them."""
    piece, arrays = MUSEUM[name], {}
    for kind, settings in zip(RUNS, (piece.settings, piece.mending), strict=True):
        run = record(settings, piece.pairs)
        # Differences from frame to frame pack better than the frames.
        arrays[f"{kind}_points"] = np.diff(run.points, axis=0, prepend=run.points[:1] * 0)
        arrays[f"{kind}_verdicts"] = np.diff(run.verdicts, axis=0, prepend=run.verdicts[:1] * 0)
        arrays[f"{kind}_figures"] = np.stack([run.figures[name] for name in FIGURES])
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.npz"
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return path


@functools.cache
def film(name: str) -> dict[str, Recorded]:
    """The recorded runs of a piece, by "failed" and "mended". Raises KeyError, OSError."""
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as kept:
        return {
            kind: Recorded(
                np.cumsum(kept[f"{kind}_points"], axis=0, dtype=np.int8),
                np.cumsum(kept[f"{kind}_verdicts"], axis=0, dtype=np.uint8),
                dict(zip(FIGURES, kept[f"{kind}_figures"], strict=True)),
            )
            for kind in RUNS
        }
