"""The lecture as a part of the page: what is served for it, and what the browser is told.

The shell knows it by name only (`gallery.shell.page.PARTS`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.routing import Route

from gallery.lecture import follow, hall
from gallery.lecture.lessons import shipped
from gallery.shell.contracts import Room
from gallery.shell.words import GALLERY, LANGUAGES, Words, load

NAME = "lecture"
FOLDER = GALLERY / "lecture"


def words() -> Words:
    """What it says; comes when it is wanted."""
    return load(FOLDER)


def routes() -> list[Route]:
    """The addresses of votes, and of phones that follow."""
    return [*hall.routes(), *follow.routes()]


def files(rooms: Sequence[Room]) -> dict[str, bytes]:
    """What is served beside its scripts and styles: each lesson in each language."""
    return {
        f"lessons/{lesson.name}.{lang}.json": json.dumps(lesson.spoken(lang), ensure_ascii=False).encode()
        for lesson in shipped(rooms)
        for lang in LANGUAGES
    }


def told(rooms: Sequence[Room], url: Callable[[str], str]) -> dict[str, Any]:
    """What the page's head says of it: lessons by name, with their titles and addresses by language."""
    return {
        "lessons": {
            lesson.name: {lang: url(f"lessons/{lesson.name}.{lang}.json") for lang in LANGUAGES}
            for lesson in shipped(rooms)
        },
        "titles": {lesson.name: dict(lesson.title) for lesson in shipped(rooms)},
    }
