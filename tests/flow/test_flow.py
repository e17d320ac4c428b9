"""Flows of the plane: laws of every kind, our couplings against zuko's, and what the trained ones must still do."""

from __future__ import annotations

import functools
import math
from itertools import islice
from pathlib import Path

import pytest
import torch
import zuko
from torch import Tensor, nn

from models.flow.coupling import LIMIT, AffineCoupling, bounded
from models.flow.density import Bijection, log_normal
from models.flow.fitting import fit, fit_live
from models.flow.flow import CLOUD, DEFAULT, MODELS, flows, middles, noise
from models.flow.matching import Matching
from models.flow.splines import Spline
from models.plane.toys import TARGETS, drawn, target
from models.weights.cards import WEIGHTS, load_card, read_tensors, save_weights

TRAINED = [pair for kind in MODELS for pair in ((kind, "ring"), (kind, "checkerboard"))]
shipped = pytest.mark.skipif(not (WEIGHTS / "flow-2d.toml").exists(), reason="the flows have not been trained yet")


@functools.cache
def random_model(kind: str) -> Bijection:
    """A network of its kind with every weight away from where training starts: no identity hides a wrong sign."""
    torch.manual_seed(1)
    model = MODELS[kind]()
    for parameter in model.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    return model.eval().requires_grad_(False)


def points(count: int, seed: int = 0) -> Tensor:
    return 1.5 * torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))


def log_det_by_autograd(model: Bijection, x: Tensor) -> Tensor:
    jacobian = torch.func.vmap(torch.func.jacrev(lambda row: model(row[None])[0][0]))(x)
    return jacobian.det().abs().log()


@pytest.mark.parametrize("kind", MODELS)
def test_there_and_back(kind: str) -> None:
    model, x = random_model(kind), points(500)
    torch.testing.assert_close(model.inverse(model(x)[0]), x, atol=1e-4, rtol=0)
    torch.testing.assert_close(model(model.inverse(x))[0], x, atol=1e-4, rtol=0)
    assert float((model(x)[0] - x).abs().max()) > 0.3


@pytest.mark.parametrize("kind", MODELS)
def test_the_determinant_is_the_one_of_autograd(kind: str) -> None:
    model, x = random_model(kind).double(), points(40).double()
    z, log_det = model(x)
    torch.testing.assert_close(log_det, log_det_by_autograd(model, x), atol=1e-6, rtol=0)
    torch.testing.assert_close(model.log_density(x), log_normal(z) + log_det)
    assert float(log_det.abs().max()) > 0.05
    model.float()


@pytest.mark.parametrize("kind", MODELS)
def test_a_density_integrates_to_one(kind: str) -> None:
    reach, cells = 8.0, 40 if kind == "matching" else 400  # the velocity of a start is smooth, and slow
    total = random_model(kind).log_density(middles(cells, reach)).double().exp().sum() * (2 * reach / cells) ** 2
    assert float(total) == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("kind", MODELS)
def test_states_lead_from_noise_to_data(kind: str) -> None:
    model, z = random_model(kind), noise(0, 30)
    states = model.states(z)
    assert torch.equal(states[0], z) and torch.equal(states[-1], model.inverse(z))
    assert len(states) == 1 + (model.steps if isinstance(model, Matching) else len(model.layers))  # type: ignore[arg-type]
    assert all(state.shape == (30, 2) and bool(state.isfinite().all()) for state in states)


@pytest.mark.parametrize("kind", MODELS)
def test_saved_equals_reloaded(kind: str, tmp_path: Path) -> None:
    model = random_model(kind)
    save_weights(model.state_dict(), tmp_path / "w.safetensors")
    again = MODELS[kind]()
    again.load_state_dict(read_tensors(tmp_path / "w.safetensors"), strict=True)
    assert torch.equal(again.log_density(points(20)), model.log_density(points(20)))


def test_nice_stretches_all_of_the_plane_alike() -> None:
    log_det = random_model("nice")(points(100))[1]
    assert float(log_det.std()) < 1e-6


