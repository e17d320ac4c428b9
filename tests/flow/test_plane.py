"""The flow of the plane layer by layer, and one that is trained: laws of both."""

from __future__ import annotations

import functools

import pytest
import torch
from torch import Tensor

from models.flow import plane_views as views
from models.flow.flow import flows, middles, noise
from models.flow.layers import Layers
from models.flow.plane_training import KEEPS, Run, Settings, data_of
from models.flow.vocabulary import MASKS, MODELS, OWN
from models.plane.toys import target

KINDS = [*OWN, "matching"]


@functools.cache
def layers(kind: str) -> Layers:
    """Of a flow that ships, in float64."""
    return Layers(flows()[kind, "moons"].exact)


def points(count: int) -> Tensor:
    return target("moons").sample(count, torch.Generator().manual_seed(3)).double()


@pytest.mark.parametrize("kind", KINDS)
def test_the_layers_terms_add_up_to_the_density(kind: str) -> None:
    way, x = layers(kind).way(points(40), 0), points(40)
    exact = flows()[kind, "moons"].exact.log_density(x)
    # the layers of flow matching are eight steps of its solver, where the flow itself takes more
    torch.testing.assert_close(way.log_density[0], exact, atol=0.15 if kind == "matching" else 1e-9, rtol=0)
    assert (way.states.shape == (len(layers(kind)) + 1, 40, 2) and float(way.log_dets.std()) > 0.01) or kind == "nice"
    for k in (0, 1, len(layers(kind))):
        torch.testing.assert_close(layers(kind).log_density(way.states[k], k), way.log_density[k])


