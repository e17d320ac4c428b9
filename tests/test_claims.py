"""What ships is asked what it claims, by the judges: every slider of an edit, every label, every translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cyclegan.cyclegan import translators
from models.diffusion.diffusion import MODELS, Wish
from models.faces.vocabulary import DIRECTIONS
from models.flow.portraits import portraits
from models.gan.gan import gan
from models.judges.judges import load_judge, to_input
from models.pictures.pictures import from_uint8
from models.vae.smile import faces
from tests.claims import pictures_show_what_was_asked, sliders_mean_what_they_say
from training.judges.recipe import AGE, GENDER, SMILE

COLUMNS = {"smile": SMILE, "age": AGE, "gender": GENDER}
COUNT = 32


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


def answers(pictures: np.ndarray) -> Tensor:
    """The judge of faces on (N, S, S, 3) uint8, small ones enlarged to 64x64: (N, 3)."""
    times = 64 // pictures.shape[1]
    return load_judge("faces")(from_uint8(pictures.repeat(times, axis=1).repeat(times, axis=2)))


def garments(clothes: np.ndarray) -> Tensor:
    """What the judge of clothes sees in (N, 28, 28) uint8, light on black: (N,)."""
    return load_judge("fashion")(to_input(torch.from_numpy(clothes)[:, None])).argmax(dim=1)


@pytest.mark.parametrize("model", [faces, portraits], ids=["vae", "glow"])
def test_a_shipped_edit_means_what_its_slider_says(model: Callable[[], Any]) -> None:
    made = model()
    drawn = made.draw(0, COUNT, 0.8)
    columns = [COLUMNS[name] for name in DIRECTIONS]
    sliders_mean_what_they_say(lambda k: answers(made.pictures(torch.stack([made.edit(z, k) for z in drawn]))), columns)


@pytest.mark.parametrize("wrong", ["negated", "reversed", "still"])
def test_a_wrong_direction_would_be_seen(wrong: str) -> None:
    wrongly: dict[str, Callable[[list[float]], list[float]]] = {
        "negated": lambda k: [-value for value in k],
        "reversed": lambda k: k[::-1],
        "still": lambda k: [0.0] * len(k),
    }
    spread = torch.randn(COUNT, 3, generator=torch.Generator().manual_seed(0))
    sliders_mean_what_they_say(lambda k: spread + torch.tensor(k), [0, 1, 2])
    with pytest.raises(AssertionError, match="slider"):
        sliders_mean_what_they_say(lambda k: spread + torch.tensor(wrongly[wrong](k)), [0, 1, 2])


def test_diffusion_draws_the_mood_and_the_person_that_were_asked_for() -> None:
    count, asked = 6, ("neutral,woman", "smile,man")
    made = [answers(MODELS["faces"]().make(range(count), Wish(label=label, steps=8))) for label in asked]
    second = torch.arange(2).repeat_interleave(count)
    seen = torch.cat(made)
    pictures_show_what_was_asked(second, (seen[:, SMILE] > 0).long())
    pictures_show_what_was_asked(second, (seen[:, GENDER] < 0).long())


def test_diffusion_draws_the_garment_that_was_asked_for() -> None:
    model, count = MODELS["fashion"](), 3
    made = [model.make(range(count), Wish(label=str(label), steps=8)) for label in range(10)]
    pictures_show_what_was_asked(torch.arange(10).repeat_interleave(count), garments(255 - np.concatenate(made)))


def test_the_gan_draws_the_garment_that_was_asked_for() -> None:
    model, count = gan("fashion"), 4
    made = [model.pictures(model.of_seeds(range(count), 0.7, label))[..., 0] for label in range(10)]
    pictures_show_what_was_asked(torch.arange(10).repeat_interleave(count), garments(np.concatenate(made)))


def test_the_translators_of_smiles_put_a_smile_on_and_take_it_off() -> None:
    drawn, pair = faces().pictures(faces().draw(0, 16, 0.8)), translators("smile")
    plain = answers(drawn)
    there, back = (answers(np.stack([pair.translate(way, face) for face in drawn])) for way in ("there", "back"))
    spread = plain[:, SMILE].std()
    assert (there - plain)[:, SMILE].mean() > 0.4 * spread and (there[:, SMILE] > 0).float().mean() > 0.7
    assert (back - plain)[:, SMILE].mean() < -0.4 * spread and (back[:, SMILE] < 0).float().mean() > 0.7
    for moved in (there - plain, back - plain):  # still the same person
        assert moved[:, GENDER].mean().abs() < 0.5 * plain[:, GENDER].std()
