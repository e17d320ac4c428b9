"""A state to take home: a Jupyter notebook with its formula, the code that is shown, its weights, and what computes it.

The notebook is made of the act as it was declared (`gallery.shell.takes`) and of the knobs in the address; nothing is
computed here, and no model is loaded. The format is nbformat 4.5.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gallery.shell.calls import Refusal, reason
from gallery.shell.contracts import Room, expand
from gallery.shell.frame import Act, hung
from gallery.shell.knobs import Knob
from gallery.shell.later import later
from gallery.shell.source import ROOT, listing
from gallery.shell.takes import Taken
from gallery.shell.words import LANGUAGES, preferred, sentence
from models.weights.cardfile import WEIGHTS, Card, load_card

if TYPE_CHECKING:
    from models.weights import cards
else:
    cards = later("models.weights.cards")

ADDRESS = "/gallery/notebook/{name}"
KIND = "application/x-ipynb+json"
OF_PAGE = {"gradio", "httptools", "brotli", "segno", "pygments"}
"""Of what the gallery needs, what only its page needs."""
NAME = re.compile(r"^([\w-]+)")
SETUP = Path(__file__).with_name("notebook_setup.txt")
"""The cells that every notebook begins with, parted by lines of dashes."""
Source = dict[str, Any]
"""A cell of the document."""


class NothingToTake(LookupError):
    """An act that declares no notebook."""


def valued(knob: Knob, given: str) -> float | int | str:
    """A knob's value as its address says it. Raises ValueError."""
    if not knob.fits(given):
        raise ValueError(given)
    if knob.kind == "int":
        return int(float(given))
    return float(given) if knob.kind == "number" else given


def state(room: Room, given: Mapping[str, str]) -> dict[str, float | int | str]:
    """The knobs of an address; what it does not name is at its default. Raises Refusal for a value that cannot be."""
    found: dict[str, float | int | str] = {}
    for name, knob in room.KNOBS.items():
        try:
            found[name] = valued(knob, given[name]) if name in given else knob.default
        except ValueError:
            raise Refusal("notebook.value", name=name) from None
    return found


def link(room: Room, knobs: Mapping[str, Any]) -> str:
    """The query that leads back to the state: the knobs of the room and of the act that is shown."""
    shown = {n: v for n, v in knobs.items() if room.KNOBS[n].act in ("", knobs.get("act"))}
    return urlencode({"room": room.NAME} | shown)


def act_of(room: Room, knobs: Mapping[str, Any]) -> Act:
    """The act of a state. Raises NothingToTake where it has no notebook."""
    acts = [act for (name, _), act in hung.items() if name == room.NAME]
    found = next((act for act in acts if act.name == knobs.get("act", act.name)), None)
    if found is None or found.notebook is None:
        raise NothingToTake(room.NAME)
    return found


# ---- where the code comes from -------------------------------------------------------------------------------
@functools.cache
def commit() -> str:
    """The commit of this code, "" where nobody knows."""
    try:
        asked = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
    return said if re.fullmatch(r"[0-9a-f]{40}", said) else ""


def repository() -> str:
    """The address to clone the code from: GALLERY_REPOSITORY, or the Space that this is; "" where neither is set."""
    named = os.environ.get("GALLERY_REPOSITORY", "").strip()
    space = os.environ.get("SPACE_ID", "").strip()
    found = named or (f"https://huggingface.co/spaces/{space}" if space else "")
    return found if re.fullmatch(r"https://[\w.-]+/[\w./-]+", found) else ""


@functools.cache
def packages() -> list[str]:
    """What models/ needs, each at the version that is in use here: "torch==2.13.0"."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    names = [found[1] for line in lines if (found := NAME.match(line)) and found[1] not in OF_PAGE]
    return [f"{name}=={importlib.metadata.version(name).partition('+')[0]}" for name in names]


def weights(act: Act, taken: Taken, knobs: Mapping[str, Any]) -> list[Card]:
    """The cards that the act and its cells name; not what is told of models without a card of ours."""
    names = dict.fromkeys([*expand(act.cards, knobs), *taken.cards])
    return [load_card(name) for name in names if (WEIGHTS / f"{name}.toml").is_file()]


def from_hub(card: Card) -> bool:
    """Whether the file that is in use is not the one that ships."""
    source = cards.badge(card.name).source
    return source is not None and source.sha256 != card.sha256


# ---- the document --------------------------------------------------------------------------------------------
def markdown(*parts: str) -> Source:
    """A cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(parts)}


