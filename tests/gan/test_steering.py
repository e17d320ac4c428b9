"""Directions in w: what holds for any generator, and what the ones that ship do."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gallery.rooms.gan import room, steer_api
from gallery.rooms.gan import steer_ask as asks
from gallery.widgets.found import brought, kept
from models.faces.vocabulary import DIRECTIONS
from models.gan import found
from models.gan.gan import gan
from models.gan.steering import NAMES, principal_axes, steering
from models.gan.vocabulary import AXES, REACH
from models.weights.cards import fingerprint, load_card, take
from training.gan.directions import LAYERS, Judged, differences, loss_of, moves

KNOBS: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()}


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))).astype(int)


def row(**k: float) -> list[float]:
    return [k.get(name, 0.0) for name in NAMES]


# ---- principal axes ------------------------------------------------------------------------------------------
def test_principal_axes_are_those_of_a_known_gaussian() -> None:
    generator = torch.Generator().manual_seed(0)
    turn, _ = torch.linalg.qr(torch.randn(6, 6, generator=generator))
    sizes = torch.tensor([5.0, 3.0, 2.0, 1.0, 0.5, 0.1])
    w = torch.randn(40_000, 6, generator=generator) * sizes @ turn.T + 7
    axes = principal_axes(w, 3)
    torch.testing.assert_close(axes.norm(dim=1), sizes[:3], rtol=0.03, atol=0)
    cosine = torch.nn.functional.cosine_similarity(axes, turn.T[:3]).abs()
    assert bool((cosine > 0.999).all())


def test_principal_axes_stand_at_right_angles_and_have_a_fixed_sign() -> None:
    w = torch.randn(2000, 8, generator=torch.Generator().manual_seed(1)) * torch.arange(1.0, 9)
    axes = principal_axes(w)
    gram = axes @ axes.T
    assert float((gram - gram.diag().diag()).abs().max()) < 1e-2 * float(gram.max())
    torch.testing.assert_close(principal_axes(-w), axes)  # of w and of -w: the sign does not come from chance
    assert bool((axes.gather(1, axes.abs().argmax(dim=1, keepdim=True)) > 0).all())


# ---- the recipe ----------------------------------------------------------------------------------------------
def test_the_differences_are_balanced() -> None:
    """In faces where women smile more often, the smile's difference carries no gender along."""
    rng = np.random.default_rng(0)
    woman, old = rng.random(8000) < 0.5, rng.normal(size=8000)
    smiles = rng.random(8000) < np.where(woman, 0.8, 0.3)
    logits = np.stack([np.where(smiles, 5, -5), np.where(woman, 5, -5), old], axis=1) + rng.normal(size=(8000, 3)) / 2
    w = np.stack([2.0 * smiles, 3.0 * woman, old], axis=1) + 0.1 * rng.normal(size=(8000, 3))
    found = differences(Judged(torch.tensor(w, dtype=torch.float32), torch.tensor(logits, dtype=torch.float32)))
    torch.testing.assert_close(found[0], torch.tensor([2.0, 0.0, 0.0]), atol=0.1, rtol=0)
    torch.testing.assert_close(found[2], torch.tensor([0.0, 3.0, 0.0]), atol=0.1, rtol=0)
    assert found[1][2] > 2 and found[1][:2].abs().max() < 0.15


def test_the_loss_of_a_direction_wants_what_it_says_and_nothing_else() -> None:
    before, k = torch.tensor([[-6.0, 4.0, 0.0]]), torch.tensor([2.0])

    def loss(*after: float) -> float:
        return float(loss_of("smile", before, torch.tensor([after]), k))

    best = loss(6.0, 4.0, 0.0)
    assert best < loss(-6.0, 4.0, 0.0) and best < loss(6.0, -4.0, 0.0) and best < loss(6.0, 4.0, 1.0)


def test_layers_beyond_the_shares_are_not_moved() -> None:
    moved = moves(torch.ones(LAYERS, 3), torch.randn(3, 5), 9)
    assert moved.shape == (9, 5) and bool(moved[:LAYERS].abs().sum(1).all()) and not moved[LAYERS:].any()


