"""Whether a digit's style is kept while its label changes: of the conditional VAE, and of one that knows no labels."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.judges.judges import load_judge
from models.vae.conditional import LABELS, styles
from models.vae.latent import planes
from models.vae.vae import bernoulli_log_likelihood, kl_to_standard_normal, reparametrize
from training.data import load_digits
from training.vae.plane import as_tensor

Figures = dict[str, float | str]
DRAWS = 4
"""Of z for each picture, for the bound."""


def slant(x: Tensor) -> Tensor:
    """How far a digit leans: columns to the right for each row upwards, from its moments.

    x: (B, 1, H, W), ink in [0, 1]. Returns (B,).
    """
    rows, columns = torch.arange(x.shape[2]).float(), torch.arange(x.shape[3]).float()
    ink = x[:, 0] / x.sum(dim=(1, 2, 3)).clamp(min=1e-6)[:, None, None]
    up = (ink.sum(dim=2) * rows).sum(dim=1)[:, None] - rows
    across = columns - (ink.sum(dim=1) * columns).sum(dim=1)[:, None]
    together = (ink * up[:, :, None] * across[:, None, :]).sum(dim=(1, 2))
    return together / (ink.sum(dim=2) * up.square()).sum(dim=1).clamp(min=1e-6)


def weight(x: Tensor) -> Tensor:
    """How thick the strokes are, in pixels: twice the ink over the length of its outline.

    x: (B, 1, H, W), ink in [0, 1]. Returns (B,).
    """
    down, right = x.diff(dim=2)[:, :, :, :-1], x.diff(dim=3)[:, :, :-1]
    outline = (down.square() + right.square()).sqrt().sum(dim=(1, 2, 3))
    return 2 * x.sum(dim=(1, 2, 3)) / outline.clamp(min=1e-6)


MEASURES = {"slant": slant, "weight": weight}


def unusual(values: Tensor, digit: Tensor) -> Tensor:
    """What remains of values (N,) when each digit's own mean is taken away: ones lean otherwise than eights anyway."""
    mean = torch.stack([values[digit == d].mean() for d in range(LABELS)])
    return values - mean[digit]


def changed(x: Tensor, made: Tensor, label: Tensor, asked: Tensor, who: str = "") -> Figures:
    """How often a judge reads what was asked, and how far slant and weight are kept: correlations in [-1, 1].

    x, made: (N, 1, 28, 28) in [0, 1], before and after; label, asked: (N,), what they are.
    """
    judge = load_judge("digits")
    read = torch.cat([judge(part).argmax(dim=1) for part in made.split(2000)])
    figures: Figures = {f"judged_asked{who}": float((read == asked).float().mean())}
    for name, measure in MEASURES.items():
        pair = torch.stack([unusual(measure(x), label), unusual(measure(made), asked)])
        figures[f"{name}_kept{who}"] = float(torch.corrcoef(pair)[0, 1])
    return figures


@torch.no_grad()
def evaluate_conditional(folder: Path) -> tuple[Figures, str]:
    """Every test digit as each of the nine others; the bound on log p(x | y); new digits of z ~ N(0, I).

    Beside it what a VAE without labels can do: on its plane (beta = 1) the way from the mean of one digit to that of
    another is added to z. And the truth: what the judge reads in the test digits themselves.
    """
    test = load_digits(folder, "digits", "test")
    x, label = as_tensor(test.images), torch.tensor(test.labels, dtype=torch.long)
    model, plane, judge = styles(), planes("digits")[1], load_judge("digits")
    generator = torch.Generator().manual_seed(0)
    z, on_plane = model.style(x, label), plane.network.encode(x)[0]
    means = torch.stack([on_plane[label == d].mean(dim=0) for d in range(LABELS)])
    others = [(label + k) % LABELS for k in range(1, LABELS)]
    asked = torch.cat(others)
    before, was = x.repeat(len(others), 1, 1, 1), label.repeat(len(others))
    written = torch.cat([model.write(z, y) for y in others])
    moved = torch.cat([plane.network.decode(on_plane + means[y] - means[label]).sigmoid() for y in others])
    figures = changed(before, written, was, asked) | changed(before, moved, was, asked, "_means")
    new = model.write(torch.randn(z.shape, generator=generator), label)
    figures["judged_asked_new"] = float((judge(new).argmax(dim=1) == label).float().mean())
    figures["floor_judged_asked"] = float((judge(x).argmax(dim=1) == label).float().mean())
    mu, log_var = model.network.encode(x, label)
    kl = float(kl_to_standard_normal(mu, log_var).mean())
    draws = [torch.randn(mu.shape, generator=generator) for _ in range(DRAWS)]
    drawn = [model.network.decode(reparametrize(mu, log_var, epsilon), label) for epsilon in draws]
    reconstruction = float(torch.stack([bernoulli_log_likelihood(x, logits) for logits in drawn]).mean())
    figures |= {"elbo": reconstruction - kl, "reconstruction": reconstruction, "kl": kl}
    return figures, (
        "10,000 test digits, each as the nine others, judge-digits; slant and weight of strokes: correlation with the"
        " original's, each digit's mean taken away; _means: the VAE's plane, from mean to mean; nats per image"
    )
