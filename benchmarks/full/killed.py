"""A gallery that is killed while it computes, and started again on its port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.full.guest import Figure
from benchmarks.started import free_port

PATIENCE = 120.0
"""Seconds for which it is waited."""
FILM = ["faces", 1, 1000, "ddpm", 1.5, "smile"]


def killed() -> list[Figure]:
    """How soon it serves its page again, and says that its rooms are ready; what lies in its temporary folder then."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        first = gallery(folder, port)
        try:
            until(f"http://127.0.0.1:{port}/readyz", 200)
            compute(f"http://127.0.0.1:{port}")
        finally:
            first.kill()
            first.wait(20)
        begun = time.perf_counter()
        second = gallery(folder, port)
        try:
            page, ready = (until(f"http://127.0.0.1:{port}/{path}", 200) - begun for path in ("", "readyz"))
            left = sum(path.is_file() for path in folder.rglob("*"))
        finally:
            second.terminate()
            second.wait(20)
    told = f"the page after {page:.1f} s, all rooms after {ready:.1f} s, {left} files in its temporary folder"
    return [
        Figure("ready again after SIGKILL", "within 8 s, with an empty temp folder", told, ready <= 8 and left == 0)
    ]


def gallery(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "app.py", "--offline", "--port", str(port)]
    return subprocess.Popen(command, env=os.environ | {"GRADIO_TEMP_DIR": str(folder)}, stdout=subprocess.DEVNULL)


def compute(url: str) -> None:
    """Begin a long film, and leave a file."""
    body = json.dumps({"data": FILM}).encode()
    asked = urllib.request.Request(
        f"{url}/gradio_api/call/diffusion_denoise", body, {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(asked).read()
    photo = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nface\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    urllib.request.urlopen(urllib.request.Request(f"{url}/gradio_api/upload", photo, kind)).read()
    time.sleep(1)


def until(url: str, status: int) -> float:
    """The moment at which an address answers so. Raises TimeoutError."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == status:
                    return time.perf_counter()
        except (OSError, urllib.error.HTTPError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{url} does not answer with {status}")
