"""The GAN's networks against explicit formulas and autograd, and laws of what a room asks of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from models.gan.critic import Discriminator
from models.gan.dcgan import LATENT, DCDiscriminator, DCGenerator
from models.gan.gan import DATA, Gan, gan
from models.gan.stylegan import Generator, Shape, mix_styles, modulated_convolution, power, soften
from models.gan.vocabulary import PLAYERS
from models.pictures import recorded as records
from models.pictures.recorded import film_of
from models.runtime.enlarging import enlarging_kernel
from models.runtime.noise import noise_of
from models.weights import cards
from models.weights.cards import EMBEDDED_LIMIT, WEIGHTS, Card, Shelf, load_card
from training.gan.film import EVERY, MARKS, Film, Losses
from training.gan.recipe import SHAPES
from training.gan.steps import mean_styles

SHIPPED = [data for data in DATA if (WEIGHTS / f"gan-{data}.toml").exists()]
TINY = Shape(16, 3, widths=(16, 8), critic=(8, 16), latent=8, dense=8)
TINY_LABELS = Shape(28, 1, widths=(16, 8), critic=(8, 16, 16), latent=8, labels=10, dense=8)


def networks(shape: Shape) -> tuple[Generator, Discriminator]:
    """Random networks that differ by style strongly enough to be told apart, with E[w] set."""
    torch.manual_seed(0)
    generator, discriminator = Generator(shape), Discriminator(shape)
    generator.mean = mean_styles(generator, 2000)
    return generator, discriminator


@pytest.fixture(params=[TINY, TINY_LABELS], ids=["free", "labels"])
def model(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gan:
    """A GAN of random weights, loaded from a file as the room loads its own."""
    monkeypatch.setattr(cards, "shelf", lambda: Shelf(tmp_path, tmp_path / "cache"))
    shape, parts = request.param, networks(request.param)
    names = ("generator", "discriminator")
    tensors = {f"{name}.{k}": v for name, part in zip(names, parts, strict=True) for k, v in part.state_dict().items()}
    film = Film()
    film.shoot(0, lambda: torch.zeros(24, shape.channels, 8, 8))
    film.shoot(MARKS[1], lambda: torch.ones(24, shape.channels, 8, 8))
    losses, beside = Losses(PLAYERS), Losses(PLAYERS, prefix="dcgan_losses")
    for n in (1, 2):
        losses.hear(EVERY * n, {"d": 1 / n, "g": 0.5})
        beside.hear(EVERY * n, {"d": 2.0, "g": 3.0 + n})
    recorded = film.tensors() | losses.tensors() | beside.tensors()
    sha256 = cards.save_weights(tensors | recorded, tmp_path / "gan-test.safetensors", half=True)
    network = {**vars(shape), "widths": list(shape.widths), "critic": list(shape.critic)}
    return Gan(Card("gan-test", "test", 1, "gan-test.safetensors", sha256, network=network))


@pytest.mark.parametrize("demodulate", [True, False])
def test_modulated_convolution_is_the_one_with_each_pictures_own_weights(demodulate: bool) -> None:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(4, 5, 6, 7, dtype=torch.float64, generator=generator)
    weight = torch.randn(3, 5, 3, 3, dtype=torch.float64, generator=generator)
    style = torch.randn(4, 5, dtype=torch.float64, generator=generator) + 1
    expected = []
    for picture, s in zip(x, style, strict=True):
        own = weight * s[None, :, None, None]
        if demodulate:
            own = own / own.flatten(1).norm(dim=1)[:, None, None, None]
        expected.append(F.conv2d(picture[None], own, padding=1)[0])
    made = modulated_convolution(x, weight, style, power(weight) if demodulate else None)
    torch.testing.assert_close(made, torch.stack(expected), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_sizes_are_those_of_the_pictures_and_signals_neither_die_nor_explode(shape: Shape) -> None:
    generator, discriminator = networks(shape)
    z = noise_of(range(4), (shape.latent,))
    label = torch.arange(4) if shape.labels else None
    x = generator(z, label)
    assert x.shape == (4, shape.channels, shape.size, shape.size)
    assert 0.2 < x.std() < 5
    assert discriminator(x, label).shape == (4,)
    assert 0.02 < discriminator(x, label).abs().mean() < 20
    assert sum(p.numel() for p in generator.parameters()) < (500_000 if shape.labels else 2_000_000)


def test_a_settled_network_answers_the_same() -> None:
    generator, _ = networks(TINY)
    z = noise_of(range(3), (TINY.latent,))
    with torch.no_grad():
        before = generator(z)
        generator.settle()
        torch.testing.assert_close(generator(z), before, atol=1e-5, rtol=1e-5)


def test_the_low_pass_keeps_what_is_even_and_a_quarter_of_a_checkerboard() -> None:
    even = torch.full((2, 3, 6, 8), 0.3)
    torch.testing.assert_close(soften(even), even)
    board = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(3, 4).expand(2, 3, 6, 8)
    torch.testing.assert_close(soften(board)[..., 1:-1, 1:-1], board[..., 1:-1, 1:-1] / 4)
    hard, soft = (Generator(dataclasses.replace(TINY, soft=given)) for given in (False, True))
    soft.load_state_dict(hard.state_dict())
    z = noise_of(range(2), (TINY.latent,))
    with torch.no_grad():
        torch.testing.assert_close(soft(z), soften(hard(z)))


def test_the_enlarging_kernel_convolves_what_was_enlarged() -> None:
    draw = torch.Generator().manual_seed(7)
    x, weight = (torch.randn(*size, dtype=torch.float64, generator=draw) for size in ((2, 5, 4, 6), (3, 5, 3, 3)))
    style = torch.randn(2, 5, dtype=torch.float64, generator=draw)
    expected = modulated_convolution(F.interpolate(x, scale_factor=2.0), weight, style, power(weight))
    made = modulated_convolution(x, weight, style, power(weight), enlarging_kernel(weight))
    torch.testing.assert_close(made, expected)


def test_the_label_decides_what_is_drawn_and_how_it_is_judged() -> None:
    generator, discriminator = networks(TINY_LABELS)
    z = noise_of([0, 0], (TINY_LABELS.latent,))
    x = generator(z, torch.tensor([2, 7]))
    assert (x[0] - x[1]).abs().max() > 0.05
    one, other = discriminator(x, torch.tensor([2, 2])), discriminator(x, torch.tensor([2, 7]))
    torch.testing.assert_close(one[0], other[0])
    assert one[1] != other[1]


def test_mean_styles_are_the_mean_of_fresh_styles() -> None:
    generator, _ = networks(TINY_LABELS)
    z = torch.randn(20_000, 8, generator=torch.Generator().manual_seed(9))
    with torch.no_grad():
        w = generator.mapping(z, torch.full((20_000,), 3))
    error = (mean_styles(generator)[3] - w.mean(dim=0)).abs()
    assert (error < 6 * w.std(dim=0) / 20_000**0.5).all()


def test_dcgan_is_the_tutorials() -> None:
    torch.manual_seed(0)
    generator, discriminator = DCGenerator(), DCDiscriminator()
    assert sum(p.numel() for p in generator.parameters()) == 3_576_704
    assert sum(p.numel() for p in discriminator.parameters()) == 2_765_568
    x = generator(torch.randn(2, LATENT, 1, 1))
    assert x.shape == (2, 3, 64, 64) and x.abs().max() <= 1
    assert discriminator(x).shape == (2,)
    kernels = [m.weight for m in generator.modules() if isinstance(m, torch.nn.ConvTranspose2d)]
    assert all(abs(k.std().item() - 0.02) < 0.001 for k in kernels)


def test_noise_belongs_to_its_seed_alone() -> None:
    torch.testing.assert_close(noise_of([7], (16,))[0], noise_of([3, 7, 3], (16,))[1], atol=0, rtol=0)
    z = noise_of(range(2000), (16,))
    assert z.mean().abs() < 0.03 and abs(z.std().item() - 1) < 0.03


def test_same_seed_same_picture_whatever_the_batch(model: Gan) -> None:
    alone = model.pictures(model.of_seeds([5]))[0].astype(int)
    beside = model.pictures(model.of_seeds([1, 5, 9, 5]))
    assert np.abs(beside[1] - alone).max() <= 1 and np.abs(beside[3] - alone).max() <= 1
    assert np.abs(beside[0].astype(int) - alone).max() > 10
    sheet = model.grid(0)
    size = model.shape.size
    assert sheet.shape == (6 * size, 6 * size, model.shape.channels)
    assert np.abs(sheet[:size, 5 * size :] - alone).max() <= 12, "the sheet may be made in half precision"


def test_verdicts_are_probabilities_and_each_pictures_own(model: Gan) -> None:
    pictures = model.pictures(model.of_seeds(range(6)))
    verdicts = model.verdicts(pictures)
    assert ((verdicts > 0) & (verdicts < 1)).all()
    torch.testing.assert_close(model.verdicts(pictures[3:4])[0], verdicts[3])
    assert verdicts.std() > 1e-4


def test_truncated_to_nothing_every_seed_gives_the_mean_picture(model: Gan) -> None:
    flat = model.pictures(model.of_seeds(range(4), psi=0.0, label=0))
    assert (flat == flat[:1]).all()
    mean = model.generator.mean[:1, None].expand(1, model.shape.layers, -1)
    assert np.abs(model.pictures(mean)[0].astype(int) - flat[0]).max() <= 1


def test_truncation_is_a_straight_line_to_the_mean(model: Gan) -> None:
    none, half, all_of_it = (model.of_seeds([3], psi, label=0) for psi in (0.0, 0.5, 1.0))
    torch.testing.assert_close(half, (none + all_of_it) / 2)
    assert (all_of_it - none).norm() > 0.1


def test_mixing_a_seed_with_itself_changes_nothing_and_its_ends_are_the_two(model: Gan) -> None:
    layers = model.shape.layers
    own, other = (model.pictures(model.of_seeds([seed], label=0))[0].astype(int) for seed in (2, 8))
    assert all(np.abs(model.mix(2, 2, layer, label=0) - own).max() <= 1 for layer in range(layers + 1))
    assert np.abs(model.mix(2, 8, layers, label=0) - own).max() <= 1
    assert np.abs(model.mix(2, 8, 0, label=0) - other).max() <= 1
    middle = model.mix(2, 8, layers // 2, label=0).astype(int)
    assert min(np.abs(middle - own).max(), np.abs(middle - other).max()) > 2
    with pytest.raises(ValueError, match="layer"):
        model.mix(2, 8, layers + 1)


def test_mixed_styles_are_coarse_below_and_fine_from_the_layer_on() -> None:
    a, b = torch.zeros(2, 5, 3), torch.ones(2, 5, 3)
    assert mix_styles(a, b, 2)[0, :, 0].tolist() == [0, 0, 1, 1, 1]


def test_a_walk_begins_and_ends_with_its_two_pictures(model: Gan) -> None:
    w = model.of_seeds([4, 6])
    ends = model.pictures(w).astype(int)
    walk = model.walk(w[0], w[1], (0.0, 0.5, 1.0))
    assert np.abs(walk[0] - ends[0]).max() <= 1 and np.abs(walk[2] - ends[1]).max() <= 1


def test_a_label_that_is_not_there_is_refused_and_none_is_any(model: Gan) -> None:
    most = max(model.shape.labels, 1)
    assert sorted(set(model.labels(range(20)).tolist())) == list(range(most))
    assert model.labels([4, 5], most - 1).tolist() == [most - 1, most - 1]
    for wrong in (-1, most):
        with pytest.raises(ValueError, match="label"):
            model.labels([0], wrong)


def test_the_film_comes_back_from_the_file(model: Gan) -> None:
    film = model.film
    assert film is not None and film.images == MARKS[:2]
    assert film.strip.shape == (3 * 8, 2 * 8 * 8, 3)
    assert abs(film.strip[:, :56].mean() - 128) < 3 and film.strip[:, 72:].mean() > 252
    assert model.reference_film is None and film_of({}) is None


def test_both_players_losses_come_back_from_the_file(model: Gan) -> None:
    images = (EVERY, 2 * EVERY)
    assert model.losses == records.Losses(images, {"d": (1.0, 0.5), "g": (0.5, 0.5)})
    assert model.reference_losses == records.Losses(images, {"d": (2.0, 2.0), "g": (4.0, 5.0)})


@pytest.mark.parametrize("data", SHIPPED)
def test_what_ships_draws_many_pictures_and_takes_grain_for_a_fake(data: str) -> None:
    shipped = gan(data)
    w = shipped.of_seeds(range(32))
    pictures = shipped.pictures(w)
    rows = torch.from_numpy(pictures.reshape(32, -1)).float() / 255
    assert torch.pdist(rows).min() > 0.01 * rows.shape[1] ** 0.5, "no two alike"
    assert rows.std() > 0.1
    # far from faces and clothes the discriminator knows nothing: it takes plain grey or strong grain for real, but
    # light grain, near what it has seen, it does know
    grain = np.random.default_rng(0).normal(0, 15, pictures.shape)
    grained = (pictures + grain).clip(0, 255).round().astype(np.uint8)
    labels = shipped.labels(range(32))
    assert shipped.verdicts(pictures, labels).mean() > shipped.verdicts(grained, labels).mean()
    assert np.abs(shipped.sheet(w).astype(int) - pictures).mean() < 1.5
    torch.testing.assert_close(shipped.generator.mean.cpu(), mean_styles(shipped.generator), atol=0.02, rtol=0.02)
    film = shipped.film
    assert film is not None and list(film.images) == sorted(film.images) and len(film.images) >= 4
    assert film.images[-1] <= load_card(f"gan-{data}").trained.images


def test_what_ships_is_small() -> None:
    sizes = [(WEIGHTS / load_card(f"gan-{data}").file).stat().st_size for data in SHIPPED]
    assert sum(sizes) < EMBEDDED_LIMIT
