"""The VQ-VAE: the nearest code, where gradients go, what becomes of silent codes, and faces said in words."""

from __future__ import annotations

import numpy as np
import torch

from models.gan.gan import gan
from models.vqvae.vqvae import VQVAE, Coded, nearest, vqvae
from training.vqvae.recipe import SILENT, Said, loss_of


def small() -> VQVAE:
    torch.manual_seed(0)
    return VQVAE(codes=16, dim=4, widths=(8, 8), blocks=1)


def faces(count: int) -> torch.Tensor:
    return torch.rand(count, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_the_code_is_the_nearest_of_all() -> None:
    generator = torch.Generator().manual_seed(0)
    z, codebook = torch.randn(2, 4, 5, 3, generator=generator), torch.randn(16, 4, generator=generator)
    distance = torch.cdist(z.movedim(1, -1).flatten(0, 2), codebook)
    assert torch.equal(nearest(z, codebook).flatten(), distance.argmin(dim=1))


def test_the_gradient_goes_past_the_choice_as_if_there_were_none() -> None:
    network, x = small(), faces(2)
    coded = network(x)
    z = network.encoder(x).detach()
    z_q = network.codebook[nearest(z, network.codebook)].movedim(-1, 1).detach().requires_grad_()
    seen: list[torch.Tensor] = []

    def keep(_layer: object, _to: object, come: tuple[torch.Tensor, ...]) -> None:
        seen.append(come[0])

    handle = network.encoder[-1].register_full_backward_hook(keep)
    network(x).x_hat.square().sum().backward()
    handle.remove()
    network.decoder(z_q).square().sum().backward()
    torch.testing.assert_close(seen[0], z_q.grad)
    torch.testing.assert_close(coded.x_hat, network.decode(network.encode(x)))


def test_each_term_moves_what_it_is_for() -> None:
    network, x = small(), faces(2)
    codebook, encoder = network.codebook, next(network.encoder[1].parameters())
    for term, moved, still in (
        ("codebook_term", codebook, encoder),
        ("commitment_term", encoder, codebook),
    ):
        network.zero_grad(set_to_none=True)
        getattr(network(x), term).backward()
        assert moved.grad is not None and moved.grad.abs().max() > 0
        assert still.grad is None or still.grad.abs().max() == 0
    network.zero_grad(set_to_none=True)
    loss_of(network(x), x).backward()
    assert codebook.grad is not None and encoder.grad is not None


def said_at(codes: list[int], z: torch.Tensor) -> Coded:
    zero = torch.zeros(())
    return Coded(z, torch.tensor(codes).view(1, 1, -1), z, zero, zero)


def test_a_silent_code_is_put_where_the_encoder_speaks_and_the_others_stay() -> None:
    network = small()
    before = network.codebook.detach().clone()
    said = Said(network)
    z = torch.randn(1, 4, 1, 3, generator=torch.Generator().manual_seed(1))
    for step in range(1, SILENT + 2):
        alive = said.hear(said_at([0, 1, 2], z), step)
    assert alive == 3
    said.revive(said_at([0, 1, 2], z), SILENT + 1)
    assert torch.equal(network.codebook[:3], before[:3])
    spoken = z[0, :, 0].T
    distance = torch.cdist(network.codebook[3:].detach(), spoken)
    assert distance.min(dim=1).values.max() == 0
    assert said.hear(said_at([0, 1, 2], z), SILENT + 2) == 16  # who was moved has its time to be said


def test_faces_come_back_from_their_words_and_the_dead_ones_have_few() -> None:
    """Faces of the GAN: none of these networks has seen them."""
    model = gan("faces")
    real = model.sheet(model.of_seeds(range(16), psi=0.7))
    errors, words = {}, {}
    for name in ("faces", "dead"):
        codes = vqvae[name]().encode(real)
        assert codes.shape == (16, 16, 16) and codes.min() >= 0 and codes.max() < 512
        shown = vqvae[name]().decode(codes)
        errors[name] = float(np.mean(np.square((shown.astype(float) - real) / 255)))
        words[name] = len(np.unique(codes))
    assert errors["faces"] < 0.004 < 2 * errors["dead"]
    assert words["faces"] > 4 * words["dead"]
