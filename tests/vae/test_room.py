"""What the VAE room says of what it shows: which ELBO, which scale, and whose picture x is."""

from __future__ import annotations

from typing import Any

import pytest

from gallery.rooms.vae import plane, room, smile_ask
from gallery.widgets import faces
from gallery.widgets.answers import png_url

KNOBS: dict[str, Any] = {name: knob.default for name, knob in room.KNOBS.items()}


@pytest.mark.parametrize(
    ("beta", "key"), [("1", "vae.terms.elbo"), ("4", "vae.terms.objective"), ("0", "vae.terms.ae")]
)
def test_only_at_beta_1_the_sum_is_called_a_bound(beta: str, key: str) -> None:
    answer = plane.decode([KNOBS | {"beta": beta}, 0.6, -0.3])
    assert answer["sum"]["key"] == key
    if beta != "0":
        terms = answer["sum"]["args"]
        assert terms["total"] == pytest.approx(terms["reconstruction"] - float(beta) * terms["kl"])


def test_an_autoencoders_point_and_its_code_stand_side_by_side() -> None:
    said = plane.decode([KNOBS | {"beta": "0"}, -3.0, 1.0])["point"]
    assert said["key"] == "vae.plaque.rescaled" and (said["args"]["u"], said["args"]["v"]) == (-3.0, 1.0)
    assert (said["args"]["z1"], said["args"]["z2"]) != (-3.0, 1.0)
    assert plane.decode([KNOBS, -3.0, 1.0])["point"] == {
        "key": "vae.plaque.point",
        "args": {"u": -3.0, "v": 1.0},
        "digits": {"u": 2, "v": 2},
    }


def test_the_models_own_face_is_marked_and_its_error_is_set_beside_that_of_photographs() -> None:
    told = {}
    for name in ("1", faces.PORTRAIT):
        answer = smile_ask.encode([KNOBS | {"face": name}, {"face": png_url(faces.sample(name))}])
        told[name] = answer["from_where"]["key"], answer["missed"]["key"], answer["mse"]
    assert told["1"][:2] == ("vae.smile.ours", "vae.plaque.ours")
    assert told[faces.PORTRAIT][:2] == ("vae.smile.original", "vae.plaque.face")
    assert told["1"][2] < told[faces.PORTRAIT][2] / 3


def test_the_learned_prior_is_told_as_the_mixture_that_it_is() -> None:
    said = smile_ask.sheet([KNOBS, None])["prior"]
    assert said["args"]["k"] == len(smile_ask.smile.faces().prior.log_weights) > 1
