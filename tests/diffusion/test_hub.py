"""The bigger models in the diffusion room's calls: ordered, filmed, raced, refused. The network is small and random."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gallery.rooms.diffusion import ask
from gallery.rooms.diffusion import hub as diffusion_hub
from gallery.rooms.diffusion import lanes as diffusion_lanes
from gallery.rooms.diffusion import reverse as diffusion_reverse
from gallery.rooms.diffusion import room as diffusion
from gallery.shell.frame import about
from gallery.shell.words import LANGUAGES, all_words
from models.diffusion import denoising
from models.diffusion.bigger import Bigger
from models.diffusion.schedules import cosine, linear
from models.weights.desk import Desk
from models.weights.offers import offers
from tests.diffusion.small_pipeline import files, offer, old

KNOBS = {name: knob.default for name, knob in diffusion.KNOBS.items()} | {"model": "cat"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Bigger:
    folder = tmp_path_factory.mktemp("cat")
    for name, data in files(16).items():
        (folder / name).write_bytes(data)
    return Bigger("cat", folder)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk without a network and without models."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("GALLERY_CACHE", str(tmp_path))
    made = Desk(offers("diffusion"))
    monkeypatch.setattr("models.diffusion.orders.desk", lambda: made)
    return made


@pytest.fixture
def ready(desk: Desk, model: Bigger) -> Desk:
    """The same, where the cats have come."""
    desk._orders["cat"].model, desk._orders["cat"].stage = model, "ready"
    return desk


def pulled(module: Any, knobs: dict[str, Any]) -> list[dict[str, Any]]:
    """All answers of a film or a race."""
    answers = [module.begin([knobs])]
    assert "error" not in answers[0], answers[0]
    while not answers[-1]["done"]:
        answers.append(module.more([answers[0]["token"]]))
    return answers


def test_the_room_names_the_pipelines_that_there_are() -> None:
    assert set(ask.BIGGER) == set(offers("diffusion")) == set(diffusion_hub.DATA_WORDS)
    assert {name for name, _ in diffusion_hub.MENU_WORDS} == set(ask.BIGGER) <= set(ask.DATASETS)


def test_the_menu_and_the_panel_say_what_comes_as_a_pickle_or_unpinned(desk: Desk) -> None:
    for name, key in diffusion_hub.MENU_WORDS:
        pickled = offers("diffusion")[name].rewritten
        assert [".bin" in all_words()[key][lang] for lang in LANGUAGES] == [pickled] * 2, name
        said = all_words()[diffusion_hub.look([name, "me", False])["absent"]["key"]]
        assert [".bin" in said[lang] for lang in LANGUAGES] == [pickled] * 2, name
    for held in (files(16), old(files(16))):
        safe = "diffusion_pytorch_model.bin" not in [file.name for file in offer("a/b", held).files]
        keys = [diffusion_hub.absent(offer("a/b", held, commit)) for commit in ("", "0" * 40)]
        loose, pinned = (all_words()[key]["en"] for key in keys)
        assert "not pinned yet" in loose and "not pinned yet" not in pinned
        assert (".bin" in loose) == (".bin" in pinned) == (not safe)


@pytest.mark.parametrize("module", [diffusion_reverse, diffusion_lanes])
def test_a_model_that_is_not_here_is_one_sentence(desk: Desk, module: Any) -> None:
    assert module.begin([KNOBS])["error"] == {"key": "weights.bigger.first", "args": {}}


def test_a_film_of_the_hub_follows_its_schedule(ready: Desk) -> None:
    answers = pulled(diffusion_reverse, KNOBS | {"sampler": "ddim", "steps": 5, "mood": "smile"})
    head = answers[0]
    assert head["total"] == 6 and head["dataset"] == "LSUN Cat" and head["source"]["key"] == "diffusion.hub.source"
    first = head["frames"][0]
    assert first["numbers"]["x0"] == pytest.approx(float(linear().alpha_bar[first["s"]].sqrt()))
    for name, schedule in (("cat", linear()), ("faces", cosine())):
        curve = diffusion_reverse.curves([KNOBS | {"model": name}, None])["curves"][0]["points"]
        assert curve[50] == pytest.approx(float(schedule.alpha_bar[500].sqrt()), abs=1e-4)


@pytest.mark.parametrize("failure", ["none", "steps", "schedule", "sigma"])
def test_a_race_of_the_hub_arrives(ready: Desk, failure: str) -> None:
    answers = pulled(diffusion_lanes, KNOBS | {"failure": failure, "n1": 6, "n2": 5, "n3": 4})
    for i, lane in enumerate(answers[0]["lanes"]):
        assert sum(answer["parts"][i]["n"] for answer in answers) == len(lane["times"])
    lesson = {"none": "diffusion.lesson", "schedule": "diffusion.hub.lesson"}
    assert answers[0]["lesson"]["key"] == lesson.get(failure, f"diffusion.failure.{failure}.lesson")


def test_the_wrong_schedule_is_the_other_one() -> None:
    wrong, fix = diffusion_lanes.museum("schedule", KNOBS)
    assert wrong.slip == denoising.Slip(told="cosine") and wrong.wish.schedule == fix.wish.schedule == "linear"


@pytest.mark.parametrize("failure", diffusion_lanes.GUIDED)
def test_what_has_no_labels_is_not_guided(ready: Desk, failure: str) -> None:
    assert diffusion_lanes.begin([KNOBS | {"failure": failure}])["error"]["key"] == "diffusion.hub.no_labels"


def test_films_of_large_pictures_stay_below_what_a_canvas_holds() -> None:
    for count, frames in diffusion_reverse.LIGHT.items():
        assert frames * 256 * round(int(count) ** 0.5) <= 16_384
    assert diffusion_lanes.LIGHT * 256 <= 16_384


def test_the_panel_says_where_a_model_stands(ready: Desk) -> None:
    answer = diffusion_hub.look([*("cat", "me"), False])
    assert answer["stage"] == "ready" and answer["seconds"] > 0 and answer["repo"] == "google/ddpm-cat-256"
    other = diffusion_hub.look(["church", "me", False])
    while other["stage"] == "asking":
        other = diffusion_hub.look(["church", "me", False])
    assert other["stage"] == "absent" and other["why"]["key"] == "weights.hub.offline"
    assert diffusion_hub.leave(["church", "me"])["stage"] == "absent"


@pytest.mark.parametrize(
    "args", [None, [], ["cat"], ["cat", "x" * 41], ["cat", 7], ["faces", "me"], [["cat"], "me"], [None, None]]
)
def test_the_panel_refuses_what_makes_no_sense(desk: Desk, args: Any) -> None:
    for fn in (diffusion_hub.order, diffusion_hub.leave):
        assert fn(args)["error"]["key"].startswith("input.")
    look = [*args, False] if isinstance(args, list) else args
    assert diffusion_hub.look(look)["error"]["key"].startswith("input.")


def test_how_it_is_computed_tells_of_these_weights(ready: Desk) -> None:
    (card,) = about([["diffusion-cat"]])["cards"]
    rows = dict(card["rows"])
    assert card["title"] == "google/ddpm-cat-256" and rows["card.licence"] == ["Apache-2.0"]
    assert rows["card.params"][0] > 100_000
