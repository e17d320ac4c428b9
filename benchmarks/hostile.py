"""A hostile guest: generated requests against a gallery that is started for them, and the laws that every answer keeps.

    python -m benchmarks.hostile [--count 10000]

A quarter as many are sent before, so that all models are loaded when the memory is first looked at; before each look
the server rests for longer than it keeps a film that nobody asks for. Prints how many were sent and answered how, the
slowest, how much memory grew, and every law that was broken: no empty error, no path or traceback, nothing over 10 s,
no 5xx but 503, no logged value, less than 100 MB. Exits with 1 where one was.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.hostile.run import MOST_GROWTH, report, watched
from tests.shell.started import started

RESTS = 150.0
"""Seconds; `gallery.shell.pulls` forgets films after 120."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Generated hostile requests over every endpoint and server function.")
    parser.add_argument("--count", type=int, default=10_000)
    asked = parser.parse_args()
    assert Path("app.py").exists(), "to be run where app.py is"
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        with started(said, "app.py", "--offline", "--device", "cpu") as (port, process):
            found = watched(f"http://127.0.0.1:{port}", process, said, asked.count, asked.count // 4, RESTS)
    print(report(found))
    print(f"{time.perf_counter() - begun:.0f} s")
    return int(bool(found.wrong or found.late or found.log) or found.growth >= MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
