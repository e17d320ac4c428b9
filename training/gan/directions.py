"""Recipe of the directions in w: `python -m training.gan.directions faces`.

What is smiling and what is not says judge-faces, of pictures that the generator made itself. The differences of two
means are balanced as those of the VAE (training/vae/directions.py). One direction in all layers still carries along
what goes with it in w; so each layer has a share of its own of each difference, and of the principal axes as
corrections, chosen so that k = 2 does what the direction says and the judge sees nothing else change. For smile and age
those are all axes: corrected along the first 8 alone, a smile changes the gender of two more faces in a hundred. For
gender, which moves a face further, all axes pleased the judge and not the eye: men without contours. The layers at the
picture's own size, which only colour it, have none (Härkönen et al. 2020, section 3.2: edits of some layers).
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.faces.vocabulary import DIRECTIONS
from models.gan.gan import Gan, gan
from models.gan.steering import principal_axes
from models.judges.judges import load_judge, verdicts
from models.runtime import device
from models.weights.cards import WEIGHTS, Card, load_card, read_tensors, save_card, save_weights
from training.cards import blank_card, spent
from training.judges.recipe import AGE, GENDER, SMILE
from training.vae.directions import balanced_difference, parted

NAME = "gan-steering"
SAMPLES, TRUNCATED = 8000, 0.7
"""Faces judged, at psi 1; half as many once more at the psi that the room opens with."""
SURE = 2.0
"""A logit above it is a smile, or a woman; below -SURE is none, or a man; between is unsure."""
K, MARGIN, YEARS = 2.0, 1.0, 10.0
"""The k at which layers get their shares, the logit that it should come to, and what k = 1 of age should be."""
KEPT, SHORT = {"smile": 10.0, "age": 10.0, "gender": 5.0}, 0.05
"""What other changes count, and the squared length of what a layer is moved by."""
LAYERS, CORRECTIONS = 6, {"smile": 128, "age": 128, "gender": 8}
"""Layers that have shares, from the smallest picture up; and principal axes that correct, of 128."""
BATCH, STEPS, PEAK = 24, {"smile": 1600, "age": 1600, "gender": 200}, 0.05
ENOUGH, FELT, TRIED = 0.97, 7.0, 400
"""The share of faces that k = 2 has to change so, at its shortest; years of k = 1; and faces on which that is seen."""
QUESTIONS = {"smile": SMILE, "age": AGE, "gender": GENDER}


@dataclass(frozen=True)
class Judged:
    """Styles w (N, D), one for all layers, and what the judge says of their pictures (N, 3)."""

    w: Tensor
    verdict: Tensor


@torch.no_grad()
def judged(model: Gan, judge: nn.Module, seeds: range, psi: float) -> Judged:
    """The faces of these seeds at a truncation."""
    w = model.of_seeds(seeds, psi)
    pictures = [torch.from_numpy(model.sheet(part)).permute(0, 3, 1, 2) for part in w.split(360)]
    return Judged(w[:, 0], torch.cat([verdicts(judge, part) for part in pictures]))


def fifths(values: np.ndarray) -> np.ndarray:
    """Which fifth of the values (N,) each belongs to: (N,), 0 to 4."""
    return np.digitize(values, np.quantile(values, [0.2, 0.4, 0.6, 0.8]))


def differences(of: Judged) -> Tensor:
    """The balanced differences of two means in the order of DIRECTIONS, (3, D): older is the oldest quarter."""
    verdict = of.verdict.numpy()
    smile, gender, age = verdict[:, SMILE], verdict[:, GENDER], verdict[:, AGE]
    by_smile, by_gender = parted(smile, (smile > 0).astype(int)), parted(gender, (gender > 0).astype(int))
    young, old = np.quantile(age, [0.25, 0.75])
    return torch.stack(
        [
            balanced_difference(of.w, smile > SURE, smile < -SURE, 10 * fifths(age) + by_gender),
            balanced_difference(of.w, age > old, age < young, 10 * by_gender + by_smile),
            balanced_difference(of.w, gender > SURE, gender < -SURE, 10 * fifths(age) + by_smile),
        ]
    )


def loss_of(name: str, before: Tensor, after: Tensor, k: Tensor) -> Tensor:
    """How far k of a direction is from changing what it says and nothing else. Verdicts (B, 3), k (B,), 2 or -2."""
    years = after[:, AGE] - before[:, AGE]
    if name == "age":
        loss = 0.5 * (years - k * YEARS / 14).square()
    else:
        loss = 0.3 * years.square() + F.softplus(MARGIN - k.sign() * after[:, QUESTIONS[name]])
    for other in {SMILE, GENDER} - {QUESTIONS[name]}:
        same = torch.sigmoid(before[:, other] / 2)
        loss = loss + KEPT[name] * F.binary_cross_entropy_with_logits(after[:, other] / 2, same, reduction="none")
    return loss.mean()


def moves(share: Tensor, basis: Tensor, layers: int) -> Tensor:
    """What each layer is moved by, (layers, D).  share: (LAYERS, M); basis: (M, D)."""
    return F.pad(share @ basis, (0, 0, 0, layers - len(share)))


def shares(model: Gan, judge: nn.Module, of: Judged, basis: Tensor, name: str, steps: int) -> Tensor:
    """The share that each layer has of each vector, (LAYERS, M).  basis: (M, D), the differences first; of: faces to
    learn from."""
    own = DIRECTIONS.index(name)
    share = torch.zeros(LAYERS, len(basis))
    share[:4, own] = 0.8  # the smallest two sizes hold the shape of a face
    share.requires_grad_()
    optimizer = torch.optim.Adam([share], lr=PEAK)
    generator = torch.Generator().manual_seed(own)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = PEAK * (1.05 - step / steps)
        chosen = torch.randint(len(of.w), (BATCH,), generator=generator)
        before, w = of.verdict[chosen], of.w[chosen]
        sign = torch.where(torch.rand(BATCH, generator=generator) < 0.5, 1.0, -1.0)
        k = K * (sign if name == "age" else -before[:, QUESTIONS[name]].sign())
        move = moves(share, basis, model.shape.layers)
        with torch.autocast("cpu", torch.bfloat16, enabled=device.cpu_has_bf16()):
            x = model.generator.synthesize(w[:, None] + k[:, None, None] * move)
        loss = loss_of(name, before, judge(x.float().clamp(-1, 1)), k) + SHORT * move.square().sum() / LAYERS
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 19:
            print(f"{name}, step {step + 1}: {loss.item():.3f}", flush=True)
    return share.detach()


@torch.no_grad()
def changed(model: Gan, judge: nn.Module, of: Judged, move: Tensor, name: str, k: float) -> float:
    """Of the faces that are surely not so, the share that is after k; of age, the years that k adds to any."""
    sign, logit = math.copysign(1, k), of.verdict[:, QUESTIONS[name]]
    chosen = (sign * logit < -SURE).nonzero()[:, 0] if name != "age" else torch.arange(len(of.w))
    chosen = chosen[:: len(chosen) // TRIED]
    made = model.sheet(of.w[chosen][:, None] + k * move)
    after = verdicts(judge, torch.from_numpy(made).permute(0, 3, 1, 2))[:, QUESTIONS[name]]
    return 14 * (after - logit[chosen]).mean().item() if name == "age" else (sign * after > 0).float().mean().item()


def sized(model: Gan, judge: nn.Module, of: Judged, move: Tensor, name: str) -> Tensor:
    """The direction as long as k = 2 needs it, and no longer: what goes along with it grows faster than it does itself.

    of: faces at the psi that the room opens with; move: (layers, D), at most so long; of age any length.
    """
    if name == "age":
        years = changed(model, judge, of, move, name, 1.0) - changed(model, judge, of, move, name, -1.0)
        return move * (2 * FELT / years)
    for shorter in (part / 20 * move for part in range(8, 20)):
        if min(changed(model, judge, of, shorter, name, k) for k in (K, -K)) >= ENOUGH:
            return shorter
    return move


def card_of() -> Card:
    """What is known of the directions before they are made."""
    network = {"generator": gan("faces").generator_known_by}
    paper = "Härkönen et al. 2020, arXiv:2004.02546; Shen et al. 2020, arXiv:1907.10786"
    data = "the generator's own samples, judged by judge-faces"
    recipe = "python -m training.gan.directions faces"
    return blank_card(NAME, "GAN, faces: directions", network, paper, like="gan-faces", data=data, recipe=recipe)


def main() -> None:
    parser = argparse.ArgumentParser(description="Find the directions in w of the faces' generator.")
    parser.add_argument("name", choices=["faces"])
    parser.add_argument("--only", choices=DIRECTIONS, help="find this one anew, and leave the others as they are")
    args, start = parser.parse_args(), time.monotonic()
    chosen = [args.only] if args.only else DIRECTIONS
    before = load_card(NAME) if args.only else card_of()
    model, judge = gan("faces"), load_judge("faces").requires_grad_(False)
    wide, near = (judged(model, judge, range(n), psi) for n, psi in ((SAMPLES, 1.0), (SAMPLES // 2, TRUNCATED)))
    own = differences(wide)
    basis = {name: torch.cat([own, principal_axes(wide.w, count)]) for name, count in CORRECTIONS.items()}
    both = Judged(torch.cat([wide.w[: SAMPLES // 2], near.w]), torch.cat([wide.verdict[: SAMPLES // 2], near.verdict]))
    found = {name: shares(model, judge, both, basis[name], name, STEPS[name]) for name in chosen}
    for name, share in found.items():
        print(f"\n{name}: shares of {', '.join(DIRECTIONS)}, by layer\n{share[:, : len(DIRECTIONS)].numpy().round(2)}")
    along = {name: moves(share, basis[name], model.shape.layers) for name, share in found.items()}
    tensors = read_tensors(WEIGHTS / before.file) if args.only else {}
    tensors |= {f"direction.{name}": sized(model, judge, near, move, name) for name, move in along.items()}
    tensors["axes"] = principal_axes(wide.w)
    card = dataclasses.replace(
        before,
        recipe=f"{before.recipe}, then --only {args.only}" if args.only else before.recipe,
        params=sum(each.numel() for each in tensors.values()),
        sha256=save_weights(tensors, WEIGHTS / f"{NAME}.safetensors"),
        trained=spent(before.trained, (time.monotonic() - start) / 60, SAMPLES, device.device()),
    )
    save_card(card, WEIGHTS / f"{NAME}.toml")


if __name__ == "__main__":
    main()
