"""It makes no difference to a picture who else is asking, and memory that runs out is survived."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models.runtime import device
from models.runtime.batching import Batcher, DeviceFull, survive
from models.runtime.gate import DeviceBusy, film, visitor


@pytest.fixture
def decoder() -> nn.Module:
    """A small network of the kind that the rooms use, with fixed weights: 4 numbers to a picture (3, 16, 16)."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = nn.Sequential(
            nn.Linear(4, 128), nn.Unflatten(1, (8, 4, 4)), nn.SiLU(), nn.Upsample(scale_factor=4),
            nn.Conv2d(8, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.SiLU(), nn.Conv2d(16, 3, 3, padding=1), nn.Tanh(),
        )  # fmt: skip
    return device.place(net)


def latents(count: int) -> Tensor:
    return torch.randn(count, 4, generator=torch.Generator().manual_seed(1))


def pixels(x: Tensor) -> Tensor:
    return ((x + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def together(fn: Callable[[int], Any], count: int) -> list[Any]:
    """fn(0) ... fn(count - 1), each in a thread of its own, all at once."""
    barrier = threading.Barrier(count)

    def run(index: int) -> Any:
        barrier.wait()
        return fn(index)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_batch_equals_its_rows(decoder: nn.Module) -> None:
    batcher = Batcher(decoder)
    z = latents(16)
    whole = batcher(z)
    rows = torch.cat([batcher(row[None]) for row in z])
    assert whole.shape == (16, 3, 16, 16) and whole.std() > 0.01
    assert torch.equal(batcher(z), whole), "the same shape gives the same bytes"
    assert (pixels(whole).int() - pixels(rows).int()).abs().max() <= 1


def test_32_callers_get_what_each_gets_alone(decoder: nn.Module) -> None:
    batcher = Batcher(decoder, max_batch=8)
    z = latents(32)
    alone = [pixels(batcher(row[None])) for row in z]
    for _ in range(5):
        answers = together(lambda i: pixels(batcher(z[i : i + 1])), 32)
        for mine, wanted in zip(answers, alone, strict=True):
            assert isinstance(mine, Tensor) and (mine.int() - wanted.int()).abs().max() <= 1


def test_calls_that_wait_are_computed_together() -> None:
    sizes: list[int] = []

    def slow(x: Tensor) -> tuple[Tensor, Tensor]:
        sizes.append(len(x))
        time.sleep(0.05)
        return 2 * x, x.sum(dim=1)

    batcher = Batcher(slow, max_batch=16)
    answers = together(lambda i: batcher(torch.full((1, 3), float(i))), 33)
    for i, answer in enumerate(answers):
        doubled, total = answer
        assert torch.equal(doubled, torch.full((1, 3), 2.0 * i)) and total.tolist() == [3.0 * i]
    assert sum(sizes) == 33 and max(sizes) <= 16 and len(sizes) <= 8


def test_a_window_gathers_calls_that_come_apart() -> None:
    sizes: list[int] = []

    def note(x: Tensor) -> Tensor:
        sizes.append(len(x))
        return x

    def late(i: int) -> None:
        time.sleep(0.005 * i)
        batcher(torch.ones(1, 1))

    batcher = Batcher(note, window_ms=200)
    together(late, 4)
    assert sizes == [4]


def test_calls_of_other_shapes_are_kept_apart() -> None:
    batcher = Batcher(lambda x: x + 1)
    answers = together(lambda i: batcher(torch.zeros(1 + i % 3, 1 + i % 4)), 24)
    for i, answer in enumerate(answers):
        assert isinstance(answer, Tensor) and torch.equal(answer, torch.ones(1 + i % 3, 1 + i % 4))


def test_an_error_goes_to_the_call_that_caused_it() -> None:
    def picky(x: Tensor) -> Tensor:
        time.sleep(0.01)
        if (x < 0).any():
            raise ValueError("below zero")
        return x.sqrt()

    batcher = Batcher(picky)

    def ask(i: int) -> object:
        try:
            return batcher(torch.tensor([[-4.0 if i == 5 else 4.0]])).item()
        except ValueError as error:
            return str(error)

    assert together(ask, 12) == ["below zero" if i == 5 else 2.0 for i in range(12)]
    assert batcher(torch.tensor([[9.0]])).item() == 3.0


class Small:
    """A device with room for so many rows; it counts the attempts."""

    def __init__(self, rows: int) -> None:
        self.rows, self.attempts = rows, 0

    def __call__(self, x: Tensor) -> Tensor:
        self.attempts += 1
        if len(x) > self.rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return x * 3


@pytest.mark.parametrize("room", [1, 3, 7, 100])
def test_out_of_memory_is_survived(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[int] = []
    monkeypatch.setattr("models.runtime.batching.free_memory", lambda: freed.append(1))
    x = torch.arange(20.0).reshape(20, 1)
    small = Small(room)
    assert torch.equal(Batcher(small)(x), x * 3)
    assert bool(freed) == (room < 20)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")])
def test_no_room_for_one_row_is_a_sentence(error: Exception) -> None:
    def full(x: Tensor) -> Tensor:
        raise error

    with pytest.raises(DeviceFull) as caught:
        survive(full, torch.ones(4, 1))
    assert (caught.value.key, caught.value.args) == ("device.no_memory", {})


def test_other_errors_are_not_taken_for_memory() -> None:
    calls: list[int] = []

    def broken(x: Tensor) -> Tensor:
        calls.append(len(x))
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        survive(broken, torch.ones(4, 1))
    assert calls == [4]


def test_a_function_that_loses_rows_is_found_out() -> None:
    with pytest.raises(ValueError, match="number of rows"):
        Batcher(lambda x: x[:1])(torch.ones(3, 1))
    with pytest.raises(ValueError, match="first dimension"):
        Batcher(lambda x, y: x)(torch.ones(3, 1), torch.ones(2, 1))


def test_a_full_queue_refuses() -> None:
    entered, leave = threading.Event(), threading.Event()

    def wait(x: Tensor) -> Tensor:
        entered.set()
        leave.wait(5)
        return x

    batcher = Batcher(wait, most_waiting=2)
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(batcher, torch.ones(1, 1))]
        entered.wait(5)
        answers += [pool.submit(batcher, torch.ones(1, 1)) for _ in range(2)]
        while len(batcher._pending) < 2:
            time.sleep(0.002)
        with pytest.raises(DeviceBusy):
            batcher(torch.ones(1, 1))
        leave.set()
        assert [answer.result(5).item() for answer in answers] == [1.0, 1.0, 1.0]


def test_one_visitor_cannot_fill_the_queue() -> None:
    entered, leave = threading.Event(), threading.Event()

    def wait(x: Tensor) -> Tensor:
        entered.set()
        leave.wait(5)
        return x

    def ask(who: str) -> Tensor:
        device.visitor.set(who)
        answer: Tensor = batcher(torch.ones(1, 1))
        return answer

    batcher = Batcher(wait, most_each=2)
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, "eager")]
        entered.wait(5)
        answers += [pool.submit(ask, "eager") for _ in range(2)]
        while len(batcher._pending) < 2:
            time.sleep(0.002)
        with pytest.raises(DeviceBusy):
            pool.submit(ask, "eager").result(5)
        answers.append(pool.submit(ask, "patient"))
        while len(batcher._pending) < 3:
            time.sleep(0.002)
        leave.set()
        assert [answer.result(5).item() for answer in answers] == [1.0] * 4


