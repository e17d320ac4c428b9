"""`python app.py check`: before a lecture, every model is loaded and every act computes once.

Each file of weights is read and held against its card; each room prepares itself as it does behind the first page; each
act's trial asks the same server functions as the page. A table says what came of it; the exit code is 1 where something
would fail in front of the hall, and a sentence says what.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from gallery.shell import page
from gallery.shell.calls import reason
from gallery.shell.contracts import ContractError, Room, expand
from gallery.shell.frame import elsewhere, wirings
from gallery.shell.later import later
from gallery.shell.options import Options
from gallery.shell.trials import Trial, Trying, trials
from gallery.shell.words import sentence

if TYPE_CHECKING:
    from models.runtime import device, heap
    from models.weights import __main__ as command
    from models.weights import cards
else:
    device = later("models.runtime.device")
    heap = later("models.runtime.heap")
    cards = later("models.weights.cards")
    command = later("models.weights.__main__")

HEAD = ("room", "act", "weights", "ms", "memory", "")
NUMBERS = (3, 4)
"""Columns of numbers."""
BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} {elapsed} {postfix}"


@dataclass(frozen=True)
class Step:
    """One thing to try. weights: names of the cards that it needs; act: "" for a room's preparation."""

    room: str
    act: str
    weights: Sequence[str]
    work: Callable[[], object]


@dataclass(frozen=True)
class Found:
    """What came of a step. ms: milliseconds; memory: megabytes that the process holds afterwards, None where the system
    does not tell; wrong: a sentence, "" where all is well."""

    step: Step
    ms: float
    memory: float | None
    wrong: str

    def row(self) -> tuple[str, ...]:
        """Its row of the table."""
        memory = "" if self.memory is None else f"{self.memory:,.0f} MB"
        verdict = "FAILS" if self.wrong else "ok"
        return self.step.room, self.step.act, sources(self.step.weights), f"{self.ms:,.0f}", memory, verdict


def sources(names: Sequence[str]) -> str:
    """Where the files of these cards come from, each kind once: "embedded, cached"."""
    return ", ".join(dict.fromkeys(source(name) for name in names))


def source(name: str) -> str:
    """ "embedded", "cached" or "hub"; "none" where no file can be used."""
    try:
        found = cards.badge(name).source
    except cards.WeightsError:
        return "none"
    return found.kind if found else "none"


def steps(names: Sequence[str]) -> list[Step]:
    """All that is tried, in order: files of weights, then each room, then its acts. names: of the rooms' modules.

    Raises WeightsError for a card that cannot be read, ContractError for a room that breaks its contract.
    """
    found = [Step("weights", card.name, [card.name], loading(card)) for card in cards.all_cards(cards.shelf().folder)]
    rooms = page.load(names)
    demo = page.build(rooms)
    for name, room in zip(names, rooms, strict=True):
        found.append(Step(room.NAME, "", [], room.warm))
        tab = next(each for each in demo.blocks.values() if getattr(each, "elem_id", None) == f"room-{room.NAME}")
        known = trials(room, name)
        for wiring in wirings(tab):
            if wiring.act:
                found.append(Step(room.NAME, wiring.act, weights(room, wiring.cards), trying(room, wiring.act, known)))
    return found


def loading(card: cards.Card) -> Callable[[], object]:
    """Reading a file of weights, verified and finite."""
    return lambda: cards.load_tensors(card)


def trying(room: Room, act: str, known: Mapping[str, Trial]) -> Callable[[], object]:
    """An act's trial."""
    return lambda: known[act](Trying(room, act))


def weights(room: Room, templates: Sequence[str]) -> list[str]:
    """The cards that an act needs with its room's defaults; not what is told of models without a card of ours."""
    defaults = {name: knob.default for name, knob in room.KNOBS.items()}
    return [name for name in expand(templates, defaults) if name not in elsewhere]


def tried(step: Step, lang: str) -> Found:
    """Take a step, measured."""
    begun = time.perf_counter()
    wrong = ""
    try:
        step.work()
    except Exception as error:
        key, filled = reason(error, f"{step.room} {step.act}".strip())
        wrong = sentence(key, lang, **filled)
    return Found(step, (time.perf_counter() - begun) * 1000, heap.resident(), wrong)


def table(found: Sequence[Found]) -> str:
    """The rows under their heads, in columns; numbers to the right."""
    rows = [HEAD, *(each.row() for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]

    def cell(row: Sequence[str], column: int) -> str:
        return row[column].rjust(widths[column]) if column in NUMBERS else row[column].ljust(widths[column])

    return "\n".join("  ".join(cell(row, column) for column in range(len(HEAD))).rstrip() for row in rows)


def run(names: Sequence[str], lang: str) -> list[Found]:
    """Take all steps, with a progress bar. Raises what `steps` raises."""
    found = []
    with tqdm(steps(names), unit="step", file=sys.stderr, bar_format=BAR) as bar:
        for step in bar:
            bar.set_postfix_str(f"{step.room} {step.act}")
            found.append(tried(step, lang))
        bar.set_postfix_str("")
    return found


def check(options: Options, names: Sequence[str] = page.ROOMS) -> int:
    """Try everything; the exit code: 0, or 1 where something would fail."""
    pulled = not options.pull or command.main(["pull", "--all"]) == 0
    if not pulled:
        print("Not everything could be fetched from the Hub; what is here is tried.", file=sys.stderr)
    try:
        device.set_device(options.device)
        found = run(names, options.lang or "en")
    except (ValueError, ContractError, cards.WeightsError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    bad = [each for each in found if each.wrong]
    for each in bad:
        print(f"{each.step.room} {each.step.act}".strip() + f": {each.wrong}", file=sys.stderr)
    print(f"{len(bad)} of {len(found)} would fail." if bad else f"All {len(found)} are well.", file=sys.stderr)
    return 1 if bad or not pulled else 0
