"""Calls that arrive together are computed together, and out of memory is survived."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from models.runtime.device import device, exactly, free_memory, gate
from models.runtime.gate import DeviceBusy, filming, on_behalf, visitor

Outputs = Tensor | tuple[Tensor, ...]


class DeviceFull(Exception):
    """There is not enough memory for even one picture. `key` and `args` name the sentence for the visitor."""

    key = "device.no_memory"

    def __init__(self) -> None:
        super().__init__("There was not enough memory to compute that.")

    @property
    def args(self) -> dict[str, str]:  # type: ignore[override]
        return {}


def out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out, on whichever device."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    told = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in told or "can't allocate memory" in told)


def survive(fn: Callable[..., Outputs], *inputs: Tensor) -> Outputs:
    """fn(*inputs), in halves of the batch as often as memory demands.

    inputs: each (B, ...); outputs likewise. Raises DeviceFull where a single row does not fit.
    """
    try:
        return fn(*inputs)
    except Exception as error:
        if not out_of_memory(error):
            raise
    # outside the handler: its traceback would keep the tensors of the failed attempt alive
    free_memory()
    rows = len(inputs[0])
    if rows < 2:
        raise DeviceFull
    halves = [survive(fn, *(x[part] for x in inputs)) for part in (slice(rows // 2), slice(rows // 2, rows))]
    return _joined(halves)


def _joined(parts: list[Outputs]) -> Outputs:
    if isinstance(parts[0], tuple):
        return tuple(torch.cat(column) for column in zip(*parts, strict=True))
    return torch.cat([part for part in parts if isinstance(part, Tensor)])


@dataclass(eq=False)
class _Call:
    inputs: tuple[Tensor, ...]
    who: object
    long: bool
    outputs: Outputs | None = None
    error: BaseException | None = None
    done: bool = False
    kind: tuple[Any, ...] = field(init=False)
    """Calls of one kind can be stacked: same shapes but for dim 0, same types."""

    def __post_init__(self) -> None:
        if not self.inputs or any(x.ndim == 0 or len(x) != self.rows for x in self.inputs):
            raise ValueError("Every input needs the same first dimension.")
        self.kind = tuple((x.shape[1:], x.dtype) for x in self.inputs)

    @property
    def rows(self) -> int:
        return len(self.inputs[0])

    def finish(self, outputs: Outputs | None, error: BaseException | None = None) -> None:
        self.outputs, self.error, self.done = outputs, error, True


class Turns:
    """Whose call comes next: films last, visitors in turn, else as they came."""

    def __init__(self) -> None:
        self._served: dict[object, int] = {}
        self._count = 0

    def order(self, calls: Sequence[_Call]) -> list[_Call]:
        """The calls as they are to be served."""
        before: Counter[object] = Counter()
        places = []
        for call in calls:
            places.append(
                (call.long, before[call.who], self._served.get(call.who, 0)) if call.who else (call.long, 0, 0)
            )
            before[call.who] += 1
        return [calls[i] for i in sorted(range(len(calls)), key=places.__getitem__)]

    def serve(self, calls: Sequence[_Call], left: Sequence[_Call]) -> None:
        """Remember who was served; of visitors who wait for nothing nothing is kept."""
        self._count += 1
        waiting = {call.who for call in left}
        served = self._served | {call.who: self._count for call in calls}
        self._served = {who: count for who, count in served.items() if who in waiting}


class Batcher:
    """`batcher(*inputs)` = fn(*inputs), computed together with what other threads ask at the same time.

    fn: tensors (B, ...) to a tensor or a tuple of them (B, ...), each row by itself (no batch statistics).
    Inputs may lie anywhere; fn gets them on the device, in inference mode and full precision; the outputs come
    to the CPU. While one batch is computed the next one gathers; `window_ms` waits for more besides.
    A row depends on its neighbours only by rounding. An error goes to the call that caused it. Beyond
    `most_waiting` calls, or `most_each` of one visitor, a call is refused with DeviceBusy.
    """

    def __init__(
        self,
        fn: Callable[..., Outputs],
        max_batch: int = 32,
        window_ms: float = 0.0,
        most_waiting: int = 448,
        most_each: int = 32,
    ) -> None:
        self.fn, self.max_batch, self.window_ms = fn, max_batch, window_ms
        self.most_waiting, self.most_each = most_waiting, most_each
        self._state = threading.Condition()
        self._pending: list[_Call] = []
        self._turns = Turns()
        self._leading = False

    def __call__(self, *inputs: Tensor) -> Any:
        """The outputs for these rows, on the CPU. Raises DeviceBusy, DeviceFull, or what fn raises."""
        call = _Call(inputs, visitor.get(), filming.get())
        if gate.held:  # waiting for a leader that waits for our turn to end would never end
            self._run([call])
        else:
            self._join(call)
        if call.error is not None:
            raise call.error
        return call.outputs

    def _join(self, call: _Call) -> None:
        """Wait until another caller has computed this call, or lead and compute it with those that wait."""
        with self._state:
            own = sum(other.who == call.who for other in self._pending) if call.who else 0
            if own >= self.most_each:
                raise DeviceBusy
            if len(self._pending) >= self.most_waiting:
                raise DeviceBusy(gate.pace.of(math.ceil(len(self._pending) / self.max_batch)))
            self._pending.append(call)
            while self._leading and not call.done:
                self._state.wait()
            if not call.done:
                self._leading = True
        if not call.done:
            self._lead(call)

    def _lead(self, own: _Call) -> None:
        """Compute batches until one's own call is done; then another waiting caller leads."""
        try:
            if self.window_ms:
                time.sleep(self.window_ms / 1000)
            while not own.done:
                with on_behalf(self, self._all_long()), gate.turn():
                    self._run(self._gather())
        except BaseException as error:
            with self._state:
                if own in self._pending:
                    self._pending.remove(own)
            own.finish(None, error)
        finally:
            with self._state:
                self._leading = False
                self._state.notify_all()

    def _all_long(self) -> bool:
        with self._state:
            return all(call.long for call in self._pending)

    def _gather(self) -> list[_Call]:
        """Take the call whose turn it is and all of its kind that fit beside it."""
        with self._state:
            order = self._turns.order(self._pending)
            batch, rows = order[:1], order[0].rows
            for call in order[1:]:
                if call.kind == batch[0].kind and rows + call.rows <= self.max_batch:
                    batch.append(call)
                    rows += call.rows
            self._pending = [call for call in self._pending if call not in batch]
            self._turns.serve(batch, self._pending)
            return batch

    def _run(self, batch: list[_Call]) -> None:
        try:
            outputs = self._compute(*(torch.cat(column) for column in zip(*(c.inputs for c in batch), strict=True)))
            self._share(batch, outputs)
        except Exception as error:
            if len(batch) == 1:
                batch[0].finish(None, error)
            else:
                for call in batch:
                    self._run([call])
        finally:
            with self._state:
                for call in batch:
                    if not call.done:
                        call.finish(None, RuntimeError("The computation was interrupted."))
                self._state.notify_all()

    def _compute(self, *inputs: Tensor) -> Outputs:
        here = device()
        with torch.inference_mode(), exactly():
            outputs = survive(self.fn, *(x.to(here) for x in inputs))
            return tuple(y.cpu() for y in outputs) if isinstance(outputs, tuple) else outputs.cpu()

    def _share(self, batch: list[_Call], outputs: Outputs) -> None:
        """Give each call its rows. Raises ValueError where fn lost or invented some."""
        sizes = [call.rows for call in batch]
        columns = outputs if isinstance(outputs, tuple) else (outputs,)
        if any(len(y) != sum(sizes) for y in columns):
            raise ValueError(f"{self.fn} returned another number of rows than it was given.")
        for call, rows in zip(batch, zip(*(y.split(sizes) for y in columns), strict=True), strict=True):
            # a copy: a view would keep the whole batch alive
            own = tuple(y.clone() for y in rows) if len(batch) > 1 else rows
            call.finish(own if isinstance(outputs, tuple) else own[0])
