"""One step of a GAN in one stage: the discriminator's pass over the generated pictures also teaches the generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from scipy.optimize import brentq
from torch import Tensor, nn

from models.gan.critic import Discriminator
from models.gan.stylegan import Generator, Shape, mix_styles
from models.gan.vocabulary import PLAYERS
from models.pictures.pictures import from_uint8
from models.runtime.noise import noise_of
from training.gan.augment import Adaptive, augment
from training.gan.film import Film, Losses, Shelf
from training.recipe import Average, Run, Stateful, channels_last

HEARD = 5
"""Steps from one that is recorded to the next: to read a figure a GPU has to be waited for."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a run."""

    batch: int = 32
    peak: float = 2.5e-3
    """Highest learning rate of both networks."""
    gamma: tuple[float, float] = (1.0, 0.02)
    """Strength of R1: falls from the first to the second in the first half of a run that starts from nothing."""
    every: int = 16
    """R1 is computed in every 16th step and counts 16 times as much ("lazy", Karras et al. 2020)."""
    mixing: float = 0.5
    """Share of batches in which a second z takes over from some layer on."""
    average: float = 0.999
    paired: bool = False
    """The relativistic pairing with R1 and R2 (Huang et al. 2024, arXiv:2501.05441), which covers what is there; no
    augmentation, whose measure of overfitting needs logits with a zero."""
    mirror: bool = True


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """-mean log D(x) - mean log(1 - D(G(z))), D = sigmoid of the logits; each (B,)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def paired_loss(real: Tensor, fake: Tensor) -> Tensor:
    """-mean log sigmoid(D(x) - D(G(z))): each real picture beside a generated one of its label; each (B,)."""
    return F.softplus(fake - real).mean()


def zero_between(real: Tensor, fake: Tensor) -> float:
    """The number to take from the logits of real and generated pictures, each (N,), so that 0 parts them best.

    The pairing tells only differences of logits, so that one constant is free: here that of the least log loss of
    sigmoid(logit - b), where both kinds' errors weigh alike.
    """

    def slope(b: float) -> float:
        return float(torch.sigmoid(b - real).mean() - torch.sigmoid(fake - b).mean())

    low, high = torch.cat([real, fake]).aminmax()
    return float(brentq(slope, float(low) - 50, float(high) + 50))


def generator_share(fake: Tensor) -> Tensor:
    """By what the gradient of -log(1 - D) at a generated picture has to be multiplied to be that of -log D: (B,).

    d/dx -log D = -(1 - D) dl/dx and d/dx -log(1 - D) = D dl/dx for the logit l, so the ratio is -(1 - D) / D = -e^-l.
    One pass of the discriminator then serves both players (Shen et al. 2021, arXiv:2103.00430).
    """
    return -torch.exp(-fake.detach().clamp(min=-40))


def r1_penalty(discriminator: nn.Module, x: Tensor, label: Tensor | None) -> Tensor:
    """mean over x of |grad_x D(x)|^2, D's logit: R1 of Mescheder et al. 2018, arXiv:1801.04406. A scalar with a graph.

    x: (B, C, H, W), real pictures.
    """
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(x, label).sum(), x, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3)).mean()


@torch.no_grad()
def mean_styles(generator: Generator, count: int = 20_000) -> Tensor:
    """E[w] for each label, or for all: (max(labels, 1), D)."""
    device = generator.mean.device
    z = torch.randn(count, generator.shape.latent, generator=torch.Generator().manual_seed(0)).to(device)
    if not generator.shape.labels:
        return generator.mapping(z).mean(dim=0, keepdim=True)
    labels = [torch.full((count,), label, device=device) for label in range(generator.shape.labels)]
    return torch.stack([generator.mapping(z, label).mean(dim=0) for label in labels])


class Trainer:
    """The state of a run: two networks, their optimizers, the generator's average, augmentation, film."""

    def __init__(
        self, run: Run, shape: Shape, recipe: Recipe, before: int = 0, shipped: dict[str, Tensor] | None = None
    ) -> None:
        """shipped: the tensors of a file that the run goes on from, for its film and its losses."""
        self.run, self.shape, self.recipe, self.before = run, shape, recipe, before
        self.generator = channels_last(Generator(shape), run.device)
        self.discriminator = channels_last(Discriminator(shape), run.device)
        self.optimizers = [
            torch.optim.Adam(network.parameters(), lr=recipe.peak, betas=(0.0, 0.99), eps=1e-8, fused=True)
            for network in (self.generator, self.discriminator)
        ]
        self.average = Average(self.generator, recipe.average)
        self.adaptive, self.film = Adaptive(), Film(shipped)
        self.losses = Losses(PLAYERS, shipped)
        self.steps = 0

    def parts(self) -> dict[str, Stateful]:
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "generator_optimizer": self.optimizers[0],
            "discriminator_optimizer": self.optimizers[1],
            "average": self.average,
            "adaptive": self.adaptive,
            "film": self.film,
            "losses": self.losses,
        }

    def tensors(self) -> dict[str, Tensor]:
        """Film and losses."""
        return self.film.tensors() | self.losses.tensors()

    @torch.no_grad()
    def set_zero(self, images: Tensor, labels: Tensor | None, count: int = 2000) -> None:
        """Let 0 be the discriminator's border between real and generated, which the pairing leaves open.

        images: (N, H, W, C) uint8; labels: (N,), or None.
        """
        chosen = torch.randperm(len(images))[:count]
        averaged = Generator(self.shape).to(self.run.device)
        averaged.load_state_dict(self.average.weights)
        logits: list[list[Tensor]] = [[], []]
        for part in chosen.split(250):
            label = None if labels is None else labels[part].to(self.run.device)
            z = torch.randn(len(part), self.shape.latent, device=self.run.device)
            shown = batch_of(images[part].to(self.run.device), mirror=False), averaged(z, label)
            for told, x in zip(logits, shown, strict=True):
                told.append(self.discriminator(x, label).cpu())
        verdict = self.discriminator.verdict
        verdict.bias.sub_(zero_between(torch.cat(logits[0]), torch.cat(logits[1])) / verdict.speed)

    def start_from(self, generator: dict[str, Tensor], discriminator: dict[str, Tensor]) -> None:
        """Go on from networks that were trained before."""
        self.generator.load_state_dict(generator)
        self.discriminator.load_state_dict(discriminator)
        self.average = Average(self.generator, self.recipe.average)

    @property
    def images(self) -> int:
        """Pictures seen, those before this run included."""
        return self.before + self.run.images

    def schedule(self) -> None:
        """Learning rates: up in the first 1 % of the run, down to a twentieth in its second half."""
        t = self.run.progress
        rate = self.recipe.peak * min(1.0, max(t / 0.01, 0.05)) * min(1.0, 1 - 0.95 * (2 * t - 1))
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate

    def gamma(self) -> float:
        first, last = self.recipe.gamma
        return last if self.before else first * (last / first) ** min(1.0, 2 * self.run.progress)

    def generate(self, count: int, label: Tensor | None) -> Tensor:
        """Pictures of fresh z, in some batches with the styles of two."""
        z = torch.randn(2, count, self.shape.latent, device=self.run.device)
        w = self.generator.styles(z[0], label)
        if torch.rand(()) < self.recipe.mixing:
            crossover = int(torch.randint(1, self.shape.layers, ()))
            w = mix_styles(w, self.generator.styles(z[1], label), crossover)
        return self.generator.synthesize(w)

    def step(self, x: Tensor, label: Tensor | None) -> dict[str, Tensor | float]:
        """One step of both players on real pictures x (B, C, H, W) in [-1, 1] with labels (B,)."""
        fake = self.generate(len(x), label)
        shown = fake.detach().requires_grad_()
        seen = augment(torch.cat([x, shown]), self.adaptive.p).contiguous(memory_format=torch.channels_last)
        both = None if label is None else torch.cat([label, label])
        on_real, on_fake = self.discriminator(seen, both).chunk(2)
        paired = self.recipe.paired
        loss = paired_loss(on_real, on_fake) if paired else discriminator_loss(on_real, on_fake)
        loss.backward()
        assert shown.grad is not None
        share = generator_share(on_fake - on_real if paired else on_fake)
        fake.backward(shown.grad * share[:, None, None, None])
        if self.steps % self.recipe.every == 0:
            changed = augment(x, self.adaptive.p).contiguous(memory_format=torch.channels_last)
            penalty = r1_penalty(self.discriminator, changed, label)
            if paired:
                penalty = penalty + r1_penalty(self.discriminator, fake.detach(), label)
            (0.5 * self.gamma() * self.recipe.every * penalty).backward()
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        if not paired:
            self.adaptive.see(on_real)
        self.average.update(self.generator)
        self.steps += 1
        verdicts = torch.sigmoid(on_real.detach()).mean(), torch.sigmoid(on_fake.detach()).mean()
        fooled = F.softplus((on_real if paired else 0) - on_fake).detach().mean()
        return {"d": loss.detach(), "g": fooled, "real": verdicts[0], "fake": verdicts[1], "p": self.adaptive.p}

    @torch.no_grad()
    def snapshot(self) -> Tensor:
        """The averaged generator's pictures of the film's seeds, one column a label where there are labels."""
        averaged = Generator(self.shape).to(self.run.device).eval()
        averaged.load_state_dict(self.average.weights)
        columns = self.shape.labels or 8
        count = 3 * columns
        label = torch.arange(count, device=self.run.device) % columns if self.shape.labels else None
        return averaged(noise_of(range(count), (self.shape.latent,)).to(self.run.device), label)


