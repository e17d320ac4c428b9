"""Small work on one core: what it computes, and how others compute, is as before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
import torch

from models.runtime.alone import alone

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_it_runs_on_one_core_and_others_go_on_with_theirs() -> None:
    count = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(torch.get_num_threads).result() == 2
            assert alone(torch.get_num_threads) == 1
            assert torch.get_num_threads() == 2 == other.submit(torch.get_num_threads).result()
        with ThreadPoolExecutor(1) as later:
            assert later.submit(torch.get_num_threads).result() == 2, "also threads that begin afterwards"
    finally:
        torch.set_num_threads(count)


def test_the_caller_is_told_apart_and_errors_are_his() -> None:
    WHO.set("a visitor")
    assert alone(WHO.get) == "a visitor"
    with pytest.raises(ZeroDivisionError):
        alone(lambda: 1 / 0)


@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad, torch.inference_mode])
def test_gradients_are_kept_or_not_as_the_caller_says(mode: type) -> None:
    x = torch.ones(2, requires_grad=True)
    with mode():
        here, there = 2 * x, alone(lambda: 2 * x)
    assert there.requires_grad == here.requires_grad and there.is_inference() == here.is_inference()
    assert torch.equal(here, there)
