"""The pairs of collections that the CycleGAN room shows, what each is trained with, and pictures drawn from them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.cyclegan.discriminators import Bounded, PatchGAN, discriminator
from models.cyclegan.networks import Local, build
from models.pictures.pictures import from_uint8
from training.data import SMILING, load_emoji, load_faces, load_pictures

LIGHT = 0.4
"""Of photographs: see Domain."""


@dataclass(frozen=True)
class Weights:
    """What each term of the generators' loss counts for, beside the adversarial one (section 5.2 of the paper)."""

    cycle: float = 10.0
    identity: float = 5.0
    """0.5 times that of the cycle."""
    stay: float = 0.0
    """For mean |G(x) - x|, not in the paper: what does not matter to the discriminator stays as it was."""
    soft: float = 0.2
    """Errors of cycle and identity smaller than this (pixels in [-1, 1]) count by their square. In the paper they do
    not; but our generators can pass their input on exactly, and the absolute error would hold them there."""
    ramp: float = 0.1
    """Share of the run over which they come in. The identity is a perfect cycle, and with an absolute error a sharp
    minimum: generators that pass their input on would not leave it without this head start."""

    coarse: int = 1
    """The cycle's pictures are compared as means of coarse x coarse pixels: what need not come back to the last pixel
    need not be hidden in the translation as noise (Chu et al. 2017, arXiv:1712.02950)."""
    strokes: float = 0.0
    """For the distance between the patches of translations and of the other side, see losses.strokes."""
    noise: float = 0.0
    """Standard deviation of what is added to a translation before it is translated back, against the same."""

    def at(self, progress: float) -> Weights:
        """The weights at that share of the run."""
        part = min(1.0, 0.05 + progress / self.ramp)
        return dataclasses.replace(self, cycle=part * self.cycle, identity=part * self.identity, stay=part * self.stay)


@dataclass(frozen=True)
class Pair:
    """Two collections and how they are trained on. crop: side in pixels of what a step sees; 0 for whole pictures."""

    title: str
    domains: tuple[str, str]
    """X and Y, as their loaders call them."""
    data: str
    terms: str
    outer: int
    inner: int
    blocks: int
    layers: int
    """Of the discriminators: 3 for patches of 70x70 pixels, 2 for 34x34."""
    critic_width: int = 32
    fold: int = 2
    crop: int = 0
    mirror: bool = True
    batch: int = 4
    peak: float = 3e-4
    critic_peak: float = 3e-4
    weights: Weights = field(default_factory=Weights)
    kind: str = "fast"
    """Of the generators, in GENERATORS; "smooth" ones have no fold."""
    scales: int = 0
    """Of discriminators with spectral normalization; 0: the paper's, with instance normalization."""
    whole: int = 0
    """The side of pictures that the discriminators judge as a whole, also with spectral normalization; 0: patches."""
    augmented: float = 0.0
    """How often what the discriminators see is moved or cut, real and translated alike (Zhao et al. 2020)."""

    def network(self) -> dict[str, int]:
        """The generators' sizes, as they stand on the card."""
        sizes = {"outer": self.outer, "inner": self.inner, "blocks": self.blocks}
        return sizes if self.kind == "smooth" else {"fold": self.fold} | sizes

    def generator(self) -> Local:
        generator = build({"generator": self.kind, **self.network()})
        assert isinstance(generator, Local)
        return generator

    def critics(self) -> dict[str, int]:
        """The discriminators' sizes, as they stand on the card where they ship; else nothing."""
        if self.whole:
            return {"whole": self.whole, "width": self.critic_width}
        return {"scales": self.scales, "layers": self.layers, "width": self.critic_width} if self.scales else {}

    def critic(self) -> Bounded | PatchGAN:
        sizes = self.critics()
        return discriminator(sizes) if sizes else PatchGAN(self.layers, self.critic_width)


