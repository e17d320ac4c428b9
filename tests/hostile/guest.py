"""A guest of a gallery that runs: learns what an honest page asks, and sends anything at all."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import httpx

from gallery.shell import page
from gallery.shell.calls import ServerFunction
from gallery.shell.frame import wirings
from gallery.shell.trials import Trying, trials

PATIENCE = 40.0
"""Seconds after which an answer is not waited for any more; more than any law allows."""
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Attack:
    """One request. kind: "widget", "endpoint", "queue", "upload", "hall", "vote", "left" or "read"; what: for reports;
    stream: where what an event's answer is read, {} stands for its number."""

    kind: str
    what: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    lang: str = "en"
    stream: str = ""


@dataclass(frozen=True)
class Reply:
    """What came of it. status: 0 where nothing came; streamed: what an event stream said."""

    status: int
    seconds: float
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    streamed: bool = False


@dataclass
class Called:
    """Something that can be called. room: its name; number: of the component or function; honest: argument lists."""

    room: str
    number: int
    name: str
    honest: list[list[Any]] = field(default_factory=list)


class Guest:
    """A client of a gallery. url: where it answers."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
        self.client = httpx.Client(base_url=url, timeout=PATIENCE, limits=limits)

    def send(self, attack: Attack) -> Reply:
        """Send it, and follow its event where there is one."""
        begun = time.perf_counter()
        try:
            headers = {"accept-language": attack.lang, **attack.headers}
            answer = self.client.request(attack.method, attack.path, content=attack.body, headers=headers)
            body, streamed = answer.text, False
            if attack.stream and answer.status_code == 200:
                stream = attack.stream.format(answer.json()["event_id"])
                body, streamed = self.client.get(stream, headers=headers).text, True
        except httpx.HTTPError as error:
            return Reply(0, time.perf_counter() - begun, type(error).__name__)
        return Reply(answer.status_code, time.perf_counter() - begun, body, dict(answer.headers), streamed)

    def config(self) -> Any:
        """What gradio tells its page."""
        return self.client.get("/config").json()

    def ask(self, called: Called, args: Sequence[Any]) -> Any:
        """What a widget's function answers an honest page."""
        body = {"data": list(args), "component_id": called.number, "fn_name": called.name, "session_hash": "honest"}
        return self.client.post("/gradio_api/component_server", json=body).json()


def key(fn: Any) -> tuple[str, str]:
    """A server function's name: `call` may have wrapped the same one twice."""
    return fn.__module__, fn.__qualname__


class Live(Trying):
    """An act's trial, asked of a gallery that runs; what was asked is kept with what it was asked of."""

    def __init__(self, room: Any, act: str, guest: Guest, known: dict[tuple[str, str], list[Called]]) -> None:
        super().__init__(room, act)
        self.guest, self.known = guest, known

    def ask(self, fn: ServerFunction, *args: Any) -> Any:
        for called in self.known[key(fn)]:
            if len(called.honest) < 4:
                called.honest.append(list(args))
        return self.guest.ask(self.known[key(fn)][0], args)


def widgets(guest: Guest) -> list[Called]:
    """Every server function of every widget, each with honest arguments, learned from the acts' trials."""
    rooms = page.load()
    demo = page.build(rooms)
    here = [block for block in demo.blocks.values() if isinstance(block, gr.HTML) and block.server_fns]
    told = [each for each in guest.config()["components"] if each["props"].get("server_fns")]
    there = sorted(told, key=lambda each: int(each["id"]))
    known: dict[tuple[str, str], list[Called]] = {}
    for block, told in zip(here, there, strict=True):
        for fn in block.server_fns:
            called = Called(str(block.props.get("room", rooms[0].NAME)), int(told["id"]), fn.__name__)
            assert fn.__name__ in told["props"]["server_fns"]
            ours = inspect.getclosurevars(getattr(block, fn.__name__)).nonlocals.get("fn", fn)
            known.setdefault(key(ours), []).append(called)
    learn(guest, rooms, demo, known)
    found = [each for all_of_one in known.values() for each in all_of_one]
    knobs = {room.NAME: {name: knob.default for name, knob in room.KNOBS.items()} for room in rooms}
    for called in found:
        called.honest = called.honest or shapes(guest, called, knobs[called.room])
    return found


def learn(guest: Guest, rooms: Sequence[Any], demo: Any, known: dict[tuple[str, str], list[Called]]) -> None:
    """Let every act's trial run over the network."""
    for name, room in zip(page.ROOMS, rooms, strict=True):
        tab = next(each for each in demo.blocks.values() if getattr(each, "elem_id", None) == f"room-{room.NAME}")
        for wiring in wirings(tab):
            if wiring.act:
                trials(room, name)[wiring.act](Live(room, wiring.act, guest, known))


FILM = {"n": 2, "w": 4, "h": 4, "columns": 2, "fps": 10, "bounce": False, "pixelated": False}


def shapes(guest: Guest, called: Called, knobs: dict[str, Any]) -> list[list[Any]]:
    """Arguments of a function that no trial asks: the commonest forms that it does not refuse as such."""
    if called.name == "export":
        return [["data:image/png;base64,", FILM, "gif"]]
    forms: list[list[Any]] = [[], [knobs], [knobs, None], [knobs, {}], [knobs, 0, 0], [knobs, None, None, None], [[""]]]
    told = [(form, guest.ask(called, form)) for form in forms]
    taken = [form for form, answer in told if "error" not in answer or answer["error"].get("key") != "input.list"]
    return taken or [[knobs, {}]]


def endpoints(guest: Guest, proper: dict[str, Any]) -> list[Called]:
    """Every endpoint, with proper values by their parameters' names; another is a number, for which 0 will do."""
    config = guest.config()
    labels = {each["id"]: each["props"].get("label") for each in config["components"]}
    return [
        Called("", each["id"], str(each["api_name"]), [[proper.get(str(labels[i]), 0) for i in each["inputs"]]])
        for each in config["dependencies"]
        if each["api_name"] and each.get("api_visibility", "public") == "public"
    ]


def text_of(body: object) -> bytes:
    """JSON as a careless program writes it: NaN stays, and so do halves of surrogate pairs."""
    return json.dumps(body).encode()