@pytest.mark.parametrize("keep", [0, 1])
def test_our_affine_coupling_is_the_one_of_zuko(keep: int) -> None:
    torch.manual_seed(0)
    ours = AffineCoupling(keep, 16).double()
    nn.init.normal_(ours.net.last.weight)
    mask = torch.arange(2) == keep
    affine = functools.partial(zuko.transforms.MonotonicAffineTransform, slope=math.exp(-LIMIT))
    theirs = zuko.flows.GeneralCouplingTransform(
        2, mask=mask, univariate=affine, hidden_features=(16, 16), activation=nn.SiLU
    ).double()
    layers = list(theirs.hyper)[::2]  # between them the activations
    for layer, own in zip(layers, (ours.net.first, ours.net.second, ours.net.last), strict=True):
        layer.load_state_dict(own.state_dict())
    x = points(50).double()
    z, log_det = ours(x)
    expected_z, expected_log_det = theirs().call_and_ladj(x)
    torch.testing.assert_close(z, expected_z)
    torch.testing.assert_close(log_det, expected_log_det)
    torch.testing.assert_close(ours.inverse(z), theirs().inv(z))


def test_the_affine_coupling_is_the_formula_of_the_lecture() -> None:
    layer = AffineCoupling(0, 8).double()
    nn.init.normal_(layer.net.last.weight)
    x = points(20).double()
    t, raw = layer.net(x[:, :1])
    z, log_det = layer(x)
    torch.testing.assert_close(z[:, 0], x[:, 0])
    torch.testing.assert_close(z[:, 1], x[:, 1] * torch.exp(bounded(raw)) + t)
    torch.testing.assert_close(log_det, bounded(raw))


def test_our_spline_is_the_one_of_zuko() -> None:
    generator = torch.Generator().manual_seed(0)
    bins, bound = 8, 3.0
    raw = torch.randn(3 * bins - 1, 200, generator=generator, dtype=torch.float64)
    x = 2 * torch.randn(200, generator=generator, dtype=torch.float64)
    ours = Spline.from_raw(raw, bound)
    # zuko bounds what it is given by the logarithm of its least slope, as we do by LIMIT
    slope = math.exp(-LIMIT)
    widths, heights, slopes = raw.T.split([bins, bins, bins - 1], dim=1)
    theirs = zuko.transforms.MonotonicRQSTransform(widths, heights, slopes, bound=bound, slope=slope)
    y, log_slope = ours.forward(x)
    expected, expected_log_slope = theirs.call_and_ladj(x)
    torch.testing.assert_close(y, expected)
    torch.testing.assert_close(log_slope, expected_log_slope)
    torch.testing.assert_close(ours.inverse(y), theirs.inv(expected))
    assert bool((x.abs() > bound).any()) and bool((y[x.abs() > bound] == x[x.abs() > bound]).all())


def test_the_velocity_s_tangents_are_its_jacobian() -> None:
    model = random_model("matching").double()
    assert isinstance(model, Matching)
    x, t = points(20).double(), torch.full((1, 1), 0.3, dtype=torch.float64)
    eye = torch.eye(2, dtype=torch.float64)[:, None].expand(2, 20, 2)
    v, along = model.velocity.along(x, eye, t)
    torch.testing.assert_close(v, model.velocity(x, t))
    jacobian = torch.func.vmap(torch.func.jacrev(lambda row: model.velocity(row[None], t)[0]))(x)
    torch.testing.assert_close(along.permute(1, 2, 0), jacobian)
    model.float()


def test_the_determinant_is_the_integral_of_the_divergence() -> None:
    model = random_model("matching").double()
    assert isinstance(model, Matching)
    x, total, h = points(20).double(), torch.zeros(20, dtype=torch.float64), 1 / 400
    _, log_det = model(x)
    eye = torch.eye(2, dtype=torch.float64)[:, None].expand(2, 20, 2)
    for i in range(400):  # by the midpoint rule, from the data back to the noise
        t = torch.full((1, 1), 1 - i * h, dtype=torch.float64)
        middle = x - h / 2 * model.velocity(x, t)
        v, along = model.velocity.along(middle, eye, t - h / 2)
        total -= h * (along[0, :, 0] + along[1, :, 1])
        x = x - h * v
    torch.testing.assert_close(log_det, total, atol=1e-4, rtol=0)
    model.float()


