"""The faces: a VAE whose reconstructions are sharp in the right places and whose prior is learned."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.pictures.pictures import from_uint8
from models.vae.vae import FaceVAE, kl_to_standard_normal, reparametrize
from training.data import SMILING, Faces
from training.judges.recipe import AGE, GENDER
from training.judges.variety import jitter
from training.recipe import Average, Run, Stateful, channels_last

BATCH = 64
NOISE_VARIANCE = 0.012
"""s^2 of p(x | z) = N(decode(z), s^2 I) with pixels in [0, 1]. It sets the price of a latent that is used: one whose
effect on the picture has less variance than s^2 is not worth its nats and closes."""
SHARPEN = 2.2
"""The Laplacian that is asked for is this many times the photo's. The mean of all pictures that z allows is blurred:
it keeps the share of the detail that it is sure of. Asking for more gives the energy back without inventing any."""


def laplacian(x: Tensor) -> Tensor:
    """The 4-neighbour Laplacian of the grey picture.  x: (B, 3, H, W). Returns (B, 1, H-2, W-2)."""
    grey = x.mean(dim=1, keepdim=True)
    kernel = grey.new_tensor([[0, 1, 0], [1, -4, 1], [0, 1, 0]]).view(1, 1, 3, 3)
    return F.conv2d(grey, kernel)


class Critic(nn.Module):
    """Judges patches as photographs or as decoded; its features are the similarity of Larsen et al. 2016 (VAE/GAN)."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        sizes = [12, width, 2 * width, 4 * width]
        norm = nn.utils.parametrizations.spectral_norm
        self.stages = nn.ModuleList(
            norm(nn.Conv2d(before, after, 3 if i == 0 else 4, stride=1 if i == 0 else 2, padding=1))
            for i, (before, after) in enumerate(itertools.pairwise(sizes))
        )
        self.verdict = norm(nn.Conv2d(sizes[-1], 1, 3, padding=1))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """x: (B, 3, 64, 64) in [-1, 1]. Returns verdicts (B, 1, 8, 8), above 0 for photographs, and the features."""
        h, features = F.pixel_unshuffle(x, 2), []
        for stage in self.stages:
            h = F.leaky_relu(stage(h), 0.2)
            features.append(h)
        return self.verdict(h), features


@dataclass(frozen=True)
class Weights:
    """What each term counts for. The pixels' squared error counts 1 / (2 s^2), in nats, and the KL counts 1."""

    laplacian: float = 0.5
    """Beside the pixels' squared error."""
    attributes: float = 50.0
    """Nats for an error of one standard deviation in smile, gender or age, read linearly from mu."""
    features: float = 0.0
    adversarial: float = 0.0
    edits: float = 0.0
    """For the cross-entropy, in nats, of an edited face that is read as something else than it was edited to."""


ADVERSARIAL = Weights(features=100.0, adversarial=30.0, edits=100.0)


