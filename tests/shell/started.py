"""What several tests of the shell need: a gallery whose log goes to a file, and work that ends when nobody waits."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.runtime.gate import Abandoned, wanted
from tests.browser.conftest import free_port, wait_for

ROOT = Path(__file__).parents[2]


@contextmanager
def started(said: Path, *command: str) -> Iterator[tuple[int, int]]:
    """`python *command --port PORT`, once it answers: its port and its process. said: the file that it logs to."""
    port = free_port()
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def until_abandoned(abandoned: threading.Event, seconds: float = 20.0) -> None:
    """Work that looks whether somebody waits, and sets the event where nobody does. Raises Abandoned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            wanted()
        except Abandoned:
            abandoned.set()
            raise
        time.sleep(0.01)
