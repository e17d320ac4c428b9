"""The authors' checkpoints, once converted: in the act's menu by their cards, and what its endpoint translates with."""

from __future__ import annotations

import shutil
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
import torch

from gallery.rooms.cyclegan import translate, translate_api
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan import translate_rest as rest
from gallery.widgets.answers import jpeg_url, png_url
from models.cyclegan.networks import ResnetGenerator
from models.pictures.pictures import from_uint8, to_uint8
from models.weights import cards
from models.weights.cards import WEIGHTS, Shelf
from training.cyclegan.convert import main

KNOBS = {"pair": "monet", "direction": "a2b", "size": "own", "network": "both"}
ASKED = {"face": "", "sample": "noto1"}


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[ResnetGenerator]:
    """Two generators as the authors save them and of their size, converted: both into one card, and one alone."""
    torch.manual_seed(0)
    networks = [ResnetGenerator().eval() for _ in "AB"]
    a, b = (str(tmp_path / f"latest_net_G_{name}.pth") for name in "AB")
    for path, network in zip((a, b), networks, strict=True):
        torch.save(network.state_dict(), path)
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("cyclegan-monet.toml", "cyclegan-monet.safetensors"):
        shutil.copy(WEIGHTS / name, folder)
    main(["cyclegan", a, "--back", b, "--name", "cyclegan-both", "--title", "Horse and zebra", "--folder", str(folder)])
    main(["cyclegan", a, "--name", "cyclegan-one", "--folder", str(folder)])
    shelf = Shelf(folder)
    monkeypatch.setattr(cards, "shelf", lambda: shelf)
    monkeypatch.setattr(asks, "NETWORKS", asks.converted(folder))
    return networks


def run(network: ResnetGenerator, picture: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return to_uint8(network(from_uint8(picture[None])))[0]


def test_a_converted_card_is_in_the_menu_and_translates(theirs: list[ResnetGenerator]) -> None:
    with gr.Blocks():
        menu = translate.Translate("cyclegan").props["networks"]
    assert [tuple(each) for each in menu] == [("both", "Horse and zebra"), ("one", "cyclegan-one")], "and none of ours"
    picture = asks.bundled("noto1")
    expected = run(theirs[0], picture)
    there, back, error = translate_api.cyclegan_translate(png_url(picture), "monet", "a2b", "both", None)
    assert np.abs(np.asarray(there).astype(int) - expected).max() <= 1
    assert np.abs(np.asarray(back).astype(int) - run(theirs[1], np.asarray(there))).max() <= 1
    assert error == pytest.approx(np.abs(np.asarray(back) / 255 - picture / 255).mean(), abs=1e-5)
    assert asks.travel([KNOBS, ASKED])["translated"] == jpeg_url(np.asarray(there), 95), "the page shows the same"
    assert rest.judge([KNOBS, ASKED])["patches"] is None


def test_weights_of_one_direction_say_so(theirs: list[ResnetGenerator]) -> None:
    one = KNOBS | {"network": "one"}
    assert "translated" in asks.travel([one, ASKED])
    for answer in (rest.back([one, ASKED]), asks.travel([one | {"direction": "b2a"}, ASKED])):
        assert answer["error"]["key"] == "cyclegan.translate.one_way"
    with pytest.raises(gr.Error, match="one direction only"):
        translate_api.cyclegan_translate(png_url(asks.bundled("noto1")), "monet", "a2b", "one", None)
