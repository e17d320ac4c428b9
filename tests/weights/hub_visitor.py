"""What the gallery does about weights, in a process of its own, told as one line of JSON.

`python -m tests.weights.hub_visitor FOLDER ANSWER TOTAL NAME...`: the environment names the Hub and the caches.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

STARTED = time.monotonic()

from models.weights.cards import Badge, Card, Shelf, WeightsError, load_card  # noqa: E402
from models.weights.hub import sha256_of  # noqa: E402
from models.weights.pull import Budget  # noqa: E402


def _tell(badge: Badge) -> dict[str, object]:
    source = badge.source.kind if badge.source else ""
    return {"source": source, "hub": badge.hub, "why": badge.why, "key": badge.key, "offline": badge.offline}


def _in_use(shelf: Shelf, card: Card) -> str:
    """The hash of the bytes that would be loaded now."""
    try:
        return sha256_of(shelf.fetch(card)[0])
    except WeightsError as error:
        return error.key


def main() -> None:
    folder, answer, total, *names = sys.argv[1:]
    shelf = Shelf(Path(folder), budget=Budget(float(answer), float(total)))
    cards = [load_card(name, shelf.folder) for name in names]
    first = _in_use(shelf, cards[0])
    usable = time.monotonic() - STARTED
    swaps: list[str] = []
    for card in cards:
        shelf.on_swap(card.name, lambda source: swaps.append(source.sha256))
    heavy = sorted({"torch", "huggingface_hub"} & set(sys.modules))
    thread = shelf.refresh(names)
    seen: list[str] = []
    used: set[str] = set()
    while thread.is_alive() and time.monotonic() - STARTED < 40:
        state = shelf.badge(cards[0]).hub
        seen += [state] if state not in seen else []
        used.add(_in_use(shelf, cards[0]))
        time.sleep(0.02)
    told = {
        "usable": usable,
        "first": first,
        "heavy": heavy,
        "took": time.monotonic() - STARTED - usable,
        "seen": seen,
        "used": sorted(used),
        "swaps": swaps,
        "last": _in_use(shelf, cards[0]),
        "badges": [_tell(shelf.badge(card)) for card in cards],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
