"""CycleGAN: losses, pool and networks against the paper and the authors' code; tiles against the whole picture."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cyclegan.cyclegan import (
    DIRECTIONS,
    PAIRS,
    RoundTrip,
    Translators,
    difference,
    in_tiles,
    translators,
)
from models.cyclegan.discriminators import PatchGAN, ScaledPatchGAN, WholeGAN, discriminator
from models.cyclegan.networks import (
    FastGenerator,
    Local,
    ResnetGenerator,
    SmoothGenerator,
    smoothed,
)
from models.cyclegan.smiles import halves
from models.weights.cards import WEIGHTS, load_card, take
from training.cyclegan import recipe
from training.cyclegan.evaluation import (
    ColourTransfer,
    gradient_correlation,
    stacked,
)
from training.cyclegan.losses import Pool, discriminator_loss, generator_loss, strokes
from training.cyclegan.pairs import PAIRS as TRAINED
from training.cyclegan.pairs import Domain, Weights
from training.cyclegan.recipe import Trainer
from training.recipe import Run

L = TypeVar("L", bound=Local)
SHIPPED = [name for name in PAIRS if (WEIGHTS / f"cyclegan-{name}.toml").exists()]


def random_picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A smooth picture with some noise, (H, W, 3) uint8."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    wave = np.stack([np.sin(x / 9 + i) + np.cos(y / 7 - i) for i in range(3)], axis=2)
    return (128 + 45 * wave + random.normal(0, 12, (height, width, 3))).clip(0, 255).astype(np.uint8)


def lively(network: L) -> L:
    """Random biases, so that zero padding shows."""
    with torch.no_grad():
        for name, p in network.named_parameters():
            if name.endswith("bias"):
                p.uniform_(-0.3, 0.3)
    return network.eval().requires_grad_(False)


# Parameters as the authors' code prints them: horse2zebra at 256 pixels, facades with 6 blocks; PatchGAN of 70x70.
@pytest.mark.parametrize(
    ("network", "count"),
    [(ResnetGenerator(9), 11_378_179), (ResnetGenerator(6), 7_837_699), (PatchGAN(3), 2_764_737)],
    ids=["ResNet-9", "ResNet-6", "PatchGAN-70"],
)
def test_networks_have_as_many_parameters_as_the_authors(network: torch.nn.Module, count: int) -> None:
    assert sum(p.numel() for p in network.parameters()) == count


def test_resnet_layers_are_named_as_in_the_authors_files() -> None:
    names = set(ResnetGenerator(9).state_dict())
    assert {"model.1.weight", "model.10.conv_block.1.weight", "model.18.conv_block.5.bias", "model.26.bias"} <= names
    assert len(names) == 2 * (3 + 18 + 3)


def without_normalization(network: PatchGAN) -> PatchGAN:
    for i, layer in enumerate(network.model):
        if isinstance(layer, torch.nn.InstanceNorm2d):
            network.model[i] = torch.nn.Identity()
    return network


@pytest.mark.parametrize(("layers", "field"), [(3, 70), (2, 34)])
def test_a_verdict_sees_a_patch_of_that_size(layers: int, field: int) -> None:
    network = without_normalization(PatchGAN(layers, 8)).double()
    x = torch.randn(1, 3, 192, 192, dtype=torch.float64, requires_grad=True)
    verdicts = network(x)
    middle = verdicts.shape[2] // 2
    (gradient,) = torch.autograd.grad(verdicts[0, 0, middle, middle], x)
    seen = gradient.abs().sum(dim=(0, 1)) > 0
    assert seen.any(dim=1).sum() == field and seen.any(dim=0).sum() == field


@pytest.mark.parametrize("name", ["monet", "emoji"])
def test_the_fast_generator_reaches_no_farther_than_it_says(name: str) -> None:
    network = TRAINED[name].generator().double().eval()
    side = 2 * network.reach + 8 * network.cell
    x = torch.rand(1, 3, side, side, dtype=torch.float64) - 0.5
    x.requires_grad_(True)
    middle = side // 2
    farthest = 0
    for at in (middle, middle + network.cell - 1):
        (gradient,) = torch.autograd.grad(network.delta(x)[0, :, at, at].sum(), x)
        seen = (gradient.abs().sum(dim=(0, 1)) > 0).any(dim=0).nonzero()
        farthest = max(farthest, at - int(seen.min()), int(seen.max()) - at)
    assert network.reach - 2 * network.cell < farthest < network.reach


@pytest.mark.parametrize("fold", [2, 4])
@pytest.mark.parametrize("size", [(160, 336), (128, 128)])
def test_tiles_fit_together_without_seams(fold: int, size: tuple[int, int]) -> None:
    torch.manual_seed(fold)
    network = lively(FastGenerator(fold, 16, 16, 2))
    x = torch.rand(1, 3, *size) * 2 - 1
    whole = network(x)
    torch.testing.assert_close(in_tiles(network, x, network.reach, 64), whole, atol=1e-5, rtol=0)
    without_overlap = in_tiles(network, x, 0, 64)
    assert (without_overlap - whole).abs().max() > 1e-3


def test_generators_are_fully_convolutional_and_keep_what_their_delta_leaves() -> None:
    network = lively(FastGenerator(2, 8, 8, 1))
    x = torch.rand(2, 3, 48, 64) * 1.6 - 0.8
    torch.testing.assert_close(network(x), (x + network.delta(x)).clamp(-1, 1))
    for p in network.head.parameters():
        p.zero_()
    torch.testing.assert_close(network(x), x)
    assert network.train()(x + 1).max() > 1  # in training, gradients come back from beyond white


def test_least_squares_losses_have_the_papers_values() -> None:
    real, fake = torch.tensor([1.0, 0.5]), torch.tensor([0.0, 1.0, 0.5])
    assert generator_loss(fake).item() == pytest.approx((1 + 0 + 0.25) / 3)
    assert discriminator_loss(real, fake).item() == pytest.approx((0.25 / 2 + 1.25 / 3) / 2)
    assert discriminator_loss(torch.ones(4), torch.zeros(4)).item() == 0
    undecided = torch.full((4,), 0.5)
    assert discriminator_loss(undecided, undecided).item() == pytest.approx(0.25)


def test_the_pool_gives_old_pictures_back_half_of_the_time() -> None:
    pool, given, n = Pool(50, seed=3), [], 6000
    for i in range(0, n, 4):
        given += pool.exchange(torch.arange(i, i + 4).float().view(4, 1)).flatten().tolist()
    assert given[:50] == list(range(50))
    later = [(i, int(g)) for i, g in enumerate(given) if i >= 50]
    old = [i - g for i, g in later if g != i]
    # binomial with p = 1/2, four standard deviations
    assert abs(len(old) / len(later) - 0.5) < 4 * 0.5 / math.sqrt(len(later))
    # a held picture leaves with probability 1/2 * 1/50 at each step, so that its age is geometric with mean 100
    assert 90 < np.mean(old) < 110
    assert all(g <= i for i, g in later) and len(set(g for _, g in later)) == len(later)


def test_the_pool_passes_no_gradients() -> None:
    assert not Pool(2).exchange(torch.ones(3, 1, requires_grad=True)).requires_grad


def tiny() -> Trainer:
    pair = dataclasses.replace(TRAINED["emoji"], outer=8, inner=8, blocks=1, critic_width=8, batch=2, scales=0)
    torch.manual_seed(0)
    return Trainer(Run("test-cyclegan", 1.0, torch.device("cpu")), pair)


def gradients_of(trainer: Trainer, x: Tensor, y: Tensor, weights: Weights) -> list[Tensor]:
    """What a step's loss asks of the generators."""
    trainer.pair = dataclasses.replace(trainer.pair, weights=weights)
    trainer.learning_rate(0.0)
    trainer.steps, trainer.goes_on = 2, True  # a step with the identity term, and no ramp
    trainer.translate(x, y)
    return [p.grad.clone() for p in trainer.generators.parameters() if p.grad is not None]


