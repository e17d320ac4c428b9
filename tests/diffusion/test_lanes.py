"""The race and the museum of failures, and the room's endpoints. The networks here are small and random."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from gallery.rooms.diffusion import api as diffusion_api
from gallery.rooms.diffusion import lanes as diffusion_lanes
from gallery.shell.calls import Refusal
from models.diffusion import denoising
from models.diffusion.diffusion import MODELS, Wish
from models.pictures.pictures import data_url
from tests.diffusion.small_diffusion import room

__all__ = ["room"]

SAMPLES = Path(__file__).parents[2] / "gallery" / "widgets" / "samples"
PORTRAIT = data_url((SAMPLES / "astronaut.jpg").read_bytes())
HUGE = 2**63


def raced(knobs: dict[str, Any]) -> list[dict[str, Any]]:
    """All answers of a race, pulled to its end."""
    answers = [diffusion_lanes.begin([knobs])]
    assert "error" not in answers[0], answers[0]
    while not answers[-1]["done"]:
        answers.append(diffusion_lanes.more([answers[0]["token"]]))
    return answers


@pytest.mark.parametrize("failure", ["none", *diffusion_lanes.FAILURES])
@pytest.mark.parametrize("model", ["faces", "fashion"])
def test_every_lane_arrives_with_all_its_frames(room: dict[str, Any], model: str, failure: str) -> None:
    answers = raced(room | {"model": model, "failure": failure, "n1": 50, "n2": 10, "n3": 4})
    lanes = answers[0]["lanes"]
    side = (64 if model == "faces" else 28) * (2 if failure in diffusion_lanes.SEVERAL else 1)
    assert len(lanes) == (3 if failure == "none" else 2) and answers[0]["size"] == side
    for i, lane in enumerate(lanes):
        assert sum(answer["parts"][i]["n"] for answer in answers) == len(lane["times"])
        assert lane["times"][0] >= 990 and lane["times"][-1] == 0
    assert diffusion_lanes.more([answers[0]["token"]])["error"]["key"] == "widgets.generate.gone"


@pytest.mark.parametrize("failure", diffusion_lanes.FAILURES)
def test_a_failure_stands_beside_its_fix_and_differs_from_it(room: dict[str, Any], failure: str) -> None:
    wrong, fix = diffusion_lanes.museum(failure, room)
    assert (wrong.wish, wrong.slip) != (fix.wish, fix.slip) and fix.slip == denoising.RIGHT
    assert wrong.name and "wrong" in wrong.name.key and fix.name and "fix" in fix.name.key


def test_all_lanes_leave_from_the_same_noise(room: dict[str, Any]) -> None:
    race = diffusion_lanes.start("faces", 5, diffusion_lanes.free(room))
    denoising.race(race.shoots, 0)
    first = [shoot.frames[0].x for shoot in race.shoots]
    assert all(np.array_equal(first[0], other) for other in first[1:])


@pytest.mark.parametrize(
    ("spec", "lanes"),
    [
        ("ddpm:1000,ddim:50,dpm++:20", [("ddpm", 1000), ("ddim", 50), ("dpm++", 20)]),
        ("euler:4, heun:4", [("euler", 4), ("heun", 4)]),
    ],
)
def test_lanes_are_read(spec: str, lanes: list[tuple[str, int]]) -> None:
    assert diffusion_lanes.parse(spec) == lanes


@pytest.mark.parametrize(
    "spec",
    [
        "", "ddpm", "ddpm:10", "ddpm:10,", "ddpm:10,plms:10", "ddpm:3,ddim:4", "ddpm:1001,ddim:4", "ddpm:1e2,ddim:4",
        "ddpm:-4,ddim:4", "ddpm:²,ddim:4", "ddim:4,ddim:4,ddim:4,ddim:4,ddim:4", "x" * 81, None, ["ddpm:4"], 7,
        f"ddpm:{HUGE},ddim:4",
    ],
)  # fmt: skip
def test_lanes_that_make_no_sense_are_refused(spec: Any) -> None:
    with pytest.raises(Refusal):
        diffusion_lanes.parse(spec)


@pytest.mark.parametrize(
    "wrong", [{"lanes": "5"}, {"lanes": 3}, {"s2": "plms"}, {"n1": 3}, {"n3": 1e9}, {"failure": "all"}, {"seed": -1}]
)
def test_a_race_refuses_what_makes_no_sense(room: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert diffusion_lanes.begin([room | wrong])["error"]["key"].startswith("input.")


@pytest.mark.parametrize(("model", "label"), [("faces", "smile,man"), ("fashion", "7"), ("faces", "")])
def test_denoise_is_make_and_its_strip_ends_with_it(room: dict[str, Any], model: str, label: str) -> None:
    picture, strip = diffusion_api.diffusion_denoise(model, 3, 6, "ddim", 2.0, label, None)
    expected = MODELS[model]().make([3], Wish(label, "ddim", 6, 2.0))[0]
    assert np.array_equal(np.asarray(picture), expected)
    width = picture.width
    assert strip.size == (7 * width, width) and np.array_equal(np.asarray(strip)[:, -width:], expected)


def test_lanes_come_side_by_side_with_their_times(room: dict[str, Any]) -> None:
    pictures, strip, times = diffusion_api.diffusion_lanes("faces", 1, "ddpm:30,heun:4", None)
    assert pictures.size == (128, 64) and strip.size == (64 * diffusion_api.FRAMES, 128)
    assert [lane["passes"] for lane in times] == [30, 7]
    expected = MODELS["faces"]().make([1], Wish(sampler="heun", steps=4, w=1.0))[0]
    assert np.array_equal(np.asarray(pictures)[:, 64:], expected)
    assert np.array_equal(np.asarray(strip)[64:, -64:], expected)


def test_noise_is_the_closed_form() -> None:
    clean, same, noisy = (diffusion_api.diffusion_noise(PORTRAIT, t, "cosine", 1, None) for t in (0, 0, 900))
    assert isinstance(clean, Image.Image) and clean.size == (64, 64)
    assert np.array_equal(np.asarray(clean), np.asarray(same))
    assert np.abs(np.asarray(clean).astype(int) - np.asarray(noisy)).mean() > 40


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("diffusion_noise", (PORTRAIT, 1001, "cosine", 1)),
        ("diffusion_noise", (PORTRAIT, 1, "own", 1)),
        ("diffusion_noise", (None, 1, "cosine", 1)),
        ("diffusion_noise", (PORTRAIT, float("nan"), "cosine", 1)),
        ("diffusion_denoise", ("cats", 1, 20, "ddim", 1, "")),
        ("diffusion_denoise", ("faces", -1, 20, "ddim", 1, "")),
        ("diffusion_denoise", ("faces", HUGE, 20, "ddim", 1, "")),
        ("diffusion_denoise", ("faces", 1, 3, "ddim", 1, "")),
        ("diffusion_denoise", ("faces", 1, True, "ddim", 1, "")),
        ("diffusion_denoise", ("faces", 1, 20, "ddim", float("inf"), "")),
        ("diffusion_denoise", ("faces", 1, 20, "ddim", 8.5, "")),
        ("diffusion_denoise", ("faces", 1, 20, "ddim", 1, "unsure")),
        ("diffusion_denoise", ("faces", 1, 20, "ddim", 1, "smile,smile")),
        ("diffusion_denoise", ("fashion", 1, 20, "ddim", 1, "10")),
        ("diffusion_denoise", ("fashion", 1, 20, "ddim", 1, ["1"])),
        ("diffusion_lanes", ("faces", 1, "ddpm:10")),
        ("diffusion_lanes", ("faces", 1.5, "ddpm:10,ddim:10")),
        ("diffusion_lanes", ("faces", 1, None)),
    ],
)
def test_endpoints_answer_nonsense_with_a_sentence(room: dict[str, Any], name: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(gr.Error) as told:
        getattr(diffusion_api, name)(*args, None)
    assert str(told.value).strip("'").endswith(".") and "could not be computed" not in str(told.value)


@pytest.mark.parametrize("failure", diffusion_lanes.GUIDED)
@pytest.mark.parametrize("model", ["faces", "fashion"])
def test_what_a_piece_guides_to_stands_in_its_chips(room: dict[str, Any], model: str, failure: str) -> None:
    knobs = room | {"model": model, "failure": failure}
    unasked, asked = (diffusion_lanes.lanes_of(each) for each in (knobs, knobs | diffusion_lanes.ASKED[failure]))
    assert asked == unasked and asked[0].wish.label
