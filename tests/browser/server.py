"""A gallery that is killed and started again on its port, while pages of it are open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.browser.conftest import ROOT, free_port, wait_for

LOST = ["net::ERR_", "Failed to fetch", "Could not", "ERR_CONNECTION", "NetworkError"]
"""Parts of what a browser reports where nobody answers."""


@dataclass
class Server:
    """`python *command` on one port; environment: besides that of the tests."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        """Where it answers, before and after."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; it answers when this returns."""
        command = [sys.executable, *self.command, "--port", str(self.port), "--device", "cpu"]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.environment})
        wait_for(self.address, self.process)

    def kill(self) -> None:
        """As a crash would: it says goodbye to nobody."""
        self.process.kill()
        self.process.wait(20)
