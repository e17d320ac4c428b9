"""A server of one's own for a benchmark: started on a free port, waited for, ended afterwards."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SETTLES = 20.0
"""Seconds after the first answer in which the rooms load what they need."""


@dataclass(frozen=True)
class Server:
    """Where it answers, and its process's number."""

    url: str
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(*command: str, kill: bool = False) -> Iterator[Server]:
    """`python *command PORT`, once it answers and has settled. kill: it ends as in a crash.

    Raises TimeoutError after a minute.
    """
    port = free_port()
    process = subprocess.Popen([sys.executable, *command, str(port)])
    try:
        url = f"http://127.0.0.1:{port}"
        _answers(url)
        time.sleep(SETTLES)
        yield Server(url, process.pid)
    finally:
        (process.kill if kill else process.terminate)()
        process.wait(20)


def _answers(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
