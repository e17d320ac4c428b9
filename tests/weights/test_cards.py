"""Cards are read strictly and written the same way each time; weights are loaded exactly or not at all."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from models.weights import cards
from models.weights.__main__ import main
from models.weights.cards import Card, Held, HubSource, Shelf, Source, Trained, WeightsError
from models.weights.publish import front_matter, table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The gallery's shelf, moved to an empty folder, with no Hub."""
    monkeypatch.delenv("GALLERY_HUB_REPO", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    moved = Shelf(tmp_path / "weights", tmp_path / "cache")
    monkeypatch.setattr(cards, "shelf", lambda: moved)
    return moved


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))


def put(shelf: Shelf, module: nn.Module, name: str = "net", half: bool = False) -> Card:
    """Weights and card of a small network, in the shelf's folder."""
    sha256 = cards.save_weights(module.state_dict(), shelf.folder / f"{name}.safetensors", half)
    card = Card(name=name, title="A net", params=16, file=f"{name}.safetensors", sha256=sha256)
    cards.save_card(card, shelf.folder / f"{name}.toml")
    return card


FULL = Card(
    name="faces",
    title="Лица, 64×64",
    params=2_345_678,
    file="faces.safetensors",
    sha256="a" * 64,
    recipe="python -m training.vae faces --minutes 60",
    data='"UTKFace"',
    data_terms="non-commercial",
    licence="CC BY-NC 4.0",
    paper="https://arxiv.org/abs/1312.6114",
    quality_on="the 1,000 validation faces",
    network={"latent": 192, "widths": [48, 96, 144]},
    prior={"layers": 6},
    trained=Trained(60.0, 630_000, "CPU", "2026-11-21"),
    quality={"mse": 0.0028, "smiling": 0.91, "judge": "resnet"},
    hub=HubSource("user/repo", "main", "faces.safetensors", "b" * 64),
)


def test_a_card_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    cards.save_card(FULL, tmp_path / "faces.toml")
    first = (tmp_path / "faces.toml").read_bytes()
    again = cards.load_card("faces", tmp_path)
    cards.save_card(again, tmp_path / "faces.toml")
    assert again == FULL
    assert (tmp_path / "faces.toml").read_bytes() == first
    assert [card.name for card in cards.all_cards(tmp_path)] == ["faces"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title", "titel"),
        ("mse = 0.0028", "mse = [1]"),
        ("2345678", "-1"),
        ("2345678", "2.5"),
        ("2345678", "true"),
        ("a" * 64, "a" * 63),
        ("a" * 64, ""),
        ('file = "faces.safetensors"\nsha', 'file = "../faces.safetensors"\nsha'),
        ('file = "faces.safetensors"\nsha', 'file = "faces.pt"\nsha'),
        ("user/repo", "https://elsewhere"),
        ("revision", "revison"),
        ("[network]", "network = 3\n[other]"),
        ("[hub]", "[["),
    ],
)
def test_a_card_with_a_mistake_is_refused(tmp_path: Path, old: str, new: str) -> None:
    cards.save_card(FULL, tmp_path / "faces.toml")
    text = (tmp_path / "faces.toml").read_text()
    assert old in text
    (tmp_path / "faces.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(WeightsError) as caught:
        cards.load_card("faces", tmp_path)
    assert (caught.value.key, caught.value.args) == ("weights.bad_card", {"name": "faces"})


@pytest.mark.parametrize("name", ["nothing", "../faces", "", "a/b", "Ä"])
def test_a_name_without_a_card(tmp_path: Path, name: str) -> None:
    with pytest.raises(WeightsError) as caught:
        cards.load_card(name, tmp_path)
    assert caught.value.key == "weights.no_card"


def test_quality_is_added_to_what_is_there(tmp_path: Path) -> None:
    cards.save_card(FULL, tmp_path / "faces.toml")
    cards.update_quality("faces", {"mse": 0.0031, "alike": 0}, "other faces", tmp_path)
    card = cards.load_card("faces", tmp_path)
    assert card.quality == {"mse": 0.0031, "smiling": 0.91, "judge": "resnet", "alike": 0}
    assert card.quality_on == "other faces"
    assert dataclasses.replace(card, quality=FULL.quality, quality_on=FULL.quality_on) == FULL


def test_what_is_measured_anew_leaves_nothing_of_its_kind(tmp_path: Path) -> None:
    cards.save_card(FULL, tmp_path / "faces.toml")
    cards.update_quality("faces", {"frechet_at_50k": 9.0, "frechet": 1.0}, folder=tmp_path)
    cards.update_quality("faces", {"frechet_at_60k": 8.0}, folder=tmp_path, anew=("frechet_at_", "smil"))
    quality = cards.load_card("faces", tmp_path).quality
    assert quality == {"frechet_at_60k": 8.0, "frechet": 1.0, "mse": FULL.quality["mse"], "judge": "resnet"}


@pytest.mark.parametrize("half", [False, True])
def test_saved_equals_loaded(shelf: Shelf, half: bool) -> None:
    module, other = network(), network()
    card = put(shelf, module, half=half)
    assert put(shelf, module, half=half).sha256 == card.sha256, "equal tensors, equal bytes"
    source = cards.load_into(other, card)
    assert source == Source("embedded", "weights/net.safetensors", card.sha256)
    for name, value in other.state_dict().items():
        wanted = module.state_dict()[name]
        assert value.dtype == wanted.dtype
        assert torch.equal(value, wanted.half().float() if half and wanted.is_floating_point() else wanted)


def test_a_part_of_a_file_fills_a_part_of_a_network(shelf: Shelf) -> None:
    card = put(shelf, nn.ModuleDict({"a": nn.Linear(2, 2), "b": nn.Linear(3, 3)}))
    part = nn.Linear(3, 3)
    cards.load_into(part, card, prefix="b.")
    assert torch.equal(part.weight, cards.load_tensors(card)["b.weight"])


@pytest.mark.parametrize(
    "other", [nn.Linear(3, 4), nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5)), nn.Sequential(network(), network())]
)
def test_another_network_is_refused_and_left_alone(shelf: Shelf, other: nn.Module) -> None:
    card = put(shelf, network())
    before = {name: value.clone() for name, value in other.state_dict().items()}
    with pytest.raises(WeightsError) as caught:
        cards.load_into(other, card)
    assert caught.value.key == "weights.other_network"
    assert all(torch.equal(value, before[name]) for name, value in other.state_dict().items())


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_neither_saved_nor_loaded(shelf: Shelf, bad: float) -> None:
    module = network()
    card = put(shelf, module)
    with torch.no_grad():
        module[0].weight[0, 0] = bad  # type: ignore[index]
    with pytest.raises(WeightsError, match="finite"):
        put(shelf, module)
    save_file(module.state_dict(), shelf.folder / card.file)
    card = dataclasses.replace(card, sha256=cards.sha256_of(shelf.folder / card.file))
    with pytest.raises(WeightsError) as caught:
        cards.load_into(network(), card)
    assert caught.value.key == "weights.not_finite"