# ---- what ships ----------------------------------------------------------------------------------------------
def test_a_network_is_known_by_its_own_tensors() -> None:
    network, more = {"a.weight": torch.ones(2, 3), "b.weight": torch.zeros(3)}, {"film.frames": torch.ones(4)}
    known = fingerprint(take(network, "a."))
    assert fingerprint(take({**more, **dict(reversed(network.items()))}, "a.")) == known
    assert fingerprint(network) == fingerprint(dict(reversed(network.items()))) != known
    assert fingerprint({"weight": torch.ones(3, 2)}) != known != fingerprint({"weight": torch.ones(2, 3) * 1.001})


def test_the_directions_and_the_encoder_are_of_the_generator_that_ships() -> None:
    known = gan("faces").generator_known_by
    assert load_card("gan-steering").network["generator"] == load_card("gan-encoder").network["generator"] == known


def test_no_k_changes_nothing_and_k_adds_up() -> None:
    directions, w = steering(), gan("faces").of_seeds([3], 0.7)[0]
    assert torch.equal(directions.edit(w, row()), w)
    both = directions.edit(w, row(smile=1, axis2=-2))
    torch.testing.assert_close(both, directions.edit(directions.edit(w, row(smile=1)), row(axis2=-2)))
    torch.testing.assert_close(directions.edit(both, row(smile=-1, axis2=2)), w, atol=1e-5, rtol=0)


def test_the_axes_are_one_row_in_all_layers_and_stand_at_right_angles() -> None:
    axes = steering().directions[len(DIRECTIONS) :]
    assert axes.shape[:2] == (len(AXES), 9) and bool((axes == axes[:, :1]).all())
    gram = axes[:, 0] @ axes[:, 0].T
    assert float((gram - gram.diag().diag()).abs().max()) < 1e-3 * float(gram.max())
    lengths = axes[:, 0].norm(dim=1)
    assert bool((lengths[:-1] >= lengths[1:]).all()), "the first axis is that of most variance"


def test_the_card_keeps_what_was_asked_for() -> None:
    quality = load_card("gan-steering").quality
    for name in ("smiling", "not_smiling"):
        for faces in ("", "_of_2000"):
            assert float(quality[f"{name}_k2{faces}"]) >= 0.95
            assert float(quality[f"{name}_gender_kept_k2{faces}"]) >= 0.9


