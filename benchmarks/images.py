"""Files as visitors send them, by mistake or on purpose: what comes of each, how long it takes, and what it costs.

    python -m benchmarks.images

Prints a line for each file of tests/pictures/cases.py: the picture's size or the sentence's key, milliseconds, and the
peak of memory above what was held before, in MB. Wanted: at most 1 s and 150 MB, and exits with 1 for more, or for
another result than the right one.
"""

from __future__ import annotations

import os
import re
import sys
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from models.pictures.pictures import PictureError, open_upload
from models.runtime import heap
from tests.pictures.cases import Case, cases, wrong

SLOWEST = 1000.0
"""Milliseconds."""
TRIES = 3
"""Of what was slower, since other work on the machine may have been."""
MOST = 150.0
"""Megabytes."""


@dataclass(frozen=True)
class Measured:
    """What came of a file. told: the picture's size or a sentence's key; wrong: "" where it is right; peak: MB."""

    case: Case
    size: int
    told: str
    wrong: str
    ms: float
    peak: float

    def line(self) -> str:
        """For the report."""
        late = "SLOW" * (self.ms > SLOWEST) + " HEAVY" * (self.peak > MOST)
        shown = f"{self.case.name:24} {self.size:>10,} bytes  {self.told:26} {self.ms:6.0f} ms {self.peak:6.0f} MB"
        return f"{shown}  {self.wrong} {late}".rstrip()


def held(field: str) -> float:
    """Megabytes: VmRSS, what is held now, or VmHWM, the most since the peak was forgotten."""
    return int(re.findall(rf"{field}:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024


def measured(case: Case) -> Measured:
    """Open a case's file once."""
    data = case.make()
    heap.trim()
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): forget the peak
    before, begun = held("VmRSS"), time.perf_counter()
    try:
        found: object = open_upload(data)
    except PictureError as error:
        found = error
    ms = (time.perf_counter() - begun) * 1000
    told = found.key if isinstance(found, PictureError) else "{} x {}".format(*found.size)  # type: ignore[attr-defined]
    return Measured(case, len(data), told, wrong(case, found), ms, max(0.0, held("VmHWM") - before))


def settled(case: Case) -> Measured:
    """A case measured; the quickest of a few tries where the first was slow."""
    found = measured(case)
    tries = [found, *(measured(case) for _ in range(TRIES - 1) if found.ms > SLOWEST)]
    return replace(found, ms=min(each.ms for each in tries))


def main() -> int:
    warnings.simplefilter("ignore")
    open_upload(next(iter(cases())).make())  # what is imported then is not the first file's
    found = []
    for case in cases():
        found.append(settled(case))
        print(found[-1].line(), flush=True)
    slow, heavy = max(found, key=lambda each: each.ms), max(found, key=lambda each: each.peak)
    bad = sum(bool(each.wrong) or each.ms > SLOWEST or each.peak > MOST for each in found)
    extremes = f"slowest {slow.case.name}, {slow.ms:.0f} ms; heaviest {heavy.case.name}, {heavy.peak:.0f} MB"
    print(f"{len(found)} files; {extremes}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{bad} wrong, slow or heavy")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
