"""How good the VAEs are: bounds and grids of the planes; sharpness, samples and smiles of the faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.faces.faces import face_finder_for_evaluation
from models.judges.judges import load_judge
from models.pictures.pictures import from_uint8
from models.vae.latent import planes
from models.vae.smile import Faces as FaceModel
from models.vae.smile import faces as face_model
from training.data import SMILING, load_digits, load_faces
from training.faces.framing import shuffle_patches
from training.judges.recipe import GENDER, SMILE
from training.vae.facevae import laplacian
from training.vae.plane import as_tensor, mean_elbo

Figures = dict[str, float | str]
HEADLINE = (
    *("mse", "laplacian_correlation", "laplacian_energy", "found_ratio"),
    *("smiling_k1", "smiling_k2", "not_smiling_k1", "not_smiling_k2"),
)
"""The figures of the faces that stand first on their card."""
SHOWN = (1, 4, 20, 0)
"""The betas in the order in which their figures stand on the card."""


@torch.no_grad()
def evaluate_plane(data: str, folder: Path) -> tuple[Figures, str]:
    """The two terms of the ELBO for each beta, and how many classes the 20x20 grid shows."""
    test = as_tensor(load_digits(folder, data, "test").images)
    judge = load_judge(data)
    figures: Figures = {}
    for beta in SHOWN:
        plane = planes(data)[beta]
        figures |= {f"{key}_beta{beta}": value for key, value in mean_elbo(plane.network, test, beta).items()}
        q = torch.tensor(plane.cells)
        grid = plane.decode(torch.cartesian_prod(q, q))
        sure, label = judge(grid[:, None]).softmax(dim=1).max(dim=1)
        figures[f"classes_on_grid_beta{beta}"] = len(set(label[sure > 0.9].tolist()))
    return figures, "10,000 test images, nats per image; classes that the judge is 90 % sure of on the 20x20 grid"


def sharpness(x: Tensor, decoded: Tensor) -> Figures:
    """Mean squared error with pixels in [0, 1]; correlation of the Laplacians and their ratio of energy.

    x, decoded: (N, 3, 64, 64) in [-1, 1]. Correlation and energy over all pixels, and the mean over pictures of each
    picture's own correlation.
    """
    real, made = laplacian(x / 2).flatten(1), laplacian(decoded / 2).flatten(1)
    cosine = torch.nn.functional.cosine_similarity
    own = cosine(real - real.mean(dim=1, keepdim=True), made - made.mean(dim=1, keepdim=True)).mean()
    return {
        "mse": ((x - decoded) / 2).square().mean().item(),
        "laplacian_correlation": torch.corrcoef(torch.stack([real.flatten(), made.flatten()]))[0, 1].item(),
        "laplacian_correlation_per_face": own.item(),
        "laplacian_energy": (made.square().sum() / real.square().sum()).item(),
    }


def nearest_pair(pictures: np.ndarray) -> float:
    """The root mean square difference of the two most similar pictures, pixels in [0, 1]."""
    rows = torch.from_numpy(pictures.reshape(len(pictures), -1)).float() / 255
    return torch.pdist(rows).min().item() / rows.shape[1] ** 0.5


def sample_figures(model: FaceModel, real: np.ndarray) -> Figures:
    """How often the finder sees a face: in photographs, shuffled ones, samples of the learned prior and of N(0, I)."""
    found = {
        "photographs": real,
        "shuffled": shuffle_patches(real),
        "samples": model.pictures(model.draw(0, 1000, 1.0)),
        "samples_standard_normal": model.pictures(model.draw(0, 1000, 1.0, "normal")),
    }
    figures: Figures = {f"found_in_{k}": float(face_finder_for_evaluation(v).mean()) for k, v in found.items()}
    figures["found_ratio"] = float(figures["found_in_samples"]) / float(figures["found_in_photographs"])
    figures["nearest_pair_of_200_samples"] = nearest_pair(found["samples"][:200])
    figures["nearest_pair_of_200_photographs"] = nearest_pair(real[:200])
    return figures


def edit_figures(model: FaceModel, judge: torch.nn.Module, z: Tensor, sign: int, name: str) -> Figures:
    """Share of faces judged to smile (sign +1) or not (sign -1) after k = 1 and 2, and gender judged as before."""
    verdict = [judge(from_uint8(model.pictures(z + sign * k * model.directions[0]))) for k in (0, 1, 2)]
    figures: Figures = {}
    for k in (1, 2):
        figures[f"{name}_k{k}"] = (sign * verdict[k][:, SMILE] > 0).float().mean().item()
        same = (verdict[k][:, GENDER] > 0) == (verdict[0][:, GENDER] > 0)
        figures[f"{name}_gender_kept_k{k}"] = same.float().mean().item()
    return figures


@torch.no_grad()
def evaluate_faces(folder: Path) -> tuple[Figures, str]:
    """Every figure of the faces on the 1,000 validation faces."""
    faces, model, judge = load_faces(folder, "validation"), face_model(), load_judge("faces")
    x = from_uint8(faces.images)
    mu, log_var = zip(*(model.look(chunk) for chunk in x.split(64)), strict=True)
    z, decoded = torch.cat(mu), torch.cat([model.decode(chunk) for chunk in torch.cat(mu).split(64)])
    kl = 0.5 * (z.square() + torch.cat(log_var).exp() - 1 - torch.cat(log_var)).sum(dim=1).mean().item()
    figures = sharpness(x, decoded.clamp(-1, 1)) | {"kl_nats": kl} | sample_figures(model, faces.images)
    neutral, smiling = torch.from_numpy(faces.smile < -SMILING), torch.from_numpy(faces.smile > SMILING)
    figures |= edit_figures(model, judge, z[neutral], 1, "smiling")
    figures |= edit_figures(model, judge, z[smiling], -1, "not_smiling")
    first = {name: figures.pop(name) for name in HEADLINE}
    return first | figures, "the 1,000 validation faces; 1,000 samples at temperature 1; judged by judge-faces"
