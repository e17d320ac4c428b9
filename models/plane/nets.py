"""Small perceptrons whose chain rule is written out: in the laboratory a step must take no longer than its mathematics.

All weights lie in one vector, so that an optimiser is four lines and a gradient's norm one. A test holds every slope
against autograd.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

LEAK = 0.2
"""Slope of the leaky ReLU below 0."""
BETAS, EPSILON = (0.5, 0.99), 1e-8
"""Adam's averages. Less memory of old gradients than usual: the opponent of yesterday is of little use today."""


class Perceptron:
    """x -> W_n h(... h(W_1 x + b_1) ...) + b_n with leaky ReLUs h. theta, slope: all weights, and the last gradient."""

    def __init__(self, sizes: Sequence[int], generator: torch.Generator, last: float = 1.0) -> None:
        """sizes: of the input, of each hidden layer, of the output. He's start, drawn from the generator, the last
        layer's times `last`."""
        self.shapes = [(b, a) for a, b in pairwise(sizes)]
        self.theta = torch.zeros(sum(b * a + b for b, a in self.shapes), device=generator.device)
        self.slope = torch.zeros_like(self.theta)
        self.layers, self._slopes = self.views(self.theta), self.views(self.slope)
        for weight, _ in self.layers:
            reach = math.sqrt(6 / ((1 + LEAK**2) * weight.shape[1]))
            weight.copy_((2 * torch.rand(weight.shape, generator=generator, device=generator.device) - 1) * reach)
        self.layers[-1][0].mul_(last)
        self._seen: list[tuple[Tensor, Tensor]] = []

    def views(self, vector: Tensor) -> list[tuple[Tensor, Tensor]]:
        """W (out, in) and b (out,) of each layer as views of a vector of all weights."""
        parts = vector.split([n for b, a in self.shapes for n in (b * a, b)])
        return [(w.view(shape), b) for w, b, shape in zip(parts[::2], parts[1::2], self.shapes, strict=True)]

    def forward(self, x: Tensor) -> Tensor:
        """x: (B, in). Returns (B, out)."""
        self._seen = []
        for weight, bias in self.layers[:-1]:
            before = torch.addmm(bias, x, weight.T)
            self._seen.append((x, before))
            x = F.leaky_relu(before, LEAK)
        self._seen.append((x, x))
        return torch.addmm(self.layers[-1][1], x, self.layers[-1][0].T)

    def backward(self, out: Tensor, *, weights: bool = True) -> Tensor:
        """The chain rule from dL/d(output), (B, out), to dL/d(input) of the last `forward`, (B, in).

        weights: write dL/d(theta) into `slope` on the way.
        """
        for i in reversed(range(len(self.layers))):
            x, before = self._seen[i]
            if i < len(self.layers) - 1:
                out = torch.ops.aten.leaky_relu_backward(out, before, LEAK, False)
            if weights:
                torch.mm(out.T, x, out=self._slopes[i][0])
                torch.sum(out, 0, out=self._slopes[i][1])
            out = out @ self.layers[i][0]
        return out

    def pay(self, x: Tensor, price: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Tensor:
        """Add to `slope` that of a price on the gradients by x of the one output, and return the price.

        x: (B, in); price(g): for gradients (B, in) a scalar, and its derivative by g (B, in), v. A leaky ReLU has no
        second derivative: v . g is W_n H ... H W_1 v with each H a diagonal of slopes, linear in every W.
        """
        out = torch.ones_like(self.forward(x))
        backs = []
        for i in reversed(range(len(self.layers))):
            if i < len(self.layers) - 1:
                out = torch.ops.aten.leaky_relu_backward(out, self._seen[i][1], LEAK, False)
            backs.append(out)
            out = out @ self.layers[i][0]
        paid, along = price(out)
        for i, back in enumerate(reversed(backs)):
            self._slopes[i][0].addmm_(back.T, along)
            if i < len(self.layers) - 1:
                along = along @ self.layers[i][0].T
                along = torch.ops.aten.leaky_relu_backward(along, self._seen[i][1], LEAK, False)
        return paid


class Adam:
    """Kingma & Ba 2015, on one vector."""

    def __init__(self, theta: Tensor, rate: float) -> None:
        self.theta, self.rate, self.steps = theta, rate, 0
        self.mean, self.square = torch.zeros_like(theta), torch.zeros_like(theta)

    def step(self, slope: Tensor) -> None:
        """theta <- theta - rate * m / (sqrt(v) + epsilon), both averages freed of their start at 0."""
        self.steps += 1
        first, second = (1 - beta**self.steps for beta in BETAS)
        self.mean.lerp_(slope, 1 - BETAS[0])
        self.square.mul_(BETAS[1]).addcmul_(slope, slope, value=1 - BETAS[1])
        size = self.square.sqrt().div_(math.sqrt(second)).add_(EPSILON)
        self.theta.addcdiv_(self.mean, size, value=-self.rate / first)


class Descent:
    """theta <- theta - rate * slope, as the lecture's algorithm has it."""

    def __init__(self, theta: Tensor, rate: float) -> None:
        self.theta, self.rate = theta, rate

    def step(self, slope: Tensor) -> None:
        """One step."""
        self.theta.add_(slope, alpha=-self.rate)


OPTIMISERS: dict[str, type[Adam] | type[Descent]] = {"adam": Adam, "sgd": Descent}