def code(source: str) -> Source:
    """A cell of Python that has not run."""
    return {"cell_type": "code", "metadata": {}, "source": source, "execution_count": None, "outputs": []}


def setup(needed: Sequence[Card]) -> list[Source]:
    """The cells that find or fetch the code and the packages, check the weights, and say how a picture is shown."""
    known = {
        "REPOSITORY": repository(),
        "COMMIT": commit(),
        "PACKAGES": packages(),
        "WEIGHTS": {card.file: card.sha256 for card in needed if card.file},
        "PULLED": [card.name for card in needed if from_hub(card)],
        "HUB": os.environ.get("GALLERY_HUB_REPO", "").strip(),
    }
    text = SETUP.read_text("utf-8")
    for name, value in known.items():
        text = text.replace(f"${name}", json.dumps(value, indent=4 if value and not isinstance(value, str) else None))
    return [code(part.strip()) for part in re.split(r"^-{8,}$", text, flags=re.MULTILINE)]


def shown_code(act: Act) -> Source:
    """The lines that "How it is computed" shows."""
    found = [listing(each) for each in act.code]
    return markdown(*(f"`{each.file}:{each.line}`\n\n```python\n{each.text}\n```" for each in found))


def formulas_of(act: Act, knobs: Mapping[str, Any]) -> list[str]:
    """The formulas that the page shows in this state: those whose class ends in the value of a knob, as "v-mode-mix"
    does, or which always stand; all of them where a state shows none."""
    values = {str(value) for value in knobs.values()}
    shown = [latex for classes, latex in act.formulas.items() if not classes or classes.rpartition("-")[2] in values]
    return shown or list(act.formulas.values())


def document(room: Room, knobs: Mapping[str, Any], address: str, lang: str) -> dict[str, Any]:
    """The notebook of a state, as JSON can hold it. address: of the gallery. Raises NothingToTake, Refusal."""

    def say(key: str, **filled: str) -> str:
        return sentence(key, lang, **filled)

    act = act_of(room, knobs)
    assert act.notebook
    taken, key = act.notebook(knobs), f"{room.NAME}.{act.name}"
    title = f"# Vernissage · {say(f'{room.NAME}.name')} · {say(f'{key}.title')}"
    formulas = [f"$$\n{latex}\n$$" for latex in formulas_of(act, knobs)]
    cells = [
        markdown(title, say("notebook.from", link=f"{address}?{link(room, knobs)}")),
        markdown(f"## {say('notebook.setup')}", say("notebook.how")),
        *setup(weights(act, taken, knobs)),
        markdown(f"## {say('notebook.mathematics')}", say(f"{key}.idea"), *formulas),
        markdown(f"## {say('notebook.code')}", say("notebook.lines")),
        shown_code(act),
        markdown(f"## {say('notebook.state')}", *map(say, taken.notes), say("notebook.same")),
        *map(code, taken.cells),
    ]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": [{"id": f"cell-{place}", **each} for place, each in enumerate(cells)],
    }


def file_name(room: Room, knobs: Mapping[str, Any]) -> str:
    """As what it is saved."""
    act = knobs.get("act", "")
    return "-".join(filter(None, ("vernissage", room.NAME, str(act)))) + ".ipynb"


def route(rooms: Sequence[Room], root: str = "") -> Route:
    """The address of notebooks: a link's query behind it. root: a proxy's path."""
    known = {room.NAME: room for room in rooms}

    def serve(request: Request) -> Response:
        given = dict(request.query_params)
        lang = given.get("lang", "")
        lang = lang if lang in LANGUAGES else preferred(request.headers.get("accept-language", ""))
        try:
            room = known[given.get("room", rooms[0].NAME)]
            knobs = state(room, given)
            at = urlsplit(str(request.base_url))
            made = document(room, knobs, f"{at.scheme}://{at.netloc}{root}/", lang)
        except LookupError:
            return JSONResponse({"error": sentence("notebook.none", lang)}, headers={"cache-control": "no-store"})
        except Exception as error:
            key, filled = reason(error, "a notebook")
            return JSONResponse({"error": sentence(key, lang, **filled)}, headers={"cache-control": "no-store"})
        headers = {
            "content-disposition": f'attachment; filename="{file_name(room, knobs)}"',
            "cache-control": "no-store",
        }
        return Response(json.dumps(made, ensure_ascii=False, indent=1), media_type=KIND, headers=headers)

    return Route(ADDRESS, serve)
