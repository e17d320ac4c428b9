"""Hostile requests sent to a gallery that runs, a few at a time, and what came of them."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.attacks import PROPER, attacks
from tests.hostile.guest import Attack, Guest, Reply, endpoints, widgets
from tests.hostile.laws import broken, late, logged

AT_ONCE = 4
SEED = 16
MOST_GROWTH = 100.0
"""Megabytes."""
RESTS = 70.0
"""Seconds after which the server has given memory back, which it does once a minute."""


@dataclass
class Found:
    """What a run has found. statuses: answers by kind and status; wrong, late: broken laws, each with its request;
    growth: megabytes; log: what is wrong with the server's log."""

    count: int = 0
    called: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: float = 0.0
    slow: str = ""
    wrong: list[tuple[str, Attack]] = field(default_factory=list)
    late: list[tuple[str, Attack]] = field(default_factory=list)
    growth: float = 0.0
    log: list[str] = field(default_factory=list)


def resident(process: int) -> float:
    """Megabytes that a process holds now."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def run(url: str, count: int, seed: int = SEED) -> Found:
    """Send so many requests. url: of a gallery with all its rooms."""
    guest = Guest(url)
    every, ends = widgets(guest), endpoints(guest, PROPER)
    found = Found(count, len(every) + len(ends))
    sent = attacks(seed, count, every, ends)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for attack, reply in zip(sent, pool.map(guest.send, sent), strict=True):
            note(found, attack, reply)
    return found


def note(found: Found, attack: Attack, reply: Reply) -> None:
    """Keep what an answer tells."""
    found.statuses[attack.kind, reply.status] += 1
    if reply.seconds > found.slowest:
        found.slowest, found.slow = reply.seconds, f"{attack.kind} {attack.what}"
    found.late += [(law, attack) for law in late(reply)]
    found.wrong += [(law, attack) for law in broken(attack, reply)]


def watched(url: str, process: int, said: Path, count: int, warmed: int = 300, rests: float = RESTS) -> Found:
    """As `run`, with what the server's memory and log tell. warmed: requests sent before the memory is looked at first;
    rests: seconds before each look.

    said: the file that the server logs to.
    """
    run(url, warmed, SEED + 1)
    time.sleep(rests)
    before = resident(process)
    found = run(url, count)
    time.sleep(rests)
    found.growth = resident(process) - before
    found.log = logged(said.read_text("utf-8", "replace"))
    return found


def report(found: Found) -> str:
    """The result as lines; broken laws first told together, then each with one request that shows it."""
    lines = [f"{found.count} requests, {found.called} functions and endpoints; slowest {found.slowest:.1f} s"]
    lines += [f"  {found.slow:.160}", f"memory: {found.growth:+.0f} MB"]
    kinds: Sequence[str] = sorted({kind for kind, _ in found.statuses})
    for kind in kinds:
        told = ", ".join(f"{status}: {n}" for (k, status), n in sorted(found.statuses.items()) if k == kind)
        lines.append(f"  {kind:9} {told}")
    lines += found.log
    first: dict[str, Attack] = {}
    for law, attack in found.wrong + found.late:
        first.setdefault(f"{attack.kind} {attack.what.split()[0] if attack.what else ''}: {law}", attack)
    lines.append(f"broken laws: {len(found.wrong) + len(found.late)} ({len(first)} kinds), log: {len(found.log)}")
    lines += [f"  {law}\n      {attack.what:.260}" for law, attack in list(first.items())[:60]]
    return "\n".join(lines)
