"""What an autoencoder has not seen it cannot draw again: errors, their ROC, and PCA beside it."""

from __future__ import annotations

import pytest
import torch

from models.anomaly.anomaly import CLASSES, FaceAutoencoder, GreyAutoencoder, face_guard, foreignness, nine_of_ten
from models.gan.gan import gan
from models.pictures.pictures import UNIT, from_bytes
from models.vae.conditional import styles
from training.anomaly.evaluation import as_faces, pca, told_apart
from training.gan.evaluation import drawn


def test_foreignness_is_the_mean_squared_error() -> None:
    x, drawn = torch.rand(3, 1, 4, 4), torch.rand(3, 1, 4, 4)
    expected = [float(((a - b) ** 2).mean()) for a, b in zip(x, drawn, strict=True)]
    assert foreignness(x, drawn).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("network", "shape"),
    [
        (GreyAutoencoder(latent=3, width=8), (2, 1, 28, 28)),
        (FaceAutoencoder(latent=5, widths=(8, 8, 8)), (2, 3, 64, 64)),
    ],
)
def test_a_picture_goes_through_few_numbers_and_keeps_its_shape(
    network: torch.nn.Module, shape: tuple[int, ...]
) -> None:
    x = torch.rand(shape)
    assert network(x).shape == shape
    assert network.get_submodule("encoder")(x).shape in ((2, 3), (2, 5))


def test_pca_leaves_nothing_of_what_lies_on_its_plane() -> None:
    generator = torch.Generator().manual_seed(0)
    axes = torch.randn(3, 16, generator=generator)
    on = (torch.randn(50, 3, generator=generator) @ axes + 2).view(50, 1, 4, 4)
    score = pca(on, 3)
    assert score(on).max() < 1e-8
    off = on + torch.randn(on.shape, generator=generator)
    assert told_apart(score, on, off) == 1.0


@pytest.fixture(scope="module")
def digits() -> torch.Tensor:
    """Digits that no recipe here has seen, by the conditional VAE: (10, 60, 1, 28, 28)."""
    z = torch.randn(60, styles().network.latent, generator=torch.Generator().manual_seed(0))
    return torch.stack([styles().write(z, torch.full((60,), digit)) for digit in range(CLASSES)])


def test_the_class_that_was_never_seen_is_drawn_worse_than_by_who_has_seen_it(digits: torch.Tensor) -> None:
    for missing in range(CLASSES):
        unseen = nine_of_ten().without(missing).foreignness(digits[missing]).mean()
        seen = nine_of_ten().without((missing + 1) % CLASSES).foreignness(digits[missing]).mean()
        assert unseen > 1.1 * seen, missing


def test_faces_are_known_and_other_things_are_not(digits: torch.Tensor) -> None:
    faces = from_bytes(drawn(gan("faces"), 40, 0.7), UNIT)
    for foreign in (faces.flip(2), as_faces(digits[5])):
        assert told_apart(face_guard().foreignness, faces, foreign) > 0.8