@pytest.mark.parametrize("kind", MODELS)
def test_a_fit_learns(kind: str) -> None:
    """A short fit of every kind on two blobs ends far nearer to the entropy than the Gaussian it starts from."""
    torch.manual_seed(0)
    model, blobs = MODELS[kind](), target("blobs")
    x = blobs.sample(500, torch.Generator().manual_seed(9))
    gaussian = float((blobs.log_density(x) - log_normal(x)).mean())
    taken = 50
    *_, state = fit(model, blobs, kind, iter([i / taken for i in range(taken + 1)]).__next__)
    assert state.steps == taken and not any(p.requires_grad for p in state.average.parameters())
    with torch.no_grad():
        gap = float((blobs.log_density(x) - state.average.log_density(x)).mean())
    assert -0.05 < gap < 0.75 * gaussian


def test_a_live_fit_gives_frames_and_stops_when_asked() -> None:
    frames = fit_live(drawn([(-1.0, 0.0), (1.0, 0.0)], 0.3), "realnvp", seconds=3, frames=3, cells=20, count=50)
    first, second = islice(frames, 2)
    frames.close()  # type: ignore[attr-defined]
    assert 0 < first.progress < second.progress <= 1 and math.isfinite(second.loss)
    assert first.density.shape == (20, 20) and first.states.shape == (13, 50, 2)
    assert next(frames, None) is None
    with pytest.raises(KeyError):
        next(fit_live(target("ring"), "glow"))


def test_a_cloud_of_noise_is_the_beginning_of_a_larger_one() -> None:
    assert torch.equal(noise(3, 10), noise(3, CLOUD)[:10]) and not torch.equal(noise(3, 10), noise(4, 10))


@shipped
def test_every_kind_is_there_on_every_target() -> None:
    assert flows().pairs() == sorted((kind, name) for kind in MODELS for name in TARGETS)
    assert load_card("flow-2d").params == sum(flows()[pair].params for pair in flows().pairs())


@shipped
@pytest.mark.parametrize(("kind", "name"), TRAINED)
def test_trained_flows_keep_the_laws(kind: str, name: str) -> None:
    learned = flows()[kind, name]
    x, z = target(name).sample(500, torch.Generator().manual_seed(0)), noise(1, 500)
    there, log_det = learned.forward(x)
    torch.testing.assert_close(learned.states(there)[-1], x.double(), atol=1e-4, rtol=0)
    torch.testing.assert_close(learned.forward(learned.states(z)[-1])[0], z.double(), atol=1e-4, rtol=0)
    exact = log_det_by_autograd(learned.network, x[:50])
    torch.testing.assert_close(log_det[:50].float(), exact, atol=1e-3, rtol=1e-3)


@shipped
@pytest.mark.parametrize("kind", ["nice", "realnvp", "spline"])
@pytest.mark.parametrize("name", TARGETS)
def test_every_point_that_is_shown_finds_back(kind: str, name: str) -> None:
    """In float32 a tenth of the plane of RealNVP's spiral does not, and some points miss by a million."""
    learned, x = flows()[kind, name], middles(64)
    assert float((learned.states(learned.forward(x)[0])[-1] - x).abs().max()) < 0.01


@shipped
def test_trained_flows_reach_their_aims() -> None:
    aims = {("spline", "ring"): 0.02, (DEFAULT, "ring"): 0.06, ("spline", "checkerboard"): 0.10}
    for (kind, name), aim in aims.items():
        x = target(name).sample(20_000, torch.Generator().manual_seed(7))
        gap = (target(name).log_density(x) - flows()[kind, name].log_density(x)).mean()
        assert float(gap) <= aim, (kind, name)
