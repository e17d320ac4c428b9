"""A full hall against one small machine, server and visitors together on its cores.

    python -m benchmarks.full [--only loads votes films beyond greed same killed] [--small]

Prints a table: what was wished, what was measured, and whether that meets it; the load average stands below, and with
other work on the machine times say little. Each act has a gallery of its own. Quick calls beside an app that only
echoes: `python -m benchmarks.hall --quick --loads 0 --waiting`; half an hour of visitors: `python -m benchmarks.soak`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

from benchmarks.full.acts import beyond, films, loads, votes
from benchmarks.full.greed import greed
from benchmarks.full.guest import Figure
from benchmarks.full.killed import killed
from benchmarks.full.same import same
from benchmarks.started import started
from gallery.shell.line import MOST_WAITING

Act = Callable[[str], Coroutine[Any, Any, list[Figure]]]


def acts(small: bool) -> dict[str, Act]:
    """small: a tenth of everything, to try the scripts themselves."""
    part = 10 if small else 1
    return {
        "loads": lambda url: loads(url, 200 // part),
        "votes": votes,
        "films": lambda url: films(url, 100 // part, 20),
        "beyond": lambda url: beyond(url, MOST_WAITING + 256),
        "greed": lambda url: greed(url, 400 // part, 2100 // part),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    alone: dict[str, Callable[[], list[Figure]]] = {"same": same, "killed": killed}
    names = [*acts(False), *alone]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--small", action="store_true", help="a tenth of the visitors")
    asked = parser.parse_args()
    print("| what | wished | measured | met |\n|---|---|---|---|", flush=True)
    for name, act in acts(asked.small).items():
        if name in asked.only:
            with started("app.py", "--offline", "--port") as server:
                for figure in asyncio.run(act(server.url)):
                    print(figure, flush=True)
    for name, act_alone in alone.items():
        if name in asked.only:
            print(*act_alone(), sep="\n", flush=True)
    print(f"\nload average {os.getloadavg()[0]:.1f} (5 minutes: {os.getloadavg()[1]:.1f}) on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
