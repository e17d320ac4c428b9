"""Cores and threads, settled before torch is imported. This file must never import torch."""

from __future__ import annotations

import math
import os
from pathlib import Path

from models.runtime import heap

_CGROUP = Path("/sys/fs/cgroup/cpu.max")


def cores() -> int:
    """The cores that this process may use: its affinity, and the quota of its container, at least 1.

    A Space with 2 vCPUs runs on a machine of many; a thread for each of those makes it many times slower.
    """
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _quota()))


def _quota() -> int:
    """The container's share of cores, rounded up; a very large number where there is no limit."""
    try:
        share, period = _CGROUP.read_text().split()
        return math.ceil(int(share) / int(period))
    except (OSError, ValueError):
        return 1 << 16


def count() -> int:
    """The threads to compute with: OMP_NUM_THREADS where the user has set it, else one for each core."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if asked.isdecimal() and int(asked) > 0 else cores()


def prepare() -> None:
    """Set OpenMP's environment, and few heaps; to be called before torch is imported. What the user has set is kept.

    Waiting threads that spin took one forward pass from 30 ms to 548-1,900 where the cores were shared. Threads bound
    to a core each (OMP_PROC_BIND) took one from 63 ms to 41 beside little else, from 78-208 to 618-817 at a load of 17.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OMP_NUM_THREADS", str(cores()))
    heap.settle()
