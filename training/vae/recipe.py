"""Recipe of the VAE room: `python -m training.vae digits|fashion|faces --data DIR --minutes M`."""

from __future__ import annotations

import argparse
import copy
import dataclasses
import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.pictures.pictures import UNIT, to_bytes
from models.vae.vae import FaceVAE, PlaneVAE, normal_quantiles
from models.vae.vocabulary import BETAS
from models.weights.cards import WEIGHTS, Card, Trained, read_tensors, save_card, save_weights, take
from training.cards import blank_card, command, earlier, spent
from training.data import data_folder, load_digits, load_faces
from training.recipe import Run, arguments
from training.vae.directions import directions_of, encode_faces
from training.vae.facevae import train_faces
from training.vae.mixture import Fit, fit_mixture
from training.vae.plane import WIDTH, as_tensor, mean_elbo, train_planes
from training.vae.reader import face_reader

FILM_CELLS = 20
CRITIC_JOINS = 0.6
"""Share of the faces' budget after which the critic joins."""
Made = tuple[dict[str, Tensor], Card, list[Run]]
"""What goes into the file, its card, and the runs whose checkpoints are kept until both are written."""
PAPERS = "Kingma & Welling 2013, arXiv:1312.6114; Higgins et al. 2017 (beta)"


@torch.no_grad()
def manifold(model: PlaneVAE, cells: int = FILM_CELLS) -> np.ndarray:
    """The decoded plane at Gaussian quantiles, v upwards: (28 cells, 28 cells) uint8, black on white."""
    q = normal_quantiles(cells)
    z = torch.stack([q.repeat(cells), q.flip(0).repeat_interleave(cells)], dim=1)
    tiles = torch.sigmoid(model.decode(z)).view(cells, cells, 28, 28).transpose(1, 2).reshape(cells * 28, -1)
    return 255 - to_bytes(tiles, UNIT).numpy()


def film_strip(frames: list[np.ndarray]) -> Tensor:
    """Frames side by side as the bytes of one WebP picture: (bytes,) uint8."""
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate(frames, axis=1)).save(buffer, "WEBP", quality=42, method=6)
    return torch.frombuffer(bytearray(buffer.getvalue()), dtype=torch.uint8)


@torch.no_grad()
def plane_extras(model: PlaneVAE, test: Tensor, beta: int) -> dict[str, Tensor]:
    """The encoded test set (10000, 2), and what the plane shows of the latent space: z = centre + scale * (u, v).

    A VAE's plane is the prior's: centre 0, and one standard deviation a step. An autoencoder knows no prior: its plane
    is laid so that from -3 to 3 it holds 98 % of the codes along each axis.
    """
    mu = torch.cat([model.encode(x)[0] for x in test.split(1000)])
    low, high = torch.quantile(mu, torch.tensor([0.01, 0.99]), dim=0)
    centre, scale = ((low + high) / 2, (high - low) / 6) if beta == 0 else (torch.zeros(2), torch.ones(2))
    return {"encoded": mu.half(), "centre": centre, "scale": scale}


def train_digits(args: argparse.Namespace, folder: Path) -> Made:
    """Four planes side by side, from one beginning, with the film of the one with beta = 1."""
    train, test = load_digits(folder, args.name, "train"), load_digits(folder, args.name, "test")
    start = read_tensors(args.start) if args.start else {}
    run = Run.of(f"vae-{args.name}", args)
    first = PlaneVAE(WIDTH)
    models = {beta: copy.deepcopy(first) for beta in BETAS}
    for beta, model in models.items() if start else ():
        model.load_state_dict(take(start, f"beta{beta}.network."))
    frames: dict[int, np.ndarray] = {}

    def shoot(model: PlaneVAE, count: int) -> None:
        frames[count] = manifold(model)

    averages = train_planes(run, models, train.images, args.peak or 2e-3, film=None if start else shoot)
    tensors: dict[str, Tensor] = {"labels": torch.tensor(test.labels, dtype=torch.uint8)}
    quality: dict[str, float | str] = {}
    for beta, model in models.items():
        model.load_state_dict(averages[beta].weights)
        model.cpu().eval()
        tensors |= {f"beta{beta}.network.{k}": v for k, v in model.state_dict().items()}
        tensors |= {f"beta{beta}.{k}": v for k, v in plane_extras(model, as_tensor(test.images), beta).items()}
        quality |= {f"{k}_beta{beta}": v for k, v in mean_elbo(model, as_tensor(test.images), beta).items()}
    if frames:
        tensors |= {"film": film_strip(list(frames.values())), "film_images": torch.tensor(list(frames))}
    tensors |= {k: v for k, v in start.items() if k.startswith("film")}
    name = {"digits": "MNIST", "fashion": "Fashion-MNIST"}[args.name]
    card = blank_card(
        name=f"vae-{args.name}",
        title=f"VAE, {name}",
        params=sum(p.numel() for model in models.values() for p in model.parameters()),
        network={"betas": list(BETAS), "width": WIDTH},
        data=f"{name}, 60,000 training images",
        data_terms={"digits": "CC BY-SA 3.0", "fashion": "MIT"}[args.name],
        licence={"digits": "CC BY-SA 3.0", "fashion": "MIT"}[args.name],
        paper=PAPERS,
        quality=quality,
        quality_on="10,000 test images, nats per image",
        trained=Trained(images=run.images),
    )
    return tensors, card, [run]


