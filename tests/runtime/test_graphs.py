"""Replaying a network as a CUDA graph changes nothing but the time; without a GPU there is nothing to replay."""

from __future__ import annotations

import logging

import pytest
import torch

from models.diffusion.diffusion import FACES, Wish, faces
from models.runtime import device, graphs


def double(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


def test_without_a_gpu_the_function_runs_as_it_is() -> None:
    assert torch.equal(graphs.Replayed(double)(torch.ones(1, 3)), torch.full((1, 3), 2.0))


@pytest.mark.skipif(torch.cuda.is_available(), reason="tries what happens without a GPU")
def test_what_cannot_be_recorded_runs_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    replayed = graphs.Replayed(double)
    replayed.graphs = True
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert torch.equal(replayed(torch.ones(2, 3)), torch.full((2, 3), 2.0))
    assert len(caplog.records) == 1


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_replayed_steps_are_the_eager_ones() -> None:
    device.set_device("cuda")
    try:
        model = faces()
        x, level = model.noise([1, 2])().cuda(), torch.full((2,), 0.4, device="cuda")
        labels = torch.zeros(2, len(FACES.questions), dtype=torch.int64, device="cuda")
        replayed = graphs.Replayed(model.network)
        for rows in (1, 2, 1):
            inputs = (x[:rows], level[:rows], labels[:rows])
            torch.testing.assert_close(replayed(*inputs), model.network(*inputs), atol=1e-4, rtol=1e-4)
        assert replayed.graphs
        assert model.make([1], Wish(steps=4)).shape == (1, 64, 64, 3)
    finally:
        device.set_device("cpu")
