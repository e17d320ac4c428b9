"""The diffusion networks: labels, guidance, seeds and precision as laws, and what the weights that ship can do."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor

from models.diffusion.diffusion import (
    FACES,
    FASHION,
    MODELS,
    TASKS,
    UNSURE,
    Denoiser,
    Diffusion,
    Task,
    Wish,
    guided,
    keeping,
    to_input,
    to_pictures,
)
from models.diffusion.samplers import SAMPLERS, ddim, even_times
from models.diffusion.schedules import Schedule, cosine, linear
from models.networks.unet import UNet, fourier_features
from models.weights.cardfile import Card
from models.weights.cards import WEIGHTS, load_card, save_card, save_weights
from training.diffusion.recipe import RECIPES, drop, loss_of, spread_times

SHIPPED = [name for name in TASKS if (WEIGHTS / f"diffusion-{name}.toml").exists()]


def network(task: Task) -> UNet:
    """The shape that ships with random weights in every layer, also in those that training starts at zero."""
    generator = torch.Generator().manual_seed(4)
    net = UNet(**RECIPES[task.name].network).eval().requires_grad_(False)
    for p in net.parameters():
        p.add_(torch.randn(p.shape, generator=generator), alpha=0.02)
    return net


class Counted:
    """A network that counts the pictures it is asked for."""

    def __init__(self, net: Callable[[Tensor, Tensor, Tensor], Tensor]) -> None:
        self.net, self.rows = net, 0

    def __call__(self, x: Tensor, level: Tensor, labels: Tensor) -> Tensor:
        self.rows += len(x)
        return self.net(x, level, labels)


def some(task: Task, batch: int = 2) -> Tensor:
    return torch.randn(batch, task.channels, task.size, task.size, generator=torch.Generator().manual_seed(2))


@pytest.fixture(params=list(TASKS.values()), ids=list(TASKS))
def task(request: pytest.FixtureRequest) -> Task:
    return request.param


def test_labels_are_read_in_any_order_and_nothing_else_is() -> None:
    assert FACES.codes("") == [0, 0] and FACES.codes("smile") == [2, 0]
    assert FACES.codes("neutral,woman") == FACES.codes("woman,neutral") == [1, 2]
    assert FASHION.codes("0") == [1] and FASHION.codes("9") == [10]
    every = {
        tuple(FACES.codes(f"{a},{b}")) for a, b in itertools.product(("", "smile", "neutral"), ("", "man", "woman"))
    }
    assert len(every) == 9
    for label in (UNSURE, "dog", "smile,smile", "smile,neutral", "Smile", " smile"):
        with pytest.raises(ValueError, match="no label of faces"):
            FACES.codes(label)
    with pytest.raises(ValueError, match="10"):
        FASHION.codes("10")


def test_networks_fit_their_budget(task: Task) -> None:
    params = sum(p.numel() for p in network(task).parameters())
    most = {"faces": 3_500_000, "fashion": 1_000_000}[task.name]
    assert 0.5 * most < params < most


def test_every_input_of_the_network_matters(task: Task) -> None:
    net, x = network(task), some(task)
    level, labels = torch.tensor([0.3, 0.7]), torch.ones(2, len(task.questions), dtype=torch.int64)
    out = net(x, level, labels)
    assert out.shape == x.shape
    assert not torch.allclose(out, net(x, level + 0.1, labels), atol=1e-3)
    for question in range(len(task.questions)):
        other = labels.clone()
        other[:, question] = 2
        assert not torch.allclose(out, net(x, level, other), atol=1e-3)
    torch.testing.assert_close(net(x[1:], level[1:], labels[1:])[0], out[1], atol=1e-4, rtol=1e-4)


def test_noise_levels_are_told_apart() -> None:
    f = fourier_features(cosine().level.float(), 48)
    assert f.shape == (1001, 48) and f.abs().max() <= 1
    distance = torch.cdist(f, f) + 1e9 * torch.eye(1001)
    assert distance.min() > 1e-3


@pytest.mark.parametrize(("w", "label", "passes"), [(0, "1", 1), (1, "1", 1), (2.5, "1", 2), (2.5, "", 1), (1, "", 1)])
def test_guidance_is_the_formula_at_the_price_promised(w: float, label: str, passes: int) -> None:
    net, x = network(FASHION).double(), some(FASHION).double()
    counted = Counted(net)
    labels, nothing = torch.tensor([FASHION.codes(label)] * 2), torch.zeros(2, 1, dtype=torch.int64)
    _, epsilon = Denoiser(counted, cosine(), labels, w, clip=False)(x, 400)
    assert counted.rows == passes * len(x)
    free, asked = (Denoiser(net, cosine(), codes, 1, clip=False)(x, 400)[1] for codes in (nothing, labels))
    torch.testing.assert_close(epsilon, free + w * (asked - free))


@pytest.mark.parametrize("schedule", [linear(), cosine()], ids=["linear", "cosine"])
@pytest.mark.parametrize("t", [1, 500, 1000])
@pytest.mark.parametrize("clip", [True, False])
def test_both_predictions_explain_the_state(schedule: Schedule, t: int, clip: bool) -> None:
    x = some(FASHION)
    x0, epsilon = Denoiser(network(FASHION), schedule, torch.tensor([[3], [0]]), 3.0, clip)(x, t)
    torch.testing.assert_close(schedule.closed_form(x0, t, epsilon), x, atol=1e-5, rtol=1e-5)
    assert not clip or x0.abs().max() <= 1


def test_a_perfect_v_gives_back_picture_and_noise() -> None:
    x_0, epsilon, schedule = some(FACES).clamp(-1, 1), some(FACES).flip(0), cosine()
    for t in (1, 300, 1000):
        v = schedule.signal(t, x_0) * epsilon - schedule.noise(t, x_0) * x_0
        predict = Denoiser(lambda *_, v=v: v, schedule, torch.zeros(2, 2, dtype=torch.int64))
        found = predict(schedule.closed_form(x_0, t, epsilon), t)
        torch.testing.assert_close(found[0], x_0, atol=1e-5, rtol=0)
        torch.testing.assert_close(found[1], epsilon, atol=1e-4 if t > 1 else 1e-3, rtol=0)


def test_inpainting_keeps_what_it_is_told_to_keep() -> None:
    schedule, picture = cosine(), some(FASHION, 1).clamp(-1, 1)
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., :16] = 1
    predict = keeping(Denoiser(network(FASHION), schedule, torch.tensor([[1]])), schedule, picture, mask)
    *_, last = ddim(
        predict, schedule, even_times(8), torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    )
    torch.testing.assert_close(last.x[..., :16], picture[..., :16], atol=1e-5, rtol=0)
    assert (last.x[..., 16:] - picture[..., 16:]).abs().mean() > 0.1


def test_pictures_survive_the_way_to_tensors_and_back(task: Task) -> None:
    shape = (2, 28, 28) if task is FASHION else (2, 64, 64, 3)
    pictures = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    x = to_input(pictures, task)
    assert x.shape == (2, task.channels, task.size, task.size) and x.abs().max() <= 1
    assert np.array_equal(to_pictures(x, task), pictures)
    if task is FASHION:
        assert (x[..., :2] == -1).all() and to_input(np.zeros((1, 28, 28), np.uint8), task)[0, 0, 9, 9] == 1


def test_dropped_labels_are_dropped_as_often_as_said() -> None:
    torch.manual_seed(0)
    labels = torch.tensor([[2, 1]]).expand(40_000, 2)
    asked = (drop(labels) > 0).float()
    assert asked.mean(dim=0).sub(0.85 * 0.9).abs().max() < 0.01
    assert abs((asked.sum(dim=1) == 0).float().mean().item() - (0.1 + 0.9 * 0.15**2)) < 0.01
    assert drop(labels).max() == 2 and (labels == torch.tensor([2, 1])).all()


def test_times_of_a_batch_are_spread_over_all() -> None:
    t = torch.stack([spread_times(32, 1000) for _ in range(400)])
    assert t.min() >= 1 and t.max() <= 1000 and len(t.unique()) > 990
    assert ((t - 1) * 32 // 1000 - torch.arange(32)).abs().max() <= 1


def test_a_little_training_lowers_the_loss() -> None:
    torch.manual_seed(0)
    net = UNet(1, 4, (16, 16), (1, 1), 2, (11,))
    x = torch.zeros(32, 1, 32, 32)
    x[:, :, 8:24, 8:24] = 1
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    losses = []
    for _ in range(40):
        loss = loss_of(net, cosine(), x, torch.ones(32, 1, dtype=torch.int64))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Diffusion:
    """A Diffusion whose card and file are read like those that ship."""
    folder = tmp_path_factory.mktemp("weights")
    net = network(FASHION)
    sha256 = save_weights(net.state_dict(), folder / "x.safetensors", half=True)
    card = Card("diffusion-x", "x", 1, "x.safetensors", sha256, network=RECIPES["fashion"].network)
    save_card(card, folder / "diffusion-x.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.weights.cards.fetch", lambda card: (folder / card.file, None))
        return Diffusion(FASHION, load_card("diffusion-x", folder))


@pytest.mark.parametrize("name", SAMPLERS)
def test_one_seed_one_picture_alone_or_in_company(untrained: Diffusion, name: str) -> None:
    wish = Wish("3", name, steps=4, eta=0.5)
    alone = untrained.make([7], wish)[0].astype(int)
    assert np.array_equal(alone, untrained.make([7], wish)[0])
    assert np.abs(untrained.make([1, 7, 3], wish)[1] - alone).max() <= 1
    with ThreadPoolExecutor(4) as pool:
        crowd = list(pool.map(lambda seed: untrained.make([seed], wish)[0], [7, 8, 7, 9]))
    assert all(np.abs(picture - alone).max() <= 1 for picture in (crowd[0], crowd[2]))
    assert np.abs(crowd[1] - alone).mean() > 1


def test_all_samplers_start_from_the_same_noise(untrained: Diffusion) -> None:
    first = [next(untrained.states([5, 6], Wish("", name, 4))).x for name in SAMPLERS]
    assert all(torch.equal(x, first[0]) for x in first)
    assert not torch.allclose(first[0][0], first[0][1])


def test_wishes_that_cannot_be_granted_are_refused(untrained: Diffusion) -> None:
    for wish in (Wish("boot"), Wish(sampler="magic"), Wish(steps=0), Wish(steps=1001)):
        with pytest.raises(ValueError):
            next(untrained.states([0], wish))


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_removes_noise_that_it_has_not_seen(name: str) -> None:
    """x0-hat of a noised sample is nearer to it than x_t is, and the label changes what is drawn."""
    model = MODELS[name]()
    label = {"faces": "smile", "fashion": "1"}[name]
    *_, last = model.states([1, 2], Wish(label, steps=10))
    x_t = cosine().closed_form(last.x, 300, model.noise([8, 9])())
    x0, _ = model.denoiser(Wish(label), 2)(x_t, 300)
    assert (x0 - last.x).square().mean() < 0.25 * (x_t - last.x).square().mean()
    *_, other = model.states([1, 2], Wish({"faces": "neutral,man", "fashion": "7"}[name], steps=10))
    assert (other.x - last.x).abs().mean() > 0.02


@pytest.mark.parametrize("name", SHIPPED)
def test_cards_say_what_they_hold(name: str) -> None:
    card = load_card(f"diffusion-{name}")
    assert card.network == RECIPES[name].network
    assert card.params == sum(p.numel() for p in MODELS[name]().network.parameters())
    assert (WEIGHTS / card.file).stat().st_size < {"faces": 7_000_000, "fashion": 2_000_000}[name]
    assert card.trained.images > 1000


def test_guided_costs_one_batch() -> None:
    """Both passes go through the network together."""
    calls = []

    def net(x: Tensor, level: Tensor, labels: Tensor) -> Tensor:
        calls.append(labels.tolist())
        return x + labels[:, :1, None, None]

    x = torch.zeros(1, 1, 2, 2)
    out = guided(net, x, torch.zeros(1), torch.tensor([[2]]), 3.0)
    assert calls == [[[0], [2]]] and (out == 6).all()
