"""Nothing that a visitor sends or receives stays longer than ten minutes, on disk or in memory. Free memory goes back.

gradio writes pictures and uploads into a folder of its own. Its `delete_cache` knows only the files of the
running process, so the whole folder is swept by age instead, at the start and once a minute.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from gallery.shell import pulls
from models.runtime import heap, kept

AGE = 540.0
"""Seconds since a file was written, or since what is kept in memory was last asked for."""
EVERY = 60.0


def private_folder() -> Path:
    """Point gradio to a temporary folder of this process, beside those of this user's other galleries; it is empty.

    It is removed when the process ends, or, where that was killed, when the next gallery starts. Only the
    folder that this names is ever swept: what else lies in a GRADIO_TEMP_DIR is its owner's. Raises OSError where it
    cannot be made or written.
    """
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    base = Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir()) / f"vernissage-{user}"
    folder = base / str(os.getpid())
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    if base.is_symlink() or (hasattr(os, "getuid") and base.stat().st_uid != user):
        raise PermissionError(errno.EPERM, "somebody else's folder stands there", str(base))
    base.chmod(0o700)  # where parents are made, mkdir leaves them open to all
    clear(base)
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "written").write_bytes(b"x")
    (folder / "written").unlink()
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def clear(base: Path) -> None:
    """Remove what killed galleries left behind: in a container the next one may have the same number."""
    for folder in base.iterdir():
        ours = folder.name.isdecimal() and not folder.is_symlink()
        if ours and (folder.name == str(os.getpid()) or (os.name != "nt" and not _runs(folder.name))):
            shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path, age: float = AGE) -> int:
    """Delete the files that were last written more than age seconds ago; returns how many.

    folder: holds a folder for each process, named by its number; that of a process that runs stays, even if empty,
    since gradio would make it anew, readable by all.
    """
    limit = time.time() - age
    gone = 0
    for root, _, names in os.walk(folder, topdown=False):
        here = Path(root)
        for path in (here / name for name in names):
            try:
                if path.lstat().st_mtime < limit:
                    path.unlink()
                    gone += 1
            except FileNotFoundError:  # gradio, or another gallery, was faster
                continue
        if here == folder or (here.parent == folder and _runs(here.name)):
            continue
        try:
            if here.stat().st_mtime < limit:
                here.rmdir()
        except OSError:  # still in use
            continue
    return gone


def _runs(process: str) -> bool:
    """Whether a process of that number is there; on Windows, where signal 0 would end it, only this one is known."""
    if process == str(os.getpid()):
        return True
    if os.name == "nt" or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # another user's
        return True
    return True


def forget() -> None:
    """What was made of photos goes from memory, and free memory back to the system."""
    kept.forget(AGE)
    pulls.forget(AGE)
    heap.trim()


def keep_sweeping(folder: Path) -> None:
    """Sweep and give memory back, now and every minute, on a thread that ends with the process."""

    def forever() -> None:
        while True:
            sweep(folder)
            forget()
            time.sleep(EVERY)

    threading.Thread(target=forever, name="sweep", daemon=True).start()
