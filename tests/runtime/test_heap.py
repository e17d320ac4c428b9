"""What is free goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from models.runtime import heap

KEPT = """
import ctypes, sys
from pathlib import Path
from models.runtime import heap

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) // 256  # pages of 4 KB in MB

assert heap.settle()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
pieces = [libc.malloc(ctypes.c_size_t(100_000)) for _ in range(2000)]
for piece in pieces:
    ctypes.memset(piece, 1, 100_000)
full = held()
for piece in pieces[:-1]:  # the last one holds the top of the heap
    libc.free(ctypes.c_void_p(piece))
kept, gave, left = held(), heap.trim(), held()
assert gave and kept > full - 30 and left < full - 150, (full, kept, left)
"""


@pytest.mark.skipif(heap._libc() is None, reason="only glibc's malloc can be told")
def test_what_is_free_is_given_back_though_a_piece_lies_above_it() -> None:
    done = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_where_there_is_no_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heap, "_libc", lambda: None)
    assert not heap.settle() and not heap.trim()