def best_prior(z: Tensor) -> Fit:
    """The mixture of 1, 4 or 8 Gaussians with the highest log-density on encodings that were held out."""
    return max((fit_mixture(z, k) for k in (1, 4, 8)), key=lambda fit: fit.held_out)


def train_face_vae(args: argparse.Namespace, folder: Path) -> Made:
    """The network, then what is measured from the encodings of the training faces: directions and prior."""
    faces = load_faces(folder, "train")
    reader = face_reader(folder, torch.device(args.device))
    run = Run.of("vae-faces", args)
    model = FaceVAE()
    if args.start:
        model.load_state_dict(take(read_tensors(args.start), "network."))
    joins = CRITIC_JOINS if args.adversarial_from is None else args.adversarial_from
    average = train_faces(run, model, reader, faces, args.peak or 1e-3, joins)
    model.load_state_dict(average.weights)
    model = model.eval()
    tensors = face_tensors(model, folder)
    card = blank_card(
        name="vae-faces",
        title="VAE, faces",
        params=sum(p.numel() for p in model.parameters()),
        network={"latent": model.latent},
        data="UTKFace, 16,638 aligned faces of adults, 64x64",
        data_terms="non-commercial research only (UTKFace, Zhang, Song, Qi 2017)",
        licence="non-commercial research only, as the data",
        paper="Kingma & Welling 2013, arXiv:1312.6114; Larsen et al. 2016, arXiv:1512.09300; Ghosh et al. 2020",
        trained=Trained(images=run.images),
    )
    return tensors, card, [run]


def face_tensors(model: FaceVAE, folder: Path) -> dict[str, Tensor]:
    """Everything that the faces' file holds: network, directions, prior, where the encodings lie."""
    faces = load_faces(folder, "train")
    mu, log_var = encode_faces(model, faces.images)
    generator = torch.Generator().manual_seed(0)
    z = mu + (0.5 * log_var).exp() * torch.randn(mu.shape, generator=generator)
    fit = best_prior(z)
    tensors = {f"network.{k}": v for k, v in model.state_dict().items()}
    tensors |= {f"direction.{k}": v for k, v in directions_of(mu, faces).items()}
    tensors |= fit.mixture.tensors()
    return tensors


def main() -> None:
    parser = arguments("Train the VAEs.", ["digits", "fashion", "faces"], minutes=60)
    parser.add_argument("--adversarial-from", type=float, help=f"faces: share before the critic joins ({CRITIC_JOINS})")
    parser.add_argument("--peak", type=float, help="highest learning rate (default: 2e-3 for planes, 1e-3 for faces)")
    args = parser.parse_args()
    folder = data_folder(args.data)
    tensors, card, runs = (train_face_vae if args.name == "faces" else train_digits)(args, folder)
    sha256 = save_weights(tensors, WEIGHTS / card.file, half=True)
    trained = spent(earlier(args.start), args.minutes, card.trained.images, args.device)
    card = dataclasses.replace(card, sha256=sha256, recipe=command("vae", args), trained=trained)
    save_card(card, WEIGHTS / f"{card.name}.toml")
    for run in runs:
        run.finish()
    print(f"\n{card.name}: {card.figures() or 'measure it: python -m training.evaluate ' + card.name}")
