"""What is kept is what was asked last, and never more bytes than allowed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.runtime.kept import Kept, forget


def test_the_last_asked_are_kept_within_their_bytes() -> None:
    kept: Kept[bytes] = Kept(100, len)
    made: list[str] = []

    def ask(key: str, size: int) -> bytes:
        return kept.get(key, lambda: made.append(key) or key.encode() * size)  # type: ignore[func-returns-value]

    for key in "abcab":
        assert ask(key, 30) == key.encode() * 30
    assert made == list("abc") and kept.bytes == 90
    ask("d", 30)  # c was asked longest ago
    assert [ask(key, 30)[:1] for key in "abdc"] == [b"a", b"b", b"d", b"c"] and made == list("abcdc")
    assert ask("e", 101) == b"e" * 101 and len(kept) == 0 == kept.bytes


def test_what_nobody_asks_for_any_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    kept: Kept[bytes] = Kept(100, len)
    for key in "ab":
        kept.get(key, lambda: b"photo")
    now = 300.0
    kept.get("b", lambda: b"another")
    now = 600.0
    forget(540.0)
    assert len(kept) == 1 and kept.get("b", lambda: b"another") == b"photo" and kept.bytes == 5
    now = 1200.0
    forget(540.0)
    assert len(kept) == 0 and kept.get("a", lambda: b"anew") == b"anew"


def test_threads_get_one_and_the_same_value() -> None:
    kept: Kept[list[int]] = Kept(1000, lambda value: 1)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: kept.get("key", lambda: [0]), range(200)))
    assert all(value is found[0] for value in found)
