"""What is kept to be asked again, bound by the bytes that it takes and by the time since it was asked for."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

V = TypeVar("V")

everywhere: WeakSet[Kept[Any]] = WeakSet()


class Kept(Generic[V]):
    """Values by key, those that were asked last, of at most so many bytes together. size: of a value, in bytes."""

    def __init__(self, most_bytes: int, size: Callable[[V], int]) -> None:
        self.most_bytes, self.size = most_bytes, size
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._asked: dict[Hashable, float] = {}
        self._lock = threading.Lock()
        everywhere.add(self)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def bytes(self) -> int:
        """What is kept, in bytes."""
        return sum(map(self.size, self._values.values()))

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key, made where it is not kept. One that is larger than all that may be kept is not."""
        with self._lock:
            if key in self._values:
                self._asked[key] = time.monotonic()
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            value = self._values.setdefault(key, made)  # another thread may have been faster
            self._asked[key] = time.monotonic()
            while self.bytes > self.most_bytes:
                self._asked.pop(self._values.popitem(last=False)[0])
        return value

    def forget(self, age: float) -> None:
        """Let go of what was last asked for more than age seconds ago."""
        limit = time.monotonic() - age
        with self._lock:
            for key in [key for key, asked in self._asked.items() if asked < limit]:
                del self._values[key], self._asked[key]


def forget(age: float) -> None:
    """Let go of everything, wherever it is kept, that nobody has asked for in age seconds."""
    for kept in list(everywhere):
        kept.forget(age)