@pytest.mark.parametrize("kind", KINDS)
def test_from_any_layer_the_way_is_the_same(kind: str) -> None:
    whole = layers(kind).way(points(30), 0)
    for k in (1, len(layers(kind)) // 2, len(layers(kind))):
        again = layers(kind).way(whole.states[k], k)
        # a step of Runge and Kutta back is not quite the inverse of one ahead
        torch.testing.assert_close(again.states, whole.states, atol=0.05 if kind == "matching" else 1e-6, rtol=0)
        torch.testing.assert_close(
            again.log_density, whole.log_density, atol=0.2 if kind == "matching" else 1e-6, rtol=0
        )


@pytest.mark.parametrize("kind", list(OWN))
def test_a_coupling_keeps_a_coordinate_and_stretches_by_what_it_says(kind: str) -> None:
    found, x = layers(kind), points(20)
    way = found.way(x, 0)
    for k, keep in enumerate(found.kept, 1):
        if keep is None:
            continue
        assert torch.equal(way.states[k][:, keep], way.states[k - 1][:, keep])
        torch.testing.assert_close(found.stretched(way.states[k], k), way.log_dets[k - 1], atol=1e-7, rtol=0)
    torch.testing.assert_close(found.stretched(x, 0), way.log_dets.sum(dim=0))


@pytest.mark.parametrize("kind", list(OWN))
def test_the_density_after_a_layer_in_the_middle_integrates_to_one(kind: str) -> None:
    found, reach, cells = layers(kind), 10.0, 240
    k = len(found) // 2
    total = found.log_density(middles(cells, reach).double(), k).exp().sum() * (2 * reach / cells) ** 2
    assert float(total) == pytest.approx(1, abs=0.01)


def test_what_is_shown_is_the_density_the_points_and_the_net() -> None:
    learned, x = flows()["realnvp", "moons"], data_of(target("moons"))
    looked = views.Looked(learned.network, learned.exact, x)
    view = looked.view(0)
    p = learned.density(views.CELLS, views.SPAN).reshape(-1)
    shown = view.shades.density.double() / 255
    expected = torch.tensor(p).double().div(view.shades.top).clamp(0, 1).sqrt()
    assert float((shown - expected).abs().max()) < 0.004
    unit = 2 * views.SPAN / 32767
    assert float((looked.real * unit - x).abs().max()) < 1e-3
    assert float((looked.view(12).samples * unit - noise(0, views.POINTS)).abs().max()) < 1e-3
    inside = learned.log_density(view.made * unit).exp().div(view.shades.top).sqrt().mul(255)
    for level, share in zip(view.shades.levels, views.HELD, strict=True):
        assert float((inside >= level - 0.5).double().mean()) == pytest.approx(share, abs=0.02)
    z = looked.view(12).shades
    assert z.top == pytest.approx(0.97 / 6.2832, abs=0.004), "N(0, I) is 1 / (2 pi) at most"
    net = view.there.view(2, views.LINES, views.ALONG, 2)
    assert bool((net[0, :, :, 0] == net[0, :, :1, 0]).all() and (net[1, :, :, 1] == net[1, :, :1, 1]).all())


def test_a_point_s_trail_is_the_formula() -> None:
    learned = flows()["realnvp", "moons"]
    looked = views.Looked(learned.network, learned.exact, data_of(target("moons")))
    trail = looked.trail((0.4, -0.7), 0)
    x = torch.tensor([[0.4, -0.7]], dtype=torch.float64)
    assert trail.log_density == pytest.approx(float(learned.exact.log_density(x)), abs=1e-9)
    assert len(trail.path) == 13 and trail.path[0] == pytest.approx([0.4, -0.7])
    a, b = trail.path[-1]
    assert trail.base == pytest.approx(-(a * a + b * b) / 2 - 1.8378770664, abs=1e-6)
    again = looked.trail((trail.path[7][0], trail.path[7][1]), 7)
    assert again.path[0] == pytest.approx([0.4, -0.7], abs=1e-9)


def test_a_run_starts_as_the_identity_and_learns() -> None:
    run = Run(Settings("moons", depth=6))
    begun = run.looked()
    assert torch.equal(begun.ahead.states[0], begun.ahead.states[-1]) and run.measures
    before = run.measures.gap
    for _ in range(60):
        run.step()
    after = run.judge(run.average.log_density, run.set)
    assert 0 < after.gap < before - 0.3 and abs(after.train - after.held) < 0.1
    assert after.held - after.gap == pytest.approx(target("moons").entropy, abs=0.06)


@pytest.mark.parametrize("model", list(OWN))
@pytest.mark.parametrize("masks", MASKS)
def test_the_same_settings_are_the_same_run(model: str, masks: str) -> None:
    def after(seed: int) -> Tensor:
        run = Run(Settings("ring", model, depth=3, width=8, masks=masks, seed=seed))
        for _ in range(3):
            run.step()
        return torch.cat([p.flatten() for p in run.average.parameters()])

    assert torch.equal(after(1), after(1)) and not torch.equal(after(1), after(2))
    assert Layers(Run(Settings(model=model, depth=5, masks=masks)).flow).kept[:5] == [KEEPS[masks](i) for i in range(5)]


def test_masks_that_never_alternate_leave_a_coordinate_as_it_is() -> None:
    run = Run(Settings("ring", depth=4, masks="never"))
    for _ in range(10):
        run.step()
    way = run.looked().ahead
    assert torch.equal(way.states[0][:, 0], way.states[-1][:, 0]) and not torch.equal(way.states[0], way.states[-1])


def test_a_small_training_set_is_drawn_once() -> None:
    run = Run(Settings("moons", depth=2, points=50))
    known = {tuple(x) for x in run.set.tolist()}
    assert len(known) == 50 and all(tuple(x) in known for x in run.batch().tolist())
    assert len(run.data) == 50


def test_points_in_raw_coordinates() -> None:
    learned = flows()["spline", "ring"]
    drawn = views.samples(learned, 3000, 5)
    assert drawn[:10] == views.samples(learned, 10, 5) != views.samples(learned, 10, 6)
    x = torch.tensor(drawn)
    assert float((x.norm(dim=1) - 2).abs().median()) < 0.3
    told = views.log_density(learned, drawn)
    assert told[:5] == pytest.approx(learned.log_density(x[:5]).tolist(), abs=1e-4)
    entropy = target("ring").entropy
    assert -sum(told) / len(told) == pytest.approx(entropy, abs=0.1)
    shown = views.picture(learned)
    assert shown.shape == (384, 384) and shown.min() < 20 and shown[192, 192] > 200 and shown[192, 320] < 128


def test_the_vocabulary_is_that_of_the_models() -> None:
    assert set(MODELS) == {kind for kind, _ in flows().pairs()}
    card = flows().quality
    assert all(f"gap_{kind}_moons" in card for kind in MODELS)
