"""Every file of tests/pictures/cases.py is the right picture, or one sentence, within 150 MB."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gallery.shell.words import sentence
from models.pictures.pictures import PictureError, open_upload
from tests.pictures.cases import SHOWN, Case, cases, wrong

ALL = cases()
CHEAP = [case for case in ALL if not case.name.startswith(("large", "bomb-2", "bomb-1", "bomb-f", "many"))]


@pytest.mark.parametrize("case", CHEAP, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore")
def test_a_file_is_the_right_picture_or_one_sentence(case: Case) -> None:
    try:
        found: object = open_upload(case.make())
    except PictureError as error:
        found = error
        for lang in ("ru", "en"):
            said = sentence(error.key, lang, **error.args)
            assert said.endswith(".") and "{" not in said
    assert wrong(case, found) == ""


def test_there_are_eighty_and_each_has_its_name() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 80


def test_a_wrong_picture_would_be_seen() -> None:
    case = Case("x.png", lambda: b"", SHOWN)
    assert wrong(case, Image.fromarray(SHOWN)) == ""
    assert wrong(case, Image.fromarray(np.ascontiguousarray(SHOWN[::-1])))
    assert wrong(case, Image.fromarray(SHOWN).convert("L"))
    assert wrong(case, PictureError("picture.broken"))
    assert wrong(Case("x", lambda: b"", keys=("picture.broken",)), Image.fromarray(SHOWN)) == "taken"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is told on Linux only")
def test_none_takes_more_than_150_megabytes() -> None:
    """In a process of its own; how long each took is printed there, and not looked at here."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.images"], capture_output=True, text=True, timeout=300)
    lines = [line for line in done.stdout.splitlines() if " bytes " in line]
    assert len(lines) == len(ALL), done.stderr
    for line in lines:
        (peak,) = re.findall(r"(\d+) MB", line)
        assert int(peak) <= 150 and re.search(r" MB(  +SLOW)?$", line), line
