"""The authors' files of CycleGAN generators, in the format in which they save them, become cards that load."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.cyclegan.networks import ResnetGenerator, build
from models.weights.cards import load_card, take
from training.cyclegan.convert import convert_generator, main


def authors_state(blocks: int = 2, width: int = 4) -> dict[str, Tensor]:
    return {key: value.clone() for key, value in ResnetGenerator(blocks, width).state_dict().items()}


def old(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """As a file from before PyTorch 0.4, saved from several GPUs."""
    state = state | {"model.2.running_mean": torch.zeros(4), "model.2.running_var": torch.ones(4)}
    state["model.10.conv_block.2.num_batches_tracked"] = torch.tensor(7)
    return {f"module.{key}": value for key, value in state.items()}


def test_a_file_of_theirs_becomes_a_card_that_gives_the_same_picture(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = ResnetGenerator(2, 4).eval()
    torch.save(network.state_dict(), tmp_path / "latest_net_G_A.pth")
    main(["cyclegan", str(tmp_path / "latest_net_G_A.pth"), "--name", "horse-zebra", "--folder", str(tmp_path)])
    from safetensors.torch import load_file

    card = load_card("horse-zebra", tmp_path)
    assert card.network == {"generator": "resnet", "blocks": 2, "width": 4, "directions": ["there"]}
    assert card.params == sum(p.numel() for p in network.parameters())
    again = build(card.network).eval()
    again.load_state_dict(take(load_file(tmp_path / card.file), "there."), strict=True)
    x = torch.rand(1, 3, 32, 40) * 2 - 1
    torch.testing.assert_close(again(x), network(x), atol=0, rtol=0)


def test_old_statistics_and_prefixes_go_and_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = authors_state()
    converted = convert_generator(old(state))
    assert converted.tensors.keys() == state.keys()
    assert all(torch.equal(converted.tensors[key], state[key]) for key in state)
    assert len(converted.dropped) == 3
    torch.save(old(state), tmp_path / "G.pth")
    main(["cyclegan", str(tmp_path / "G.pth"), "--name", "old", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert all(key in said for key in converted.dropped)


def test_both_directions_go_into_one_file(tmp_path: Path) -> None:
    for name in "AB":
        torch.save(authors_state(), tmp_path / f"latest_net_G_{name}.pth")
    a, b = (str(tmp_path / f"latest_net_G_{name}.pth") for name in "AB")
    main(["cyclegan", a, "--back", b, "--name", "both", "--folder", str(tmp_path)])
    assert load_card("both", tmp_path).network["directions"] == ["there", "back"]


@pytest.mark.parametrize("fault", ["missing", "extra", "shape", "affine"])
def test_a_key_that_does_not_fit_is_an_error_that_names_it(fault: str) -> None:
    state = authors_state()
    key = "model.10.conv_block.5.weight"
    if fault == "missing":
        del state[key]
    elif fault == "extra":
        key = "model.99.weight"
        state[key] = torch.zeros(1)
    elif fault == "affine":  # batch normalization, --norm batch
        key = "model.2.weight"
        state[key] = torch.ones(4)
    else:
        state[key] = torch.zeros(1, 2, 3, 3)
    with pytest.raises(ValueError, match=key.replace(".", r"\.")):
        convert_generator(state)


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    torch.save({"model": nn.Conv2d(3, 3, 3)}, tmp_path / "trap.pth")
    with pytest.raises(SystemExit, match="no file of tensors"):
        main(["cyclegan", str(tmp_path / "trap.pth"), "--name", "trap", "--folder", str(tmp_path)])
    assert not list(tmp_path.glob("*.safetensors"))


def test_something_else_than_a_generator_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(SystemExit, match="no ResNet generator"):
        main(["cyclegan", str(tmp_path / "other.pth"), "--name", "other", "--folder", str(tmp_path)])


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "Big", "a b", "", "cyclegan-"])
def test_a_name_that_no_card_can_have_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    torch.save(authors_state(), tmp_path / "G.pth")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(SystemExit, match="small letters"):
        main(["cyclegan", str(tmp_path / "G.pth"), "--name", name, "--folder", str(folder)])
    assert set(tmp_path.rglob("*")) == before


def test_a_card_is_written_over_only_when_asked(tmp_path: Path) -> None:
    torch.save(authors_state(), tmp_path / "G.pth")
    words = ["cyclegan", str(tmp_path / "G.pth"), "--name", "mine", "--folder", str(tmp_path)]
    main([*words, "--title", "first"])
    with pytest.raises(SystemExit, match="--replace"):
        main([*words, "--title", "second"])
    assert load_card("mine", tmp_path).title == "first"
    main([*words, "--title", "second", "--replace"])
    assert load_card("mine", tmp_path).title == "second"


def test_a_file_with_what_is_no_number_is_refused(tmp_path: Path) -> None:
    state = authors_state()
    state["model.1.weight"][0, 0, 0, 0] = float("nan")
    torch.save(state, tmp_path / "G.pth")
    with pytest.raises(SystemExit, match="no number"):
        main(["cyclegan", str(tmp_path / "G.pth"), "--name", "broken", "--folder", str(tmp_path)])
    assert not (tmp_path / "broken.toml").exists()
