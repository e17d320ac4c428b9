"""`python app.py check`: every act is tried, a damaged file is said in a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gallery.shell import check, page
from gallery.shell.calls import Refusal, call, number
from gallery.shell.frame import wirings
from gallery.shell.options import Options, parse
from gallery.shell.trials import MOST_MOMENTS, Trying, trials
from models.weights import cards

FLOW = "gallery.rooms.flow.room"
OPTIONS = Options("127.0.0.1", 7860, "en", offline=True, device="cpu", command="check")


def test_every_act_of_every_room_has_a_trial() -> None:
    rooms = page.load()
    demo = page.build(rooms)
    for name, room in zip(page.ROOMS, rooms, strict=True):
        tab = next(each for each in demo.blocks.values() if getattr(each, "elem_id", None) == f"room-{room.NAME}")
        assert set(trials(room, name)) == {wiring.act for wiring in wirings(tab) if wiring.act}


@call
def positive(args: list[object]) -> dict[str, float]:
    return {"x": number(args[0], 0, 9, "x")}


def test_an_error_in_an_answer_is_a_sentence() -> None:
    (room,) = page.load([FLOW])
    act = Trying(room, "line")
    assert act.knobs["act"] == "line" and act.ask(positive, 3) == {"x": 3.0}
    with pytest.raises(Refusal, match="between 0 and 9"):
        act.ask(positive, -1)


def test_a_job_is_pulled_to_its_end_and_no_further() -> None:
    (room,) = page.load([FLOW])
    left = 3

    def more(args: list[object]) -> dict[str, object]:
        nonlocal left
        assert args == ["token"]
        left -= 1
        return {"done": left == 0}

    assert Trying(room, "line").pull(more, {"token": "token", "done": False}) == {"done": True} and left == 0
    left = MOST_MOMENTS + 1
    with pytest.raises(Refusal, match="no end"):
        Trying(room, "line").pull(more, {"token": "token", "done": False})


@pytest.mark.slow
def test_a_room_is_checked_and_a_damaged_file_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.check(OPTIONS, [FLOW]) == 0
    said = capsys.readouterr()
    rows = [line.split() for line in said.out.splitlines()]
    assert rows[0][:2] == ["room", "act"] and all(row[-1] == "ok" for row in rows[1:])
    assert ["flow", "plane", "embedded"] in [row[:3] for row in rows] and "All" in said.err

    folder = shutil.copytree(cards.WEIGHTS, tmp_path / "weights")
    (folder / "vae-digits.safetensors").write_bytes(b"no weights")
    shelf = cards.Shelf(folder)
    monkeypatch.setattr(cards, "shelf", lambda: shelf)
    assert check.check(OPTIONS, [FLOW]) == 1
    said = capsys.readouterr()
    assert "vae-digits" in said.err and "1 of" in said.err and "Traceback" not in said.err
    assert [row[1] for line in said.out.splitlines() if (row := line.split())[-1] == "FAILS"] == ["vae-digits"]


def test_fetching_belongs_to_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["check", "--pull"]).pull and parse([]).command == "serve"
    with pytest.raises(SystemExit):
        parse(["--pull"])
    assert "check --pull" in capsys.readouterr().err
