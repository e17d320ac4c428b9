"""A smile in three ways: each is what its own model makes, and what is said of it is measured."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gallery.rooms.cyclegan import translate_ask, ways_ask
from gallery.widgets import faces as photo
from gallery.widgets.answers import png_url
from gallery.widgets.found import brought, kept
from models.cyclegan import cyclegan, smiles
from models.gan import finding, found
from models.gan.gan import gan
from models.gan.steering import NAMES
from models.vae.smile import faces

KNOBS = {"direction": "b2a", "strength": 1.0}


def asked(knobs: dict[str, Any], face: object, code: object = None) -> dict[str, Any]:
    return ways_ask.compare([KNOBS | knobs, {"face": face, "code": code}])


def test_halves_and_detail_are_what_they_are_called() -> None:
    changed = np.zeros((2, 4, 6))
    changed[:, 2:] = 0.5
    changed[0, 0] = 1
    assert smiles.halves(changed) == (0.25, 0.5)
    stripes = torch.zeros(1, 3, 8, 8)
    stripes[..., ::2] = 200
    flat = torch.full((1, 3, 8, 8), 77)
    assert smiles.detail(torch.cat([stripes, flat])).tolist() == pytest.approx([100, 0])


def test_a_look_is_measured_against_the_face() -> None:
    face = photo.portrait()
    moved = face.copy()
    moved[32:] = np.where(moved[32:] > 127, moved[32:] - 51, moved[32:] + 51)
    same, other = smiles.looks(face, [face, moved])
    assert (same.upper, same.lower, same.change, same.detail) == (0, 0, 0, 1)
    assert other.upper == 0 and other.lower == pytest.approx(0.2) and other.change == pytest.approx(0.1)
    assert same.chance == pytest.approx(torch.tensor(same.logit).sigmoid().item())
    assert smiles.Look(face, -1e4, 0, 0, 1).chance == pytest.approx(0) and smiles.Look(face, 1e4, 0, 0, 1).chance == 1


@pytest.mark.parametrize("way", ["a2b", "b2a"])
def test_each_way_is_that_of_its_model_and_moves_the_smile_the_same_way(way: str) -> None:
    sign = 1 if way == "a2b" else -1
    face = photo.sample("1" if sign > 0 else "3")
    other = found.of_seed(gan("faces"), 12, 0.7)
    answer = asked({"direction": way}, png_url(face), kept(other))
    first = ways_ask.translated(face, sign)
    assert np.array_equal(first[0], face)
    assert np.array_equal(first[1], cyclegan.translate("smile", "there" if sign > 0 else "back", face))
    model = faces()
    z = model.encode(face).mu
    assert np.array_equal(ways_ask.decoded(face, sign)[1], model.picture(model.edit(z, [sign, 0, 0])))
    at = brought(kept(other))
    ends = [at.picture(), at.steered([sign, *[0] * (len(NAMES) - 1)]).picture()]
    assert all(np.array_equal(a, b) for a, b in zip(ways_ask.steered(kept(other), sign), ends, strict=True))
    pair, vae, _ = answer["ways"]
    for each in (pair, vae):
        assert sign * (each["after"]["logit"] - each["before"]["logit"]) > 5
    assert pair["before"]["change"] == 0 < vae["before"]["change"]
    assert pair["after"]["lower"] > pair["after"]["upper"], "a smile is below"


def test_before_the_face_is_found_there_are_two_and_without_strength_nothing_moves() -> None:
    answer = asked({"strength": 0}, png_url(photo.sample("3")))
    assert len(answer["ways"]) == 2
    assert all(each["before"] == each["after"] for each in answer["ways"])


def test_the_search_is_pulled_and_its_end_brings_the_face(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding.Search.__init__, "__defaults__", (1e6, 10))
    face = ways_ask.cut([{"face": "", "sample": photo.PORTRAIT}])
    assert not face["ours"] and ways_ask.cut([{"face": "", "sample": "1"}])["ours"]
    cut = np.asarray(Image.open(io.BytesIO(base64.b64decode(face["face"].partition(",")[2]))))
    assert np.array_equal(cut, photo.portrait())
    answer = ways_ask.begin([face])
    token = answer["token"]
    while not answer["done"]:
        assert "code" not in answer
        answer = ways_ask.more([token])
    assert (answer["step"], answer["most"]) == (10, 10)
    assert len(asked({}, face["face"], answer["code"])["ways"]) == 3
    assert ways_ask.more([token])["error"]["key"] == "widgets.generate.gone"


@pytest.mark.parametrize("bad", [float("nan"), [], 2**63, "train", None, True])
def test_what_makes_no_sense_gets_a_sentence(bad: object) -> None:
    face = png_url(photo.sample("3"))
    assert asked({"direction": bad}, face)["error"]["key"] == "input.choice"
    assert asked({"strength": bad}, face)["error"]["key"] in ("input.number", "input.range")
    assert asked({}, bad)["error"]["key"] in ("widgets.photo.not_a_face", "picture.address")
    if bad is not None:
        assert asked({}, face, bad)["error"]["key"] in ("input.text", "input.list")
    assert ways_ask.begin([{"face": bad}])["error"]["key"] in ("widgets.photo.not_a_face", "picture.address")
    assert ways_ask.cut([{"face": bad, "sample": None}])["error"]["key"] in ("input.text", "picture.address")
    assert ways_ask.cut([bad])["error"]["key"] == "input.list"


def test_the_face_is_cut_as_the_act_cuts_it() -> None:
    for name in ("painting1", "6"):
        image = Image.fromarray(translate_ask.bundled(name))
        expected = png_url(translate_ask.fitted(image, "smile"))
        assert ways_ask.cut([{"face": "", "sample": name}])["face"] == expected
    own = photo.PORTRAIT_FILE.read_bytes()
    brought = ways_ask.cut([{"face": f"data:image/jpeg;base64,{base64.b64encode(own).decode()}", "sample": None}])
    assert brought == {"face": png_url(photo.portrait()), "ours": False}, "a face is found in a photo of one's own"
