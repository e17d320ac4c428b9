"""What the browser gets of the house: for each room its knobs, scripts, styles and words, and where they are found.

A room's files are all .js, .css and .toml of its own folder, and those of the widgets that it uses: a room declares
nothing. They are fetched when the room is first opened, words in the visitor's language only; a module that another one
calls import() for comes when it is wanted, and what only that one imports.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import gradio as gr

from gallery.shell.contracts import Aside, Room
from gallery.shell.page import HEAD, asides, folder
from gallery.shell.web import Assets, Head
from gallery.shell.web import preloads as preloaded_fonts
from gallery.shell.words import GALLERY, LANGUAGES, Words, load
from gallery.widgets.base import Widget, script

IMPORT = re.compile(r"""(?:from|import)\s+"gallery/([\w/-]+\.js)\"""")
"""What a module cannot begin without."""
LATER = re.compile(r"""(?:import|code)\("gallery/([\w/-]+\.js)"\)""")
"""What a module sends for itself, when it is wanted."""
BOOT, MAIN, HOW = "shell/boot.js", "shell/main.js", "shell/how.js"
LATER_WORDS = {"cards": ("shown.", "card.", "figure."), "keys": ("page.keys.",)}
"""Words of the shell that come when they are wanted: those of "How it is computed", and the list of keys."""
OF_SERVER = ("refused.", "check.", "notebook.")
"""Words that only the server says."""
STYLES = ("shell/page.css", "shell/frame.css", "widgets/_kit.css")
"""Of every room: they come with the page."""


def shell_words(rooms: Sequence[Room]) -> Words:
    """What the page and its widgets say at once, and the names of all rooms: key -> language -> sentence."""
    names = {f"{room.NAME}.name": load(folder(room))[f"{room.NAME}.name"] for room in rooms}
    said = load(GALLERY / "shell") | load(GALLERY / "widgets") | names
    elsewhere = (*OF_SERVER, *(start for starts in LATER_WORDS.values() for start in starts))
    return {key: texts for key, texts in said.items() if not key.startswith(elsewhere)}


def later_words() -> dict[str, Words]:
    """Words that come when they are wanted, by part: LATER_WORDS, and those of what stands aside."""
    said = load(GALLERY / "shell")
    own = {part: {key: said[key] for key in said if key.startswith(starts)} for part, starts in LATER_WORDS.items()}
    return own | {aside.NAME: aside.words() for aside in asides()}


def collect(rooms: Sequence[Room]) -> Assets:
    """All static files: "shell/page.js", "rooms/vae/plane.css", "words/vae.ru.json"."""
    folders = {name: GALLERY / name for name in ("shell", "widgets")} | {each.NAME: folder(each) for each in asides()}
    assets = Assets.collect(folders | {f"rooms/{room.NAME}": folder(room) for room in rooms})
    for aside in asides():
        for name, content in aside.files(rooms).items():
            assets.add(name, content)
    said = {"shell": shell_words(rooms)} | later_words() | {room.NAME: load(folder(room)) for room in rooms}
    for part, words in said.items():
        for lang in LANGUAGES:
            spoken = {key: texts[lang] for key, texts in words.items()}
            assets.add(f"words/{part}.{lang}.json", json.dumps(spoken, ensure_ascii=False).encode())
    return assets


def imported(assets: Assets, names: Iterable[str]) -> list[str]:
    """The modules and all that they import. Raises KeyError for one that is not there."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += IMPORT.findall(assets.files[name].decode())
    return sorted(found)


def at_once(assets: Assets, own: Iterable[str]) -> list[str]:
    """A room's own modules where it begins: neither imported by another of them, nor sent for when they are wanted.

    What only such a later one imports comes with it.
    """
    modules = [name for name in own if name.endswith(".js")]
    texts = [assets.files[name].decode() for name in modules]
    brought = {each for text in texts for find in (IMPORT, LATER) for each in find.findall(text)}
    return [name for name in modules if name not in brought]


def used(demo: gr.Blocks) -> dict[str, set[str]]:
    """The scripts of the widgets that stand in each room."""
    found: dict[str, set[str]] = {}
    for block in demo.blocks.values():
        if isinstance(block, Widget):
            found.setdefault(str(block.props["room"]), set()).add(script(block.kind))
    return found


def house(demo: gr.Blocks, rooms: Sequence[Room], assets: Assets, lang: str | None) -> dict[str, Any]:
    """What house.js tells the browser. lang: the default language, None for each visitor's own."""
    shell = set(imported(assets, [MAIN]))
    widgets = used(demo)

    def room_files(room: Room) -> dict[str, Any]:
        own = [name for name in assets.files if name.startswith(f"rooms/{room.NAME}/")]
        scripts = imported(assets, [*at_once(assets, own), *widgets.get(room.NAME, ()), HOW])
        brought = [css for name in scripts if (css := name.removesuffix(".js") + ".css") in assets.files]
        styles = [n for n in brought if n.startswith("widgets/")] + [n for n in own if n.endswith(".css")]
        return {
            "name": room.NAME,
            "knobs": {name: knob.spec() for name, knob in room.KNOBS.items()},
            "scripts": [f"gallery/{name}" for name in scripts if name not in shell],
            "styles": [assets.url(name) for name in styles if name not in STYLES],
            "words": words_urls(assets, room.NAME),
        }

    return {
        "lang": lang,
        "rooms": [room_files(room) for room in rooms],
        "words": words_urls(assets, "shell"),
        "later": {part: words_urls(assets, part) for part in later_words()},
        "asides": {aside.NAME: beside(assets, aside, rooms) for aside in asides()},
    }


def beside(assets: Assets, aside: Aside, rooms: Sequence[Room]) -> dict[str, Any]:
    """What stands aside: its style sheets, and what else the browser must know to send for it."""
    styles = [name for name in assets.files if name.startswith(f"{aside.NAME}/") and name.endswith(".css")]
    return {"styles": [assets.url(name) for name in styles], **aside.told(rooms, assets.url)}


def words_urls(assets: Assets, part: str) -> dict[str, str]:
    """Where the words of a part of the page are, by language."""
    return {lang: assets.url(f"words/{part}.{lang}.json") for lang in LANGUAGES}


def embedded(kind: str, data: Mapping[str, Any], attributes: str = "") -> str:
    """JSON as a <script> of the page; no text in it can end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="{kind}"{attributes}>{text}</script>'


def head(assets: Assets, told: Mapping[str, Any], body: str, root: str = "") -> Head:
    """What is put into gradio's page. told: what house.js tells the browser; body: our header; root: a proxy's path."""
    modules = {f"gallery/{name}": assets.url(name) for name in assets.files if name.endswith(".js")}
    first = [
        embedded("importmap", {"imports": modules}),
        embedded("application/json", told, ' id="v-house"'),
        f"<script>{assets.files[BOOT].decode()}</script>",
    ]
    preloads = [f'<link rel="modulepreload" href="{assets.url(name)}">' for name in imported(assets, [MAIN])]
    styles = [HEAD, preloaded_fonts(), *(f'<link rel="stylesheet" href="{assets.url(name)}">' for name in STYLES)]
    scripts = [*preloads, f'<script type="module" src="{assets.url(MAIN)}"></script>']
    return Head("".join(first), "\n".join(styles), "\n".join(scripts), body, f"{root}/" if root else "./")
