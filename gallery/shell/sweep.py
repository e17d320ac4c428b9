"""Nothing that a visitor sends or receives stays on disk longer than ten minutes.

gradio writes pictures and uploads into a folder of its own. Its `delete_cache` knows only the files of the
running process, so the whole folder is swept by age instead, at the start and once a minute.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

AGE = 540.0
EVERY = 60.0


def private_folder() -> Path:
    """Point gradio to a temporary folder of this process, beside those of this user's other galleries.

    It is removed when the process ends; what a killed one left behind is swept by those that come after.
    """
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    base = os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / f"vernissage-{user}"
    folder = Path(base) / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def sweep(folder: Path, age: float = AGE) -> int:
    """Delete the files that were last written more than age seconds ago; returns how many."""
    limit = time.time() - age
    gone = 0
    for root, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(root) / name
            try:
                if path.lstat().st_mtime < limit:
                    path.unlink()
                    gone += 1
            except FileNotFoundError:  # gradio, or another gallery, was faster
                continue
        if Path(root) != folder:
            try:
                if Path(root).stat().st_mtime < limit:
                    Path(root).rmdir()
            except OSError:  # still in use
                continue
    return gone


def keep_sweeping(folder: Path) -> None:
    """Sweep now and every minute, on a thread that ends with the process."""

    def forever() -> None:
        while True:
            sweep(folder)
            time.sleep(EVERY)

    threading.Thread(target=forever, name="sweep", daemon=True).start()
