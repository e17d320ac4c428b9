"""What a room and its parts promise one another, checked when the page is built.

A widget says in its `Wiring` which knobs it is bound to and which events of the room it emits, hears and takes. A room
in which something names a knob, an event, a card or a sentence that nobody defines never becomes a page: it raises
ContractError, which names every such place at once.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Protocol

from starlette.routing import Route

from gallery.shell.knobs import Knob
from gallery.shell.words import Words, all_words

FRAME_EVENTS = ("knobs", "show", "marks")
"""What the page itself emits on every room: knobs have changed; an act is shown; what follows from the knobs."""
SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
WORDED = re.compile(r"data-t(-title|-label|-alt|-placeholder)?")
ROOM_NAMES = ("NAME", "KNOBS", "build", "publish", "warm")


class ContractError(Exception):
    """A room that breaks its contract; a line for each place."""


class Room(Protocol):
    """A concept's room: a module with these five names, listed in `gallery.shell.page.ROOMS`.

    NAME: in addresses, words and elements; [a-z][a-z0-9-]*. KNOBS: what a link carries. build: lays out the acts with a
    Frame inside the room's tab. publish: its endpoints for programs, with gallery.widgets.endpoints, if it has any.
    warm: loads what is heavy, in the background, after the first page is served.
    """

    NAME: str
    KNOBS: Mapping[str, Knob]

    def build(self) -> None: ...

    def publish(self) -> None: ...

    def warm(self) -> None: ...


class Aside(Protocol):
    """What stands beside the rooms: a module with these names, listed in `gallery.shell.page.PARTS`.

    NAME: of its folder in addresses, and of its words; words: what it says, which comes when it is wanted. routes: what
    it answers itself, at addresses that gallery.shell.border knows. files: what
    is served beside its scripts and styles, by name. told: what the page's head says of it; url: a file's address.
    """

    NAME: str

    def words(self) -> Words: ...

    def routes(self) -> list[Route]: ...

    def files(self, rooms: Sequence[Room]) -> Mapping[str, bytes]: ...

    def told(self, rooms: Sequence[Room], url: Callable[[str], str]) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Wiring:
    """How one part of a room is connected.

    part: what it is, for messages. act: the act that it opens ("" for none). id: the prefix of its events, one of a
    kind in its room ("" for none). knobs: those it shows, follows or sets. sets: values it may give them. emits: events
    it sends. hears: events it cannot do without. takes: events it obeys if somebody sends them. sends: events that must
    find somebody who obeys. cards: names of weights, {knob} stands for a knob's value. words: keys of sentences.
    """

    part: str
    act: str = ""
    id: str = ""
    knobs: Sequence[str] = ()
    sets: Sequence[tuple[str, Any]] = ()
    emits: Sequence[str] = ()
    hears: Sequence[str] = ()
    takes: Sequence[str] = ()
    sends: Sequence[str] = ()
    cards: Sequence[str] = ()
    words: Sequence[str] = ()


def expand(templates: Iterable[str], props: Mapping[str, Any]) -> list[str]:
    """Names from templates like "{id}.answer", "{events}" or "{sliders.knob}": a list makes one name for each element.

    A slot whose prop is missing, None or empty makes no name.
    """
    return [name for template in templates for name in _expanded(template, props)]


def _expanded(template: str, props: Mapping[str, Any]) -> Iterator[str]:
    slots = SLOT.findall(template)
    found = [_values(props.get(name), inner) for name, inner in slots]
    for chosen in itertools.product(*found):
        filled = iter(chosen)
        yield SLOT.sub(lambda _, filled=filled: next(filled), template)  # type: ignore[misc]


def _values(given: Any, inner: str) -> list[str]:
    many = given if isinstance(given, list | tuple) else [given]
    return [str(value) for each in many if (value := each.get(inner) if inner else each) not in (None, "")]


class _Attributes(HTMLParser):
    """Collects what a piece of our own HTML names: bound knobs, values, events, sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.knobs: list[str] = []
        self.sets: list[tuple[str, Any]] = []
        self.sends: list[str] = []
        self.words: list[str] = []
        self._bound = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "data-knob" in given:
            self._bound = given["data-knob"]
            self.knobs.append(self._bound)
        if "data-value" in given:
            self.sets.append((self._bound, given["data-value"]))
        self.sets += json.loads(given.get("data-set", "{}")).items()
        self.sends += [given["data-emit"]] if given.get("data-emit") else []
        keys = (
            value for name, value in given.items() if re.fullmatch(r"data-t(-title|-label|-alt|-placeholder)?", name)
        )
        self.words += [key for key in keys if key]


def wiring_of_html(html: str) -> Wiring:
    """What static HTML made of gallery.shell.markup is bound to."""
    parsed = _Attributes()
    parsed.feed(html)
    return Wiring("static HTML", knobs=parsed.knobs, sets=parsed.sets, sends=parsed.sends, words=parsed.words)


