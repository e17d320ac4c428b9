"""RealNVP written out is what its layers and autograd say; weights in one row are the same weights."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from models.flow import affine
from models.flow.density import CHUNK
from models.flow.flow import Flow, coupled, realnvp
from models.flow.layers import Layers
from models.plane.rows import in_one_row


def flow(kind: str = "realnvp", keeps: tuple[int, ...] = (0, 1, 1, 0)) -> Flow:
    """With every weight away from where training starts, in float64."""
    torch.manual_seed(2)
    found = coupled(kind, keeps, 8).double()
    for p in found.parameters():
        p.data += 0.2 * torch.randn_like(p)
    return found


def points(count: int) -> Tensor:
    return 1.5 * torch.randn(count, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.mark.parametrize("count", [0, 1, 50, CHUNK + 7])
def test_the_density_is_that_of_the_layers(count: int) -> None:
    found, x = flow(), points(count)
    expected = found.log_density(x).detach()  # where gradients are asked for, layer by layer
    with torch.no_grad():
        torch.testing.assert_close(found.log_density(x), expected)
        torch.testing.assert_close(Layers(found).log_density(x, 0), expected)


def test_the_gradient_is_the_one_of_autograd() -> None:
    found, x = flow(), points(300)
    loss = found.loss(x)
    expected = torch.autograd.grad(loss, list(found.parameters()))
    gradient = found.gradient()
    torch.testing.assert_close(gradient(x), loss.detach())
    for p, slope in zip(found.parameters(), expected, strict=True):
        torch.testing.assert_close(p.grad, slope)
    gradient(x)
    for p, slope in zip(found.parameters(), expected, strict=True):
        torch.testing.assert_close(p.grad, 2 * slope)


def test_only_affine_couplings_are_written_out() -> None:
    assert len(affine.couplings(realnvp().layers)) == 12
    assert not affine.couplings(flow("nice").layers) and not affine.couplings(flow("spline").layers)
    assert not affine.couplings([*realnvp().layers, nn.Identity()])


@pytest.mark.parametrize("kind", ["nice", "realnvp", "spline"])
def test_weights_in_one_row_are_trained_as_they_are(kind: str) -> None:
    apart = flow(kind)
    together, x = copy.deepcopy(apart), points(100)
    row = in_one_row(together)
    assert row.numel() == sum(p.numel() for p in apart.parameters())
    gradient = together.gradient()
    ways = [torch.optim.Adam(apart.parameters(), lr=0.01), torch.optim.Adam([row], lr=0.01)]
    for _ in range(3):
        for adam in ways:
            adam.zero_grad(set_to_none=False)
        apart.loss(x).backward()
        gradient(x)
        for adam in ways:
            adam.step()
    for own, other in zip(apart.parameters(), together.parameters(), strict=True):
        torch.testing.assert_close(own, other)
