"""The pages in docs/: the room of the developer's page works, limits are those of the code, links lead somewhere."""

from __future__ import annotations

import importlib
import re
import runpy
import sys
from pathlib import Path

import pytest

import gallery.rooms
import models
from gallery.lecture import streams, votes
from gallery.shell import border, line, notebook, page, pulls, source, sweep, visits
from gallery.shell.contracts import check
from gallery.shell.frame import hung, lacking, wirings
from gallery.shell.trials import Trying
from gallery.shell.words import all_words
from gallery.widgets import training
from models.pictures import decoding, pictures
from models.plane import pulled

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
FILES = (
    "models/beats/beats.py",
    *(f"gallery/rooms/beats/{name}.py" for name in ("room", "ask", "api", "notebook", "trial")),
)
"""Of the developer's page, in the order of its blocks of Python."""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the developer's page was followed, step by step."""
    blocks = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "developer.md").read_text("utf-8"), re.DOTALL)
    python = [text for kind, text in blocks if kind == "python"]
    *rest, listed, tried = python
    assert '"gallery.rooms.beats.room"' in listed
    (tmp_path / "test_beats.py").write_text(tried, "utf-8")
    for name, text in zip(FILES, rest, strict=True):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, "utf-8")
    (words,) = (text for kind, text in blocks if kind == "toml")
    (tmp_path / "gallery/rooms/beats/words.toml").write_text(words, "utf-8")
    for package, folder in ((gallery.rooms, "gallery/rooms"), (models, "models")):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / folder)])
    monkeypatch.setattr(source, "ROOT", tmp_path)
    return tmp_path


def test_the_room_of_the_developers_page_works(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "gallery.rooms.beats.room"
    before = {*sys.modules}
    try:
        (room,) = page.load([name])
        demo = page.build([room])
        tab = next(each for each in demo.blocks.values() if getattr(each, "elem_id", None) == "room-beats")
        check(room, wirings(tab), lacking)
        importlib.import_module("gallery.rooms.beats.trial").TRIALS["waves"](Trying(room, "waves"))
        document = notebook.document(room, notebook.state(room, {"ratio": "1.25"}), "", "en")
        assert "beats.picture(1.25)" in document["cells"][-1]["source"]
        picture = importlib.import_module("models.beats.beats").picture
        assert picture(1.0).min() == 0 and picture(1.1).std() != picture(1.0).std()
        tests = [each for name, each in runpy.run_path(str(written / "test_beats.py")).items() if name[:5] == "test_"]
        assert len(tests) == 2
        for each in tests:
            each()
    finally:
        for module in {*sys.modules} - before:
            if ".beats" in module:
                del sys.modules[module]
        hung.pop(("beats", "waves"), None)
        for key in [key for key in all_words() if key.startswith("beats.")]:
            del all_words()[key]


LIMITS = {
    "a file": f"{pictures.MAX_BYTES / 1e6:.0f} MB",
    "pixels": f"{decoding.MAX_PIXELS:,}",
    "a call, as JSON": f"{border.MOST_JSON / 1e6:.0f} MB",
    "an upload, all its files": f"{border.MOST[border.UPLOAD] / 1e6:.0f} MB",
    "age at which a temporary file is swept": f"{sweep.AGE:.0f} s",
    "calls of one visitor to endpoints, running and waiting": f"{line.MOST_EACH}",
    "calls to endpoints that wait, all together": f"{line.MOST_WAITING:,}",
    "of them from one address": f"{line.MOST_HERE:,}",
    "calls of one visitor's page under way": f"{visits.MOST_EACH}",
    "calls of all pages under way": f"{visits.THREADS}",
    "films and searches that are kept, of one visitor and of all": f"{pulls.KEPT_EACH}, {pulls.KEPT}",
    "seconds without a question after which one is forgotten": f"{pulls.FORGOTTEN:.0f}",
    "small networks that train at once": f"{training.MOST}",
    "one such training": f"{pulled.MOST_STEPS:,} steps, {pulled.MOST_SECONDS:.0f} s",
    "lectures at once, and of one address": f"{votes.MOST_LECTURES}, {votes.MOST_OF_ONE}",
    "questions of a lecture": f"{votes.MOST_QUESTIONS}",
    "devices that answer a question": f"{votes.MOST_DEVICES:,}",
    "phones that listen to one lecture": f"{streams.MOST_STREAMS:,}",
    "life after the lecturer's last word": f"{votes.LIFE:,.0f} s",
    "characters of a question, of an answer": f"{votes.LONGEST_ASK}, {votes.LONGEST_ANSWER}",
}
SCRIPTS = {
    "longer side that the page sends": ("widgets/_formats.js", "LONGEST", "{} pixels"),
    "photos that a browser keeps": ("widgets/_memory.js", "KEPT", "{}"),
    "characters of a lesson's link": ("lecture/lesson.js", "SHORT", "{}"),
}
"""Limits that the page's own scripts hold: the file, the constant, how it is written."""


def rows() -> dict[str, str]:
    """The table of limits: what -> how much."""
    text = (ROOT / "docs" / "limits.md").read_text("utf-8")
    return {what: limit for what, limit in re.findall(r"^\| ([^|*]+) \| ([^|]+) \|", text, re.MULTILINE)}


def test_the_limits_are_those_of_the_code() -> None:
    found = rows()
    assert {what: found.get(what) for what in LIMITS} == LIMITS
    for what, (file, name, shown) in SCRIPTS.items():
        constant = re.search(rf"const {name} = (\d+);", (ROOT / "gallery" / file).read_text("utf-8"))
        assert constant and found[what] == shown.format(f"{int(constant[1]):,}"), what


@pytest.mark.parametrize("path", [*DOCS, ROOT / "README.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_file(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, target


@pytest.mark.parametrize("page_of", ["lecturer", "student"])
def test_both_languages_say_the_same_parts(page_of: str) -> None:
    english, russian = ((ROOT / "docs" / f"{page_of}{lang}.md").read_text("utf-8").splitlines() for lang in ("", ".ru"))
    assert [each.count("|") for each in english if each.startswith("|")] == [
        each.count("|") for each in russian if each.startswith("|")
    ]
    assert sum(each.startswith("#") for each in english) == sum(each.startswith("#") for each in russian)
