"""The latent planes: four autoencoders (beta = 0, 1, 4, 20) of 28x28 images with a latent of two dimensions.

They differ in beta alone: one network, one beginning, the same batches in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from models.vae.vae import Elbo, PlaneVAE, bernoulli_log_likelihood, kl_to_standard_normal, reparametrize
from training.recipe import Average, Run, Stateful

WIDTH = 80
"""Of all four, so that what a plane shows is beta's doing and not a smaller network's: all eight ship together."""
BATCH = 256
FILM_AT = (0, 0.001, 0.003, 0.006, 0.012, 0.025, 0.05, 0.09, 0.15, 0.25, 0.4, 0.6, 0.8, 1)
"""Shares of the budget at which the film of the plane forming takes a frame: it forms early."""


def as_tensor(images: np.ndarray) -> Tensor:
    """(N, 28, 28) uint8 to (N, 1, 28, 28) float in [0, 1]."""
    return torch.tensor(images).unsqueeze(1).float().div_(255)


def elbo(model: PlaneVAE, x: Tensor, beta: float) -> Elbo:
    """One sample of the bound for each image. With beta = 0 nothing asks for noise, so z = mu: an autoencoder."""
    mu, log_var = model.encode(x)
    z = mu if beta == 0 else reparametrize(mu, log_var, torch.randn_like(mu))
    return Elbo(bernoulli_log_likelihood(x, model.decode(z)), kl_to_standard_normal(mu, log_var))


@torch.no_grad()
def mean_elbo(model: PlaneVAE, images: Tensor, beta: float, samples: int = 4) -> dict[str, float]:
    """ELBO (with beta = 1), reconstruction and KL in nats, over the images and `samples` draws of z each.

    An autoencoder (beta = 0) has a reconstruction only: nothing bounds log p(x) without a q to draw from.
    """
    generator = torch.Generator(device=images.device).manual_seed(0)
    reconstruction, kl = 0.0, 0.0
    for x in images.split(1000):
        mu, log_var = model.encode(x)
        kl += kl_to_standard_normal(mu, log_var).sum().item()
        for _ in range(samples if beta else 1):
            noise = torch.randn(mu.shape, generator=generator, device=mu.device)
            z = reparametrize(mu, log_var, noise) if beta else mu
            reconstruction += bernoulli_log_likelihood(x, model.decode(z)).sum().item() / (samples if beta else 1)
    n = len(images)
    if not beta:
        return {"reconstruction": reconstruction / n}
    return {"elbo": (reconstruction - kl) / n, "reconstruction": reconstruction / n, "kl": kl / n}


class Learner:
    """One of the planes being trained: its network, its optimizer, and the average that ships."""

    def __init__(self, model: PlaneVAE, beta: int, peak: float) -> None:
        self.model, self.beta = model, beta
        self.optimizer = torch.optim.Adam(model.parameters(), lr=peak, fused=True)
        self.average = Average(model, decay=0.998)

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint holds of it."""
        return {"model": self.model, "optimizer": self.optimizer, "average": self.average}

    def step(self, x: Tensor, rate: float) -> Tensor:
        """One step of Adam on a batch x (B, 1, 28, 28) in [0, 1]; returns the batch's ELBO (beta = 1), in nats, ()."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        terms = elbo(self.model, x, self.beta)
        self.optimizer.zero_grad(set_to_none=True)
        (-terms.total(self.beta).mean()).backward()
        self.optimizer.step()
        self.average.update(self.model)
        return terms.total().detach().mean()


def train_planes(
    run: Run,
    models: Mapping[int, PlaneVAE],
    images: np.ndarray,
    peak: float,
    film: Callable[[PlaneVAE, int], None] | None = None,
) -> dict[int, Average]:
    """Maximize E_q log p(x | z) - beta KL(q || p) by Adam for each beta of `models`, side by side on the same batches.

    Returns the averaged weights. film(the model with beta = 1, images_seen) is called at the moments of FILM_AT.
    """
    data = as_tensor(images)
    learners = {beta: Learner(model.to(run.device), beta, peak) for beta, model in models.items()}
    parts = {f"{name}.{beta}": part for beta, one in learners.items() for name, part in one.parts().items()}
    run.resume(parts)
    due = [t for t in FILM_AT if not run.images or t >= run.progress]
    for chosen in run.batches(len(data), BATCH):
        if film and due and run.progress >= due[0]:
            film(models[1], run.images - BATCH)
            due.pop(0)
        x = data[chosen].to(run.device)
        bounds = {f"elbo_{beta}": one.step(x, run.cosine(peak)) for beta, one in learners.items()}
        if run.images % (BATCH * 50) == 0:
            run.say(**{name: bound.item() for name, bound in bounds.items()})
        run.save(parts)
    if film:
        film(models[1], run.images)
    return {beta: one.average for beta, one in learners.items()}
