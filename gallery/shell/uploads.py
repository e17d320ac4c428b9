"""The files that callers uploaded to this process, and nothing else on its disk.

gradio looks at a path only where the caller says `meta`; without it any path reaches a component as it came.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gradio.utils import get_upload_folder

from gallery.shell.calls import Refusal

# What a platform lacks it does not need: only POSIX has named pipes, and only Windows changes line ends.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def read(path: str, limit: int) -> bytes:
    """The first `limit` bytes of an uploaded file.

    Raises Refusal, the same for whatever is no regular file of ours: a caller never learns whether a file exists.
    Never waits: a named pipe is opened without its writer, and refused.
    """
    try:
        descriptor = os.open(_inside(path), FLAGS)
    except (OSError, ValueError) as error:  # ValueError: Refusal, or a path with a zero byte
        raise Refusal("picture.missing") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refusal("picture.missing")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(descriptor)


def _inside(path: str) -> str:
    """The real path of what lies in our upload folder. Raises Refusal; a path outside is not even looked at."""
    folder = os.path.abspath(get_upload_folder())
    real = os.path.realpath(folder)
    if not (_below(path, folder) or _below(path, real)):
        raise Refusal("picture.missing")
    found = os.path.realpath(path)
    if not _below(found, real):
        raise Refusal("picture.missing")
    return found


def _below(path: str, folder: str) -> bool:
    """Whether a path, as it is written, leads into a folder."""
    return Path(folder) in Path(os.path.normpath(path)).parents
