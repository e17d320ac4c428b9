"""The GAN's recipe: its losses against autograd and closed forms, its augmentation, and that runs go on."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.gan.critic import Discriminator
from models.gan.stylegan import Shape
from models.weights.cards import load_card, read_tensors
from training import recipe as recipes
from training.gan import dcgan as gan_dcgan
from training.gan import film as films
from training.gan import recipe as recipe_of_gan
from training.gan.augment import Adaptive, augment, colour, cut, move
from training.gan.dcgan import BATCH, Reference, load_kept
from training.gan.evaluation import against_reference, memorised
from training.gan.film import DCGAN, MARKS, OURS, Film
from training.gan.steps import (
    Recipe,
    Trainer,
    batch_of,
    discriminator_loss,
    generator_share,
    paired_loss,
    r1_penalty,
    zero_between,
)
from training.recipe import Run

TINY = Shape(16, 3, widths=(8, 8), critic=(8, 16), latent=8, dense=8)


class Flat(nn.Module):
    """A discriminator whose slope is known: D(x) = a . x + b/2 |x|^2."""

    def __init__(self, a: Tensor, b: float = 0.0) -> None:
        super().__init__()
        self.a, self.b = nn.Parameter(a), b

    def forward(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        return (x.flatten(1) * self.a).sum(dim=1) + self.b / 2 * x.flatten(1).square().sum(dim=1)


def small_discriminator() -> Discriminator:
    torch.manual_seed(0)
    return Discriminator(TINY).double()


def pictures(count: int = 4) -> Tensor:
    return torch.rand(count, 3, 16, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(2)) * 2 - 1


def test_the_discriminators_loss_is_the_cross_entropy_of_the_lecture() -> None:
    real, fake = torch.randn(2, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    d_real, d_fake = torch.sigmoid(real), torch.sigmoid(fake)
    expected = -d_real.log().mean() - (1 - d_fake).log().mean()
    torch.testing.assert_close(discriminator_loss(real, fake), expected)


def test_one_pass_gives_the_generator_the_slope_of_its_own_loss() -> None:
    network, x = small_discriminator(), pictures().requires_grad_()
    own = torch.autograd.grad(-F.logsigmoid(network(x)).sum(), x)[0]
    logits = network(x)
    shared = torch.autograd.grad(F.softplus(logits).sum(), x)[0]
    torch.testing.assert_close(shared * generator_share(logits)[:, None, None, None], own)


def test_one_pass_serves_both_players_of_a_pairing_as_well() -> None:
    network, x = small_discriminator(), pictures().requires_grad_()
    real = torch.randn(4, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    own = torch.autograd.grad(4 * paired_loss(network(x), real), x)[0]
    logits = network(x)
    shared = torch.autograd.grad(4 * paired_loss(real, logits), x)[0]
    torch.testing.assert_close(shared * generator_share(logits - real)[:, None, None, None], own)


def test_the_zero_between_is_that_of_the_least_log_loss() -> None:
    draw = torch.Generator().manual_seed(6)
    real, fake = (7 + 2 * torch.randn(300, dtype=torch.float64, generator=draw) + at for at in (1.0, -1.0))
    b = zero_between(real, fake)
    losses = [float(discriminator_loss(real - at, fake - at)) for at in (b - 0.05, b, b + 0.05)]
    assert losses[1] == min(losses) and zero_between(real + 3, fake + 3) == pytest.approx(b + 3)


def test_r1_of_a_known_slope() -> None:
    a, x = torch.randn(3 * 16 * 16, dtype=torch.float64), pictures()
    torch.testing.assert_close(r1_penalty(Flat(a), x, None), a.square().sum())
    slopes = a + 0.3 * x.flatten(1)
    torch.testing.assert_close(r1_penalty(Flat(a, 0.3), x, None), slopes.square().sum(dim=1).mean())


def test_r1_and_its_gradient_are_those_of_finite_differences() -> None:
    network, x, h = small_discriminator(), pictures(2), 1e-5
    penalty = r1_penalty(network, x, None)
    penalty.backward()
    generator = torch.Generator().manual_seed(3)
    directions = torch.randn(400, *x.shape[1:], dtype=torch.float64, generator=generator)
    with torch.no_grad():
        slopes = torch.stack([(network(x + h * d) - network(x - h * d)) / (2 * h) for d in directions])
    # for Gaussian d the mean of (d . slope)^2 is |slope|^2
    assert slopes.square().mean(dim=0).mean().item() == pytest.approx(penalty.item(), rel=0.25)
    weight = network.first.weight
    assert weight.grad is not None
    change = torch.randn(weight.shape, dtype=torch.float64, generator=generator)
    expected = (weight.grad * change).sum().item()
    values = []
    for sign in (1, -1):
        weight.data += sign * h * change
        values.append(r1_penalty(network, x, None).item())
        weight.data -= sign * h * change
    assert (values[0] - values[1]) / (2 * h) == pytest.approx(expected, rel=1e-3)


def test_augmentation_leaves_alone_what_it_is_not_asked_to_change() -> None:
    x = pictures().float()
    assert augment(x, 0.0) is x
    for change in (colour, move, cut):
        torch.testing.assert_close(change(x, 0.0), x, atol=1e-5, rtol=0)


def test_augmentation_changes_pictures_and_passes_slopes_on() -> None:
    torch.manual_seed(0)
    x = pictures(32).float().requires_grad_()
    y = augment(x, 1.0)
    assert y.shape == x.shape and (y - x).abs().flatten(1).max(dim=1).values.min() > 0.1
    y.sum().backward()
    assert x.grad is not None and x.grad.isfinite().all() and (x.grad != 0).float().mean() > 0.4


def test_pictures_move_by_whole_pixels() -> None:
    torch.manual_seed(1)
    x = torch.arange(256.0).view(1, 1, 16, 16).repeat(40, 3, 1, 1)
    moved = move(x, 1.0)
    torch.testing.assert_close(moved, moved.round(), atol=1e-3, rtol=0)
    step = moved[:, 0, 8, 8] - x[:, 0, 8, 8]
    assert len(set(step.round().tolist())) > 8, "in all directions"
    assert step.abs().max() <= 2 * 16 + 2 + 0.01, "by at most an eighth"


def test_augmentation_grows_while_the_discriminator_knows_its_pictures_by_heart() -> None:
    adaptive = Adaptive(images=1000)
    for _ in range(200):
        adaptive.see(torch.full((32,), 3.0))
    assert adaptive.p == adaptive.most
    for _ in range(400):
        adaptive.see(torch.randn(32))
    assert adaptive.p == 0


def test_a_film_takes_each_mark_once() -> None:
    film, shots = Film(), []

    def draw() -> Tensor:
        shots.append(1)
        return torch.zeros(24, 3, 8, 8)

    for images in range(0, MARKS[3] + 1, 500):
        film.shoot(images, draw)
    assert sorted(film.frames) == list(MARKS[:4]) and len(shots) == 4
    again = Film(film.tensors())
    assert again.due(MARKS[3]) is None and again.due(MARKS[4]) == MARKS[4]


def trainer(tmp_path: Path, minutes: float = 100.0) -> Trainer:
    run = Run("tiny", minutes, torch.device("cpu"))
    return Trainer(run, TINY, Recipe(batch=4, every=2))


def fixed(t: Trainer) -> None:
    """Schedules follow the clock; for two runs to be equal, it stands still."""
    for optimizer in t.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = 1e-3


def steps(t: Trainer, numbers: range) -> None:
    fixed(t)
    for number in numbers:
        torch.manual_seed(number)
        t.steps = number
        t.step(batch_of(torch.randint(0, 256, (4, 16, 16, 3), dtype=torch.uint8), mirror=True), None)


def test_a_run_that_was_cut_off_ends_as_if_it_had_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    monkeypatch.setattr(Trainer, "gamma", lambda self: 0.5)
    whole = trainer(tmp_path)
    steps(whole, range(6))
    first = trainer(tmp_path)
    steps(first, range(3))
    first.run.images = 12
    first.run.save(first.parts(), every=0.0)
    second = trainer(tmp_path)
    assert second.run.resume(second.parts()) and second.run.images == 12
    second.average.steps = 3
    steps(second, range(3, 6))
    for part in ("generator", "discriminator"):
        expected, made = getattr(whole, part).state_dict(), getattr(second, part).state_dict()
        for name, value in expected.items():
            torch.testing.assert_close(made[name], value, atol=1e-5, rtol=1e-4)
    for name, value in whole.average.weights.items():
        torch.testing.assert_close(second.average.weights[name], value, atol=1e-5, rtol=1e-4)


def test_a_step_teaches_both_players() -> None:
    t = trainer(Path())
    before = {name: value.clone() for name, value in t.generator.named_parameters()}
    steps(t, range(2))
    assert all((value != before[name]).any() for name, value in t.generator.named_parameters())
    assert all(p.grad is None for p in (*t.generator.parameters(), *t.discriminator.parameters()))


def test_a_pairing_teaches_both_and_ends_with_its_zero_between_them() -> None:
    t = trainer(Path())
    t.recipe = dataclasses.replace(t.recipe, paired=True)
    before = {name: value.clone() for name, value in t.generator.named_parameters()}
    steps(t, range(2))
    assert all((value != before[name]).any() for name, value in t.generator.named_parameters())
    assert t.adaptive.p == 0
    images = torch.randint(256, (40, 16, 16, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        t.discriminator.verdict.bias.add_(30)
    t.set_zero(images, None)
    with torch.no_grad():
        real = torch.sigmoid(t.discriminator(batch_of(images, mirror=False), None))
    assert 0.02 < real.mean() < 0.98


def test_what_was_written_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe_of_gan, "WEIGHTS", tmp_path)
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    monkeypatch.setitem(recipe_of_gan.SHAPES, "faces", TINY)
    args = argparse.Namespace(name="faces", start=None)
    first, card = recipe_of_gan.trainer_of(args, Run("tiny", 1, torch.device("cpu")))
    steps(first, range(2))
    first.run.images = 8
    first.film.shoot(0, first.snapshot)
    first.losses.hear(2_000, {"d": 1.25, "g": 0.75})
    recipe_of_gan.write(first, card, "python -m training.gan faces", 2.0)
    args.start = tmp_path / "gan-faces.safetensors"
    written = load_card("gan-faces", tmp_path)
    kept = dataclasses.replace(written, quality={"dcgan_frechet_at_50k": 9.0, "frechet": 1.0})
    monkeypatch.setattr(recipe_of_gan, "card_beside", lambda path: kept)
    second, card = recipe_of_gan.trainer_of(args, Run("tiny", 1, torch.device("cpu")))
    assert second.images == 8 and second.film.frames.keys() == {0} and card.quality == {"dcgan_frechet_at_50k": 9.0}
    assert second.losses.rows == [[2_000, 1.25, 0.75]]
    for name, value in first.discriminator.state_dict().items():
        torch.testing.assert_close(second.discriminator.state_dict()[name], value, atol=1e-3, rtol=1e-3)
    second.run.images = 4
    card = recipe_of_gan.write(second, card, "python -m training.gan faces --from", 3.0)
    assert (card.trained.images, card.trained.minutes) == (12, 5.0)
    names = read_tensors(tmp_path / card.file).keys()
    assert {name.split(".")[0] for name in names} == {"generator", "discriminator", "film", "losses"}


def test_dcgan_takes_a_step_of_each_and_is_kept_at_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    monkeypatch.setattr(films, "CURVE", (300, 500))
    reference = Reference(Run("dcgan-tiny", 1, torch.device("cpu")))
    parts = reference.generator, reference.discriminator
    before = [[p.clone() for p in part.parameters()] for part in parts]
    figures = reference.step(torch.rand(4, 3, 64, 64) * 2 - 1)
    assert all(value > 0 for value in figures.values())
    for part, old in zip(parts, before, strict=True):
        # Adam's first step is the learning rate, whatever the slope
        change = torch.cat([(p - o).flatten().abs() for p, o in zip(part.parameters(), old, strict=True)])
        assert change.max() < 2.1 * gan_dcgan.RATE and change.median() > 0.5 * gan_dcgan.RATE
    reference.losses.hear(2_000, figures)
    for count in range(1, 5):
        reference.run.images = count * BATCH
        DCGAN.keep(reference.run.images, BATCH, reference.generator.state_dict(), reference.tensors)
    assert DCGAN.at(300).exists() and DCGAN.at(500).exists()
    assert DCGAN.tensors(tmp_path / "none")["dcgan_losses"].shape == (1, 2)
    kept = load_kept(500).state_dict()
    for name, value in reference.generator.state_dict().items():
        torch.testing.assert_close(kept[name].float(), value.float(), atol=1e-3, rtol=1e-3)


def test_what_is_filmed_takes_the_place_of_the_film_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "CHECKPOINTS", tmp_path)
    monkeypatch.setattr(recipe_of_gan, "WEIGHTS", tmp_path)
    monkeypatch.setattr(films, "WEIGHTS", tmp_path)
    monkeypatch.setattr(films, "load_card", lambda name: load_card(name, tmp_path))
    monkeypatch.setattr(films, "CURVE", (4, 8))
    monkeypatch.setitem(recipe_of_gan.SHAPES, "faces", TINY)
    shipped, card = recipe_of_gan.trainer_of(
        argparse.Namespace(name="faces", start=None), Run("a", 1, torch.device("cpu"))
    )
    for mark in (0, 800_000):
        shipped.film.shoot(mark, shipped.snapshot)
    recipe_of_gan.write(shipped, card, "python -m training.gan faces", 2.0)
    before = read_tensors(tmp_path / "gan-faces.safetensors")
    filmed = trainer(tmp_path)
    filmed.film.shoot(2_000, filmed.snapshot)
    filmed.losses.hear(2_000, {"d": 1.25, "g": 0.75})
    OURS.keep(8, 4, filmed.average.weights, filmed.tensors)
    assert OURS.at(8).exists() and not OURS.at(4).exists()
    films.show_beside("gan-faces")
    after = read_tensors(tmp_path / "gan-faces.safetensors")
    assert {name for name in after if name.startswith("film.")} == {"film.0002000"}
    assert after["losses"].tolist() == [[1.25, 0.75]]
    assert all(torch.equal(after[k], v) for k, v in before.items() if k.startswith(("generator.", "discriminator.")))
    OURS.clear()
    assert not OURS.at(8).exists() and OURS.tensors(tmp_path / "none") == {}


def test_the_reference_is_compared_at_as_many_images() -> None:
    dcgan: dict[str, float | str] = {"dcgan_frechet_at_50k": 8.0, "dcgan_frechet_at_300k": 4.0, "dcgan_judge": "x"}
    later = against_reference(dcgan | {"frechet_at_20k": 9.0, "frechet_at_310k": 1.0, "frechet_at_900k": 0.1})
    assert later == {"frechet_to_dcgan": 0.25, "images": 310_000, "dcgan_images": 300_000}
    assert against_reference(dcgan | {"frechet_at_299k": 1.0})["frechet_to_dcgan"] == 0.125
    assert against_reference(dcgan | {"frechet_at_10k": 1.0}) == {} == against_reference(dcgan)


def test_copies_are_found() -> None:
    train, held_out, fresh = torch.randn(3, 1500, 6, generator=torch.Generator().manual_seed(0))
    assert memorised(train[:1000], train, held_out)["copies"] == 1
    assert float(memorised(fresh[:1000], train, held_out)["copies"]) < 0.02
    held_out[:100] = train[:100]  # one in ten of the unseen ones is a duplicate, and the threshold holds
    assert memorised(train[:1000] + 1e-3, train, held_out)["copies"] == 1
