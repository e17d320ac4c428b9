"""Laws of the ways through what a GAN has learned, and the figures that the room puts beside them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from models.gan import moves
from models.gan.gan import gan
from models.gan.moves import Chosen
from models.gan.vocabulary import DATA, LAYERS
from models.runtime.noise import noise_of
from models.weights.cards import load_card
from training.gan import steering

MARKS = [0.0, 0.25, 0.5, 0.75, 1.0]


def test_neighbours_are_about_that_angle_away_and_normal_again() -> None:
    z = noise_of([1], (4000,))
    around = moves.around(z, 60, range(10, 15))
    cosines = torch.cosine_similarity(around, z)
    torch.testing.assert_close(cosines, torch.full((5,), 0.5), atol=0.07, rtol=0)
    assert abs(float(around.std()) - 1) < 0.02 and abs(float(around.mean())) < 0.02
    torch.testing.assert_close(moves.around(z, 0, [7]), z)
    torch.testing.assert_close(moves.around(z, 90, [7]), noise_of([7], (4000,)), atol=1e-3, rtol=0)


@pytest.mark.parametrize("data", DATA)
def test_a_walk_leads_from_one_to_the_other_on_both_ways(data: str) -> None:
    model = gan(data)
    assert model.shape.layers == LAYERS[data]
    a, b = Chosen(3, 0), Chosen(8, 5 if model.shape.labels else 0)
    walk = moves.walk(model, a, b, MARKS, 0.7)
    for way in (walk.arc, walk.straight):
        torch.testing.assert_close(way[0], a.styles(model, 0.7)[0], atol=1e-4, rtol=0)
        torch.testing.assert_close(way[-1], b.styles(model, 0.7)[0], atol=1e-4, rtol=0)
    torch.testing.assert_close(walk.straight[2], (walk.straight[0] + walk.straight[4]) / 2)
    assert walk.detour > 1.001, "the mapping is not linear"
    assert moves.walk(model, a, a, MARKS, 0.7).detour == 1.0


def test_between_two_labels_their_vectors_are_blended() -> None:
    model = gan("fashion")
    halfway = moves.walk(model, Chosen(3, 0), Chosen(3, 9), [0.0, 0.5, 1.0], 1.0).arc[1, 0]
    pure = torch.cat([Chosen(3, label).styles(model, 1.0)[:, 0] for label in range(10)])
    assert (pure - halfway).norm(dim=1).min() > 0.01
    weights = torch.eye(10)[4:5]
    torch.testing.assert_close(model.styles(model.z([3]), 0.5, weights), Chosen(3, 4).styles(model, 0.5))


def test_crossings_are_what_mix_gives() -> None:
    model = gan("faces")
    rows = model.pictures(moves.crossings(model, Chosen(2), Chosen(9), 0.7)).astype(int)
    assert len(rows) == 10
    for layer in (0, 4, 9):
        assert np.abs(rows[layer] - model.mix(2, 9, layer, 0.7)).max() <= 1


def test_towards_the_mean_all_pictures_become_one() -> None:
    model = gan("faces")
    (a, b), (c, d) = (moves.towards_mean(model, Chosen(seed), [0.0, 1.0]) for seed in (1, 2))
    torch.testing.assert_close(a, c)
    assert (b - d).norm() > 0.1


# ---- what the cards say ---------------------------------------------------------------------------------------
def test_a_trait_is_taken_over_by_the_share_of_the_way_that_it_went() -> None:
    a, b = torch.randn(2, 50, 3, generator=torch.Generator().manual_seed(0)).double()
    assert steering.taken_over(a, a, b) == 0
    assert steering.taken_over(b, a, b) == pytest.approx(1)
    assert steering.taken_over(a + 0.3 * (b - a), a, b) == pytest.approx(0.3)


@pytest.mark.parametrize("data", DATA)
def test_variety_costs_and_the_cards_say_what(data: str) -> None:
    quality = load_card(f"gan-{data}").quality
    recall = [float(quality[f"recall_psi_{tenths:02d}"]) for tenths in steering.TENTHS]
    assert recall[0] == 0 and recall[-1] > 0.3
    # where psi is small, a handful of samples decide
    assert all(more > less - 0.03 for less, more in itertools.pairwise(recall))
    # measured once for the whole card, and once beside psi: the same samples
    assert recall[-1] == pytest.approx(float(quality["recall"]), abs=0.005)


def test_layers_are_named_by_what_they_change() -> None:
    quality = load_card("gan-faces").quality

    def share(layer: int, trait: str) -> float:
        return float(quality[f"from_{layer}_{trait}"])

    assert all(1 - share(2, trait) > 0.6 for trait in ("smile", "gender", "age")), "4x4 decides who it is"
    assert share(6, "colour") > 0.4, "32x32 decides the colour"
    assert share(4, "light") - share(6, "light") > 0.2, "16x16 decides the light"
    assert math.isclose(share(4, "age") - share(6, "age"), 0.17, abs_tol=0.05), "and the wrinkles"
