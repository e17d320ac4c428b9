"""Places for work that not everybody may do at once: who came first has one, the others stand in line."""

from __future__ import annotations

import threading
import time


class Places:
    """Who works now and who waits, in the order in which they came.

    A place is free again when it is left, or when its holder has been silent for a while; so is one in the line.
    """

    def __init__(self, most: int, silent: float) -> None:
        """most: places; silent: seconds."""
        self.most, self.silent = most, silent
        self._heard: dict[str, float] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._heard)

    def ask(self, token: str) -> int:
        """Say that one is still there, or come. Returns 0 where one has a place, else the number of one's turn."""
        with self._lock:
            now = time.monotonic()
            self._heard = {name: at for name, at in self._heard.items() if now - at < self.silent}
            self._heard[token] = now
            return max(0, list(self._heard).index(token) + 1 - self.most)

    def take(self, token: str) -> bool:
        """The same for who does not wait: whether one has a place."""
        if self.ask(token) == 0:
            return True
        self.leave(token)
        return False

    def leave(self, token: str) -> None:
        """Give a place back, or leave the line. An unknown token is nothing."""
        with self._lock:
            self._heard.pop(token, None)
