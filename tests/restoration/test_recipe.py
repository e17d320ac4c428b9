"""The restorer's recipe: what it is shown, that it learns, and the yardstick of its evaluation."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from models.restoration.damage import KINDS, damaged, holes
from models.restoration.restoration import Restorer
from tests.counted import Counted
from training import recipe as recipes
from training.restoration.evaluation import filled, psnr, rivals
from training.restoration.recipe import BATCH, spoilt, train

TINY = {"fold": 2, "widths": (8, 8), "blocks": (1, 1), "heads": 2}


def test_a_silent_restorer_changes_nothing_and_another_hears_the_damage() -> None:
    torch.manual_seed(0)
    network, y = Restorer(**TINY), torch.randn(2, 3, 16, 16)  # type: ignore[arg-type]
    for parameter in network.unet.last.parameters():
        torch.nn.init.zeros_(parameter)
    assert torch.equal(network(y, torch.rand(2), torch.tensor([0, 3])), y)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    same = torch.full((2,), 0.5)
    first = network(y, same, torch.tensor([0, 0]))
    assert not torch.allclose(first, network(y, same, torch.tensor([1, 1])))
    assert not torch.allclose(first, network(y, same + 0.3, torch.tensor([0, 0])))


def test_a_batch_is_damaged_in_every_way() -> None:
    torch.manual_seed(1)
    x = torch.rand(16, 3, 64, 64) * 2 - 1
    y, strength, kind = spoilt(x)
    assert kind.tolist() == [i % len(KINDS) for i in range(16)] and ((strength >= 0) & (strength <= 1)).all()
    for i in (KINDS.index("blur"), KINDS.index("small")):
        torch.testing.assert_close(y[kind == i], damaged(x[kind == i], KINDS[i], strength[kind == i]))
    noisy = y[kind == KINDS.index("noise")] - x[kind == KINDS.index("noise")]
    assert (noisy != 0).all()


def test_it_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    run = Counted(100, BATCH)
    torch.manual_seed(2)
    network = Restorer(**TINY)  # type: ignore[arg-type]
    one = (torch.rand(3) * 255).to(torch.uint8).expand(64, 16, 16, 3).contiguous()
    train(run, network, one)
    x = one[:32].permute(0, 3, 1, 2) / 127.5 - 1
    y = damaged(x, "hole", torch.ones(32), torch.Generator().manual_seed(3))
    with torch.no_grad():
        made = network(y, torch.ones(32), torch.full((32,), KINDS.index("hole")))
    assert psnr(made, x) > psnr(y, x) + 1.5


def test_decibels_are_those_of_a_known_error() -> None:
    x = torch.zeros(3, 3, 8, 8)
    assert psnr(x + 0.2, x) == pytest.approx(-20 * math.log10(0.1), abs=1e-4)
    assert psnr(x + 5, x + 1) == pytest.approx(100), "clamped first"


def test_a_hole_is_filled_from_around_it() -> None:
    x = torch.full((2, 3, 64, 64), 0.4)
    hole = holes(x, torch.ones(2), torch.Generator().manual_seed(4))
    for width in (1.0, 4.0):
        torch.testing.assert_close(filled(x * (1 - hole), hole, width), x)


def test_the_rivals_hole_is_where_the_damage_is() -> None:
    x, strength = torch.full((3, 3, 64, 64), 0.4), torch.ones(3)
    y = damaged(x, "hole", strength, torch.Generator().manual_seed(KINDS.index("hole")))
    for made in rivals("hole", y, strength, KINDS.index("hole"))["gaussian"]:
        torch.testing.assert_close(made, x)