def as_room(module: Any) -> Room:
    """A module as a room. Raises ContractError for a name that is missing (or misspelt), and for a bad NAME or knob."""
    where = getattr(module, "__name__", repr(module))
    missing = [name for name in ROOM_NAMES if not hasattr(module, name)]
    if missing:
        raise ContractError(f"{where} has no {', '.join(missing)}: a room needs {', '.join(ROOM_NAMES)}")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", module.NAME):
        raise ContractError(f"{where}: {module.NAME!r} cannot stand in an address")
    wrong = [name for name, knob in module.KNOBS.items() if not isinstance(knob, Knob) or not knob.fits(knob.default)]
    if wrong:
        raise ContractError(f"{where}: no knob, or its default is not among its values: {', '.join(wrong)}")
    room: Room = module
    return room


def plain(value: Any, where: str = "config") -> None:
    """Raises ContractError where what gradio tells every visitor of the page is more than JSON can hold."""
    if isinstance(value, dict):
        for name, each in value.items():
            plain(each, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            plain(each, f"{where}.{place}")
    elif not isinstance(value, str | int | float | None):
        raise ContractError(f"{where} is a {type(value).__name__}")


def distinct(rooms: Sequence[Room]) -> None:
    """Raises ContractError where two rooms have one name."""
    twice = [name for name, count in Counter(room.NAME for room in rooms).items() if count > 1]
    if twice:
        raise ContractError(f"two rooms are called {', '.join(twice)}")


def check(room: Room, wirings: Sequence[Wiring], lacking: Callable[[str], list[str]]) -> None:
    """Hold a built room against its contract. lacking: what is not known of weights of that name.

    Raises ContractError with every broken promise.
    """
    found = [
        *_duplicates(wirings),
        *_knobs(room, wirings),
        *_acts(room, wirings),
        *_events(wirings),
        *_cards(room, wirings, lacking),
        *(f"{w.part}: no words for {key}" for w in wirings for key in w.words if key not in all_words()),
    ]
    if found:
        raise ContractError("\n".join(f"{room.NAME}: {line}" for line in dict.fromkeys(found)))


def _duplicates(wirings: Sequence[Wiring]) -> Iterator[str]:
    for what in ("id", "act"):
        counted = Counter(name for wiring in wirings if (name := getattr(wiring, what)))
        yield from (f"{count} parts have the {what} {name}" for name, count in counted.items() if count > 1)


def _knobs(room: Room, wirings: Sequence[Wiring]) -> Iterator[str]:
    acts = {wiring.act for wiring in wirings}
    yield from (f"the knob {name} belongs to no act" for name, k in room.KNOBS.items() if k.act and k.act not in acts)
    for wiring in wirings:
        yield from (f"{wiring.part}: no knob {name}" for name in wiring.knobs if name not in room.KNOBS)
        for name, value in wiring.sets:
            if name not in room.KNOBS:
                yield f"{wiring.part}: no knob {name}"
            elif not room.KNOBS[name].fits(value):
                yield f"{wiring.part}: the knob {name} cannot be {value!r}"


def _acts(room: Room, wirings: Sequence[Wiring]) -> Iterator[str]:
    """What would leave an act that nobody can reach, and a tab without its name."""
    shown = room.KNOBS.get("act")
    if shown:
        yield from (
            f"the knob act cannot be {w.act!r}, which is an act"
            for w in wirings
            if not shown.fits(w.act or shown.default)
        )
    if f"{room.NAME}.name" not in all_words():
        yield f"no words for {room.NAME}.name"


def _events(wirings: Sequence[Wiring]) -> Iterator[str]:
    said = {*FRAME_EVENTS, *(event for wiring in wirings for event in (*wiring.emits, *wiring.sends))}
    heard = {event for wiring in wirings for event in (*wiring.hears, *wiring.takes)}
    for wiring in wirings:
        yield from (f"{wiring.part}: nobody emits {event}" for event in wiring.hears if event not in said)
        yield from (f"{wiring.part}: nobody hears {event}" for event in wiring.sends if event not in heard)


def _cards(room: Room, wirings: Sequence[Wiring], lacking: Callable[[str], list[str]]) -> Iterator[str]:
    for wiring in wirings:
        for template in wiring.cards:
            slots = [name for name, _ in SLOT.findall(template)]
            unknown = [name for name in slots if name not in room.KNOBS]
            yield from (f"{wiring.part}: no knob {name} for the card {template}" for name in unknown)
            choices = {name: list(room.KNOBS[name].choices) for name in slots if name not in unknown}
            names = expand([template], choices)
            yield from (f"{wiring.part}: {missing}" for name in names for missing in lacking(name))