def huber(error: torch.Tensor, soft: float) -> torch.Tensor:
    """By its definition: |e| - soft / 2 above soft, e^2 / (2 soft) below."""
    size = error.abs()
    return size.mean() if soft == 0 else torch.where(size < soft, size.square() / (2 * soft), size - soft / 2).mean()


@pytest.mark.parametrize("soft", [0.0, 0.2])
def test_the_loss_is_adversarial_plus_cycle_plus_identity(soft: float) -> None:
    trainer = tiny()
    x, y = torch.rand(2, 2, 3, 32, 32) - 0.5
    given = gradients_of(trainer, x, y, Weights(cycle=10, identity=5, stay=0.5, soft=soft))
    there, back = trainer.there, trainer.back
    loss = (trainer.judge_y(there(x)) - 1).square().mean() + (trainer.judge_x(back(y)) - 1).square().mean()
    loss = loss + 10 * (huber(back(there(x)) - x, soft) + huber(there(back(y)) - y, soft))
    loss = loss + 2 * 5 * (huber(there(y) - y, soft) + huber(back(x) - x, soft))  # every second step, twice
    loss = loss + 0.5 * ((there(x) - x).abs().mean() + (back(y) - y).abs().mean())
    expected = torch.autograd.grad(loss, list(trainer.generators.parameters()))
    norm = torch.stack([g.square().sum() for g in expected]).sum().sqrt().item()
    assert soft or norm > recipe.STEEPEST  # so that the cut is seen as well
    cut = min(1.0, recipe.STEEPEST / norm)
    for gradient, wanted in zip(given, expected, strict=True):
        torch.testing.assert_close(gradient, wanted * cut, atol=1e-5, rtol=1e-3)


