"""Paint that is made stronger before a run goes on."""

from __future__ import annotations

import copy
import dataclasses
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from models.cyclegan.cyclegan import DIRECTIONS
from models.cyclegan.networks import SmoothGenerator, doubled
from training.cyclegan import recipe
from training.cyclegan.bolder import DIMMED, bolder, colour, painted_bolder
from training.cyclegan.pairs import PAIRS, Domain, to_device


def domain(seed: int, low: int, high: int) -> Domain:
    """Four pictures of noise, (4, 32, 32, 3)."""
    return Domain.of(np.random.default_rng(seed).integers(low, high, (4, 32, 32, 3), dtype=np.uint8))


@torch.no_grad()
def test_the_paint_is_as_many_times_as_strong_and_its_mean_colour_that_of_the_other_side() -> None:
    torch.manual_seed(0)
    network = SmoothGenerator(outer=8, inner=8, blocks=1)
    head = network.head[1]
    assert isinstance(head, torch.nn.Conv2d) and head.bias is not None
    head.weight[3] = head.bias[3] = 0  # as much of the finest detail everywhere
    before, x, y = copy.deepcopy(network), domain(0, 110, 140), domain(1, 100, 170)
    bolder(network, 1.5, x, y)
    pictures = to_device(x.images, torch.device("cpu"))
    finest = pictures - doubled(F.avg_pool2d(pictures, 2))
    painted = network.delta(pictures) + math.tanh(DIMMED) * finest
    shift = painted - 1.5 * before.delta(pictures)
    torch.testing.assert_close(shift, shift.mean(dim=(0, 2, 3), keepdim=True).expand_as(shift))
    wanted = colour(to_device(y.images, torch.device("cpu")))
    torch.testing.assert_close(colour(network(pictures)), wanted, atol=1e-5, rtol=0)


def test_of_the_weights_that_a_run_goes_on_from_only_the_way_there_is_changed() -> None:
    pair = dataclasses.replace(PAIRS["monet"], outer=8, inner=8, blocks=1)
    start = {f"{way}.{name}": value for way in DIRECTIONS for name, value in pair.generator().state_dict().items()}
    made = painted_bolder(start, pair, 1.5, domain(0, 110, 140), domain(1, 100, 170))
    changed = {name for name in start if not torch.equal(made[name], start[name])}
    assert changed == {"there.head.1.weight", "there.head.1.bias"} and made.keys() == start.keys()


def test_paint_of_no_strength_is_refused() -> None:
    with pytest.raises(ValueError, match="Paint cannot be 0 times"):
        bolder(SmoothGenerator(outer=8, inner=8, blocks=1), 0, domain(0, 0, 256), domain(1, 0, 256))


@pytest.mark.parametrize("name", ["monet", "emoji"])
def test_there_is_no_stronger_paint_without_weights_to_begin_with(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["cyclegan", name, "--bolder", "1.4"])
    with pytest.raises(SystemExit):
        recipe.main()
    assert "--bolder needs --from" in capsys.readouterr().err
