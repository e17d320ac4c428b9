"""How good the flows are: nats above the entropy, the laws they must keep, and Glow beside its rival and a floor."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from models.flow.density import Bijection
from models.flow.flow import CLOUD, DEFAULT, Flows, Learned, flows, middles, noise
from models.flow.glow import LEVELS, Glow, dequantized, to_levels
from models.flow.portraits import portraits
from models.judges.judges import load_judge
from models.pictures.pictures import from_uint8
from models.plane.toys import TARGETS, target
from models.runtime import device
from models.weights.cards import load_card, read_tensors, take
from training.data import load_faces
from training.flow.glow import NETWORK, RIVAL, load_levels, mean_bits
from training.flow.recipe import gap
from training.flow.surprise import figures as surprise_figures
from training.flow.surprise import measure
from training.judges.recipe import SMILE
from training.recipe import CHECKPOINTS

Figures = dict[str, float | str]
SAMPLES = 2000
"""Points of a cloud whose Wasserstein distance is measured."""
WIDE, WIDEST = 6.0, 20.0
"""The density is integrated over [-20, 20]^2: finely where the data are, coarsely around it, where a flow that cannot
shrink areas (NICE) leaves a thin rest."""
CELLS, CELLS_OF_MATCHING = (1200, 400), (160, 80)
"""Cells along a side of [-6, 6]^2, and of all of [-20, 20]^2; fewer where a density is itself an integral, of 32 steps
with a trace each."""
FIRST = (("spline", "ring"), ("realnvp", "ring"), ("spline", "checkerboard"))


def integral(model: Bijection, fine: int = CELLS[0], coarse: int = CELLS[1]) -> float:
    """The density over the plane, by the middles of cells: `fine` a side over [-6, 6]^2, and around it of those of
    [-20, 20]^2, `coarse` a side; the border falls between them where coarse is a multiple of 20."""

    def total(points: Tensor, side: float) -> float:
        log_p = torch.cat([model.log_density(part) for part in points.split(100_000)])
        return float(log_p.double().exp().sum()) * side**2

    around = middles(coarse, WIDEST)
    around = around[around.abs().amax(dim=1) > WIDE]
    return total(middles(fine, WIDE), 2 * WIDE / fine) + total(around, 2 * WIDEST / coarse)


def inverse_errors(learned: Learned, name: str) -> tuple[float, float]:
    """The largest |f^-1(f(x)) - x| over data, and |f(f^-1(z)) - z| over noise, as a room computes them."""
    x = target(name).sample(CLOUD, torch.Generator().manual_seed(2))
    z = noise(3, CLOUD)
    there, back = learned.states(learned.forward(x)[0])[-1], learned.forward(learned.states(z)[-1])[0]
    return float((there - x).abs().max()), float((back - z).abs().max())


def plane_error(learned: Learned) -> float:
    """The largest |f^-1(f(x)) - x| over the square that is shown, [-4, 4]^2, as a room computes it."""
    x = middles(200)
    z = torch.cat([learned.forward(part)[0] for part in x.split(CLOUD)])
    back = torch.cat([learned.states(part)[-1] for part in z.split(CLOUD)])
    return float((back - x).abs().max())


def transport(a: Tensor, b: Tensor) -> float:
    """The Wasserstein distance of two clouds of as many points, exactly: the mean way of the cheapest pairing."""
    ways = torch.cdist(a.double(), b.double()).numpy()
    return float(ways[linear_sum_assignment(ways)].mean())


def fresh(name: str, seed: int) -> Tensor:
    """Points of a target that no other seed gives: (2000, 2)."""
    return target(name).sample(SAMPLES, torch.Generator().manual_seed(seed))


@functools.cache
def transport_floor(name: str) -> float:
    """The Wasserstein distances of four pairs of fresh clouds of a target, summed; the same for every flow."""
    return sum(transport(fresh(name, 20 + seed), fresh(name, 30 + seed)) for seed in range(4))


def transport_ratio(learned: Learned, name: str) -> float:
    """The Wasserstein distance of samples to fresh points, over that of fresh points to other ones; 1 is perfect.

    The mean over four pairs of 2,000 points above and below: one pair's distance varies by a quarter.
    """
    made = [transport(learned.states(noise(seed, SAMPLES))[-1], fresh(name, 10 + seed)) for seed in range(4)]
    return sum(made) / transport_floor(name)


def determinant_error(model: Bijection, name: str, points: int = 200) -> float:
    """The largest difference of log |det df/dx| from that of autograd's Jacobian, in float64."""
    x = target(name).sample(points, torch.Generator().manual_seed(4)).double()
    model = model.double()
    with torch.enable_grad():
        jacobian = torch.func.vmap(torch.func.jacrev(lambda row: model(row[None])[0][0]))(x)
    error = float((model(x)[1] - jacobian.det().abs().log()).abs().max())
    model.float()
    return error


