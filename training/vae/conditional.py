"""Recipe of the conditional VAE: `python -m training.vae.conditional digits --data DIR --minutes M`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.vae.conditional import ConditionalVAE
from models.vae.vae import Elbo, bernoulli_log_likelihood, kl_to_standard_normal, reparametrize
from models.weights.cards import load_card, load_into
from training.cards import blank_card
from training.data import data_folder, load_digits
from training.fitting import fit
from training.recipe import Average, Run, arguments, finish
from training.vae.plane import as_tensor

NAME = "cvae-digits"
NETWORK: dict[str, Any] = {"latent": 12, "width": 320}
BATCH, PEAK = 256, 2e-3
STEEPEST = 100.0
"""The longest gradient, in nats."""


PAPER = "Sohn, Lee, Yan 2015; Kingma et al. 2014, arXiv:1406.5298"


def elbo(network: ConditionalVAE, x: Tensor, y: Tensor) -> Elbo:
    """One sample of the bound on log p(x | y) for each picture x (B, 1, 28, 28) in [0, 1] with its label y (B,)."""
    mu, log_var = network.encode(x, y)
    z = reparametrize(mu, log_var, torch.randn_like(mu))
    return Elbo(bernoulli_log_likelihood(x, network.decode(z, y)), kl_to_standard_normal(mu, log_var))


def begun(start: Path | None) -> ConditionalVAE:
    """A network of chance, or with the weights that a run goes on from."""
    network = ConditionalVAE(**NETWORK)
    if start:
        load_into(network, load_card(NAME, start.parent))
    return network


def train(run: Run, network: ConditionalVAE, images: Tensor, labels: Tensor) -> Average:
    """Train for the run's budget; returns the averaged weights.  images: (N, 1, 28, 28) in [0, 1]; labels: (N,)."""

    def loss_of(chosen: Tensor) -> Tensor:
        return -elbo(network, images[chosen].to(run.device), labels[chosen].to(run.device)).total().mean()

    optimizer = torch.optim.Adam(network.parameters(), lr=PEAK, fused=True)
    return fit(run, network, optimizer, len(images), BATCH, loss_of, clip=STEEPEST)


def main() -> None:
    args = arguments("Train the conditional VAE.", ["digits"], minutes=10).parse_args()
    run = Run.of(NAME, args)
    network = begun(args.start).to(run.device)
    digits = load_digits(data_folder(args.data), args.name, "train")
    average = train(run, network, as_tensor(digits.images), torch.tensor(digits.labels, dtype=torch.long))
    card = dataclasses.replace(
        blank_card(NAME, "Conditional VAE, MNIST", NETWORK, PAPER, like="vae-digits"),
        params=sum(each.numel() for each in network.parameters()),
    )
    finish(run, card, average.weights, args, "vae.conditional")


if __name__ == "__main__":
    main()