def test_a_step_moves_discriminators_always_and_generators_unless_frozen() -> None:
    trainer = tiny()
    x, y = torch.rand(2, 2, 3, 32, 32) * 2 - 1
    for frozen in (True, False):
        before = {name: p.clone() for name, p in trainer.generators.named_parameters()}
        judged = {name: p.clone() for name, p in trainer.judges.named_parameters()}
        figures = trainer.step(x, y, frozen)
        assert all(math.isfinite(value) for value in figures.values())
        moved = [not torch.equal(p, before[name]) for name, p in trainer.generators.named_parameters()]
        assert any(moved) != frozen
        assert any(not torch.equal(p, judged[name]) for name, p in trainer.judges.named_parameters())


def test_weights_come_in_over_the_ramp() -> None:
    weights = Weights(cycle=10, identity=5, stay=2, ramp=0.2)
    shares = [weights.at(t).cycle / 10 for t in (0.0, 0.05, 0.1, 0.2, 1.0)]
    assert shares == sorted(shares) and shares[0] < 0.1 and shares[-1] == shares[-2] == 1
    assert weights.at(1.0).identity == 5 and weights.at(1.0).stay == 2


def test_variants_leave_out_what_their_names_say() -> None:
    assert TRAINED["emoji-nocycle"].weights == Weights(cycle=0.0)
    assert TRAINED["emoji-noidentity"].weights == Weights(identity=0.0)
    whole = TRAINED["emoji-whole"]
    assert whole.weights == TRAINED["emoji-full"].weights and whole.network() == TRAINED["emoji-full"].network()
    assert isinstance(whole.critic(), WholeGAN) and isinstance(TRAINED["emoji-full"].critic(), ScaledPatchGAN)
    assert TRAINED["emoji"].weights.identity == 0.5 * TRAINED["emoji"].weights.cycle
    assert set(TRAINED) == set(PAIRS)


