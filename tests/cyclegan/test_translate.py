"""The act "translate": what its calls answer, the discriminators' patches, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from gallery.rooms.cyclegan import translate_api
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.widgets import faces as photo
from gallery.widgets.answers import jpeg_url, png_url
from models.cyclegan import cyclegan, patches, seen
from models.cyclegan.networks import PatchGAN, ScaledPatchGAN
from models.cyclegan.vocabulary import PAIRS, WAYS
from models.weights.cards import load_card

KNOBS = {"pair": "monet", "direction": "a2b"}


def told(knobs: dict[str, Any], sample: str | None = "collins", face: str = "") -> dict[str, Any]:
    return asks.travel([KNOBS | knobs, {"face": face, "sample": sample}])


@pytest.mark.parametrize("layers", [2, 3])
def test_a_verdict_depends_on_its_patch_and_on_nothing_else(layers: int) -> None:
    net = PatchGAN(layers, 4, normed=False)
    field, step = patches.receptive_field(net)
    assert field == {2: 34, 3: 70}[layers], "as in Appendix 7.2 of the paper"
    x = torch.randn(1, 3, 160, 160, requires_grad=True)
    y = net(x)
    i = y.shape[2] // 2
    y[0, 0, i, i].backward()
    assert x.grad is not None
    rows = x.grad.abs().sum((0, 1, 3)).nonzero().flatten()
    assert rows.max() - rows.min() + 1 == field and step == 2**layers


def test_the_map_holds_the_verdicts_of_the_discriminator_that_ships() -> None:
    picture = asks.bundled("painting1")
    found = patches.verdicts("monet", "b", picture)
    assert found is not None and isinstance(found.values, np.ndarray)
    assert (found.field, found.step) == (34, 4) and found.values.shape == (62, 62)
    assert found.mean == pytest.approx(float(found.values.mean()))
    made = cyclegan.translate("monet", "there", asks.bundled("collins"))
    other = patches.verdicts("monet", "b", made)
    assert other is not None and found.mean != other.mean
    grey = patches.shown(np.array([[0.0, 1.0], [2.0, -1.0]], np.float32), 4, 6)
    assert grey.shape == (4, 6) and grey[0].tolist() == [0] * 3 + [255] * 3 and grey[3].tolist() == [255] * 3 + [0] * 3


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("way", WAYS)
def test_a_journey_is_that_of_the_model(pair: str, way: str) -> None:
    sample = {"monet": "painting2", "emoji": "noto1", "smile": "1"}[pair]
    answer = told({"pair": pair, "direction": way}, sample)
    picture = asks.bundled(sample)
    trip = cyclegan.round_trip(pair, asks.direction(way), picture)
    assert answer["cycle"] == pytest.approx(trip.cycle_error) and 0 < trip.cycle_error < 0.5
    assert answer["translated"] == jpeg_url(trip.translated, 95) and answer["returned"] == jpeg_url(trip.returned, 95)
    kept = load_card(f"cyclegan-{pair}").network.get("discriminators") is not None
    assert (answer["patches"] is not None) == kept


def test_a_photo_keeps_its_shape_and_is_at_most_as_large_as_the_device_takes() -> None:
    wide = np.random.default_rng(0).integers(0, 255, (300, 900, 3), np.uint8)
    answer = told({}, None, png_url(wide))
    assert (answer["width"], answer["height"]) == (512, 171)


@pytest.mark.parametrize("bad", [float("nan"), [], 2**63, "train", None, True])
def test_what_makes_no_sense_gets_a_sentence(bad: object) -> None:
    for name in ("pair", "direction"):
        assert told({name: bad})["error"]["key"] == "input.choice"
    answer = asks.travel([KNOBS, {"face": bad, "sample": None}])
    assert answer["error"]["key"] in ("input.text", "picture.address")


def test_the_endpoints_translate_and_judge() -> None:
    url = png_url(asks.bundled("painting2"))
    there, back, error = translate_api.cyclegan_translate(url, "monet", "b2a", "fast", None)
    trip = cyclegan.round_trip("monet", "back", asks.bundled("painting2"))
    assert np.array_equal(np.asarray(there), trip.translated) and np.array_equal(np.asarray(back), trip.returned)
    assert error == round(trip.cycle_error, 6)
    picture, mean = translate_api.cyclegan_patches(url, "monet", "b", None)
    found = patches.verdicts("monet", "b", asks.bundled("painting2"))
    assert found is not None and mean == round(found.mean, 6)
    assert np.array_equal(np.asarray(picture), patches.shown(found.values, 256, 256))


def test_a_discriminator_has_the_sizes_that_its_card_says() -> None:
    card = load_card("cyclegan-monet")
    assert isinstance(patches.Critics(card).networks["a"], ScaledPatchGAN)


def test_a_picture_that_is_there_already_is_noticed() -> None:
    painting, photograph = asks.bundled("painting1"), asks.bundled(photo.PORTRAIT)
    assert seen.side_of("monet", painting) == "b" and seen.side_of("monet", photograph) == "a"
    assert seen.side_of("monet", np.kron(painting, np.ones((2, 2, 1), np.uint8))) == "b", "of any size"
    assert seen.side_of("emoji", asks.bundled("noto1")) is None
    assert asks.journey("monet", "a2b", painting).already and not asks.journey("monet", "b2a", painting).already
    assert asks.journey("monet", "b2a", photograph).already and not asks.journey("monet", "a2b", photograph).already
    quality = load_card("judge-monet").quality
    assert float(quality["monet"]) >= 0.9 and float(quality["photos"]) >= 0.95, "held-out paintings and photographs"
