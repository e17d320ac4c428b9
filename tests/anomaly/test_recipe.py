"""The recipe of the anomalies: each learner is shown its own pictures, and draws those better than others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.anomaly.anomaly import GreyAutoencoder, foreignness
from tests.counted import Counted
from training import recipe as recipes
from training.anomaly.recipe import BATCH, Learner, train


def bars(count: int, across: bool) -> torch.Tensor:
    """Bright bars at places of chance, lying or standing: (N, 1, 28, 28) in [0, 1]."""
    place = torch.randint(4, 24, (count,), generator=torch.Generator().manual_seed(int(across)))
    line = (torch.arange(28) - place[:, None]).abs() <= 1
    picture = line[:, :, None].expand(-1, -1, 28) if across else line[:, None].expand(-1, 28, -1)
    return picture[:, None].float()


def test_each_knows_what_it_was_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    torch.manual_seed(0)
    shown = {"lying.": bars(256, True), "standing.": bars(256, False)}
    learners = {name: Learner(GreyAutoencoder(latent=2, width=32)) for name in shown}
    weights = train(Counted(150, BATCH), learners, 256, lambda chosen: {name: x[chosen] for name, x in shown.items()})
    assert set(weights) == {f"{name}{key}" for name in shown for key in learners["lying."].network.state_dict()}
    with torch.no_grad():
        for name, other in (("lying.", "standing."), ("standing.", "lying.")):
            network = learners[name].network
            own, foreign = (foreignness(x, network(x)) for x in (shown[name], shown[other]))
            assert own.mean() < 0.7 * foreign.mean()
