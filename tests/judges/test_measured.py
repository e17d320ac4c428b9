"""What the yardstick is laid on: pictures as the model draws them, and real ones of the same kind."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from models.judges.judges import load_judge, verdicts
from models.vae.vocabulary import BETAS
from models.weights.cards import load_card
from training import evaluate, measured
from training.measured import DRAWN, by_plane

FIGURES = [f"{kind}_{space}" for kind in ("auc", "frechet", "precision", "recall") for space in ("random", "stages")]


@pytest.mark.parametrize("name", DRAWN)
def test_every_model_that_draws_has_the_yardstick_on_its_card(name: str) -> None:
    card = load_card(name)
    assert {*FIGURES, *(f"floor_{each}" for each in FIGURES)} <= card.quality.keys()
    assert {"contrast", "floor_contrast", "power_30", "grid_peak"} <= card.quality.keys()
    assert card.quality_on.count("yardstick: ") == 1
    for space in ("random", "stages"):
        assert float(card.quality[f"floor_auc_{space}"]) < 0.6, "real pictures cannot be told from real ones"


def test_the_yardstick_alone_leaves_what_stands_first_on_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_card("glow")
    monkeypatch.setattr(evaluate, "yardstick", lambda name, folder, count: ({"auc_random": 0.25}, "yardstick: anew"))
    figures, measured_on = evaluate.measured("glow", Path("nowhere"), True, 10)
    assert figures == before.quality | {"auc_random": 0.25}
    assert next(iter(figures)) == next(iter(before.quality)) == "bits_per_dimension"
    assert measured_on == f"{before.quality_on.split('; yardstick:')[0]}; yardstick: anew"


@pytest.mark.parametrize("data", ["digits", "fashion"])
@pytest.mark.parametrize("beta", [1, 4])
def test_samples_of_a_plane_are_light_on_black_as_the_judge_knows_them(data: str, beta: int) -> None:
    assert beta in BETAS
    judge, made = load_judge(data), by_plane(data, beta, 60)
    assert made.shape == (60, 1, 28, 28) and made.dtype == torch.uint8 and made[:, :, 0].float().mean() < 64
    known, inverted = (verdicts(judge, x).softmax(dim=1).max(dim=1) for x in (made, 255 - made))
    assert (known.values > 0.9).float().mean() > 0.5
    assert known.indices.unique().numel() > max(4, inverted.indices.unique().numel()), "many kinds, none inside out"


def test_glow_is_laid_beside_faces_of_its_own_size_and_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    def noise(name: str, folder: Path, split: str) -> Tensor:
        return torch.randint(0, 256, (12, 3, 64, 64), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)

    monkeypatch.setattr(measured, "real_pictures", noise)
    laid = DRAWN["glow"](Path("nowhere"), 3)
    assert len(laid.real) == len(laid.other) == 12 and len(laid.made) == 3
    levels = (torch.arange(32) * 255 / 31).round().to(torch.uint8)
    for pictures in (laid.real, laid.other, laid.made):
        assert pictures.shape[1:] == (3, 32, 32) and pictures.dtype == torch.uint8
        assert bool(torch.isin(pictures, levels).all()) and pictures.unique().numel() > 8
    halved = noise("", Path(), "").float().unflatten(2, (32, 2)).unflatten(4, (32, 2)).mean(dim=(3, 5))
    assert (laid.real.float() - halved).abs().mean() < 8, "the same faces, each pixel the mean of four"
