"""What recipes share: going on from weights and from checkpoints, without seeing the same twice, and what cards say."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest
import torch
from torch import nn

from models.gan.stylegan import Shape
from models.weights.cards import Card, Trained, load_card, save_card, save_weights
from training import recipe
from training.cards import command
from training.flow import recipe as flow
from training.gan.recipe import SHAPES
from training.recipe import Average, Run, arguments


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of weights with its card, after 640 images, and a folder of checkpoints beside it."""
    monkeypatch.setattr(recipe, "CHECKPOINTS", tmp_path / "checkpoints")
    path = tmp_path / "gan-faces.safetensors"
    sha256 = save_weights({"weight": torch.ones(2, 2)}, path)
    made = "python -m training.gan faces --minutes 5"
    card = Card("gan-faces", "GAN", 4, path.name, sha256, made, trained=Trained(5.0, 640, "cpu", "2026-01-01"))
    save_card(card, path.with_suffix(".toml"))
    return path


def run_of(start: Path | None = None, fresh: bool = False) -> Run:
    return Run("gan-faces", 1.0, torch.device("cpu"), fresh=fresh, start=start)


def cut_off(run: Run, network: nn.Module) -> None:
    """A run that ends after 128 images, with a checkpoint."""
    run.images = 128
    run.save({"network": network}, every=0.0)


def test_what_goes_on_does_not_see_the_same_pictures_again(weights: Path) -> None:
    first = next(run_of().batches(1000, 64))
    assert torch.equal(first, next(run_of().batches(1000, 64)))
    assert not torch.equal(first, next(run_of(weights).batches(1000, 64)))
    network = nn.Linear(2, 2)
    cut_off(run_of(), network)
    run = run_of()
    assert run.resume({"network": network}) and run.images == 128
    assert not torch.equal(first, next(run.batches(1000, 64)))


def test_a_checkpoint_of_something_else_is_refused_with_words(weights: Path) -> None:
    network = nn.Linear(2, 2)
    cut_off(run_of(), network)
    with pytest.raises(SystemExit, match="began with other weights"):
        run_of(weights).resume({"network": network})
    with pytest.raises(SystemExit, match="another network"):
        run_of().resume({"network": nn.Linear(3, 3)})
    assert not run_of(weights, fresh=True).resume({"network": network})
    cut_off(run_of(weights, fresh=True), network)
    assert run_of(weights).resume({"network": network})


def test_a_batch_that_can_never_be_filled_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        next(Run("tiny", 1.0, torch.device("cpu")).batches(3, 4))


def test_a_card_names_every_run_that_led_to_its_weights(weights: Path) -> None:
    parser = arguments("", ["faces"], minutes=60)
    assert command("gan", parser.parse_args(["faces"])) == "python -m training.gan faces --minutes 60"
    args = parser.parse_args(["faces", "--from", str(weights), "--minutes", "7", "--seed", "2"])
    made = "python -m training.gan faces --minutes 5, then --from weights/gan-faces.safetensors --seed 2 --minutes 7"
    assert command("gan", args) == made
    other = "python -m training.judges faces --from weights/gan-faces.safetensors --seed 2 --minutes 7"
    assert command("judges", args) == other


def test_weights_that_are_not_there_are_refused_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("nothing.safetensors", "a.pt"):
        with pytest.raises(SystemExit):
            arguments("", ["faces"], minutes=60).parse_args(["faces", "--from", str(tmp_path / name)])
        assert "with its card beside it" in capsys.readouterr().err


def test_new_flows_leave_the_figures_of_the_others() -> None:
    quality: dict[str, float | str] = {
        "gap_nice_ring": 1,
        "gap_nice_rings": 2,
        "gap_spline_ring": 3,
        "inverse_error_nice": 4,
        "integral_error_spline": 5,
        "entropy_ring": 6,
    }
    left = flow.still_true(quality, {"nice.ring.layers.0.net.first.weight": torch.zeros(1)})
    assert set(quality) - set(left) == {"gap_nice_ring", "inverse_error_nice"}


def test_the_cards_line_of_a_flow_says_what_was_asked_for() -> None:
    args = argparse.Namespace(name="nice", target="ring", start=None, steps=50, minutes=1.0, seed=3)
    assert flow.line(args) == "training.flow nice --target ring --seed 3 --steps 50"


@pytest.mark.parametrize("data", SHAPES)
def test_the_gans_that_ship_are_what_their_recipe_trains(data: str) -> None:
    assert Shape(**load_card(f"gan-{data}").network) == SHAPES[data]


def test_early_weights_say_so_on_their_card(weights: Path) -> None:
    card = load_card("gan-faces", weights.parent)
    save_card(dataclasses.replace(card, early="half of the pictures"), weights.with_suffix(".toml"))
    assert load_card("gan-faces", weights.parent).early == "half of the pictures"


@pytest.mark.parametrize("text", ["0", "-3", "nan", "inf", "soon"])
def test_a_budget_of_no_time_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments("", ["faces"], minutes=60).parse_args(["faces", "--minutes", text])
    assert "minutes above 0" in capsys.readouterr().err


def test_options_of_a_recipe_stand_on_the_card() -> None:
    parser = arguments("", ["faces"], minutes=60)
    parser.add_argument("--batch", type=int, default=32)
    assert command("gan", parser.parse_args(["faces"])) == "python -m training.gan faces --batch 32 --minutes 60"


def test_precision_is_asked_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    for there, wanted in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(recipe, "cpu_has_bf16", lambda there=there: there)
        run = Run("gan-faces", 1.0, cpu)
        assert run.dtype == wanted and str(wanted).removeprefix("torch.") in run.machine
        with run.autocast():
            assert torch.ones(2, 2).mm(torch.ones(2, 2)).dtype == wanted
    assert Run("gan-faces", 1.0, cpu, precision="bfloat16").dtype == torch.bfloat16
    assert recipe.precision_here("auto", torch.device("mps")) == torch.float32


def test_averages_of_two_lengths_differ_where_a_trained_network_goes_on() -> None:
    network = nn.Linear(2, 2)
    fresh, long, short = Average(network, 0.9995), *(Average(network, d, trained=True) for d in (0.9995, 0.998))
    begun = network.weight.detach().clone()
    with torch.no_grad():
        network.weight.add_(1)
    for _ in range(100):
        for average in (fresh, long, short):
            average.update(network)
    gone = [(average.weights["weight"] - begun).mean().item() for average in (long, short)]
    assert gone == pytest.approx([1 - 0.9995**100, 1 - 0.998**100], rel=1e-4)
    assert (fresh.weights["weight"] - begun).mean() > 0.99