def test_a_batcher_within_a_turn_does_not_wait_for_itself() -> None:
    def slow(x: Tensor) -> Tensor:
        time.sleep(0.02)
        return x

    batcher = Batcher(slow)
    one = torch.ones(1, 1)
    answers = together(lambda i: device.compute(batcher, one) if i % 2 else batcher(one), 8)
    assert [answer.item() for answer in answers] == [1.0] * 8


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_says_the_same_as_the_cpu(decoder: nn.Module) -> None:
    z = latents(8)
    device.set_device("cpu")
    slow = Batcher(device.place(decoder))(z)
    device.set_device("cuda")
    fast = Batcher(device.place(decoder))(z)
    device.set_device()
    assert fast.device.type == "cpu" and "NVIDIA" in device.describe()
    assert (pixels(fast).int() - pixels(slow).int()).abs().max() <= 1


def test_visitors_are_served_in_turn_and_films_last() -> None:
    """Calls of one visitor, another's film and a third one's single call, while the first batch is computed."""
    served: list[float] = []
    entered, go_on = threading.Event(), threading.Event()

    def note(x: Tensor) -> Tensor:
        served.append(x[0, 0].item())
        if x[0, 0] == 0:
            entered.set()
            assert go_on.wait(5)
        return x

    batcher = Batcher(note, max_batch=1)

    def ask(number: int, who: str) -> None:
        visitor.set(who)
        if who == "film":
            with film():
                batcher(torch.full((1, 1), float(number)))
        else:
            batcher(torch.full((1, 1), float(number)))

    threads = [threading.Thread(target=ask, args=(0, "many"))]
    threads[0].start()
    assert entered.wait(5)
    for number, who in [(1, "film"), (2, "many"), (3, "many"), (4, "many"), (5, "single")]:
        threads.append(threading.Thread(target=ask, args=(number, who)))
        threads[-1].start()
        end = time.monotonic() + 5
        while len(batcher._pending) < number and time.monotonic() < end:
            time.sleep(0.002)
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert served == [0, 2, 5, 3, 4, 1]
