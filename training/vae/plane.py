"""The latent planes: four autoencoders (beta = 0, 1, 4, 20) of 28x28 images with a latent of two dimensions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from models.vae.vae import Elbo, PlaneVAE, bernoulli_log_likelihood, kl_to_standard_normal, reparametrize
from training.recipe import Average, Run, Stateful

WIDTHS = {0: 80, 1: 112, 4: 48, 20: 32}
"""A stronger beta leaves less to say, so it needs less of a network: all eight files ship together."""
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


def train_plane(
    run: Run,
    model: PlaneVAE,
    images: np.ndarray,
    beta: float,
    peak: float,
    film: Callable[[PlaneVAE, int], None] | None = None,
) -> Average:
    """Maximize E_q log p(x | z) - beta KL(q || p) by Adam for the run's budget; returns the averaged weights.

    film(model, images_seen) is called at the moments of FILM_AT.
    """
    data = as_tensor(images)
    optimizer = torch.optim.Adam(model.parameters(), lr=peak)
    average = Average(model, decay=0.998)
    parts: dict[str, Stateful] = {"model": model, "optimizer": optimizer, "average": average}
    run.resume(parts)
    due = [t for t in FILM_AT if not run.images or t >= run.progress]
    for chosen in run.batches(len(data), BATCH):
        if film and due and run.progress >= due[0]:
            film(model, run.images - BATCH)
            due.pop(0)
        for group in optimizer.param_groups:
            group["lr"] = run.cosine(peak)
        x = data[chosen].to(run.device)
        terms = elbo(model, x, beta)
        loss = -terms.total(beta).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(model)
        if run.images % (BATCH * 50) == 0:
            run.say(elbo=terms.total().mean().item(), kl=terms.kl.mean().item())
        run.save(parts)
    if film:
        film(model, run.images)
    return average