def train(trainer: Trainer, images: Tensor, labels: Tensor | None = None, shelf: Shelf | None = None) -> None:
    """Train for the run's budget.  images: (N, H, W, C) uint8; labels: (N,) whole numbers; shelf: of a run that is
    filmed. What goes on from weights leaves their film as it is."""
    run, recipe = trainer.run, trainer.recipe
    run.resume(trainer.parts())
    for chosen in run.batches(len(images), recipe.batch):
        if not trainer.before:
            trainer.film.shoot(trainer.images - recipe.batch, trainer.snapshot)
        trainer.schedule()
        x = batch_of(images[chosen].to(run.device), recipe.mirror)
        label = None if labels is None else labels[chosen].to(run.device)
        with run.autocast():
            figures = trainer.step(x, label)
        if trainer.steps % HEARD == 0 and not trainer.before:
            trainer.losses.hear(trainer.images, {name: float(figures[name]) for name in PLAYERS})
        if trainer.steps % 25 == 0:
            run.say(**{key: float(value) for key, value in figures.items()})
        if shelf:
            shelf.keep(run.images, recipe.batch, trainer.average.weights, trainer.tensors)
        run.save(trainer.parts())


def batch_of(pictures: Tensor, mirror: bool) -> Tensor:
    """(B, H, W, C) uint8 to (B, C, H, W) in [-1, 1], channels last; mirrored with probability 1/2 if asked."""
    x = from_uint8(pictures)
    flip = torch.rand(len(x), 1, 1, 1, device=x.device) < 0.5 * mirror
    return torch.where(flip, x.flip(3), x).contiguous(memory_format=torch.channels_last)
