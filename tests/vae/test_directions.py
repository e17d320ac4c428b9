"""Directions that are balanced carry nothing else along."""

from __future__ import annotations

import numpy as np
import torch

from training.judges.recipe import balance, face_answers
from training.vae.directions import balanced_difference


def test_balancing_removes_what_goes_with_the_smile() -> None:
    rng = np.random.default_rng(0)
    woman = rng.random(4000) < 0.5
    smiles = rng.random(4000) < np.where(woman, 0.8, 0.3)
    mu = torch.from_numpy(np.stack([2.0 * smiles, 5.0 * woman], axis=1) + 0.1 * rng.normal(size=(4000, 2)))
    plain = mu[torch.from_numpy(smiles)].mean(dim=0) - mu[torch.from_numpy(~smiles)].mean(dim=0)
    balanced = balanced_difference(mu.float(), smiles, ~smiles, woman.astype(int))
    assert plain[1] > 1.5
    torch.testing.assert_close(balanced, torch.tensor([2.0, 0.0]), atol=0.03, rtol=0)


def test_the_judge_is_taught_that_smiles_tell_nothing_of_gender() -> None:
    rng = np.random.default_rng(1)
    woman = (rng.random(5000) < 0.4).astype(np.float32)
    smile = np.where(rng.random(5000) < np.where(woman > 0, 0.6, 0.4), 4.0, -4.0).astype(np.float32)
    unsure = rng.random(5000) < np.where(woman > 0, 0.3, 0.1)
    answers = face_answers(np.where(unsure, 1.0, smile).astype(np.float32), woman, np.full(5000, 30, np.float32))
    weights = balance(answers)
    sure, women = ~answers[:, 0].isnan(), answers[:, 1] > 0.5
    np.testing.assert_array_equal(sure.numpy(), ~unsure)
    cells = [*((answers[:, 0] == a) & (women == b) for a in (0, 1) for b in (0, 1)), ~sure & women, ~sure & ~women]
    np.testing.assert_allclose([float(weights[cell].sum()) / 5000 for cell in cells], 1 / 6, atol=1e-5)
