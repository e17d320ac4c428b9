"""Courses of losses, as `_losses.js` draws them: what was recorded, faintly, and its running mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gallery.shell.later import later

if TYPE_CHECKING:
    from models.pictures import recorded
else:
    recorded = later("models.pictures.recorded")

PART = 20
"""The running mean reaches over so small a part of the course to each side."""


@dataclass(frozen=True)
class Term:
    """One term of a loss. raw: a value after each of the course's image counts; mean: their running mean; change: the
    means over the first and the last tenth."""

    raw: Sequence[float]
    mean: Sequence[float]
    change: Sequence[float]


@dataclass(frozen=True)
class Course:
    """images: the counts; terms: by their names, without those that the loss has not."""

    images: Sequence[int]
    terms: Mapping[str, Term]


def brief(values: Sequence[float]) -> list[float]:
    """Four figures of each are seen."""
    return [float(f"{value:.4g}") for value in values]


def course(losses: recorded.Losses) -> Course:
    """What is drawn of recorded losses."""
    reach = len(losses.images) // PART
    terms = {
        name: Term(brief(raw), brief(recorded.running(raw, reach)), brief(recorded.change(raw)))
        for name, raw in losses.terms.items()
    }
    return Course(losses.images, terms)
