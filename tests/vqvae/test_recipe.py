"""The recipes of the VQ-VAE and of its prior: they learn, and reviving keeps the codebook in use."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from models.vqvae.pixelcnn import PixelCNN
from models.vqvae.vqvae import VQVAE
from tests.counted import Counted
from training import recipe as recipes
from training.vqvae import prior, recipe


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints do not stay."""
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)


def colours(count: int) -> torch.Tensor:
    """Plain pictures, each of its own colour: (N, 64, 64, 3) uint8."""
    each = torch.rand(count, 1, 1, 3, generator=torch.Generator().manual_seed(0)) * 255
    return each.to(torch.uint8).expand(-1, 64, 64, -1).contiguous()


@pytest.mark.parametrize("revived", [True, False])
def test_it_learns_and_only_what_is_revived_stays_alive(revived: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "SILENT", 10)
    torch.manual_seed(0)
    network = VQVAE(codes=32, dim=4, widths=(8, 16), blocks=1)
    if revived:
        network.codebook.data.mul_(0.1)
    images = colours(64)
    recipe.train(Counted(150, recipe.BATCH), network, images, revived)
    x = images.permute(0, 3, 1, 2) / 127.5 - 1
    with torch.no_grad():
        coded = network(x)
    used = len(coded.codes.unique())
    if revived:
        assert (coded.x_hat - x).square().mean() < 0.75 * x.var() and used > 8
    else:
        assert used <= 8


def test_the_prior_learns_what_codes_go_together() -> None:
    """Rows that count upwards from a code of chance: all but the first code of a picture is certain."""
    generator = torch.Generator().manual_seed(0)
    codes = (torch.randint(8, (256, 1, 1), generator=generator) + torch.arange(6) + 3 * torch.arange(6)[:, None]) % 8
    torch.manual_seed(0)
    network = PixelCNN(codes=8, width=16, layers=3, side=6, hidden=16)
    with torch.no_grad():
        before = float(prior.nats(network, codes))
    prior.train(Counted(120, prior.BATCH), network, codes)
    with torch.no_grad():
        after = float(prior.nats(network, codes))
    assert before > 0.9 * math.log(8) and after < 0.25 * math.log(8)
