"""What ships is asked what it claims: laws that a judge checks on few pictures, for every room.

A slider claims that it moves its attribute upwards, and that one most; a label claims that the picture shows it. The
margins lie well below what the shipped weights reach, far above what chance, a swapped row or a turned sign give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

STRENGTHS = (-1.5, 0.0, 1.5)


def sliders_mean_what_they_say(
    judged: Callable[[list[float]], Tensor], columns: Sequence[int], margin: float = 1.5, times: float = 1.5
) -> None:
    """Each slider raises its own attribute over STRENGTHS, by `margin` spreads, `times` as much as any other.

    judged: the sliders' values to the judge's answers on one and the same pictures, (N, outputs). columns: for each
    slider the judge's output that it is named after. A spread is the standard deviation at 0 of that output.
    """
    plain = judged([0.0] * len(columns))
    for i, own in enumerate(columns):
        low, high = (judged([k if j == i else 0.0 for j in range(len(columns))]) for k in (STRENGTHS[0], STRENGTHS[-1]))
        means = torch.stack([low.mean(dim=0), plain.mean(dim=0), high.mean(dim=0)])
        assert (means[:, own].diff() > 0).all(), f"slider {i} does not rise: {means[:, own].tolist()}"
        moved = (means[-1] - means[0]) / plain.std(dim=0)
        others = max(abs(float(moved[column])) for column in columns if column != own)
        assert moved[own] > margin, f"slider {i} moves its attribute by {moved[own]:.2f} spreads only"
        assert moved[own] > times * others, f"slider {i} moves {moved.tolist()}, its own is {own}"


def pictures_show_what_was_asked(asked: Tensor, seen: Tensor, least: float = 0.8) -> None:
    """At least that share of all pictures is judged to show what was asked for, and half of those of every label.

    asked, seen: (N,) integers. At least two labels are asked for, so that one answer for everything fails.
    """
    assert len(asked.unique()) > 1
    right = (asked == seen).float()
    assert right.mean() >= least, f"{right.mean():.2f} show what was asked for"
    for label in asked.unique():
        share = right[asked == label].mean()
        assert share >= 0.5, f"{share:.2f} of label {label}"
