"""RealNVP written out: the density of a flow of affine couplings, and the gradient of its loss, by hand.

What comes out is what `coupling.py` and autograd say, and tests hold both against them. The points' coordinates lie in
rows, hidden layers are written over in place and no graph is kept: the density takes half the time, a gradient a third.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.flow.coupling import LIMIT, AffineCoupling
from models.flow.density import CHUNK

LOG_2PI = math.log(2 * math.pi)
silu_backward = torch.ops.aten.silu_backward
Weights = tuple[int, Tensor, Tensor, Tensor]
"""Which coordinate a coupling keeps, and [W b] of the three layers of its conditioner."""


def couplings(layers: Iterable[nn.Module]) -> list[AffineCoupling]:
    """The layers where all of them are affine couplings; none of them otherwise."""
    found = list(layers)
    affine = [each for each in found if isinstance(each, AffineCoupling)]
    return affine if len(affine) == len(found) else []


def _weights(layer: AffineCoupling) -> Weights:
    """As they are multiplied with rows beside which a row of ones stands: below it, or above x_2."""
    net, keep = layer.net, layer.keep
    one, two, three = (
        torch.cat([part.weight, part.bias[:, None]], dim=1) for part in (net.first, net.second, net.last)
    )
    return keep, (one.flip(1) if keep else one).contiguous(), two, three


def log_density(layers: Sequence[AffineCoupling], x: Tensor) -> Tensor:
    """log p(x), in nats, of these couplings, the first one first; no gradient.  x: (B, 2). Returns (B,)."""
    weights = list(map(_weights, layers))
    return torch.cat([_log_density(weights, part) for part in x.split(CHUNK)])


def _log_density(weights: Sequence[Weights], x: Tensor) -> Tensor:
    rows = x.new_ones(3, len(x))  # x_1, ones, x_2: either has the ones beside it
    rows[0], rows[2] = x.unbind(1)
    width = len(weights[0][2])
    one, two = (x.new_ones(width + 1, len(x)) for _ in range(2))
    out, size, total = x.new_empty(2, len(x)), x.new_empty(len(x)), x.new_zeros(len(x))
    for keep, first, second, last in weights:
        F.silu(torch.mm(first, rows[keep : keep + 2], out=one[:width]), inplace=True)
        F.silu(torch.mm(second, one, out=two[:width]), inplace=True)
        t, s = torch.mm(last, two, out=out)
        s.div_(torch.abs(s, out=size).div_(LIMIT).add_(1))
        total.add_(s)
        rows[2 - 2 * keep].mul_(s.exp_()).add_(t)
    return total - 0.5 * (rows[0].square() + rows[2].square()) - LOG_2PI


class Held(NamedTuple):
    """The weights of a coupling's conditioner, biases as columns, and where their gradients are gathered."""

    keep: int
    weights: tuple[Tensor, Tensor, Tensor]
    biases: tuple[Tensor, Tensor, Tensor]
    turned: tuple[Tensor, Tensor, Tensor]
    slopes: tuple[Tensor, Tensor, Tensor]
    shifts: tuple[Tensor, Tensor, Tensor]


class Passed(NamedTuple):
    """What a coupling leaves behind for its gradient: what it kept (1, B), both hidden layers before and after their
    bend, exp(s), x_2 exp(s) and ds/draw."""

    kept: Tensor
    one: Tensor
    first: Tensor
    two: Tensor
    second: Tensor
    grown: Tensor
    stretched: Tensor
    bend: Tensor


def _held(layer: AffineCoupling) -> Held:
    parts = (layer.net.first, layer.net.second, layer.net.last)
    for each in layer.parameters():
        each.grad = torch.zeros_like(each) if each.grad is None else each.grad
    columns = [
        [part.weight.detach() for part in parts],
        [part.bias.detach()[:, None] for part in parts],
        [part.weight.detach().T for part in parts],
        [part.weight.grad for part in parts],
        [part.bias.grad for part in parts],
    ]
    return Held(layer.keep, *map(tuple, columns))  # type: ignore[arg-type]


class Gradient:
    """The gradient of the loss of affine couplings. They are looked up once: weights may change, in place."""

    def __init__(self, layers: Sequence[AffineCoupling]) -> None:
        self.held = list(map(_held, layers))

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Tensor:
        """The loss -E log p(x), in nats; its gradient is added to what each weight's `grad` holds.

        x: (B, 2). A scalar.
        """
        rows, total = list(x.T.contiguous().split(1)), x.new_zeros(1, len(x))
        left = [_through(held, rows, total) for held in self.held]
        slope = [row / len(x) for row in rows]
        for held, passed in zip(reversed(self.held), reversed(left), strict=True):
            _back(held, passed, slope)
        return (0.5 * (rows[0].square() + rows[1].square()) - total).mean() + LOG_2PI


def _through(held: Held, rows: list[Tensor], total: Tensor) -> Passed:
    """Moves one of the two rows, (1, B) each, and adds s to the total; returns what is left behind."""
    keep, (w_one, w_two, w_last), (b_one, b_two, b_last), *_ = held
    kept = rows[keep]
    one = torch.addmm(b_one, w_one, kept)
    first = F.silu(one)
    two = torch.addmm(b_two, w_two, first)
    second = F.silu(two)
    t, raw = torch.addmm(b_last, w_last, second).split(1)
    within = raw.abs().mul_(1 / LIMIT).add_(1).reciprocal_()
    s = raw * within
    total.add_(s)
    grown = s.exp_()
    stretched = rows[1 - keep] * grown
    rows[1 - keep] = t.add_(stretched)
    return Passed(kept, one, first, two, second, grown, stretched, within.square_())


def _back(held: Held, passed: Passed, slope: list[Tensor]) -> None:
    """From dL/dz to dL/dx, two rows (1, B) each; the weights' gradients are added to."""
    keep, _, _, (_, t_two, t_last), slopes, shifts = held
    kept, one, first, two, second, grown, stretched, bend = passed
    moved = slope[1 - keep]
    back = torch.cat([moved, stretched.mul_(moved).sub_(1 / moved.numel()).mul_(bend)])
    slopes[2].addmm_(back, second.T)
    shifts[2].add_(back.sum(dim=1))
    back = silu_backward(t_last @ back, two)
    slopes[1].addmm_(back, first.T)
    shifts[1].add_(back.sum(dim=1))
    back = silu_backward(t_two @ back, one)
    slopes[0].addmm_(back, kept.T)
    shifts[0].add_(back.sum(dim=1))
    slope[1 - keep] = grown.mul_(moved)
    slope[keep] = slope[keep].addmm(held.turned[0], back)
