"""The judges: what they are shown in training, what they are asked, and how well the ones that ship answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from models.judges.judges import NETWORKS, Judge, load_judge, to_input
from models.weights.cards import WEIGHTS, load_card, save_weights
from training.judges.degrade import CROP, landscapes
from training.judges.recipe import STYLES, begin_from, evenly, jitter, piece, relight, settle

ASKED = {
    "digits": {"accuracy": 0.99},
    "fashion": {"accuracy": 0.9},
    "faces": {"smile": 0.98, "gender": 0.94},
    "monet": {"accuracy": 0.9, "photos": 0.85, "monet": 0.85},
    "emoji": {"accuracy": 0.97, "noto": 0.95, "twemoji": 0.95},
}
"""The shares of right answers that a judge must reach on the validation split to be believed."""
LIMIT = 512_000
"""Bytes: what ships is a gallery, not its judges."""


def test_every_judge_is_asked_for_something() -> None:
    assert ASKED.keys() == NETWORKS.keys()
    assert {path.stem.removeprefix("judge-") for path in WEIGHTS.glob("judge-*.toml")} == NETWORKS.keys()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_judge_answers_as_well_as_it_must(name: str) -> None:
    card = load_card(f"judge-{name}")
    assert card.evaluation_only and card.data_terms and (WEIGHTS / card.file).stat().st_size < LIMIT
    for figure, least in ASKED[name].items():
        assert least <= float(card.quality[figure]) <= 1, figure


@pytest.mark.parametrize("name", NETWORKS)
def test_features_and_logits_of_a_judge(name: str) -> None:
    judge = load_judge(name)
    side = {"digits": 28, "fashion": 28, "monet": 256}.get(name, 64)
    x = torch.rand(3, int(NETWORKS[name]["channels"]), side, side, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        features = judge.features(x)
        torch.testing.assert_close(judge.head(features), judge(x))
    assert features.ndim == 2 and features.isfinite().all()
    assert judge(x).shape == (3, NETWORKS[name]["outputs"])


def test_a_folded_judge_sees_every_pixel() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 3, 32, 32, requires_grad=True)
    Judge(3, 2, (8, 12), fold=4).eval()(x)[0, 0].backward()
    assert x.grad is not None and bool((x.grad != 0).all())


def test_bytes_become_what_judges_take() -> None:
    colour, grey = (
        torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1).expand(2, 3, 1, 1),
        torch.zeros(1, 1, 2, 2, dtype=torch.uint8),
    )
    assert to_input(colour)[:, 0, 0, 0].tolist() == [-1, 1]
    assert to_input(colour[:, :1])[:, 0, 0, 0].tolist() == [0, 1]
    assert to_input(grey).max() == 0


def test_rare_classes_repeat_until_they_are_as_many() -> None:
    answers = torch.tensor([0] * 225 + [1] * 27 + [2] * 113)
    rows = evenly(answers)
    assert torch.bincount(answers[rows]).tolist() == [225, 216, 113]
    assert set(rows.tolist()) == set(range(len(answers)))


def test_a_drawing_is_only_moved_and_mirrored() -> None:
    torch.manual_seed(0)
    ramp = torch.linspace(-1, 1, 64).expand(200, 3, 64, 64)
    moved = jitter(ramp, turn_by=0, scale_by=0)
    # Each row of a level ramp is a ramp again, of the same slope up or down, displaced by at most two pixels.
    torch.testing.assert_close(moved[:, :, 0], moved[:, :, 40])
    slope = (moved[:, 0, 30, 40] - moved[:, 0, 30, 20]) / 20
    torch.testing.assert_close(slope.abs(), torch.full((200,), 2 / 63), atol=1e-4, rtol=0)
    assert 60 < (slope > 0).sum() < 140
    assert moved[:, 0, 30, 31:33].mean(dim=1).abs().max() <= 2.01 * 2 / 63
    part = piece(ramp)
    assert part.shape[-2] == part.shape[-1] and part.shape[-1] in (40, 48, 56, 64)


def test_a_settled_judge_answers_about_pictures_as_they_are() -> None:
    """Statistics and a last layer that belong to other pictures cost everything, and settling gives it back."""
    torch.manual_seed(0)
    judge, answers = Judge(3, 2, (8, 12), fold=2).eval(), torch.arange(200) % 2
    images = (torch.randint(0, 160, (200, 3, 16, 16)) + 60 * answers.view(-1, 1, 1, 1)).byte()
    with torch.no_grad():
        judge.head.bias.copy_(torch.tensor([50.0, -50.0]))
        assert (judge(to_input(images)).argmax(dim=1) == answers).float().mean() == 0.5
    settle(judge, images, answers)
    with torch.no_grad():
        assert (judge(to_input(images)).argmax(dim=1) == answers).float().mean() > 0.9
    assert not judge.training


def test_a_judge_begins_from_another_of_its_widths(tmp_path: Path) -> None:
    torch.manual_seed(0)
    given, judge = Judge(3, 3, (8, 12)), Judge(3, 2, (8, 12))
    head = judge.head.weight.clone()
    save_weights(given.state_dict(), tmp_path / "given.safetensors")
    begin_from(judge, tmp_path / "given.safetensors")
    torch.testing.assert_close(judge.features.state_dict(), given.features.state_dict())
    torch.testing.assert_close(judge.head.weight, head, atol=0, rtol=0)
    with pytest.raises(RuntimeError):
        begin_from(Judge(3, 2, (8, 16)), tmp_path / "given.safetensors")


def test_light_changes_within_what_was_asked() -> None:
    torch.manual_seed(0)
    x = torch.rand(100, 3, 8, 8) * 2 - 1
    difference = (relight(x, 0.08) - x).abs()
    assert 0.05 < difference.max() <= 0.16


def test_landscapes_come_in_other_sharpness_and_keep_their_colours() -> None:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    picture = (
        60 + 40 * torch.tensor([0.0, 1.0, 3.0]).view(1, 3, 1, 1) + 10 * torch.randn(1, 3, 256, 256, generator=generator)
    )
    out = landscapes(picture.clamp(0, 255).byte().expand(60, 3, 256, 256))
    assert out.shape == (60, 3, CROP, CROP) and out.dtype == torch.uint8
    means = out.float().mean(dim=(2, 3))
    assert (means - picture.mean(dim=(2, 3))).abs().max() < 3
    sharpness = out.float().std(dim=(2, 3)).mean(dim=1)
    assert sharpness.min() < 3 and sharpness.max() > 10


@pytest.mark.skipif("GALLERY_DATA" not in os.environ, reason="GALLERY_DATA names no data")
def test_the_card_tells_the_truth() -> None:
    """The figure on the card of the smallest set is the one that the file that ships reaches."""
    from training.judges.recipe import _data, accuracy

    images, answers = _data("emoji", Path(os.environ["GALLERY_DATA"]), "validation")
    assert answers.bincount().tolist() == [161, 161] and len(STYLES["emoji"]) == 2
    measured = float(accuracy("emoji", load_judge("emoji"), images, answers)["accuracy"])
    assert measured == pytest.approx(float(load_card("judge-emoji").quality["accuracy"]), abs=0.004)
