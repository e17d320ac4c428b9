"""What the rooms offer by name is what the models understand: the names stand without torch, what they mean with it."""

from __future__ import annotations

import torch

from models.diffusion import diffusion, samplers, schedules, vocabulary
from models.plane.toys import TARGETS
from models.plane.vocabulary import TARGETS as TARGET_NAMES
from models.runtime.noise import seeded_noise
from models.vae.vocabulary import BETAS, DATA
from models.weights.cards import load_card
from models.weights.offers import offers


def test_every_sampler_arrives_at_the_picture_that_is_always_guessed() -> None:
    x0 = torch.full((1, 1, 2, 2), 0.25)
    schedule = schedules.cosine()

    def predict(x_t: torch.Tensor, t: int) -> tuple[torch.Tensor, torch.Tensor]:
        return x0, (x_t - schedule.signal(t, x_t) * x0) / schedule.noise(t, x_t)

    for name in vocabulary.SAMPLERS:
        noise = seeded_noise([0], (1, 2, 2))
        *_, last = samplers.sampler(name, predict, schedule, 10, noise(), noise)
        torch.testing.assert_close(last.x, x0, atol=1e-4, rtol=0, msg=name)


def test_every_schedule_has_its_name_and_goes_from_picture_to_noise() -> None:
    assert tuple(sorted(schedules.SCHEDULES)) == tuple(sorted(vocabulary.SCHEDULES))
    for name in vocabulary.SCHEDULES:
        schedule = schedules.SCHEDULES[name]()
        assert schedule.name == name and schedule.steps == vocabulary.T
        assert schedule.alpha_bar[0] == 1 and schedule.alpha_bar[-1] < 0.001


def test_every_model_is_there_and_knows_its_labels() -> None:
    assert tuple(diffusion.MODELS) == tuple(diffusion.TASKS) == vocabulary.MODELS
    assert tuple(offers("diffusion")) == vocabulary.BIGGER
    for mood, code in zip(vocabulary.MOODS, (1, 2), strict=True):
        assert diffusion.FACES.codes(f"{mood},man") == [code, 1] and diffusion.FACES.codes(f"{mood},woman") == [code, 2]
    assert [diffusion.FASHION.codes(name) for name in vocabulary.GARMENTS] == [[i] for i in range(1, 11)]


def test_every_density_of_the_plane_is_there() -> None:
    assert tuple(TARGETS) == TARGET_NAMES


def test_what_ships_has_every_beta() -> None:
    for data in DATA:
        assert tuple(load_card(f"vae-{data}").network["betas"]) == BETAS
