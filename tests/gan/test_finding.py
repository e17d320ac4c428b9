"""A face looked for in the generator: the descent descends, one photo is one result, a press ends it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from gallery.rooms.gan import finding as act
from gallery.rooms.gan import room, steer_api, steer_ask
from gallery.widgets import faces
from gallery.widgets.found import brought
from models.gan.encoding import Encoder, Sizes
from models.gan.finding import EVERY, Search, finder, seen_by
from models.gan.gan import gan
from models.gan.vocabulary import WAYS
from models.weights.cards import load_card

KNOBS: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()}
LONG = 1e6
STEPS = 12


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    return faces.portrait()


def ended(face: np.ndarray, way: str, steps: int = STEPS) -> Search:
    search = Search(face, way, LONG, steps)
    while not search.done:
        search.go_on(1.0)
    return search


@pytest.mark.parametrize("way", WAYS)
def test_the_loss_falls_and_the_picture_comes_nearer(face: np.ndarray, way: str) -> None:
    search = Search(face, way, LONG, STEPS)
    states = []
    while not search.done:
        states += search.go_on(1.0)
    assert states[0].step == 0 and states[-1].step == STEPS
    assert [state.step for state in states] == [*range(0, STEPS, EVERY), STEPS]
    losses = [state.loss for state in states if state.loss is not None]
    assert states[-1].mse < states[0].mse and len(losses) == len(states) - 1 and losses[-1] < losses[0]
    found = search.found.picture()
    error = np.square((found.astype(float) - face) / 255).mean()
    assert error <= states[0].mse, "what is kept is nearer than the guess"


def test_more_freedom_comes_nearer(face: np.ndarray) -> None:
    one, layers, offsets = (ended(face, way).state.mse for way in WAYS)
    assert offsets < layers < one


@pytest.mark.parametrize("way", WAYS)
def test_one_photo_is_one_result(face: np.ndarray, way: str) -> None:
    first, second = ended(face, way, 4).found, ended(face, way, 4).found
    assert np.array_equal(first.packed(), second.packed())
    assert np.array_equal(first.picture(), second.picture())


def test_one_style_is_one_and_only_offsets_have_maps(face: np.ndarray) -> None:
    one, layers, offsets = (ended(face, way, 2).found for way in WAYS)
    assert bool((one.w == one.w[:1]).all()) and not one.offsets
    assert not bool((layers.w == layers.w[:1]).all()) and not layers.offsets
    assert [tuple(each.shape) for each in offsets.offsets] == [(1, side, side) for side in gan("faces").shape.sides]
    assert all(bool(each.any()) for each in offsets.offsets)


def test_seconds_end_a_search(face: np.ndarray) -> None:
    search = Search(face, "layers", seconds=0.05)
    search.go_on(5.0)
    assert search.done and 1 <= search.step < search.steps


def test_another_way_is_refused(face: np.ndarray) -> None:
    with pytest.raises(ValueError, match="no way"):
        Search(face, "z")


# ---- the parts -----------------------------------------------------------------------------------------------
def test_the_generator_without_offsets_is_as_it_was() -> None:
    model = gan("faces")
    w = model.of_seeds([1, 2], 0.7)
    plain = model.generator.synthesize(w)
    zeros = [torch.zeros(1, 1, side, side) for side in model.shape.sides]
    torch.testing.assert_close(model.generator.synthesize(w, zeros), plain)
    raised = [zero + (i == 0) for i, zero in enumerate(zeros)]
    assert float((model.generator.synthesize(w, raised) - plain).abs().max()) > 0.01


def test_the_discriminators_stages_halve() -> None:
    x = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    maps = seen_by(gan("faces").discriminator, x)
    assert [each.shape[2] for each in maps] == [32, 16, 8]


def test_an_encoder_that_knows_nothing_guesses_the_mean() -> None:
    encoder = Encoder(Sizes(widths=(8, 16), dense=4, layers=3, latent=5))
    torch.nn.init.zeros_(encoder.away.weight)
    encoder.mean.data += 2
    assert torch.equal(encoder(torch.zeros(2, 3, 64, 64)), torch.full((2, 3, 5), 2.0))


def test_the_encoder_knows_the_generators_own_faces() -> None:
    """Its guess comes nearer than the mean face, for every one of them."""
    model = gan("faces")
    w = model.of_seeds(range(500, 516), 0.7)
    x = model.synthesize(w).clamp(-1, 1)
    guess = model.synthesize(finder().guess(x)).clamp(-1, 1)
    mean = model.synthesize(model.of_seeds([0], 0.0)).clamp(-1, 1)
    near, far = ((other - x).square().mean(dim=(1, 2, 3)) for other in (guess, mean))
    assert bool((near < far).all()) and float(near.mean()) < 0.4 * float(far.mean())


def test_the_card_keeps_what_was_asked_for() -> None:
    quality = load_card("gan-encoder").quality
    assert float(quality["mse_layers"]) <= 0.012 and float(quality["mse_offsets"]) <= 0.006
    for name in ("same_gender_layers", "same_smile_layers", "steered_smiling_layers"):
        assert float(quality[name]) >= 0.9


# ---- what the act answers ------------------------------------------------------------------------------------
def test_a_search_is_pulled_and_what_is_found_is_kept_at_every_moment(face: np.ndarray) -> None:
    asked = [KNOBS | {"space": "layers"}, {"face": faces.png_url(face)}]
    first = act.begin(asked)
    assert first["total"] >= first["n"] and first["steps"][0] == 0 and first["most"] == Search(face, "w").steps
    assert first["losses"][0] is None, "no step has been taken at the guess"
    later = act.more([first["token"]])
    assert later["step"] > first["step"] and later["seconds"] > first["seconds"]
    assert all(loss > 0 for loss in later["losses"])
    code = later["code"]
    assert brought(code).picture().shape == (64, 64, 3)
    steered = steer_ask.edit([KNOBS | {"who": "found", "smile": 2.0}, code])
    assert steered["image"] != steer_ask.edit([KNOBS | {"who": "found"}, code])["image"]
    act.pulls.drop(first["token"])
    assert act.more([first["token"]])["error"]["key"] == "widgets.generate.gone"


def test_the_first_guess_is_where_the_search_begins(face: np.ndarray) -> None:
    asked = [KNOBS, {"face": faces.png_url(face)}]
    assert act.guess(asked)["mse"] == pytest.approx(Search(face, "layers").state.mse)


@pytest.mark.parametrize("data", [None, {}, {"face": None}, {"face": "data:image/png;base64,AAAA"}, {"face": 2**63}])
def test_what_is_no_face_is_refused(data: object) -> None:
    assert set(act.begin([KNOBS, data])) == {"error"} == set(act.guess([KNOBS, data]))


def test_the_endpoint_finds_a_face(face: np.ndarray) -> None:
    picture, error = steer_api.gan_find(faces.png_url(face), 0.5, None)
    assert picture.size == (64, 64) and error["steps"] >= 1
    shown = np.square((np.asarray(picture).astype(float) - face) / 255).mean()
    assert error["mse"] == pytest.approx(shown, abs=2e-4)
