"""Edits by diffusion: laws that hold for any network, with an exact one for Gaussian data; then what ships."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from gallery.rooms.diffusion import edit_ask as diffusion_edit
from gallery.widgets import faces as vae_photo
from models.diffusion import diffusion, editing
from models.diffusion.diffusion import FACES, Wish
from models.diffusion.samplers import SAMPLERS, ddim, even_times, invert
from models.diffusion.schedules import cosine
from models.runtime.noise import seeded_noise
from tests.diffusion.small_diffusion import room, small

__all__ = ["room"]


def gaussian(mean: float, std: float) -> Any:
    """The exact predictor for data from N(mean, std^2): x0-hat is E[x_0 | x_t]."""
    schedule = cosine()

    def predict(x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        a, b = schedule.signal(t, x_t), schedule.noise(t, x_t)
        x0 = mean + a * std**2 / (a**2 * std**2 + b**2) * (x_t - a * mean)
        return x0, (x_t - a * x0) / b

    return predict


def last(states: Any) -> Tensor:
    *_, state = states
    return state.x


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def finished(take: Any) -> np.ndarray:
    while not take.done:
        take.step()
    assert take.final is not None
    return take.final[0]


def test_one_round_is_ddim() -> None:
    noise, ts = seeded_noise([1], (3, 8, 8)), even_times(10)
    start = noise()
    ours = last(editing.repaint(gaussian(0.2, 0.5), cosine(), ts, start, noise, rounds=1))
    torch.testing.assert_close(ours, last(ddim(gaussian(0.2, 0.5), cosine(), ts, start)))


def test_rounds_leave_the_distribution_as_it_is() -> None:
    noise = seeded_noise([2], (40_000,))
    x = last(editing.repaint(gaussian(0.3, 0.4), cosine(), even_times(100), noise(), noise, rounds=3))
    assert abs(float(x.mean()) - 0.3) < 0.02
    assert abs(float(x.std()) - 0.4) < 0.02


@pytest.mark.parametrize("t", [1, 333, 960])
@pytest.mark.parametrize("name", SAMPLERS)
def test_redrawing_takes_the_steps_below_t(name: str, t: int) -> None:
    wish = Wish(sampler=name, steps=20)
    take = editing.redraw(small(FACES), picture(), t, wish, seed=3)
    made = finished(take)
    assert take.times[0] == t and take.times[-1] == 0 and len(take.times) - 1 == editing.steps_from(t, wish)
    assert made.shape == (64, 64, 3) and len(take.frames) == len(take.times)


def test_what_is_kept_is_kept_to_the_last_bit() -> None:
    hole = np.zeros((64, 64), bool)
    hole[20:40, 10:30] = True
    given = picture(1)
    made = finished(editing.fill(small(FACES), given, hole, Wish(steps=6), seed=5))
    assert np.array_equal(made[~hole], given[~hole])
    assert not np.array_equal(made[hole], given[hole])


def test_inversion_is_undone_by_ddim() -> None:
    x, ts = torch.linspace(-1, 1, 200), even_times(20, 960)
    *_, (t, noise) = invert(gaussian(0.1, 0.5), cosine(), ts, x, rounds=12)
    assert t == 960
    torch.testing.assert_close(last(ddim(gaussian(0.1, 0.5), cosine(), ts, noise)), x, atol=1e-3, rtol=0)


def test_faces_that_ship_come_back_from_their_noises() -> None:
    first, second = vae_photo.sample("1"), vae_photo.sample(vae_photo.PORTRAIT)
    between = editing.Between(diffusion.faces(), first, second, Wish(w=1.0), count=3)
    while not between.done:
        between.go_on(1.0)
    assert between.error < 0.03
    assert between.made.shape == between.mixed.shape == (3, 64, 64, 3)
    assert np.array_equal(between.mixed[[0, -1]], between.pair)
    # The blend of two faces shows both; on the arc between their noises there is one.
    middle = between.made[1].astype(float)
    assert all(np.abs(middle - end).mean() > 8 for end in between.pair.astype(float))


def test_more_noise_changes_more() -> None:
    face, model = vae_photo.sample(vae_photo.PORTRAIT), diffusion.faces()
    changes = [
        np.abs(finished(editing.redraw(model, face, t, Wish(steps=20), seed=1)).astype(float) - face).mean()
        for t in (50, 400, 900)
    ]
    assert changes == sorted(changes) and changes[0] < 8 and changes[2] > 20


def url(image: Image.Image) -> str:
    data = io.BytesIO()
    image.save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


def things(hole: bool = True) -> dict[str, Any]:
    mask = Image.new("L", (64, 64))
    mask.paste(255, (10, 10, 30, 30))
    face = Image.fromarray(picture(7))
    return {"face": url(face), "face2": url(face.rotate(90)), "hole": url(mask) if hole else None}


@pytest.mark.parametrize("way", diffusion_edit.WAYS)
def test_every_way_of_the_act_arrives(room: dict[str, Any], way: str) -> None:
    answers = [diffusion_edit.begin([room | {"edit": way}, things()])]
    assert "error" not in answers[0], answers[0]
    while not answers[-1]["done"]:
        answers.append(diffusion_edit.more([answers[0]["token"]]))
    assert sum(answer.get("n", 0) for answer in answers) == answers[0]["total"]
    assert (way == "between") == ("noises" in answers[-1])
    assert diffusion_edit.more([answers[0]["token"]])["error"]["key"] == "widgets.generate.gone"


def test_what_cannot_be_edited_is_refused_in_one_sentence(room: dict[str, Any]) -> None:
    def key(knobs: dict[str, Any], data: Any) -> str:
        return str(diffusion_edit.begin([room | knobs, data])["error"]["key"])

    assert key({"edit": "fill"}, things(hole=False)) == "diffusion.edit.no_hole"
    assert key({"edit": "fill"}, things() | {"hole": url(Image.new("L", (64, 64)))}) == "diffusion.edit.no_hole"
    assert key({"edit": "fill"}, things() | {"hole": url(Image.new("L", (9, 9)))}) == "widgets.photo.not_a_face"
    assert key({"edit": "between"}, things() | {"face2": url(Image.new("RGB", (9, 9)))}) == "widgets.photo.not_a_face"
    assert key({"edit": "redraw", "t0": 0}, things()) == "input.range"
    assert key({"edit": "melt"}, things()) == "input.choice"
    assert key({}, things() | {"face": 3}) == "picture.address"
    assert key({}, None) == "input.list"