def test_half_precision_that_overflows_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        cards.save_weights({"w": torch.tensor([1e6])}, tmp_path / "w.safetensors", half=True)
    assert not list(tmp_path.iterdir())


def test_a_flipped_bit_is_an_error_also_after_the_first_reading(shelf: Shelf) -> None:
    card = put(shelf, network())
    path = shelf.folder / card.file
    assert cards.fetch(card)[0] == path
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(1, 1))
    with pytest.raises(WeightsError) as caught:
        cards.load_tensors(card)
    assert caught.value.key == "weights.broken_file" and caught.value.args == {"file": card.file}
    assert cards.badge("net").source is None


def test_what_is_no_safetensors_is_an_error(shelf: Shelf) -> None:
    card = put(shelf, network())
    (shelf.folder / card.file).write_bytes(b"\x80\x04pickle")
    card = dataclasses.replace(card, sha256=cards.sha256_of(shelf.folder / card.file))
    with pytest.raises(WeightsError) as caught:
        cards.load_tensors(card)
    assert caught.value.key == "weights.not_safetensors"


def test_without_a_file_there_is_a_sentence(shelf: Shelf) -> None:
    card = dataclasses.replace(FULL, name="gone", file="", sha256="")
    with pytest.raises(WeightsError) as caught:
        cards.fetch(card)
    assert caught.value.key == "weights.missing"


def test_a_held_network_is_made_once_and_again_after_a_swap(shelf: Shelf) -> None:
    put(shelf, network())
    made: list[str] = []

    def build(card: Card) -> str:
        made.append(card.name)
        if len(made) == 3:
            raise WeightsError("weights.not_finite", "the new ones are bad")
        return f"{card.name} {len(made)}"

    held = Held("net", build)
    assert held() == held() == "net 1"
    shelf._announce(cards.load_card("net", shelf.folder))
    assert held() == "net 2"
    shelf._announce(cards.load_card("net", shelf.folder))
    assert held() == "net 2", "weights that cannot be used do not replace those that can"


def test_the_command_line_lists_and_verifies(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    put(shelf, network(), "a-net")
    put(shelf, network(), "b-net")
    asked = ["--weights", str(shelf.folder)]
    assert main(asked) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == ["name", "a-net", "b-net"] and "embedded" in listed[1]
    assert main([*asked, "verify"]) == 0
    (shelf.folder / "a-net.safetensors").write_bytes(b"something else")
    (shelf.folder / "b-net.toml").write_text("title = 1")
    assert main([*asked, "verify"]) == 1
    assert capsys.readouterr().out.count("WRONG") == 2
    assert main([*asked, "pull", "c-net"]) == 1, "offline"
    assert "HF_HUB_OFFLINE" in capsys.readouterr().err


def test_the_table_has_a_row_for_each_card(shelf: Shelf) -> None:
    judge = dataclasses.replace(FULL, name="judge", evaluation_only=True, quality={}, quality_on="a | b")
    rows = table([FULL, judge]).splitlines()
    assert len(rows) == 4 and len({row.count("|") - row.count("\\|") for row in rows}) == 1
    assert "mse 0.0028" in rows[2] and "2,345,678" in rows[2] and "evaluation only" in rows[3]


def test_the_front_matter_names_a_licence_only_if_all_agree() -> None:
    mit = dataclasses.replace(FULL, licence="MIT")
    assert "license: mit" in front_matter([mit, mit])
    assert "license: other" in front_matter([mit, FULL])


def test_neither_torch_nor_the_client_is_imported_with_the_cards() -> None:
    code = "import sys, models.weights.cards; print(sorted({'torch', 'huggingface_hub', 'gradio'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("card", [card for card in cards.all_cards() if card.file], ids=lambda card: card.name)
def test_the_weights_that_ship_are_right(card: Card) -> None:
    path = cards.WEIGHTS / card.file
    assert path.stat().st_size < cards.EMBEDDED_LIMIT
    assert cards.sha256_of(path) == card.sha256
    assert card.quality and card.quality_on and card.recipe and card.data and card.data_terms and card.licence
    tensors = cards.read_tensors(path)
    assert all(torch.isfinite(value).all() for value in tensors.values() if value.is_floating_point())
