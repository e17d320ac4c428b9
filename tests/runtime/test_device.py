"""Where things are computed, in which precision, and with how many threads."""

from __future__ import annotations

import importlib.machinery
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from models.runtime import device, threads

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def chosen() -> Iterator[None]:
    yield
    device.set_device()


def test_the_cpu_can_be_chosen_and_is_named() -> None:
    assert device.set_device("cpu") == device.device() == torch.device("cpu")
    assert device.describe() == "CPU"
    assert torch.get_num_threads() == threads.count()


@pytest.mark.parametrize("name", ["abacus", "cuda:77", "meta", "-1", "xpu"])
def test_a_device_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="There is no device"):
        device.set_device(name)


def test_the_threads_are_settled_before_torch() -> None:
    code = (
        "import sys; from models.runtime import threads; threads.prepare(); assert 'torch' not in sys.modules;"
        "import os; print(os.environ['OMP_WAIT_POLICY'], os.environ['OMP_NUM_THREADS'])"
    )
    plain = {k: v for k, v in os.environ.items() if not k.startswith("OMP")}
    for extra, wanted in (({}, f"PASSIVE {threads.cores()}"), ({"OMP_NUM_THREADS": "1"}, "PASSIVE 1")):
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=plain | extra, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == wanted


def test_a_container_that_may_use_two_cores_gets_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(threads, "_CGROUP", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    for text, wanted in (("200000 100000", 2), ("50000 100000", 1), ("150000 100000", 2), ("max 100000", 16)):
        (tmp_path / "cpu.max").write_text(text)
        assert threads.cores() == wanted


def test_half_precision_only_for_large_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    device.set_device("cpu")
    monkeypatch.setattr(device, "cpu_has_bf16", lambda: True)

    def used(batch: int) -> torch.dtype:
        with device.autocast(batch):
            return torch.ones(2, 2).mm(torch.ones(2, 2)).dtype

    assert used(device.HALF_FROM - 1) == torch.float32
    assert used(device.HALF_FROM) == torch.bfloat16
    with device.exactly():
        assert used(1000) == torch.float32
    monkeypatch.setattr(device, "cpu_has_bf16", lambda: False)
    assert used(1000) == torch.float32


def test_without_zero_gpu_a_function_stays_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert device.gpu(threads.cores) is threads.cores


def test_on_zero_gpu_a_function_asks_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = types.ModuleType("spaces")
    spaces.__spec__ = importlib.machinery.ModuleSpec("spaces", None)
    spaces.GPU = lambda duration: lambda fn: (fn, duration)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert device.gpu(threads.cores, duration=20) == (threads.cores, 20)
