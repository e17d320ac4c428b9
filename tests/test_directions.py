"""Directions that are balanced carry nothing else along."""

from __future__ import annotations

import numpy as np
import torch

from training.directions import balanced_difference


def test_balancing_removes_what_goes_with_the_smile() -> None:
    rng = np.random.default_rng(0)
    woman = rng.random(4000) < 0.5
    smiles = rng.random(4000) < np.where(woman, 0.8, 0.3)
    mu = torch.from_numpy(np.stack([2.0 * smiles, 5.0 * woman], axis=1) + 0.1 * rng.normal(size=(4000, 2)))
    plain = mu[torch.from_numpy(smiles)].mean(dim=0) - mu[torch.from_numpy(~smiles)].mean(dim=0)
    balanced = balanced_difference(mu.float(), smiles, ~smiles, woman.astype(int))
    assert plain[1] > 1.5
    torch.testing.assert_close(balanced, torch.tensor([2.0, 0.0]), atol=0.03, rtol=0)