def test_a_run_writes_what_the_room_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = dataclasses.replace(TRAINED["emoji"], outer=8, inner=8, blocks=1, critic_width=8)
    pictures = np.stack([random_picture(64, 64, seed) for seed in range(9)])
    monkeypatch.setitem(recipe.PAIRS, "emoji", pair)
    monkeypatch.setattr(recipe, "WEIGHTS", tmp_path)
    monkeypatch.setattr(recipe, "CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr("training.recipe.CHECKPOINTS", tmp_path / "checkpoints")
    monkeypatch.setattr(recipe, "load_domains", lambda *_: (Domain.of(pictures), Domain.of(255 - pictures)))
    monkeypatch.setattr("training.cyclegan.film.load_domains", lambda *_: (Domain.of(pictures), Domain.of(pictures)))
    words = ["cyclegan", "emoji", "--minutes", "0.02", "--data", str(tmp_path), "--device", "cpu"]
    monkeypatch.setattr("sys.argv", words)
    recipe.main()
    first = load_card("cyclegan-emoji", tmp_path)
    monkeypatch.setattr("sys.argv", [*words, "--from", str(tmp_path / "cyclegan-emoji.safetensors")])
    recipe.main()
    second = load_card("cyclegan-emoji", tmp_path)
    assert second.trained.images > first.trained.images > 0
    assert second.trained.minutes == pytest.approx(2 * first.trained.minutes)
    before = _tensors(tmp_path / "cyclegan-emoji.safetensors")
    monkeypatch.setattr("sys.argv", [*words, "--judges", "--from", str(tmp_path / "cyclegan-emoji.safetensors")])
    recipe.main()
    alone, after = load_card("cyclegan-emoji", tmp_path), _tensors(tmp_path / "cyclegan-emoji.safetensors")
    assert (alone.trained, alone.quality, alone.network) == (second.trained, second.quality, second.network)
    assert "--judges --minutes" in alone.recipe and alone.sha256 != second.sha256
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved and all(name.startswith(recipe.CRITICS) for name in moved) and before.keys() == after.keys()
    assert list((tmp_path / "checkpoints").glob("*.png")) and not list((tmp_path / "checkpoints").glob("*.pt"))
    monkeypatch.setattr("models.cyclegan.cyclegan.load_tensors", lambda card: _tensors(tmp_path / card.file))
    trip = Translators(second).round_trip("there", pictures[0])
    assert trip.translated.shape == (64, 64, 3) and trip.translated.dtype == np.uint8


def _tensors(path: Path) -> dict[str, Tensor]:
    from models.weights.cards import read_tensors

    return read_tensors(path)


def test_what_a_round_trip_changes_and_loses() -> None:
    a = np.zeros((4, 4, 3), np.uint8)
    b, c = a.copy(), a.copy()
    b[3, 0] = (255, 0, 0)
    c[0, 0] = 255
    trip = RoundTrip(a, b, c)
    assert trip.changed[3, 0] == pytest.approx(1 / 3) and trip.changed.sum() == pytest.approx(1 / 3)
    assert trip.cycle_error == pytest.approx(1 / 16)
    assert np.array_equal(difference(a, b), difference(b, a))
    assert halves(trip.changed[None]) == pytest.approx((0.0, 1 / 24))


def test_colour_transfer_gives_the_paintings_mean_and_covariance() -> None:
    random = np.random.default_rng(0)
    paintings = (random.normal(0, 1, (3, 32, 32, 3)) @ random.normal(0, 12, (3, 3)) + 120).clip(0, 255).astype(np.uint8)
    photo = random_picture(64, 64)
    made = ColourTransfer(paintings)(photo).reshape(-1, 3).astype(float)
    wanted = paintings.reshape(-1, 3).astype(float)
    np.testing.assert_allclose(made.mean(axis=0), wanted.mean(axis=0), atol=2)
    np.testing.assert_allclose(np.cov(made.T), np.cov(wanted.T), atol=0.05 * np.cov(wanted.T).max())


def test_measures_of_what_is_kept() -> None:
    photos = stacked([random_picture(64, 64, seed) for seed in range(6)])
    assert gradient_correlation(photos, photos) == pytest.approx(1, abs=1e-5)
    assert abs(gradient_correlation(photos, photos.flip(0).flip(3))) < 0.4


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_generators_translate_any_size_and_change_something(name: str) -> None:
    model = translators(name)
    assert model.directions == DIRECTIONS
    assert sum(p.numel() for n in model.networks.values() for p in n.parameters()) == model.params
    picture = random_picture(75, 130)
    for direction in DIRECTIONS:
        made = model.translate(direction, picture)
        assert made.shape == picture.shape and difference(made, picture).mean() > 1e-3
        assert np.array_equal(made, model.translate(direction, picture))
    with pytest.raises(ValueError, match="direction"):
        model.translate("sideways", picture)
    with pytest.raises(ValueError, match="pixels"):
        model.translate("there", random_picture(31, 64))


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_is_what_its_recipe_goes_on_from(name: str) -> None:
    card, pair = load_card(f"cyclegan-{name}"), TRAINED[name]
    tensors = recipe.going_on(WEIGHTS / card.file, pair)
    for direction in DIRECTIONS:
        pair.generator().load_state_dict(take(tensors, f"{direction}."), strict=True)
    assert card.params < 1_200_000 and card.trained.images > 0


def test_a_smooth_generator_made_of_a_fast_one_paints_its_delta_smoothly() -> None:
    """Where the fast one's delta has no pattern within its 2x2 pixels, both paint the same but for the enlarging."""
    torch.manual_seed(2)
    fast, smooth = lively(FastGenerator(2, 8, 8, 1)), SmoothGenerator(8, 8, 1).eval().requires_grad_(False)
    with torch.no_grad():
        for layer in (fast.up[1], fast.head[1]):
            for p in layer.parameters():
                p.copy_(p.unflatten(0, (-1, 4)).mean(dim=1, keepdim=True).expand(-1, 4, *p.shape[1:]).flatten(0, 1))
    smooth.load_state_dict(smoothed(fast.state_dict()))
    x = (torch.rand(1, 3, 8, 8) - 0.5).repeat_interleave(16, 2).repeat_interleave(16, 3)
    a, b = fast.delta(x), smooth.delta(x)
    flat = (slice(None), slice(None), slice(56, 72), slice(56, 72))
    assert torch.corrcoef(torch.stack([a.flatten(), b.flatten()]))[0, 1] > 0.95
    assert a[flat].shape == b[flat].shape and (a - b).abs().mean() < 0.1 * a.abs().mean()


def test_smooth_generators_write_no_pattern_of_single_pixels() -> None:
    torch.manual_seed(1)
    network = lively(SmoothGenerator(8, 8, 1))
    network.head.load_state_dict({k: 20 * v for k, v in network.head.state_dict().items()})
    painted = network.delta((torch.rand(1, 3, 8, 8) - 0.5).repeat_interleave(8, 2).repeat_interleave(8, 3))
    checks = (torch.arange(64) + torch.arange(64)[:, None]) % 2 * 2 - 1
    assert (painted * checks).mean().abs() < 1e-3 * painted.std()


def test_a_smooth_generator_paints_no_frame_around_a_flat_picture() -> None:
    torch.manual_seed(1)
    network = lively(SmoothGenerator(8, 8, 1))
    painted = network.delta(torch.full((1, 3, 64, 64), 0.3))
    torch.testing.assert_close(painted, painted[..., 32:33, 32:33].expand_as(painted))
    assert painted.abs().max() > 1e-3, "and it does paint"


def test_strokes_are_the_distance_of_patches_not_of_pictures() -> None:
    torch.manual_seed(0)
    x = torch.rand(4, 3, 32, 32)
    assert strokes(x.flip(0), x) == 0, "the order of pictures says nothing"
    torch.manual_seed(0)
    near = strokes(x + 0.01, x)
    torch.manual_seed(0)
    far = strokes(x + 0.1, x)
    torch.testing.assert_close(far, 10 * near, rtol=1e-3, atol=1e-5)  # a shift moves every sorted value alike
    smooth = torch.nn.functional.avg_pool2d(x, 4).repeat_interleave(4, 2).repeat_interleave(4, 3)
    assert strokes(smooth, x) > 0.1


def test_discriminators_that_ship_judge_as_those_that_were_trained() -> None:
    torch.manual_seed(0)
    trained, x = ScaledPatchGAN(2, 2, 8).bounded(), torch.rand(2, 3, 64, 64) - 0.5
    trained(x), trained.eval()
    again = ScaledPatchGAN(2, 2, 8)
    again.load_state_dict(trained.plain())
    for a, b in zip(trained(x), again(x), strict=True):
        torch.testing.assert_close(a, b)
    steepest = [torch.linalg.matrix_norm(w.flatten(1), 2) for k, w in trained.plain().items() if k.endswith("weight")]
    assert all(norm < 1.3 for norm in steepest) and len(steepest) == 8


def test_a_discriminator_of_the_whole_has_one_verdict_that_every_pixel_moves() -> None:
    torch.manual_seed(0)
    network = discriminator({"whole": 32, "width": 4}).double()
    x = torch.zeros(1, 3, 32, 32, dtype=torch.float64, requires_grad=True)
    (verdict,) = network(x)
    (gradient,) = torch.autograd.grad(verdict.sum(), x)
    assert verdict.shape == (1, 1, 1, 1) and (gradient.abs().sum(dim=1) > 0).all()
    trained = WholeGAN(32, 4).bounded()
    trained(x.detach().float()), trained.eval()
    again = WholeGAN(32, 4)
    again.load_state_dict(trained.plain())
    noise = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(trained(noise)[0], again(noise)[0])
