"""The deepfake: whose face comes out, that the smile stays, that the detector finds out; what the encoder is shown."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.deepfake.deepfake import PEOPLE, Swapper, swapper
from models.judges.judges import SMILE, load_judge, verdicts
from training.deepfake.evaluation import DISGUISES, found_out, to_images
from training.deepfake.people import photographs
from training.deepfake.recipe import COLOUR, PHOTOGRAPHS, SHIFT, on_its_way, put_off
from training.judges.distances import features

HELD_OUT = range(PHOTOGRAPHS, PHOTOGRAPHS + 60)


def test_what_the_encoder_is_shown_is_off_by_little_and_never_by_the_same() -> None:
    torch.manual_seed(0)
    x = torch.rand(8, 3, 64, 64) * 0.2 + torch.linspace(-0.5, 0.5, 64)
    y = put_off(x)
    assert y.shape == x.shape
    moved = (y - x).abs().mean(dim=(1, 2, 3))
    assert moved.min() > 0 and moved.max() < 2 * COLOUR + SHIFT + 0.2
    assert not torch.equal(y[0], put_off(x)[0])


def test_a_third_of_what_the_detector_is_shown_arrives_as_it_was_and_none_beyond_the_range() -> None:
    torch.manual_seed(0)
    x = torch.rand(300, 3, 16, 16) * 2 - 1
    y = on_its_way(x)
    same = (y == x).flatten(1).all(dim=1).float().mean()
    assert 0.2 < same < 0.5 and y.abs().max() <= 1
    rough = (y.diff(dim=3).square().mean(dim=(1, 2, 3)) / x.diff(dim=3).square().mean(dim=(1, 2, 3))).round(decimals=3)
    assert (rough < 0.9).any() and (rough > 1).any(), "some are softer, some noisier"


def test_both_decoders_are_told_the_same_and_say_something_else() -> None:
    torch.manual_seed(0)
    network, x = Swapper(latent=6, widths=(8, 8, 8)), torch.rand(16, 3, 64, 64)
    z = network.encode(x, "a")
    torch.testing.assert_close(z.mean(dim=0), torch.zeros(6), atol=1e-4, rtol=0)
    made = {person: network(x, "a", person) for person in PEOPLE}
    assert made["a"].shape == x.shape and not torch.equal(made["a"], made["b"])
    torch.testing.assert_close(made["b"], network.decoders["b"](z))
    with pytest.raises(KeyError):
        network(x, "a", "c")


@pytest.mark.parametrize(("person", "other"), [("a", "b"), ("b", "a")])
def test_the_face_becomes_the_others_and_keeps_its_smile(person: str, other: str) -> None:
    judge = load_judge("faces")
    taken = {each: to_images(photographs(each, HELD_OUT)) for each in PEOPLE}
    home = {each: features(judge, taken[each]).mean(dim=0) for each in PEOPLE}
    swapped = to_images(swapper().swap(photographs(person, HELD_OUT), person, other))
    seen = features(judge, swapped)
    nearer = (seen - home[other]).norm(dim=1) < (seen - home[person]).norm(dim=1)
    assert nearer.float().mean() > 0.9
    smiles = torch.stack([verdicts(judge, pictures)[:, SMILE] for pictures in (taken[person], swapped)])
    assert torch.corrcoef(smiles)[0, 1] > 0.6


def test_the_detector_finds_out_what_it_has_not_seen() -> None:
    real = photographs("a", HELD_OUT)
    swapped = swapper().swap(photographs("b", HELD_OUT), "b", "a")
    assert found_out(real, swapped) > 0.95
    assert found_out(real, real) == 0.5
    for disguise in DISGUISES.values():
        assert found_out(*(np.stack([disguise(each) for each in many]) for many in (real, swapped))) > 0.8


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_a_picture_a_little(name: str) -> None:
    picture = photographs("a", HELD_OUT)[0]
    changed = DISGUISES[name](picture)
    assert changed.shape == picture.shape and changed.dtype == np.uint8
    assert 0 < np.abs(changed.astype(float) - picture).mean() < 15
