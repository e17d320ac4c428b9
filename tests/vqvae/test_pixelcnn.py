"""The prior: nothing of what follows is seen, all that was said is; kept values draw what the whole network draws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from models.vqvae.pixelcnn import PixelCNN, draw, sample, sample_naive
from models.vqvae.prior import Prior, prior
from models.weights.cards import WeightsError, load_card

SIDE = 6


@pytest.fixture(scope="module")
def network() -> PixelCNN:
    """Of chance, with weights so large that every place matters, in double precision so that ties do not."""
    torch.manual_seed(0)
    made = PixelCNN(codes=11, width=12, layers=5, side=SIDE, hidden=16).double().requires_grad_(False)
    for weight in made.parameters():
        weight.copy_(torch.randn_like(weight) * 0.5)
    return made


def chance(batch: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(batch, SIDE, SIDE, 11, generator=generator, dtype=torch.double)


@pytest.mark.parametrize("place", [(0, 0), (0, 4), (2, 5), (3, 0), (5, 5)])
def test_a_code_moves_what_follows_it_and_nothing_else(network: PixelCNN, place: tuple[int, int]) -> None:
    said = torch.randint(11, (1, SIDE, SIDE), generator=torch.Generator().manual_seed(1))
    other = said.clone()
    other[0][place] = (said[0][place] + 5) % 11
    moved = (network(said) != network(other)).any(dim=1).flatten()
    at = place[0] * SIDE + place[1]
    assert not moved[: at + 1].any() and moved[at + 1 :].all()


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
def test_kept_values_draw_the_same_codes_as_the_whole_network(network: PixelCNN, temperature: float) -> None:
    numbers = chance(3)
    fast, naive = sample(network, numbers, temperature), sample_naive(network, numbers, temperature)
    assert torch.equal(fast, naive)
    assert len(fast.unique()) > 3


def test_given_rows_stay_and_what_follows_is_drawn_from_them(network: PixelCNN) -> None:
    numbers = chance(2)
    whole, told = sample(network, numbers), list[int]()
    again = sample(network, numbers, given=whole[:, :3], tell=lambda _, rows: told.append(rows))
    assert torch.equal(again, whole)
    assert told == list(range(1, SIDE + 1))
    other = (whole[:, :3] + 1) % 11
    made = sample(network, numbers, given=other)
    assert torch.equal(made[:, :3], other) and not torch.equal(made[:, 3:], whole[:, 3:])


def test_codes_are_drawn_as_often_as_they_are_likely() -> None:
    logits = torch.tensor([[0.0, 1.0, 2.0, -1.0]])
    numbers = torch.rand(40_000, 4, generator=torch.Generator().manual_seed(0))
    for temperature in (0.5, 1.0):
        drawn = draw(logits.expand(40_000, -1), temperature, numbers)
        share = torch.bincount(drawn, minlength=4) / 40_000
        torch.testing.assert_close(share, (logits[0] / temperature).softmax(dim=0), atol=0.01, rtol=0)


def test_a_seed_is_a_face_whoever_comes_beside_it() -> None:
    alone, together = prior().sample([3]), prior().sample([1, 3])
    assert (alone[0] == together[1]).mean() > 0.98  # sums of other shapes round otherwise, and a near tie may turn
    assert not np.array_equal(together[0], together[1])


def test_a_prior_of_other_codes_is_refused() -> None:
    card = load_card("vqvae-prior")
    with pytest.raises(WeightsError):
        Prior(dataclasses.replace(card, network=card.network | {"of": "0" * 12}))
