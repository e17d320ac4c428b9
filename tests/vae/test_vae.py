"""The mathematics of the VAE against torch.distributions and scipy, and laws of the networks that ship."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from models.faces.vocabulary import DIRECTIONS
from models.pictures.pictures import from_uint8, to_uint8
from models.vae.latent import planes
from models.vae.prior import Mixture, log_density
from models.vae.smile import faces
from models.vae.vae import (
    FaceVAE,
    bernoulli_log_likelihood,
    kl_to_standard_normal,
    merged,
    normal_quantiles,
    reparametrize,
)
from models.vae.vocabulary import BETAS, DATA
from models.weights.cards import load_card, load_tensors
from training.vae.mixture import fit_mixture


def random_gaussian(batch: int = 7, dims: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    mu, log_var = torch.randn(2, batch, dims, generator=generator, dtype=torch.float64)
    return mu, log_var


def test_kl_is_the_one_of_torch() -> None:
    mu, log_var = random_gaussian()
    q = torch.distributions.Normal(mu, (0.5 * log_var).exp())
    expected = torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(kl_to_standard_normal(mu, log_var), expected)
    assert kl_to_standard_normal(torch.zeros(1, 5), torch.zeros(1, 5)).item() == 0


def test_reparametrized_draws_have_the_moments_of_q() -> None:
    mu, log_var = random_gaussian(1, 3)
    epsilon = torch.randn(200_000, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    z = reparametrize(mu, log_var, epsilon)
    torch.testing.assert_close(z.mean(dim=0), mu[0], atol=0.02, rtol=0.02)
    torch.testing.assert_close(z.var(dim=0), log_var[0].exp(), atol=0.02, rtol=0.02)


def test_bernoulli_likelihood_is_the_one_of_torch() -> None:
    x = torch.tensor([[0.0, 1.0, 1.0]], dtype=torch.float64)
    logits = torch.tensor([[0.3, -1.2, 2.0]], dtype=torch.float64)
    expected = torch.distributions.Bernoulli(logits=logits).log_prob(x).sum(dim=1)
    torch.testing.assert_close(bernoulli_log_likelihood(x, logits), expected)


@pytest.mark.parametrize("n", [1, 2, 20])
def test_quantiles_are_those_of_scipy(n: int) -> None:
    expected = stats.norm.ppf((np.arange(n) + 0.5) / n)
    np.testing.assert_allclose(normal_quantiles(n).numpy(), expected, atol=1e-6)


def random_mixture() -> Mixture:
    generator = torch.Generator().manual_seed(5)
    factors = torch.randn(3, 4, 4, generator=generator, dtype=torch.float64).tril()
    factors.diagonal(dim1=1, dim2=2).abs_().add_(0.5)
    means = 3 * torch.randn(3, 4, generator=generator, dtype=torch.float64)
    return Mixture(torch.tensor([0.2, 0.5, 0.3], dtype=torch.float64).log(), means, factors)


def test_mixture_density_is_the_one_of_torch() -> None:
    mixture = random_mixture()
    parts = torch.distributions.MultivariateNormal(mixture.means, scale_tril=mixture.factors)
    whole = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(logits=mixture.log_weights), parts)
    z = torch.randn(11, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(torch.logsumexp(log_density(mixture, z), dim=1), whole.log_prob(z))


def test_a_mixture_comes_back_from_its_file() -> None:
    mixture = random_mixture()
    again = Mixture.from_tensors(mixture.tensors())
    for name, value in vars(mixture).items():
        torch.testing.assert_close(getattr(again, name), value.float())


def test_draws_of_a_mixture_have_its_mean_and_covariance() -> None:
    mixture = random_mixture()
    generator = torch.Generator().manual_seed(2)
    k = mixture.components(torch.rand(100_000, generator=generator, dtype=torch.float64))
    z = mixture.sample(torch.randn(100_000, 4, generator=generator, dtype=torch.float64), k)
    weights = mixture.log_weights.exp()
    mean = weights @ mixture.means
    centred = mixture.means - mean
    within = torch.einsum("k,kij,klj->il", weights, mixture.factors, mixture.factors)
    between = torch.einsum("k,ki,kj->ij", weights, centred, centred)
    torch.testing.assert_close(z.mean(dim=0), mean, atol=0.06, rtol=0)
    torch.testing.assert_close(torch.cov(z.T), within + between, atol=0.25, rtol=0.03)


def test_fitting_two_clear_clusters_beats_one_gaussian() -> None:
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(600, 2, generator=generator) + 8 * torch.randint(0, 2, (600, 1), generator=generator)
    one, two = fit_mixture(rows, 1), fit_mixture(rows, 2)
    assert two.held_out > one.held_out + 0.3
    assert sorted(two.mixture.means[:, 0].round().tolist()) == [0, 8]


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("beta", (0, 1, 4))  # at 20 the code says nothing: posterior collapse
def test_planes_decode_pictures_that_their_encoder_reads_back(data: str, beta: int) -> None:
    plane = planes(data)[beta]
    codes = torch.from_numpy(plane.encoded[:200])
    x = plane.decode(codes)
    assert x.shape == (200, 28, 28)
    assert 0 <= x.min() < 0.1 and 0.9 < x.max() <= 1
    again = plane.look(x[:50, None])[0]
    # A VAE's encoder is no inverse, but it comes back far nearer than another code does.
    own = (again - codes[:50]).norm(dim=1).median()
    other = (again - codes[:50].roll(1, 0)).norm(dim=1).median()
    assert own < 0.6 * other


@pytest.mark.parametrize("data", DATA)
def test_stronger_beta_pays_less_and_reconstructs_worse(data: str) -> None:
    quality = load_card(f"vae-{data}").quality
    kl = [float(quality[f"kl_beta{beta}"]) for beta in BETAS if beta]
    reconstruction = [float(quality[f"reconstruction_beta{beta}"]) for beta in BETAS if beta]
    assert kl == sorted(kl, reverse=True)
    assert reconstruction == sorted(reconstruction, reverse=True)
    assert float(quality["reconstruction_beta0"]) > reconstruction[0], "nothing to pay, so nothing lost"


@pytest.mark.parametrize("data", DATA)
def test_the_planes_differ_in_beta_alone(data: str) -> None:
    shapes = [
        {name: tuple(value.shape) for name, value in planes(data)[beta].network.state_dict().items()} for beta in BETAS
    ]
    assert all(one == shapes[0] for one in shapes)


def test_the_manifold_is_the_decoded_plane_with_v_upwards() -> None:
    plane = planes("digits")[1]
    sheet = plane.manifold()
    assert sheet.shape == (560, 560)
    u, v = plane.cells[3], plane.cells[17]
    tile = sheet[28 * 2 : 28 * 3, 28 * 3 : 28 * 4].astype(int)
    assert np.abs(tile - plane.picture(u, v)).max() <= 1


@pytest.mark.parametrize("beta", (0, 1))
def test_a_point_says_the_code_that_is_decoded_there(beta: int) -> None:
    plane = planes("digits")[beta]
    z = plane.code(-1.5, 0.5)
    decoded = torch.sigmoid(plane.network.decode(torch.tensor([z])))
    torch.testing.assert_close(decoded[0], plane.decode(torch.tensor([[-1.5, 0.5]])), atol=1e-4, rtol=1e-3)
    assert (z == pytest.approx((-1.5, 0.5))) == (beta == 1), "only a prior's plane has no scale of its own"


def test_an_autoencoder_needs_no_sigma() -> None:
    reading = planes("digits")[0].read_at(0.5, 0.5)
    assert reading.sigma is None and np.isfinite(reading.reconstruction)
    reading = planes("digits")[1].read_at(0.5, 0.5)
    assert reading.sigma is not None and all(0 < s < 1 for s in reading.sigma) and reading.kl > 0


def test_same_point_same_picture_alone_or_among_32() -> None:
    plane = planes("digits")[1]
    alone = plane.picture(0.4, -0.7)
    assert np.array_equal(alone, plane.picture(0.4, -0.7))
    with ThreadPoolExecutor(32) as pool:
        crowd = list(pool.map(lambda i: plane.picture(0.4, -0.7) if i % 2 else plane.picture(i / 64, 0), range(64)))
    assert all(np.abs(p.astype(int) - alone).max() <= 1 for p in crowd[1::2])
    assert np.abs(plane.picture(-1.5, 1.5).astype(int) - alone).max() > 100


def test_faces_survive_the_way_to_tensors_and_back() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    assert np.array_equal(to_uint8(from_uint8(pictures)), pictures)


def test_an_edit_is_a_straight_line_and_comes_back() -> None:
    model = faces()
    z = model.draw(0, 1, 1.0)[0]
    there = model.edit(z, (1.5, 0.0, -1.0))
    torch.testing.assert_close(model.edit(there, (-1.5, 0.0, 1.0)), z, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(there - z, 1.5 * model.directions[0] - model.directions[2], atol=1e-4, rtol=1e-4)
    strip, marks = model.strip(z, (0.0, 0.0, 0.0), DIRECTIONS[0])
    assert marks[0] == -3 and marks[6] == 0 and marks[-1] == 3
    assert np.abs(strip[6].astype(int) - model.picture(z)).max() <= 1
    assert np.abs(strip[12].astype(int) - strip[0]).max() > 30


def test_mixing_begins_and_ends_with_its_two_faces() -> None:
    model = faces()
    a, b = model.draw(3, 2, 1.0)
    first, _, last = model.mix(a, b, (0.0, 0.5, 1.0)).astype(int)
    assert np.abs(first - model.picture(a)).max() <= 1
    assert np.abs(last - model.picture(b)).max() <= 1


@pytest.mark.parametrize("prior", ["learned", "normal"])
def test_a_drawn_face_does_not_depend_on_its_neighbours(prior: str) -> None:
    model = faces()
    many = model.draw(10, 5, 0.8, prior)
    torch.testing.assert_close(model.draw(12, 1, 0.8, prior)[0], many[2], atol=0, rtol=0)
    centre = model.draw(12, 1, 0.0, prior)[0]
    half = model.draw(12, 1, 0.4, prior)[0]
    torch.testing.assert_close(half - centre, (many[2] - centre) / 2, atol=1e-4, rtol=1e-4)


def test_the_sheet_in_half_precision_shows_the_same_faces() -> None:
    model = faces()
    z = model.draw(0, 36, 1.0)
    assert np.abs(model.sheet(z).astype(int) - model.pictures(z)).mean() < 1.5


def test_the_merged_decoder_is_the_same_function() -> None:
    """Against the layers as they are trained: random normalization as well, in float64, at two sizes of batch."""
    torch.manual_seed(0)
    network = FaceVAE(widths=(16, 24, 32), bottom=8).double().eval()
    for layer in network.modules():
        if isinstance(layer, nn.GroupNorm):
            nn.init.normal_(layer.weight)
            nn.init.normal_(layer.bias)
    for count in (1, 5):
        z = torch.randn(count, network.latent, dtype=torch.float64)
        plain = network.decode(z)
        assert plain.std() > 0.01
        torch.testing.assert_close(merged(network.decoder)(z), plain, rtol=0, atol=1e-12)


def test_directions_are_what_their_card_promises() -> None:
    tensors = load_tensors(load_card("vae-faces"))
    for name in DIRECTIONS:
        assert tensors[f"direction.{name}"].shape == (faces().latent,)
        assert tensors[f"direction.{name}"].norm() > 0.5