def test_a_row_goes_from_one_end_to_the_other_through_the_face_itself() -> None:
    face = found.of_seed(gan("faces"), 16, 0.7)
    pictures, marks = face.along(row(smile=2.0, age=1.0), "smile")
    assert marks[0] == -REACH and marks[-1] == REACH and marks[len(marks) // 2] == 0
    middle = face.steered(row(age=1.0)).picture()
    assert np.abs(pictures[len(marks) // 2].astype(int) - middle).max() <= 1
    assert np.abs(pictures[0].astype(int) - pictures[-1]).mean() > 4


# ---- walks and mixtures --------------------------------------------------------------------------------------
def with_offsets(seed: int) -> found.Found:
    model = gan("faces")
    face = found.of_seed(model, seed, 0.7)
    generator = torch.Generator().manual_seed(seed)
    offsets = [torch.randn(1, side, side, generator=generator) for side in model.shape.sides]
    return found.Found(model, face.w, offsets)


@pytest.mark.parametrize("make", [lambda seed: found.of_seed(gan("faces"), seed, 0.7), with_offsets])
def test_a_walk_begins_at_the_one_and_ends_at_the_other(make: Any) -> None:
    a, b = make(1), found.of_seed(gan("faces"), 2, 0.7)
    frames = a.walked(b, [0.0, 0.5, 1.0]).astype(int)
    assert np.abs(frames[0] - a.picture()).max() <= 1 and np.abs(frames[2] - b.picture()).max() <= 1
    assert np.abs(frames[1] - frames[0]).mean() > 2


@pytest.mark.parametrize("make", [lambda seed: found.of_seed(gan("faces"), seed, 0.7), with_offsets])
def test_a_mixture_of_no_layers_is_the_other_and_of_all_the_one(make: Any) -> None:
    a, b = make(1), found.of_seed(gan("faces"), 2, 0.7)
    assert np.abs(a.mixed(b, 9).picture().astype(int) - a.picture()).max() <= 1
    assert np.abs(a.mixed(b, 0).picture().astype(int) - b.picture()).max() <= 1


@pytest.mark.parametrize("make", [lambda seed: found.of_seed(gan("faces"), seed, 0.7), with_offsets])
def test_what_the_browser_keeps_is_the_face(make: Any) -> None:
    face = make(5)
    again = brought(kept(face))
    assert len(again.offsets) == len(face.offsets)
    assert np.abs(again.picture().astype(int) - face.picture()).max() <= 8, "half precision"


# ---- what the act answers ------------------------------------------------------------------------------------
def test_the_act_and_the_api_make_the_same_face() -> None:
    knobs = KNOBS | {"face": 28, "smile": -2.0, "age": 1.0, "psi": 0.7}
    shown = pixels(asks.edit([knobs, None])["image"])
    drawn = np.asarray(steer_api.gan_edit(28, -2.0, 1.0, 0.0, 0.7, None)).astype(int)
    assert np.abs(shown - drawn).mean() < 3
    assert asks.edit([knobs, None])["image"] == asks.edit([knobs, None])["image"]
    assert np.abs(drawn - np.asarray(steer_api.gan_edit(28, 0.0, 0.0, 0.0, 0.7, None)).astype(int)).mean() > 4


def test_the_strip_goes_along_the_slider_that_was_moved_last() -> None:
    answer = asks.row([KNOBS | {"along": "axis2"}, None])
    assert answer["knob"] == "axis2" and answer["n"] == len(answer["values"]) == len(answer["captions"]) == 25
    assert all(room.KNOBS["axis2"].fits(value) for value in answer["values"])


def test_the_vae_is_shown_the_generators_face_or_the_photo_that_was_looked_for() -> None:
    face = found.of_seed(gan("faces"), 7, 0.7)
    photo = asks.photo.png_url(face.picture())
    own = asks.beside([KNOBS | {"face": 28}, {"code": None, "face": photo}])
    given = asks.beside([KNOBS | {"who": "found"}, {"code": kept(face), "face": photo}])
    assert np.abs(pixels(own["before"]) - pixels(own["vae"])).mean() < 12, "without k the VAE's is a reconstruction"
    assert np.abs(pixels(given["vae"]) - face.picture()).mean() < 12
    assert np.abs(pixels(own["vae"]) - pixels(given["vae"])).mean() > 12


def test_a_walk_leads_from_the_steered_face_to_the_partner() -> None:
    knobs = KNOBS | {"face": 28, "smile": -2.0, "partner": 16}
    answer = asks.walk([knobs, None])
    assert np.abs(pixels(answer["a"]) - pixels(asks.edit([knobs, None])["image"])).mean() < 2
    assert answer["knob"] == "share" and answer["values"][0] == 0 and answer["values"][-1] == 1
    assert np.abs(pixels(asks.cross([knobs | {"cross": 0}, None])["image"]) - pixels(answer["b"])).mean() < 2


@pytest.mark.parametrize(
    "change",
    [{"smile": float("nan")}, {"age": 3.1}, {"axis1": "1"}, {"face": 2**63}, {"psi": [1]}, {"who": "me"}],
)
def test_bad_knobs_get_one_sentence(change: dict[str, Any]) -> None:
    assert set(asks.edit([KNOBS | change, None])) == {"error"}


@pytest.mark.parametrize(
    "code",
    [
        None,
        7,
        "?",
        "AAAA",
        "A" * 20_000,
        base64.b64encode(np.full(1152, np.nan, "<f2").tobytes()).decode(),
        base64.b64encode(np.full(1152, 1000, "<f2").tobytes()).decode(),
    ],
)
def test_what_is_no_found_face_is_refused(code: object) -> None:
    assert asks.edit([KNOBS | {"who": "found"}, code])["error"]["key"].startswith("input.")