def reconstruction_nats(x: Tensor, decoded: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
    """-log p(x | z) without its constant, the sharpened Laplacian beside it; and the mean squared error: two scalars.

    x, decoded: (B, 3, 64, 64) in [-1, 1]; the error is of pixels in [0, 1].
    """
    x, decoded = x / 2, decoded / 2
    pixels = (x - decoded).square().flatten(1).sum(dim=1).mean()
    detail = (SHARPEN * laplacian(x) - laplacian(decoded)).square().flatten(1).sum(dim=1).mean()
    return (pixels + weights.laplacian * detail) / (2 * NOISE_VARIANCE), pixels / x[0].numel()


def attribute_targets(faces: Faces) -> Tensor:
    """Smile, gender and age as numbers of about unit variance: (N, 3)."""
    smile = np.clip(faces.smile / 3, -1.5, 1.5)
    return torch.from_numpy(np.stack([smile, 2.0 * faces.gender - 1, (faces.age - 35) / 14], axis=1).astype(np.float32))


def batch_of(images: Tensor, chosen: Tensor, device: torch.device) -> Tensor:
    """(B, 3, 64, 64) in [-1, 1], channels last, each picture mirrored with probability 1/2."""
    x = from_uint8(images[chosen].to(device))
    flip = torch.rand(len(x), device=device) < 0.5
    return torch.where(flip[:, None, None, None], x.flip(3), x).contiguous(memory_format=torch.channels_last)


SURE = SMILING / 3
"""Beyond it the smile of attribute_targets is certain."""


class PriorPool:
    """The latest encodings. Random combinations of them are draws from the Gaussian with their mean and covariance."""

    def __init__(self, latent: int, size: int = 2048) -> None:
        self.rows = torch.zeros(0, latent)
        self.size = size

    def add(self, z: Tensor) -> None:
        self.rows = torch.cat([self.rows.to(z.device), z.detach().float()])[-self.size :]

    def draw(self, count: int) -> Tensor:
        centre = self.rows.mean(dim=0)
        mix = torch.randn(count, len(self.rows), device=self.rows.device) / len(self.rows) ** 0.5
        return centre + mix @ (self.rows - centre)


class SmileMeans:
    """Running means of mu over smiling and over neutral faces of each gender: the vector v of the lecture, live.

    Each gender is parted in two by how much of a woman is read from mu, as training/vae/directions.py does in the end.
    """

    def __init__(self, latent: int, momentum: float = 0.02) -> None:
        self.means = torch.zeros(2, 4, latent)
        self.seen = torch.zeros(2, 4, dtype=torch.bool)
        self.momentum = momentum

    def add(self, mu: Tensor, targets: Tensor, read: Tensor) -> None:
        """mu: (B, D); targets, read: (B, 3), attribute_targets and what is read from mu."""
        self.means, self.seen = self.means.to(mu), self.seen.to(mu.device)
        woman = (targets[:, 1] > 0).long()
        middle = torch.stack(
            [read[woman == i, 1].median() if (woman == i).any() else read.new_zeros(()) for i in (0, 1)]
        )
        cell = 2 * woman + (read[:, 1] > middle[woman]).long()
        for smile, here in enumerate((targets[:, 0] < -SURE, targets[:, 0] > SURE)):
            for i in range(4):
                chosen = here & (cell == i)
                if chosen.any():
                    part = self.momentum if self.seen[smile, i] else 1.0
                    self.means[smile, i].lerp_(mu.detach()[chosen].mean(dim=0), part)
                    self.seen[smile, i] = True

    def direction(self) -> Tensor:
        """Mean of the smiling minus mean of the neutral faces, all four cells counting alike: (D,)."""
        return (self.means[1] - self.means[0]).mean(dim=0)


class Trainer:
    """The state of a run: the VAE, the linear reading of attributes, the critic and their optimizers.

    reader: what `training.vae.reader.face_reader` gives; it only reads.
    """

    def __init__(self, run: Run, model: FaceVAE, reader: nn.Module, peak: float) -> None:
        self.run, self.reader, self.peak = run, reader, peak
        self.model = channels_last(model, run.device)
        self.reading = nn.Linear(model.latent, 3).to(run.device)
        self.critic = channels_last(Critic(), run.device)
        self.optimizer = torch.optim.AdamW(
            [*model.parameters(), *self.reading.parameters()], lr=peak, betas=(0.9, 0.99), weight_decay=1e-4
        )
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), lr=4e-4, betas=(0.0, 0.99))
        self.average = Average(self.model, decay=0.999)
        self.pool = PriorPool(model.latent)
        self.smile = SmileMeans(model.latent)

    def parts(self) -> dict[str, Stateful]:
        return {
            "model": self.model,
            "reading": self.reading,
            "critic": self.critic,
            "optimizer": self.optimizer,
            "critic_optimizer": self.critic_optimizer,
            "average": self.average,
        }

    def step(self, x: Tensor, targets: Tensor, weights: Weights) -> dict[str, float]:
        """One step of the VAE and, with an adversarial term, one of the critic."""
        mu, log_var = self.model.encode(x)
        mu, log_var = mu.float(), log_var.float()
        z = reparametrize(mu, log_var, torch.randn_like(mu))
        decoded = self.model.decode(z).float()
        nats, mse = reconstruction_nats(x, decoded, weights)
        kl = kl_to_standard_normal(mu, log_var).mean()
        answers = self.reading(mu).float()
        read = (answers - targets).square().sum(dim=1).mean()
        loss = nats + kl + weights.attributes * read
        figures = {"mse": mse.item(), "kl": kl.item(), "read": read.item()}
        self.pool.add(z)
        self.smile.add(mu, targets, answers.detach())
        if weights.edits:
            edits = self.edit_error(mu, targets)
            loss, figures["edits"] = loss + weights.edits * edits, edits.item()
        if weights.adversarial:
            drawn = self.model.decode(self.pool.draw(len(x) // 2)).float()
            loss = loss + self.deceive(x, decoded, drawn, weights)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 400.0)
        self.optimizer.step()
        if weights.adversarial:
            figures["critic"] = self.judge(x, decoded.detach(), drawn.detach())
        return figures

    def edit_error(self, mu: Tensor, targets: Tensor) -> Tensor:
        """Add k v to neutral faces and take it from smiling ones: does the reader see that, and nothing else?

        A smile has to come or go, gender and age have to stay what they were. Gender counts for more: it is lost
        more easily than a smile is missed.
        """
        chosen = targets[:, 0].abs() > SURE
        mu, away = mu[chosen][: BATCH // 2], -targets[chosen][: BATCH // 2, :1].sign()
        k = torch.randint(1, 3, (len(mu), 1), device=mu.device)
        with torch.no_grad():
            before = self.reader(self.model.decode(mu)).float()
        edited = self.model.decode(mu + away * k * self.smile.direction())
        read = self.reader(jitter(edited.float())).float()
        wanted = torch.stack([away[:, 0] > 0, before[:, GENDER] > 0], dim=1).float()
        smile, gender = F.binary_cross_entropy_with_logits(read[:, :AGE], wanted, reduction="none").unbind(dim=1)
        return (smile + 4 * gender + (read[:, AGE] - before[:, AGE]).square()).mean()

    def deceive(self, x: Tensor, decoded: Tensor, drawn: Tensor, weights: Weights) -> Tensor:
        """What the critic's features see between x and its reconstruction, and its verdicts on all that is decoded."""
        self.critic.requires_grad_(False)
        verdict, features = self.critic(decoded)
        with torch.no_grad():
            _, wanted = self.critic(x)
        similar = sum(F.l1_loss(a.float(), b.float()) for a, b in zip(features, wanted, strict=True))
        drawn_verdict, _ = self.critic(drawn)
        self.critic.requires_grad_(True)
        fooled = -(verdict.float().mean() + drawn_verdict.float().mean())
        return weights.features * similar + weights.adversarial * fooled

    def judge(self, x: Tensor, decoded: Tensor, drawn: Tensor) -> float:
        """One hinge step of the critic: photographs above +1, decoded pictures below -1."""
        real, _ = self.critic(x)
        fake, _ = self.critic(torch.cat([decoded, drawn]))
        loss = F.relu(1 - real.float()).mean() + F.relu(1 + fake.float()).mean()
        self.critic_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.critic_optimizer.step()
        return loss.item()


def train_faces(
    run: Run, model: FaceVAE, reader: nn.Module, faces: Faces, peak: float = 1e-3, adversarial_from: float = 0.6
) -> Average:
    """Train for the run's budget; the critic joins at the share `adversarial_from` of it. Returns averaged weights."""
    images, targets = torch.from_numpy(faces.images), attribute_targets(faces).to(run.device)
    trainer = Trainer(run, model, reader, peak)
    run.resume(trainer.parts())
    for chosen in run.batches(len(images), BATCH):
        for group in trainer.optimizer.param_groups:
            group["lr"] = run.cosine(peak)
        weights = ADVERSARIAL if run.progress >= adversarial_from else Weights()
        x = batch_of(images, chosen, run.device)
        with run.autocast():
            figures = trainer.step(x, targets[chosen.to(run.device)], weights)
        trainer.average.update(trainer.model)
        if run.images % (BATCH * 25) == 0:
            run.say(**figures)
        run.save(trainer.parts())
    return trainer.average
