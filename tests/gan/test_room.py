"""What the act "sample" of the GAN room answers: sheets, films, verdicts; and what its calls refuse."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.rooms.gan import room, sample_api, training_ask
from gallery.rooms.gan import sample_ask as asks
from gallery.shell.calls import Refusal
from models.gan.gan import gan
from models.gan.vocabulary import DATA, LAYERS
from models.pictures.recorded import Losses

KNOBS: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()}


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_a_sheet_of_faces_is_its_seeds_and_a_picture_does_not_depend_on_the_sheet() -> None:
    answer = asks.sheet([KNOBS | {"seed": 5}])
    assert answer["seeds"] == list(range(5, 41)) and answer["columns"] == 6
    shown = pixels(answer["image"])
    assert shown.shape == (6 * 64, 6 * 64, 3)
    alone = gan("faces").pictures(gan("faces").of_seeds([12], 0.7))[0]
    assert np.abs(shown[64:128, 64:128].astype(int) - alone).mean() < 6, "JPEG and half precision"
    assert asks.sheet([KNOBS | {"seed": 5}])["image"] == answer["image"]


def test_a_sheet_of_clothes_has_a_column_for_each_label_and_a_row_for_each_noise() -> None:
    answer = asks.sheet([KNOBS | {"model": "fashion", "psi": 1}])
    assert answer["columns"] == 10
    assert answer["labels"] == [*range(10)] * asks.ROWS
    assert answer["seeds"] == [row for row in range(asks.ROWS) for _ in range(10)]


@pytest.mark.parametrize("model", DATA)
@pytest.mark.parametrize(("view", "knob"), [("sheet", "psi"), ("near", "angle"), ("walk", "t"), ("mix", "layer")])
def test_every_view_has_a_film_along_its_knob(model: str, view: str, knob: str) -> None:
    answer = asks.reel([KNOBS | {"model": model, "view": view}])
    assert answer["knob"] == knob and len(answer["values"]) == answer["n"] == len(answer["captions"])
    assert all(room.KNOBS[knob].fits(value) for value in answer["values"])
    sprite = pixels(answer["sprite"])
    assert sprite.shape[1] == answer["n"] * answer["w"]
    first, last = (sprite[:, i * answer["w"] : (i + 1) * answer["w"]].astype(int) for i in (0, answer["n"] - 1))
    assert np.abs(first - last).mean() > 4
    if view == "mix":
        assert answer["values"] == list(range(LAYERS[model] + 1))


def test_the_film_of_psi_is_what_the_api_draws() -> None:
    answer = asks.reel([KNOBS | {"view": "sheet", "face": 28}])
    sprite = pixels(answer["sprite"]).astype(int)
    i = answer["values"].index(0.7)
    drawn = np.asarray(sample_api.gan_sample("faces", 28, 1, 0.7, "", None)).astype(int)
    assert np.abs(sprite[:, i * 64 : (i + 1) * 64] - drawn).mean() < 4


def test_neighbours_stand_around_the_chosen_one() -> None:
    answer = asks.reel([KNOBS | {"view": "near"}])
    sprite = pixels(answer["sprite"]).astype(int)
    middles = [sprite[64:128, i * 192 + 64 : i * 192 + 128] for i in range(answer["n"])]
    corners = [sprite[:64, i * 192 : i * 192 + 64] for i in range(answer["n"])]
    assert all(np.abs(middle - middles[0]).mean() < 4 for middle in middles)
    away = [np.abs(corner - middles[0]).mean() for corner in corners]
    assert away[0] < 4 < away[2] < away[-1]


def stepped(*steps: tuple[int, int]) -> int:
    """The knob `path` of steps, each (degrees, neighbour), as the page writes it."""
    digits = [1 + asks.NEIGHBOURS * (degrees // 10 - 1) + which for degrees, which in steps]
    return sum(digit * asks.BASE**place for place, digit in enumerate(digits))


def nine(answer: dict[str, Any], frame: int) -> list[np.ndarray]:
    """The pictures of a frame of neighbours, the middle one is the fifth."""
    sprite = pixels(answer["sprite"]).astype(int)[:, frame * 192 : (frame + 1) * 192]
    return [sprite[y : y + 64, x : x + 64] for y in (0, 64, 128) for x in (0, 64, 128)]


def test_a_neighbour_becomes_the_centre_and_a_link_rebuilds_it() -> None:
    knobs = KNOBS | {"view": "near"}
    before = nine(asks.reel([knobs]), 3)
    path = stepped((30, 5))
    after = asks.reel([knobs | {"path": path}])
    assert np.abs(nine(after, 2)[4] - before[6]).mean() < 4 < np.abs(nine(after, 2)[4] - before[4]).mean()
    assert np.abs(nine(after, 2)[0] - nine(after, 2)[4]).mean() > 2, "it has neighbours of its own"
    assert asks.reel([knobs | {"path": path}])["sprite"] == after["sprite"]
    further = asks.reel([knobs | {"path": stepped((30, 5), (20, 0))}])
    assert np.abs(nine(further, 0)[4] - nine(after, 2)[0]).mean() < 4
    assert asks.verdicts([knobs | {"path": path}])["shown"] != asks.verdicts([knobs])["shown"]


def test_paths_are_read_as_they_were_written_and_others_are_refused() -> None:
    steps = ((10, 0), (90, 7), (40, 3))
    assert asks.path_of({"path": stepped(*steps)}) == steps and asks.path_of({"path": 0}) == ()
    longest = stepped(*[(90, 7)] * asks.MOST_STEPS)
    assert longest == asks.LAST_PATH < 2**53 and len(asks.path_of({"path": longest})) == asks.MOST_STEPS
    near = KNOBS | {"view": "near"}
    assert asks.reel([near | {"path": asks.BASE}])["error"]["key"] == "gan.sample.no_path", "0 is no step"
    for wrong in (-1, asks.LAST_PATH + 1, 2**63, [1], True, 0.5):
        assert asks.reel([near | {"path": wrong}])["error"]["key"].startswith("input.")


def test_verdicts_are_of_what_is_shown() -> None:
    answer = asks.verdicts([KNOBS])
    assert len(answer["cells"]) == 36 and len(answer["shown"]) == 1
    assert answer["shown"][0] == pytest.approx(answer["cells"][28], abs=0.05), "seed 28 lies on the sheet"
    walk = asks.verdicts([KNOBS | {"view": "walk"}])
    assert walk["cells"] == [] and len(walk["shown"]) == 2
    ends = [asks.verdicts([KNOBS | {"view": "walk", "t": t}])["shown"] for t in (0, 1)]
    assert all(arc == pytest.approx(line, abs=1e-3) for arc, line in ends)
    mixed = asks.verdicts([KNOBS | {"view": "mix", "layer": 9}])
    assert mixed["shown"][0] == pytest.approx(answer["shown"][0], abs=1e-3), "all layers are of the first"


def test_clothes_with_fewer_layers_take_all_of_them() -> None:
    knobs = KNOBS | {"model": "fashion", "view": "mix"}
    one, other = (asks.verdicts([knobs | {"layer": layer}])["shown"] for layer in (LAYERS["fashion"], 9))
    assert one == other


WRONG: list[tuple[Any, dict[str, Any]]] = [
    *((ask, {"model": "cats"}) for ask in (asks.sheet, asks.reel, asks.verdicts)),
    *((ask, {"psi": psi}) for ask in (asks.sheet, asks.verdicts) for psi in (float("nan"), 1.01, [1], True, None)),
    *((asks.sheet, {"seed": seed}) for seed in (-1, 2**63, 0.5, "0")),
    *((asks.reel, wrong) for wrong in ({"face": [3]}, {"face": -1}, {"label": "10"}, {"view": "all"})),
]


@pytest.mark.parametrize(("ask", "wrong"), WRONG)
def test_what_makes_no_sense_is_refused(ask: Any, wrong: dict[str, Any]) -> None:
    assert ask([KNOBS | wrong])["error"]["key"].startswith("input.")
    missing = {name: value for name, value in KNOBS.items() if name not in wrong}
    assert ask([missing])["error"]["key"] == "input.list"


@pytest.mark.parametrize("wrong", [{"t": 2}, {"other": 1.5}, {"label2": 3}])
def test_what_makes_no_sense_of_a_pair_is_refused(wrong: dict[str, Any]) -> None:
    assert asks.verdicts([KNOBS | {"view": "walk"} | wrong])["error"]["key"].startswith("input.")
    assert asks.verdicts([KNOBS | {"view": "mix", "layer": 10}])["error"]["key"] == "input.range"


def test_both_films_stand_one_above_the_other_at_as_many_pictures_seen() -> None:
    answers = {row: training_ask.film([KNOBS | {"ours": row}]) for row in ("a", "b")}
    upper, lower = (pixels(answer["sprite"]).astype(int) for answer in answers.values())
    assert upper.shape == (2 * 192, 11 * 512, 3) and answers["a"]["values"][-1] == 500_000
    assert np.abs(upper[:192] - lower[192:]).mean() < 1 < 10 < np.abs(upper[:192] - lower[:192]).mean()
    ours, theirs = answers["a"]["ours"], answers["a"]["theirs"]
    assert [seen for seen, _ in ours] == sorted(seen for seen, _ in ours) and len(theirs) >= 5
    # as the page says: at as many pictures ours is nearer to real faces
    later = next(distance for seen, distance in ours if seen >= theirs[-1][0])
    assert later < 0.6 * theirs[-1][1]
    assert training_ask.film([KNOBS | {"ours": "c"}])["error"]["key"] == "input.choice"


def test_losses_are_told_where_they_were_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = Losses((2000, 4000), {"d": (1.25, 1.5), "g": (0.75, 0.5)})
    monkeypatch.setattr(gan("faces"), "losses", recorded)
    monkeypatch.setattr(gan("faces"), "reference_losses", None)
    ours, theirs = training_ask.film([KNOBS])["losses"]
    assert theirs is None and ours["images"] == [2000, 4000]
    assert ours["terms"]["g"] == {"raw": [0.75, 0.5], "mean": [0.75, 0.5], "change": [0.75, 0.5]}


def test_in_the_first_frames_dcgan_makes_nearly_the_same_face_of_different_noise() -> None:
    answer = training_ask.film([KNOBS | {"ours": "a"}])
    sprite = pixels(answer["sprite"]).astype(float)
    place = answer["values"].index(10_000) * 512
    rows = [sprite[top : top + 192, place : place + 512] for top in (0, 192)]
    cells = [
        row.reshape(3, 64, 8, 64, 3).transpose(0, 2, 1, 3, 4).reshape(24, 8, 8, 8, 8, 3).mean(axis=(2, 4))
        for row in rows
    ]
    ours, theirs = (cell.std(axis=0).mean() for cell in cells)
    assert theirs < 0.6 * ours


def test_faces_have_no_labels() -> None:
    assert sample_api.label_of("fashion", "7") == 7 and sample_api.label_of("fashion", "") is None
    assert sample_api.label_of("faces", None) is None
    for model, label in (("faces", "7"), ("fashion", "10"), ("fashion", 7)):
        with pytest.raises(Refusal):
            sample_api.label_of(model, label)
