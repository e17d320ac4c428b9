"""The conditional VAE: labels are asked and given, and the style stays; the measures of style against drawn strokes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from models.judges.judges import load_judge
from models.vae.conditional import LABELS, ConditionalVAE, styles
from training.vae.conditional import elbo
from training.vae.styles import changed, slant, weight


def stroke(lean: float, thick: float, side: int = 56) -> torch.Tensor:
    """A straight stroke that goes `lean` columns to the right for each row upwards: (1, 1, side, side) of ink."""
    rows, columns = torch.meshgrid(torch.arange(side) + 0.5, torch.arange(side) + 0.5, indexing="ij")
    up, across = side / 2 - rows, columns - side / 2
    away = (across - lean * up).abs() / math.hypot(1, lean)
    ink = (thick / 2 + 0.5 - away).clamp(0, 1) * (up.abs() < side / 4)
    return ink[None, None]


@pytest.mark.parametrize("lean", [-0.6, -0.2, 0.0, 0.3, 0.7])
def test_the_slant_is_that_of_the_stroke(lean: float) -> None:
    assert slant(stroke(lean, 4)).item() == pytest.approx(lean, abs=0.03)


@pytest.mark.parametrize("thick", [2.0, 3.0, 5.0])
def test_the_weight_grows_with_the_stroke(thick: float) -> None:
    assert weight(stroke(0, thick, 200)).item() == pytest.approx(thick, rel=0.15)


def test_the_bound_is_of_pictures_given_their_labels() -> None:
    torch.manual_seed(0)
    network = ConditionalVAE(latent=3, width=16)
    x, y = torch.rand(4, 1, 28, 28), torch.tensor([0, 3, 3, 9])
    terms = elbo(network, x, y)
    assert terms.kl.min() >= 0 and terms.reconstruction.max() <= 0 and terms.total().shape == (4,)
    assert not torch.equal(network.encode(x, y)[0], network.encode(x, (y + 1) % LABELS)[0])
    z = network.encode(x, y)[0]
    assert not torch.equal(network.decode(z, y), network.decode(z, (y + 1) % LABELS))


def test_what_was_asked_is_read_and_the_style_is_kept() -> None:
    """Digits of z ~ N(0, I), each written as each of the others from the style that is read in it."""
    z = torch.randn(200, styles().network.latent, generator=torch.Generator().manual_seed(0))
    label = torch.arange(200) % LABELS
    x = styles().write(z, label)
    asked = (label + 1 + torch.arange(200) // LABELS % 9) % LABELS
    made = styles().write(styles().style(x, label), asked)
    figures = changed(x, made, label, asked)
    assert float(figures["judged_asked"]) > 0.93
    assert float(figures["slant_kept"]) > 0.7 and float(figures["weight_kept"]) > 0.6
    shuffled = changed(x.roll(10, dims=0), made, label, asked)
    assert abs(float(shuffled["slant_kept"])) < 0.3


def test_a_row_writes_all_ten_in_the_style_of_one() -> None:
    x = styles().write(torch.zeros(1, styles().network.latent), torch.tensor([4]))
    row = styles().row(x[0, 0].numpy(), 4)
    assert row.shape == (LABELS, 28, 28) and row.min() >= 0 and row.max() <= 1
    read = load_judge("digits")(torch.from_numpy(row)[:, None]).argmax(dim=1)
    assert read.tolist() == list(range(LABELS))
    np.testing.assert_allclose(row[4], x[0, 0].numpy(), atol=0.4)
