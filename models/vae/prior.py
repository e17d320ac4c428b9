"""The learned prior of a VAE: a mixture of Gaussians over z, fitted to where the encodings of the data lie.

A VAE trained for good reconstructions does not fill N(0, I): draws from it fall between the encodings. Fitting a
density to the encodings afterwards closes the gap (Ghosh et al. 2020, "From Variational to Deterministic
Autoencoders").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Mixture:
    """p(z) = sum_k w_k N(z | m_k, L_k L_k^T): log_weights (K,), means (K, D), lower triangular factors (K, D, D)."""

    log_weights: Tensor
    means: Tensor
    factors: Tensor

    def tensors(self, prefix: str = "prior.") -> dict[str, Tensor]:
        """What a weights file keeps, under its names there; of the factors only what is not zero."""
        row, column = torch.tril_indices(*self.factors.shape[1:])
        packed = self.factors[:, row, column]
        named = {"log_weights": self.log_weights, "means": self.means, "triangles": packed}
        return {f"{prefix}{name}": value.float() for name, value in named.items()}

    @classmethod
    def from_tensors(cls, tensors: dict[str, Tensor], prefix: str = "prior.") -> Mixture:
        """The inverse of `tensors`. Raises KeyError where one is missing."""
        log_weights, means, packed = (tensors[prefix + name] for name in ("log_weights", "means", "triangles"))
        factors = means.new_zeros(*means.shape, means.shape[1])
        row, column = torch.tril_indices(*factors.shape[1:])
        factors[:, row, column] = packed
        return cls(log_weights, means, factors)

    def sample(self, noise: Tensor, component: Tensor, temperature: float = 1.0) -> Tensor:
        """z = m_k + T L_k epsilon: a draw from p(z) at temperature T = 1, the component's centre at T = 0.

        noise: epsilon (B, D); component: k (B,). Returns (B, D).
        """
        spread = torch.einsum("bij,bj->bi", self.factors[component].to(noise), noise)
        return self.means[component].to(noise) + temperature * spread

    def components(self, uniform: Tensor) -> Tensor:
        """The component that each number of `uniform`, (B,) in [0, 1), falls into: k with probability w_k. (B,)."""
        ends = self.log_weights.softmax(dim=0).cumsum(dim=0)
        return torch.searchsorted(ends, uniform.to(ends)).clamp(max=len(ends) - 1)


def log_density(mixture: Mixture, z: Tensor) -> Tensor:
    """log (w_k N(z | m_k, L_k L_k^T)) in nats for each component: (B, K). Their logsumexp is log p(z).

    z: (B, D).
    """
    rows = []
    for log_weight, mean, factor in zip(mixture.log_weights, mixture.means, mixture.factors, strict=True):
        whitened = torch.linalg.solve_triangular(factor, (z - mean).T, upper=False)
        log_det = factor.diagonal().log().sum()
        log_normal = -0.5 * whitened.square().sum(dim=0) - log_det - 0.5 * z.shape[1] * math.log(2 * math.pi)
        rows.append(log_weight + log_normal)
    return torch.stack(rows, dim=1)
