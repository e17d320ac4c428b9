"""One seed is one picture, whatever else is made beside it."""

from __future__ import annotations

import torch
from scipy import stats

from models.runtime.noise import noise_of, seeded_noise, slerp


def test_a_seeds_noise_does_not_depend_on_its_neighbours() -> None:
    together, alone = seeded_noise([3, 7, 3], (2, 5)), seeded_noise([7], (2, 5))
    for _ in range(3):  # also the noise of later steps
        three, one = together(), alone()
        assert torch.equal(three[1], one[0]) and torch.equal(three[0], three[2])
        assert not torch.equal(three[0], three[1])
    assert torch.equal(noise_of([7], (2, 5)), seeded_noise([7], (2, 5))())


def test_draws_follow_each_other_and_are_standard_normal() -> None:
    noise = seeded_noise(range(50), (40,))
    first, second = noise(), noise()
    assert stats.kstest(torch.cat([first, second]).flatten().numpy(), "norm").pvalue > 0.01
    assert abs(torch.corrcoef(torch.stack([first.flatten(), second.flatten()]))[0, 1].item()) < 0.08


def test_the_arc_begins_and_ends_where_it_should_and_keeps_the_length() -> None:
    a, b = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(4))
    torch.testing.assert_close(slerp(a, b, 0.0), a)
    torch.testing.assert_close(slerp(a, b, 1.0), b)
    torch.testing.assert_close(slerp(a, a, 0.3), a)
    assert 0.98 < float(slerp(a, b, 0.5).std()) < 1.02 and float(torch.lerp(a, b, 0.5).std()) < 0.72
    right = slerp(torch.tensor([1.0, 0]), torch.tensor([0, 1.0]), 0.5)
    torch.testing.assert_close(right, torch.full((2,), 0.5**0.5))
