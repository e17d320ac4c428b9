"""The act "translate": what its calls answer, the discriminators' patches, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gallery.rooms.cyclegan import translate_api
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan import translate_rest as rest
from gallery.rooms.cyclegan import translate_sizes as sizes
from gallery.widgets import faces as photo
from gallery.widgets.answers import jpeg_url, png_url
from models.cyclegan import cyclegan, patches, seen
from models.cyclegan.discriminators import PatchGAN, ScaledPatchGAN
from models.cyclegan.vocabulary import PAIRS, WAYS
from models.weights.cards import Card, load_card
from training.cyclegan.pairs import PAIRS as recipes

KNOBS = {"pair": "monet", "direction": "a2b", "size": "own", "network": "fast"}


def told(knobs: dict[str, Any], sample: str | None = "collins", face: str = "", fn: Any = None) -> dict[str, Any]:
    return (fn or asks.travel)([KNOBS | knobs, {"face": face, "sample": sample}])


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
    found = cyclegan.verdicts("monet", "b", picture)
    assert found is not None and isinstance(found.values, np.ndarray)
    assert (found.field, found.step) == (34, 4) and found.values.shape == (62, 62)
    assert found.mean == pytest.approx(float(found.values.mean()))
    made = cyclegan.translate("monet", "there", asks.bundled("collins"))
    other = cyclegan.verdicts("monet", "b", made)
    assert other is not None and found.mean != other.mean
    grey = patches.shown(np.array([[0.0, 1.0], [2.0, -1.0]], np.float32), 4, 6)
    assert grey.shape == (4, 6) and grey[0].tolist() == [0] * 3 + [255] * 3 and grey[3].tolist() == [255] * 3 + [0] * 3


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("way", WAYS)
def test_a_journey_is_that_of_the_model(pair: str, way: str) -> None:
    sample = {"monet": "painting2", "emoji": "noto1", "smile": "1"}[pair]
    knobs = {"pair": pair, "direction": way}
    answer = told(knobs, sample) | told(knobs, sample, fn=rest.back)
    picture = asks.bundled(sample)
    trip = cyclegan.round_trip(pair, asks.direction(way), picture)
    assert answer["cycle"] == pytest.approx(trip.cycle_error) and 0 < trip.cycle_error < 0.5
    assert answer["translated"] == jpeg_url(trip.translated, 95) and answer["returned"] == jpeg_url(trip.returned, 95)
    kept = load_card(f"cyclegan-{pair}").network.get("discriminators") is not None
    judged = told(knobs, sample, fn=rest.judge)
    assert (judged["patches"] is not None) == kept
    if kept:
        found = cyclegan.verdicts(pair, rest.target(way), trip.translated)
        assert found is not None and judged["means"][1] == found.mean and judged["field"] == found.field


def test_a_page_that_shows_the_input_gets_the_translation_alone() -> None:
    wish = [KNOBS | {"pair": "emoji"}, {"face": "", "sample": "noto1"}]
    both, alone = asks.travel(wish), asks.travel([wish[0], {**wish[1], "known": True}])
    assert alone == both | {"input": None} and both["input"] == jpeg_url(asks.bundled("noto1"), 95)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("way", WAYS)
def test_the_identity_is_of_a_picture_that_needs_no_translation(pair: str, way: str) -> None:
    others, own = asks.FIRST[pair][WAYS.index(way)], asks.FIRST[pair][1 - WAYS.index(way)]
    knobs = {"pair": pair, "direction": way}
    answer = told(knobs, others, fn=rest.identity)
    y = asks.bundled(own)
    made = cyclegan.translate(pair, asks.direction(way), y)
    assert answer["translated"] == jpeg_url(made, 95) and answer["input"] == jpeg_url(y, 95)
    assert (
        answer["change"] == pytest.approx(float(np.abs(made / 255 - y / 255).mean()), abs=1e-6) and answer["change"] > 0
    )
    assert not answer["chosen"] and answer["taught"] == (recipes[pair].weights.identity > 0)
    if pair != "smile":
        assert told(knobs, own, fn=rest.identity) == answer | {"chosen": True}


def test_a_visitors_painting_is_its_own_identity() -> None:
    painting = png_url(asks.bundled("painting2"))
    assert told({}, None, painting, rest.identity)["input"] == jpeg_url(asks.bundled("painting2"), 95)
    assert told({"direction": "b2a"}, None, painting, rest.identity)["input"] == jpeg_url(asks.bundled("collins"), 95)


def test_a_photo_keeps_its_shape_and_is_at_most_as_large_as_the_device_takes() -> None:
    wide = np.random.default_rng(0).integers(0, 255, (300, 900, 3), np.uint8)
    answer = told({}, None, png_url(wide))
    assert (answer["width"], answer["height"]) == (512, 171)


def test_a_size_is_that_of_the_picture_before_it_is_translated() -> None:
    wide = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 128, 3), np.uint8))
    answer = told({"size": "192"}, None, png_url(np.array(wide)), sizes.sized)
    enlarged = np.array(wide.resize((192, 96), Image.Resampling.LANCZOS))
    assert answer["translated"] == jpeg_url(cyclegan.translate("monet", "there", enlarged), 95)
    assert (answer["width"], answer["height"], answer["own"]) == (192, 96, [128, 64])
    taken = told({"size": "192"}, None, png_url(np.array(wide)))
    assert taken["translated"] == answer["translated"], "a click shows what the strip showed"
    assert max(asks.scaled(Image.new("RGB", (600, 40)), 96).size) == 480, "the shape stays, the shorter side suffices"
    assert told({"size": "97"}, fn=sizes.sized)["error"]["key"] == "input.choice"
    assert told({"pair": "emoji", "size": "96"}, fn=sizes.sized)["error"]["key"] == "input.choice"


@pytest.mark.parametrize("bad", [float("nan"), [], 2**63, "train", None, True])
def test_what_makes_no_sense_gets_a_sentence(bad: object) -> None:
    for fn in (asks.travel, rest.back, rest.judge, rest.identity, sizes.sized):
        for name in ("pair", "direction", "size", "network"):
            assert told({name: bad}, fn=fn)["error"]["key"] == "input.choice"
        answer = fn([KNOBS, {"face": bad, "sample": None}])
        assert answer["error"]["key"] in ("input.text", "picture.address")


def test_the_endpoints_translate_and_judge() -> None:
    url = png_url(asks.bundled("painting2"))
    there, back, error = translate_api.cyclegan_translate(url, "monet", "b2a", "fast", None)
    trip = cyclegan.round_trip("monet", "back", asks.bundled("painting2"))
    assert np.array_equal(np.asarray(there), trip.translated) and np.array_equal(np.asarray(back), trip.returned)
    assert error == round(trip.cycle_error, 6)
    picture, mean = translate_api.cyclegan_patches(url, "monet", "b", None)
    found = cyclegan.verdicts("monet", "b", asks.bundled("painting2"))
    assert found is not None and mean == round(found.mean, 6)
    assert np.array_equal(np.asarray(picture), patches.shown(found.values, 256, 256))


def test_a_discriminator_has_the_sizes_that_its_card_says() -> None:
    card = load_card("cyclegan-monet")
    assert isinstance(cyclegan.Translators(card).critics.networks["a"], ScaledPatchGAN)


def test_a_pairs_file_is_read_once_and_its_discriminator_judges_only_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    load = cyclegan.load_tensors

    def loaded(card: Card) -> dict[str, torch.Tensor]:
        read.append(card.name)
        return load(card)

    monkeypatch.setattr(cyclegan, "load_tensors", loaded)
    model = cyclegan.Translators(load_card("cyclegan-monet"))
    monkeypatch.setattr(cyclegan, "translators", lambda name: model)
    ran: list[str] = []
    for name, net in {**model.networks, "critic": model.critics.networks["b"].parts[0]}.items():
        net.register_forward_hook(lambda *_, name=name: ran.append(name))
    knobs = {"over": "patches"}
    told(knobs), told(knobs, fn=rest.back)
    assert ran == ["there", "back"], "the way back begins at what was translated before"
    told(knobs, fn=rest.judge)
    assert ran == ["there", "back", "critic", "critic"] and read == ["cyclegan-monet"]
    for k in range(cyclegan.REMEMBERED):
        model.known("there", np.full((32, 32, 3), k, np.uint8))
    told(knobs)
    assert ran[4:] == ["there"] * (cyclegan.REMEMBERED + 1), "the oldest are forgotten"


def test_a_picture_that_is_there_already_is_noticed() -> None:
    painting, photograph = asks.bundled("painting1"), asks.bundled(photo.PORTRAIT)
    assert seen.side_of("monet", painting) == "b" and seen.side_of("monet", photograph) == "a"
    assert seen.side_of("monet", np.kron(painting, np.ones((2, 2, 1), np.uint8))) == "b", "of any size"
    assert seen.side_of("emoji", asks.bundled("noto1")) is None
    for sample, way, already in (("painting1", "a2b", True), ("painting1", "b2a", False), ("collins", "b2a", True)):
        assert told({"direction": way}, sample, fn=rest.back)["already"] is already
    quality = load_card("judge-monet").quality
    assert float(quality["monet"]) >= 0.9 and float(quality["photos"]) >= 0.95, "held-out paintings and photographs"
