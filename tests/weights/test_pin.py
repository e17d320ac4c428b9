"""The maintainer's command asks the Hub (a stand-in) and writes what it says: commit, hashes, and the listing."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from pathlib import Path

import pytest

from models.weights.__main__ import main
from models.weights.cardfile import WeightsError
from models.weights.offers import File, Offer, offers, save_offers
from models.weights.pin import Listing, listing_name, run
from models.weights.pull import Budget
from tests.diffusion.small_pipeline import PICKLE, SAFE, files, offer, old
from tests.weights.conftest import REPO, SIZE, House
from tests.weights.test_offers import lacks


def ask(folder: Path, newest: bool = False, *names: str) -> int:
    args = argparse.Namespace(names=list(names), newest=newest, listings=folder / "listings", offers=folder)
    return run(args, Budget(2.0, 20.0))


def declared(folder: Path, made: Offer) -> None:
    save_offers("diffusion", {"cat": made}, folder)


def test_what_is_open_is_filled_in(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared(tmp_path, house.loose)
    assert ask(tmp_path) == 0
    found = offers("diffusion", tmp_path)["cat"]
    assert found.pinned and not house.loose.pinned and found.commit == house.repo.commit
    held = house.repo.files
    assert {f.name: f.sha256 for f in found.files} == {
        f.name: hashlib.sha256(held[f.name]).hexdigest() for f in found.files
    }
    listing = Listing.load(tmp_path / "listings" / listing_name(REPO))
    assert {e.name: e.size for e in listing.files} == {name: len(data) for name, data in held.items()}
    assert lacks(found, listing) == [] and listing.source == "the Hub's own answer" and not listing.unverified
    assert f"diffusion/cat: {REPO} at {found.commit}" in capsys.readouterr().out
    assert house.bring(wanted=found).name == found.commit, "what the command writes is what a visitor gets"


def test_a_pinned_commit_is_confirmed_and_left_only_when_told_so(house: House, tmp_path: Path) -> None:
    before = house.pinned
    declared(tmp_path, before)
    house.repo.change(files(SIZE, seed=1))
    assert ask(tmp_path) == 0
    kept = offers("diffusion", tmp_path)["cat"]
    assert (kept.commit, kept.files) == (before.commit, before.files)
    assert ask(tmp_path, newest=True) == 0
    moved = offers("diffusion", tmp_path)["cat"]
    assert moved.commit == house.repo.commit and moved.files[-1].sha256 != before.files[-1].sha256


@pytest.mark.parametrize("which", [0, -1])
def test_where_the_hub_contradicts_nothing_is_written(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], which: int
) -> None:
    held = list(house.pinned.files)
    held[which] = File(held[which].name, "0" * 64)
    declared(tmp_path, dataclasses.replace(house.pinned, files=tuple(held)))
    before = (tmp_path / "diffusion.toml").read_bytes()
    assert ask(tmp_path) == 1
    assert (tmp_path / "diffusion.toml").read_bytes() == before and not (tmp_path / "listings").exists()
    assert held[which].name in capsys.readouterr().out


def test_a_pickle_gives_way_to_safetensors_when_they_come(
    house: House, tmp_path: Path, small: dict[str, bytes]
) -> None:
    house.repo.files = old(small)
    declared(tmp_path, house.loose)
    assert ask(tmp_path, newest=True) == 0
    assert offers("diffusion", tmp_path)["cat"].rewritten, "there is nothing else yet"
    house.repo.change({**house.repo.files, SAFE: small[SAFE]})
    assert ask(tmp_path) == 0 and offers("diffusion", tmp_path)["cat"].rewritten
    assert ask(tmp_path, newest=True) == 0
    found = offers("diffusion", tmp_path)["cat"]
    assert not found.rewritten and [f.name for f in found.files if f.weights] == [SAFE] and PICKLE in house.repo.files


@pytest.mark.parametrize("mode", ["404", "401", "500", "hang", "portal"])
def test_a_hub_that_fails_is_told_and_the_others_are_asked(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: str
) -> None:
    house.hub.repos["owner/other"] = dataclasses.replace(house.repo, mode=mode)
    other = offer("owner/other", house.repo.files, name="other")
    save_offers("diffusion", {"other": other, "cat": house.loose}, tmp_path)
    assert ask(tmp_path) == 1
    found = offers("diffusion", tmp_path)
    assert found["other"] == other and found["cat"].pinned
    assert "diffusion/other: " in capsys.readouterr().out


def test_files_that_are_gone_are_named(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared(tmp_path, house.loose)
    del house.repo.files["config.json"]
    assert ask(tmp_path) == 1 and "config.json" in capsys.readouterr().out


def test_the_command_line_reaches_it(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared(tmp_path, house.loose)
    assert main(["pin", "diffusion/cat", "--offers", str(tmp_path)]) == 0
    assert offers("diffusion", tmp_path)["cat"].pinned and not (tmp_path / "listings").exists()
    assert main(["pin", "diffusion/dog", "--offers", str(tmp_path)]) == 1
    assert "diffusion/dog" in capsys.readouterr().err


def test_only_what_is_named_is_asked(house: House, tmp_path: Path) -> None:
    other = offer("owner/other", house.repo.files, name="other")
    save_offers("diffusion", {"other": other, "cat": house.loose}, tmp_path)
    assert ask(tmp_path, False, "diffusion/cat") == 0
    assert not any("owner/other" in request for request in house.hub.requests)
    with pytest.raises(WeightsError):
        ask(tmp_path, False, "cat")


def test_a_bigger_model_is_pulled_before_a_lecture(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("models.weights.__main__.declared", lambda room: offers(room, tmp_path))
    house.repo.files = old(house.repo.files)
    declared(tmp_path, house.pinned)
    house.repo.mode = "flipped"
    assert main(["pull", "diffusion/cat"]) == 1 and house.left() == []
    house.repo.mode = "normal"
    assert main(["pull", "diffusion/cat"]) == 0
    assert "diffusion/cat: here" in capsys.readouterr().out and SAFE in str(house.left())
    house.hub.requests.clear()
    assert main(["pull", "diffusion/cat"]) == 0 and house.hub.requests == []
    assert main(["pull", "diffusion/dog"]) == 1