@torch.no_grad()
def evaluate_plane_flows(_: Path) -> tuple[Figures, str]:
    """Every flow of the plane on its target: nats above the entropy; the laws, the worst of each kind. On the CPU."""
    device.set_device("cpu")
    held: Flows = flows()
    gaps: Figures = {}
    worst: dict[str, float] = {}
    for kind, name in held.pairs():
        model = held[kind, name].network
        gaps[f"gap_{kind}_{name}"] = gap(model, name, 20_000 if kind == "matching" else 100_000)
        total = integral(model, *(CELLS_OF_MATCHING if kind == "matching" else CELLS))
        on_data, on_noise = inverse_errors(held[kind, name], name)
        gaps[f"transport_{kind}_{name}"] = transport_ratio(held[kind, name], name)
        for law, value in (
            ("inverse_error", on_data),
            ("inverse_error_of_noise", on_noise),
            ("log_det_error", determinant_error(model, name)),
            ("integral_error", abs(total - 1)),
            ("plane_error", plane_error(held[kind, name])),
        ):
            key = f"{law}_{kind}"
            worst[key] = max(worst.get(key, 0.0), value)
    first = {key: gaps.pop(key) for kind, name in FIRST if (key := f"gap_{kind}_{name}") in gaps}
    entropies: Figures = {f"entropy_{name}": target(name).entropy for name in TARGETS}
    on = f"fresh points of each target; gap: held-out NLL minus the true entropy, in nats; default model: {DEFAULT}"
    return first | worst | gaps | entropies, on


def pixel_floor(train: Tensor, validation: Tensor) -> float:
    """Bits per dimension of a model that knows each pixel's histogram and nothing else.  (N, 3, S, S) uint8 levels."""
    counts = torch.stack([(train == level).sum(dim=0) for level in range(LEVELS)]).double() + 1
    log_p = (counts / counts.sum(dim=0)).log2()
    return -float(log_p.gather(0, validation.long()).mean())


def smile_share(pictures: np.ndarray) -> float:
    """Share of 32x32 faces that the judge of 64x64 faces sees smile."""
    x = from_uint8(pictures)
    large = torch.nn.functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    return float((load_judge("faces")(large)[:, SMILE] > 0).float().mean())


def judged_smiling(z: Tensor) -> float:
    """The share of Glow's faces at z (N, 3072) that the judge sees smile."""
    return smile_share(np.concatenate([portraits().pictures(part) for part in z.split(64)]))


@torch.no_grad()
def evaluate_glow(folder: Path) -> tuple[Figures, str]:
    """Bits per dimension beside RealNVP's and two floors; the way there and back; smiles."""
    model, faces = portraits(), load_faces(folder, "validation")
    levels = to_levels(torch.from_numpy(faces.images))
    figures: Figures = {"bits_per_dimension": mean_bits(model.network, levels)}
    rival = CHECKPOINTS / f"{RIVAL}.safetensors"
    if rival.exists():
        network, tensors = Glow(**NETWORK, mixed=False), read_tensors(rival)
        network.load_state_dict(take(tensors, "network."))
        figures["bits_per_dimension_realnvp"] = mean_bits(network.eval(), levels)
        figures["images_realnvp"] = int(tensors["images"])
    else:
        figures |= {key: value for key, value in load_card("glow").quality.items() if "realnvp" in key}
    figures["bits_per_dimension_histograms"] = pixel_floor(load_levels(folder, "train"), levels)
    figures["bits_per_dimension_uniform"] = 5.0
    x = dequantized(levels, torch.rand(levels.shape, generator=torch.Generator().manual_seed(0)))
    back = torch.cat([model.decode(model.look(part)[0]) for part in x.split(64)])
    figures["reconstruction_error"] = float((back - x).abs().max())
    neutral = torch.cat([model.encode(part) for part in np.array_split(faces.images[faces.smile < -2], 10)])
    for k in (0, 1, 2):
        figures[f"judged_smiling_k{k}"] = judged_smiling(
            torch.stack([model.edit(z, (float(k), 0, 0)) for z in neutral])
        )
    smiling = torch.cat([model.encode(part) for part in np.array_split(faces.images[faces.smile > 2], 10)])
    count = min(len(neutral), len(smiling))
    figures["judged_smiling_mixed"] = judged_smiling((neutral[:count] + smiling[:count]) / 2)
    figures["judged_smiling_mixed_end"] = judged_smiling(smiling[:count])
    figures |= surprise_figures(measure(model, folder))
    return (
        figures,
        "the 1,000 validation faces, 32x32 at 5 bits; smiles judged by judge-faces, k times the smile vector, or half "
        "of the way from a neutral to a smiling face; beside 1,000 pictures of Fashion-MNIST, of MNIST, and 161 emoji",
    )
