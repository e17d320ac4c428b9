"""The lessons that ship: a TOML file each in lessons/, a playlist of states with what is said and asked at each.

title = { ru = "...", en = "..." }
[[steps]]
state = "room=vae&act=plane&beta=20"      # the query of a link
title, text, notes = { ru, en }           # for the hall, for the hall, for the speaker's window
spot = "stage"                            # what is lit, see SPOTS
[steps.question]                          # ask, answers, right (0 is the first), why, veil: a part kept covered
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from gallery.shell.contracts import Room
from gallery.shell.words import GALLERY, LANGUAGES

FOLDER = GALLERY.parent / "lessons"
SPOTS = ("words", "formula", "tries", "stage", "outcome", "film")
"""The parts of an act that a step may light; the browser's spot.js knows the same."""
FEWEST, MOST = 2, 4
"""Answers of a question."""

Texts = Mapping[str, str]
"""language -> what is said"""


class LessonError(ValueError):
    """A lesson that breaks the rules; the message names file and step."""


@dataclass(frozen=True)
class Question:
    """What the hall is asked. right: the index of the true answer; veil: one of SPOTS, covered until it is answered."""

    ask: Texts
    answers: Sequence[Texts]
    right: int
    why: Texts
    veil: str = ""


@dataclass(frozen=True)
class Step:
    """One state of a lesson. state: the query of a link; spot: one of SPOTS, "" for none."""

    state: str
    title: Texts
    text: Texts
    notes: Texts
    spot: str = ""
    question: Question | None = None


@dataclass(frozen=True)
class Lesson:
    """A playlist of states."""

    name: str
    title: Texts
    steps: Sequence[Step]

    def spoken(self, lang: str) -> dict[str, Any]:
        """The lesson in one language, as the browser's lesson.js takes it."""
        return {"title": self.title[lang], "steps": [said(step, lang) for step in self.steps]}


def said(step: Step, lang: str) -> dict[str, Any]:
    """A step in one language; what is empty does not travel."""
    found = {"state": step.state, "title": step.title[lang], "text": step.text[lang], "notes": step.notes[lang]}
    asked = step.question
    question = asked and {
        "ask": asked.ask[lang],
        "answers": [each[lang] for each in asked.answers],
        "right": asked.right,
        "why": asked.why[lang],
        **({"veil": asked.veil} if asked.veil else {}),
    }
    return found | ({"spot": step.spot} if step.spot else {}) | ({"question": question} if question else {})


def read(path: Path) -> Lesson:
    """A lesson's file. Raises LessonError."""
    found = tomllib.loads(path.read_text("utf-8"))
    try:
        steps = [_step(table, f"{path.name}, step {n}") for n, table in enumerate(found["steps"], 1)]
        return Lesson(path.stem, _texts(found["title"], path.name), steps)
    except (KeyError, TypeError) as error:
        raise LessonError(f"{path.name}: {error}") from error


def _step(table: dict[str, Any], where: str) -> Step:
    known = {"state", "title", "text", "notes", "spot", "question"}
    if unknown := set(table) - known:
        raise LessonError(f"{where}: unknown {', '.join(sorted(unknown))}")
    if table.get("spot", "") not in ("", *SPOTS):
        raise LessonError(f"{where}: no spot {table['spot']}")
    texts = {name: _texts(table[name], where) for name in ("title", "text", "notes")}
    question = _question(table["question"], where) if "question" in table else None
    return Step(table["state"], spot=table.get("spot", ""), question=question, **texts)


def _question(table: dict[str, Any], where: str) -> Question:
    answers = [_texts(each, where) for each in table["answers"]]
    if not FEWEST <= len(answers) <= MOST or table["right"] not in range(len(answers)):
        raise LessonError(f"{where}: a question has {FEWEST} to {MOST} answers, and one of them is right")
    veil = table.get("veil", "")
    if veil not in ("", *SPOTS):
        raise LessonError(f"{where}: no veil {veil}")
    return Question(_texts(table["ask"], where), answers, table["right"], _texts(table["why"], where), veil)


def _texts(table: dict[str, str], where: str) -> Texts:
    if set(table) != set(LANGUAGES) or not all(isinstance(text, str) and text for text in table.values()):
        raise LessonError(f"{where}: needs exactly {', '.join(LANGUAGES)}")
    return table


def faults(step: Step, rooms: Mapping[str, Room]) -> list[str]:
    """Why a step's state is none of these rooms'; empty where it is one."""
    given = dict(parse_qsl(step.state, keep_blank_values=True))
    room = rooms.get(given.pop("room", ""))
    if room is None:
        return [f"no room in {step.state}"]
    act = given.get("act", room.KNOBS["act"].default if "act" in room.KNOBS else "")
    found = []
    for name, value in given.items():
        knob = room.KNOBS.get(name)
        if knob is None or not knob.fits(value):
            found.append(f"{room.NAME}: {name} cannot be {value}")
        elif knob.act not in ("", act):
            found.append(f"{room.NAME}: {name} is no knob of {act}")
    return found


def shipped(rooms: Sequence[Room], folder: Path = FOLDER) -> list[Lesson]:
    """The lessons that can be given with these rooms, by the order of their files. Raises LessonError."""
    known = {room.NAME: room for room in rooms}
    lessons = [read(path) for path in sorted(folder.glob("*.toml"))]
    return [lesson for lesson in lessons if not any(faults(step, known) for step in lesson.steps)]