EMOJI = Pair(
    "Noto and Twemoji",
    ("noto", "twemoji"),
    "1,450 emoji of Noto Emoji and of Twemoji, unpaired, 64x64",
    "Apache-2.0 (Noto Emoji); CC BY 4.0 (Twemoji)",
    outer=32,
    inner=64,
    blocks=6,
    layers=2,
    mirror=False,
    scales=2,
)
PAIRS = {
    "monet": Pair(
        "photograph and Monet",
        ("photos", "monet"),
        "monet2photo, 2,250 photographs and 270 paintings, 256x256",
        "paintings out of copyright; photographs for research",
        outer=32,
        inner=64,
        blocks=6,
        layers=2,
        crop=96,
        batch=4,
        peak=4e-4,
        critic_peak=4e-4,
        # With cycle 5 and identity 1 photographs came out nearly untouched; with strokes of 2 at a third, coarser scale
        # flat skies were painted with dark clouds; with cycle 2 they were judged Monet in 42 %.
        weights=Weights(cycle=1.0, identity=0.0, coarse=2, noise=0.05, strokes=0.7),
        kind="smooth",
        scales=2,
        augmented=0.5,
    ),
    "emoji": EMOJI,
    "smile": Pair(
        "neutral and smiling face",
        ("neutral", "smiling"),
        "UTKFace, 64x64, faces with a smile logit below -2 and above 2, balanced by gender",
        "non-commercial research only (UTKFace, Zhang, Song, Qi 2017)",
        outer=32,
        inner=64,
        blocks=6,
        layers=2,
        weights=Weights(stay=0.2),
        kind="smooth",
        scales=2,
    ),
    "emoji-full": dataclasses.replace(EMOJI, title="Noto and Twemoji, all terms, for as long as those without one"),
    "emoji-nocycle": dataclasses.replace(
        EMOJI, title="Noto and Twemoji, without the cycle term", weights=Weights(cycle=0.0)
    ),
    "emoji-noidentity": dataclasses.replace(
        EMOJI, title="Noto and Twemoji, without the identity term", weights=Weights(identity=0.0)
    ),
    # Two discriminators at two scales of patches have 0.34 million parameters each, this one 0.24.
    "emoji-whole": dataclasses.replace(
        EMOJI, title="Noto and Twemoji, discriminators of whole pictures", whole=64, critic_width=24
    ),
}


@dataclass(frozen=True)
class Domain:
    """One collection: images (N, S, S, 3) uint8, and how likely each is drawn, (N,)."""

    images: Tensor
    weights: Tensor
    light: float = 0.0
    """How far contrast and brightness are changed at random: hard light and night are rare among 2,250 photographs,
    and were passed on untouched."""

    @classmethod
    def of(cls, images: np.ndarray, weights: np.ndarray | None = None, light: float = 0.0) -> Domain:
        even = np.ones(len(images)) if weights is None else weights
        return cls(torch.from_numpy(images), torch.from_numpy(even).double(), light)

    def batch(self, pair: Pair, device: torch.device) -> Tensor:
        """Random pictures, or crops of them, (B, 3, S, S) in [-1, 1], channels last."""
        chosen = torch.multinomial(self.weights, pair.batch, replacement=True).tolist()
        side = pair.crop or self.images.shape[1]
        top, left = torch.randint(0, self.images.shape[1] - side + 1, (2, pair.batch)).tolist()
        parts = [self.images[i, t : t + side, x : x + side] for i, t, x in zip(chosen, top, left, strict=True)]
        x = to_device(torch.stack(parts), device)
        if pair.mirror:
            flip = torch.rand(len(x), device=device) < 0.5
            x = torch.where(flip[:, None, None, None], x.flip(3), x)
        x = relit(x, self.light) if self.light else x
        return x.contiguous(memory_format=torch.channels_last)


def relit(x: Tensor, by: float) -> Tensor:
    """Another contrast about its mean and another brightness for each picture, within [-1, 1]: (B, 3, H, W)."""
    gain, shift = (by * (2 * torch.rand(len(x), 1, 1, 1, device=x.device) - 1) for _ in range(2))
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    return (mean + (1 + gain) * (x - mean) + shift).clamp(-1, 1)


def to_device(images: Tensor, device: torch.device) -> Tensor:
    """(B, H, W, 3) uint8 to (B, 3, H, W) in [-1, 1], channels last."""
    return from_uint8(images.to(device))


def load_domains(name: str, folder: Path, split: str) -> tuple[Domain, Domain]:
    """X and Y of a pair: photographs and Monet, Noto and Twemoji, neutral and smiling faces."""
    if name == "monet":
        photos, monet = (load_pictures(folder, kind, split) for kind in ("photos", "monet"))
        return Domain.of(photos, light=LIGHT if split == "train" else 0.0), Domain.of(monet)
    if name.startswith("emoji"):
        noto, twemoji = (load_emoji(folder, style, split) for style in ("noto", "twemoji"))
        return Domain.of(noto), Domain.of(twemoji)
    faces = load_faces(folder, split)
    sides = []
    for chosen in (faces.smile < -SMILING, faces.smile > SMILING):
        gender = faces.gender[chosen]
        sides.append(Domain.of(faces.images[chosen], 1 / np.bincount(gender, minlength=2)[gender]))
    return sides[0], sides[1]
