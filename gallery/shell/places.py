"""Places for work that not everybody may do at once: who came first has one, the others stand in line."""

from __future__ import annotations

import math
import threading
import time


class Places:
    """Who works now and who waits, in the order in which they came.

    A place is free again when it is left, or when its holder has been silent for a while; so is one in the line. Who
    has had his for long goes to the end of the line, where there is one.
    """

    def __init__(self, most: int, silent: float, longest: float = math.inf) -> None:
        """most: places; silent, longest: seconds."""
        self.most, self.silent, self.longest = most, silent, longest
        self._heard: dict[str, float] = {}
        self._since: dict[str, float] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._heard)

    def ask(self, token: str) -> int:
        """Say that one is still there, or come. Returns 0 where one has a place, else the number of one's turn."""
        with self._lock:
            now = time.monotonic()
            self._heard = {name: at for name, at in self._heard.items() if now - at < self.silent}
            self._heard[token] = now
            turn = self._turn(token)
            if turn == 0 and len(self._heard) > self.most and now - self._since.setdefault(token, now) > self.longest:
                del self._heard[token]
                self._heard[token] = now
                turn = self._turn(token)
            if turn == 0:
                self._since.setdefault(token, now)
            else:
                self._since.pop(token, None)
            self._since = {name: at for name, at in self._since.items() if name in self._heard}
            return turn

    def _turn(self, token: str) -> int:
        return max(0, list(self._heard).index(token) + 1 - self.most)

    def leave(self, token: str) -> None:
        """Give a place back, or leave the line. An unknown token is nothing."""
        with self._lock:
            self._heard.pop(token, None)
            self._since.pop(token, None)
