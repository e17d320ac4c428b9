"""The reference: PyTorch's DCGAN tutorial on our faces, its network and settings. Its weights stay in checkpoints/.

Binary cross-entropy, Adam with 2e-4 and betas (0.5, 0.999), batches of 128, no augmentation, no average. The generator
is kept at each mark of the curve, so that `python -m training.evaluate gan-faces` can measure all of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from models.gan.dcgan import LATENT, DCDiscriminator, DCGenerator
from models.gan.vocabulary import PLAYERS
from models.runtime.noise import noise_of
from models.weights.cards import Card, read_tensors, save_weights
from training import recipe
from training.data import load_faces
from training.gan.film import DCGAN, Film, Losses, show_beside
from training.gan.steps import batch_of
from training.recipe import Run, channels_last

BATCH = 128
RATE, BETAS = 2e-4, (0.5, 0.999)
CURVES = ("frechet_at_", "dcgan_frechet_at_", "dcgan_precision", "dcgan_recall", "dcgan_judge")
"""How the figures of a card begin that make up both curves, ours and DCGAN's, and outlive a run --from."""


def curves_on(card: Card) -> dict[str, float | str]:
    """Both curves as they stand on a card, with the judge that measured them."""
    return {key: value for key, value in card.quality.items() if key.startswith(CURVES)}


class Reference:
    """The state of a run: the tutorial's two networks and optimizers."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.generator = channels_last(DCGenerator(), run.device)
        self.discriminator = channels_last(DCDiscriminator(), run.device)
        self.optimizers = [
            torch.optim.Adam(network.parameters(), lr=RATE, betas=BETAS)
            for network in (self.generator, self.discriminator)
        ]
        self.film = Film(prefix=DCGAN.film)
        self.losses = Losses(PLAYERS, prefix=DCGAN.losses)

    def parts(self) -> dict[str, recipe.Stateful]:
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "generator_optimizer": self.optimizers[0],
            "discriminator_optimizer": self.optimizers[1],
            "film": self.film,
            "losses": self.losses,
        }

    def step(self, x: Tensor) -> dict[str, float]:
        """The tutorial's loop: the discriminator on real pictures, on generated ones, then the generator."""
        real, fake = torch.ones(len(x), device=x.device), torch.zeros(len(x), device=x.device)
        loss = F.binary_cross_entropy_with_logits
        self.discriminator.zero_grad(set_to_none=True)
        on_real = loss(self.discriminator(x).float(), real)
        on_real.backward()
        made = self.generator(torch.randn(len(x), LATENT, 1, 1, device=x.device))
        on_fake = loss(self.discriminator(made.detach()).float(), fake)
        on_fake.backward()
        self.optimizers[1].step()
        self.generator.zero_grad(set_to_none=True)
        self.discriminator.requires_grad_(False)  # its gradients would be thrown away
        fooled = loss(self.discriminator(made).float(), real)
        fooled.backward()
        self.discriminator.requires_grad_(True)
        self.optimizers[0].step()
        return {"d": on_real.item() + on_fake.item(), "g": fooled.item()}

    @torch.no_grad()
    def snapshot(self) -> Tensor:
        """The pictures of the film's seeds, with statistics of their batch, as in the tutorial."""
        return self.generator(noise_of(range(24), (LATENT,))[:, :, None, None].to(self.run.device))

    def tensors(self) -> dict[str, Tensor]:
        """Film and losses."""
        return self.film.tensors() | self.losses.tensors()


def load_kept(images: int) -> DCGenerator:
    """The generator of a mark. Raises WeightsError where the file is broken."""
    generator = DCGenerator()
    generator.load_state_dict(read_tensors(DCGAN.at(images)))
    return generator


def train_dcgan(args: argparse.Namespace, folder: Path) -> None:
    """Train for --minutes more, going on from the checkpoint unless --fresh."""
    faces = torch.from_numpy(load_faces(folder, "train").images)
    run = Run.of(DCGAN.run, args)
    reference = Reference(run)
    if args.fresh:
        DCGAN.clear()
    run.resume(reference.parts())
    run.spent = 0.0
    for chosen in run.batches(len(faces), BATCH):
        reference.film.shoot(run.images - BATCH, reference.snapshot)
        with run.autocast():
            figures = reference.step(batch_of(faces[chosen].to(run.device), mirror=False))
        reference.losses.hear(run.images, figures)
        DCGAN.keep(run.images, BATCH, reference.generator.state_dict(), reference.tensors)
        run.say(**figures)
        run.save(reference.parts())
    run.save(reference.parts(), every=0.0)
    save_weights(reference.tensors(), DCGAN.file)
    show_beside("gan-faces")
    print(f"\ndcgan-faces: {run.images:,} images; measure it: python -m training.evaluate gan-faces")
