"""Glow: every layer against autograd, actnorm's start, the way there and back, and the faces that ship."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.flow.density import log_normal
from models.flow.glow import (
    LEVELS,
    ActNorm,
    Glow,
    ImageCoupling,
    InvertibleConv,
    Reversal,
    bits_per_dimension,
    dequantized,
    to_levels,
)
from models.flow.portraits import portraits, to_pictures
from models.flow.surprise import SETS, Surprise, surprise
from models.weights.cards import WEIGHTS, load_card, read_tensors, save_weights

shipped = pytest.mark.skipif(not (WEIGHTS / "glow.toml").exists(), reason="Glow has not been trained yet")


def shake(module: nn.Module, by: float = 0.2) -> nn.Module:
    """Every weight moved away from where training starts, in float64, without gradients."""
    torch.manual_seed(0)
    for parameter in module.parameters():
        parameter.data += by * torch.randn_like(parameter)
    return module.double().eval().requires_grad_(False)


def pictures(batch: int, channels: int, size: int) -> Tensor:
    return torch.randn(batch, channels, size, size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


LAYERS = {
    "actnorm": lambda: ActNorm(4),
    "conv": lambda: InvertibleConv(4),
    "reversal": lambda: Reversal(),
    "coupling": lambda: ImageCoupling(4, 6),
    "glow": lambda: Glow(4, (6, 8), 2),
    "realnvp": lambda: Glow(4, (6, 8), 2, mixed=False),
}


@pytest.mark.parametrize("name", LAYERS)
def test_there_and_back_and_the_determinant_of_autograd(name: str) -> None:
    layer = shake(LAYERS[name]())
    x = pictures(3, 3, 4) if isinstance(layer, Glow) else pictures(3, 4, 2)
    z, log_det = layer(x)
    torch.testing.assert_close(layer.inverse(z), x)  # type: ignore[operator]
    for i in range(len(x)):
        jacobian = torch.func.jacrev(lambda row: layer(row[None])[0].flatten())(x[i]).reshape(x[i].numel(), -1)
        torch.testing.assert_close(log_det[i], jacobian.det().abs().log(), atol=1e-6, rtol=0)
    assert name == "reversal" or float(log_det.abs().min()) > 1e-3


def test_the_parts_of_z_are_as_many_as_the_pixels() -> None:
    model = Glow()
    assert sum(model.sizes) == 3 * 32 * 32
    z, _ = model(torch.zeros(2, 3, 32, 32))
    assert z.shape == (2, 3072) and model.inverse(z).shape == (2, 3, 32, 32)


def test_actnorm_starts_with_mean_0_and_deviation_1() -> None:
    layer, x = ActNorm(5), 3 * torch.randn(8, 5, 6, 6, generator=torch.Generator().manual_seed(0)) + 2
    layer.initialize(x)
    y = layer(x)[0]
    torch.testing.assert_close(y.mean(dim=(0, 2, 3)), torch.zeros(5), atol=1e-5, rtol=0)
    torch.testing.assert_close(y.std(dim=(0, 2, 3)), torch.ones(5), atol=1e-5, rtol=0)


def test_glow_starts_with_z_of_mean_0_and_deviation_1() -> None:
    torch.manual_seed(0)
    model, x = Glow(8, (6, 8), 3).requires_grad_(False), torch.rand(200, 3, 8, 8) - 0.5
    model.initialize(x)
    z = model(x)[0]
    assert abs(float(z.mean())) < 1e-2 and float(z.std()) == pytest.approx(1, abs=2e-2)


def test_the_convolution_starts_as_a_rotation() -> None:
    torch.manual_seed(0)
    layer = InvertibleConv(12).requires_grad_(False)
    torch.testing.assert_close(layer.weight() @ layer.weight().T, torch.eye(12), atol=1e-5, rtol=0)
    assert abs(float(layer.s.sum())) < 1e-5


def test_levels_are_means_of_areas() -> None:
    faces = torch.zeros(1, 64, 64, 3, dtype=torch.uint8)
    faces[0, :2, :2, 0] = torch.tensor([[255, 255], [255, 250]])
    faces[0, 0, 2, 1] = 40
    levels = to_levels(faces)
    assert levels.shape == (1, 3, 32, 32) and levels[0, 0, 0, 0] == 31 and levels[0, 1, 0, 1] == 10 // 8
    assert torch.equal(to_levels(faces[:, :32, :32]), faces[:, :32, :32].permute(0, 3, 1, 2) // 8)


def test_levels_survive_the_way_to_x_and_back() -> None:
    levels = torch.arange(LEVELS).repeat(96).view(1, 3, 32, 32)
    for u in (0.0, 0.5, 0.999):
        shown = to_pictures(dequantized(levels, torch.full(levels.shape, u)))
        assert np.array_equal(
            np.round(shown.astype(int) * 31 / 255).astype(int)[0].transpose(2, 0, 1), levels[0].numpy()
        )


def test_bits_of_uniform_and_of_gaussian_noise() -> None:
    assert bits_per_dimension(torch.zeros(1), 10).item() == 5  # a density of 1 on [-1/2, 1/2]^10
    x = torch.randn(4, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    expected = 5 - torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(dim=1) / math.log(2) / 7
    torch.testing.assert_close(bits_per_dimension(log_normal(x), 7), expected)


def test_the_rival_is_of_equal_size() -> None:
    glow, realnvp = (sum(p.numel() for p in Glow(mixed=mixed).parameters()) for mixed in (True, False))
    assert 0.95 < realnvp / glow <= 1


def test_half_precision_of_training_hardly_changes_the_density() -> None:
    torch.manual_seed(0)
    model, x = Glow(16, (16, 16), 2), torch.rand(4, 3, 16, 16) - 0.5
    model.initialize(x)
    exact = bits_per_dimension(model.log_density(x), 768)
    with torch.autocast("cpu", torch.bfloat16):
        rough = bits_per_dimension(model.log_density(x), 768)
    torch.testing.assert_close(rough, exact, atol=0.02, rtol=0)


def test_saved_equals_reloaded(tmp_path: Path) -> None:
    model = Glow(8, (6, 8), 2)
    save_weights(model.state_dict(), tmp_path / "g.safetensors")
    again = Glow(8, (6, 8), 2)
    again.load_state_dict(read_tensors(tmp_path / "g.safetensors"), strict=True)
    x = torch.rand(2, 3, 8, 8) - 0.5
    assert torch.equal(again.log_density(x), model.log_density(x))


@shipped
def test_faces_come_back_from_z() -> None:
    model = portraits()
    z = model.draw(0, 8, 0.7)
    x = model.decode(z)
    torch.testing.assert_close(model.decode(model.look(x)[0]), x, atol=1e-4, rtol=0)
    shown = model.pictures(z)
    assert shown.shape == (8, 32, 32, 3) and float(shown.std()) > 20
    assert np.abs(model.pictures(model.encode(shown)).astype(int) - shown).max() <= 9  # one level is 255 / 31


@shipped
def test_a_drawn_face_does_not_depend_on_its_neighbours() -> None:
    model = portraits()
    assert torch.equal(model.draw(4, 1, 0.8)[0], model.draw(2, 5, 0.8)[2])
    torch.testing.assert_close(model.draw(4, 1, 0.4), model.draw(4, 1, 0.8) / 2)
    assert not model.draw(4, 1, 0.0).any()


@shipped
def test_an_edit_is_a_straight_line_and_mixing_ends_with_its_faces() -> None:
    model = portraits()
    a, b = model.draw(0, 2)
    there = model.edit(a, (1.0, 0.0, -0.5))
    torch.testing.assert_close(there - a, model.directions[0] - 0.5 * model.directions[2], atol=1e-5, rtol=0)
    first, _, last = model.mix(a, b, (0.0, 0.5, 1.0)).astype(int)
    assert np.abs(first - model.pictures(a[None])[0]).max() <= 9
    assert np.abs(last - model.pictures(b[None])[0]).max() <= 9


@shipped
def test_glow_needs_fewer_bits_than_its_rival() -> None:
    card = load_card("glow")
    assert float(card.quality["bits_per_dimension"]) < float(card.quality["bits_per_dimension_realnvp"]) < 5
    assert card.quality["images_realnvp"] == card.trained.images, "held against what has seen as much"


@shipped
def test_the_card_keeps_what_was_asked_of_glow() -> None:
    quality = {name: value for name, value in load_card("glow").quality.items() if not isinstance(value, str)}
    assert quality["reconstruction_error"] <= 1e-5
    assert quality["judged_smiling_k0"] < 0.05 and quality["judged_smiling_k2"] >= 0.85
    assert quality["judged_smiling_k0"] < quality["judged_smiling_mixed"] < quality["judged_smiling_mixed_end"]


@shipped
def test_the_surprise_was_measured_with_the_weights_that_ship() -> None:
    found, card = surprise(), load_card("glow")
    assert found.weights == card.sha256, "python -m training.flow.surprise, then python -m training.evaluate glow"
    for name in SETS[1:]:
        assert found.share(name) == pytest.approx(float(card.quality[f"above_faces_{name}"]), abs=2e-3)
        assert float(found.bits[name].mean()) == pytest.approx(float(card.quality[f"bits_{name}"]), abs=2e-3)


def test_the_share_of_pairs_is_that_of_all_pairs() -> None:
    faces, other = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([0.5, 2.5, 9.0])
    found = Surprise({"faces": faces, "digits": other}, {}, "")
    assert found.share("digits") == pytest.approx(float((other[:, None] < faces).double().mean()))
    assert found.histogram("digits", 4, 4.0) == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])


@shipped
def test_bits_do_not_depend_on_what_is_scored_beside() -> None:
    model = portraits()
    shown = model.pictures(model.draw(0, 6, 0.7))
    torch.testing.assert_close(model.bits(shown)[4:5], model.bits(shown[4:5]), atol=1e-5, rtol=0)
    noise = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3), dtype=np.uint8)
    assert float(model.bits(noise)[0]) > 5 > float(model.bits(shown).max()), "noise takes more than uniform levels"
