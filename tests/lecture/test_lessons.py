"""The lessons that ship: each step is a state that exists, said in both languages, short enough for the hall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gallery.lecture import part
from gallery.lecture.lessons import FOLDER, LessonError, Step, faults, read, shipped
from gallery.shell import page
from gallery.shell.words import LANGUAGES

LESSONS = [read(path) for path in sorted(FOLDER.glob("*.toml"))]
STEPS = [(lesson.name, n, step) for lesson in LESSONS for n, step in enumerate(lesson.steps, 1)]
ROOMS = {room.NAME: room for room in page.load()}


@pytest.mark.parametrize(("name", "n", "step"), STEPS, ids=[f"{name}-{n}" for name, n, _ in STEPS])
def test_every_steps_link_is_a_state_that_exists_and_its_words_fit(name: str, n: int, step: Step) -> None:
    assert faults(step, ROOMS) == [], (name, n)
    for lang in LANGUAGES:
        assert len(step.title[lang]) <= 60 and len(step.text[lang]) <= 120 and 60 <= len(step.notes[lang]) <= 1000
    if step.question:
        longest = max(len(each[lang]) for each in step.question.answers for lang in LANGUAGES)
        assert longest <= 100 and all(len(step.question.ask[lang]) <= 160 for lang in LANGUAGES)


def test_each_lesson_asks_and_none_is_left_out() -> None:
    assert [lesson.name for lesson in shipped(list(ROOMS.values()))] == [lesson.name for lesson in LESSONS]
    for lesson in LESSONS:
        assert len(lesson.steps) >= 9 and sum(step.question is not None for step in lesson.steps) >= 2
        rights = {step.question.right for step in lesson.steps if step.question}
        assert len(rights) > 1, "the right answer is not always at the same place"


def test_a_lesson_without_its_room_is_not_offered() -> None:
    rooms = [ROOMS["flow"]]
    assert all(step.state.startswith("room=flow") for lesson in shipped(rooms) for step in lesson.steps)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("room=nowhere", "no room"),
        ("room=vae&act=plane&beta=7", "beta cannot be 7"),
        ("room=vae&act=plane&smile=1", "smile is no knob of plane"),
        ("room=vae&u=nan", "u cannot be nan"),
        ("room=vae&act=plane&u=0.5", ""),
    ],
)
def test_faults_are_found(state: str, said: str) -> None:
    (_, _, step), *_ = STEPS
    found = faults(type(step)(state, step.title, step.text, step.notes), ROOMS)
    assert (said in found[0]) if said else found == []


GOOD = """
title = { ru = "а", en = "a" }
[[steps]]
state = "room=vae"
title = { ru = "а", en = "a" }
text = { ru = "а", en = "a" }
notes = { ru = "а", en = "a" }
"""


@pytest.mark.parametrize(
    "added",
    [
        'spot = "nothing"',
        'colour = "red"',
        'question = { ask = { ru = "а", en = "a" }, answers = [], right = 0, why = { ru = "а", en = "a" } }',
        'question = { ask = { ru = "а" }, answers = [], right = 0 }',
    ],
)
def test_a_lesson_that_breaks_the_rules_is_named(tmp_path: Path, added: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8")
    assert read(path).spoken("en")["steps"][0]["title"] == "a"
    path.write_text(GOOD + added, "utf-8")
    with pytest.raises(LessonError, match="mine"):
        read(path)


def test_lessons_are_served_in_each_language() -> None:
    files = part.files(list(ROOMS.values()))
    assert len(files) == len(LESSONS) * len(LANGUAGES)
    told = part.told(list(ROOMS.values()), lambda name: name)
    assert {url for urls in told["lessons"].values() for url in urls.values()} == set(files)
    for name, content in files.items():
        steps = json.loads(content)["steps"]
        assert all(step["state"] and step["title"] for step in steps), name
