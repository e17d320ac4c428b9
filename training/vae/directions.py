"""The vectors of smile, gender and age in the faces' latent space: differences of two means, balanced.

Women smile more often in the data (58 % to 40 %) and smiles go with age, so the plain difference of means would carry
gender and age along. Here the two means are taken within each cell of gender and age, and the differences averaged.
A label says man or woman, a face says it more or less: for the smile, each gender is also parted by how the latent
code itself reads, since within one gender, too, those who look more like women smile more.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from models.pictures.pictures import from_uint8
from models.vae.vae import FaceVAE
from training.data import SMILING, Faces

AGE_EDGES = (0, 25, 30, 36, 46, 60, 200)
YOUNG, OLD = (18, 30), (50, 75)


@torch.no_grad()
def encode_faces(model: FaceVAE, images: np.ndarray) -> tuple[Tensor, Tensor]:
    """Mean and log-variance of q(z | x) for (N, 64, 64, 3) uint8 faces: two (N, D)."""
    means, log_variances = [], []
    for chunk in torch.from_numpy(images).split(250):
        mu, log_var = model.encode(from_uint8(chunk))
        means.append(mu)
        log_variances.append(log_var)
    return torch.cat(means), torch.cat(log_variances)


def balanced_difference(mu: Tensor, yes: np.ndarray, no: np.ndarray, cells: np.ndarray) -> Tensor:
    """Mean over cells of (mean of mu over `yes` minus mean of mu over `no`), weighted by the cells' smaller count.

    mu: (N, D); yes, no: (N,) bool; cells: (N,) integers. Returns (D,).
    """
    total, weight = torch.zeros(mu.shape[1]), 0.0
    for cell in np.unique(cells):
        here = cells == cell
        count = min(int((here & yes).sum()), int((here & no).sum()))
        if count >= 5:
            difference = mu[torch.from_numpy(here & yes)].mean(dim=0) - mu[torch.from_numpy(here & no)].mean(dim=0)
            total, weight = total + count * difference, weight + count
    return total / weight


def read_linearly(mu: Tensor, values: np.ndarray) -> np.ndarray:
    """The linear function of mu (N, D) that comes nearest to the values (N,) in the mean square, at each mu: (N,)."""
    known = torch.cat([mu, torch.ones(len(mu), 1)], dim=1)
    return (known @ torch.linalg.lstsq(known, torch.from_numpy(values).float()[:, None]).solution)[:, 0].numpy()


def parted(values: np.ndarray, cells: np.ndarray, parts: int = 3) -> np.ndarray:
    """Cells (N,) each parted into so many equal parts by the values (N,): new cells, parts * cell + part."""
    part = np.zeros(len(values), int)
    for cell in np.unique(cells):
        here = cells == cell
        part[here] = np.digitize(values[here], np.quantile(values[here], np.linspace(0, 1, parts + 1)[1:-1]))
    return parts * cells + part


def directions_of(mu: Tensor, faces: Faces) -> dict[str, Tensor]:
    """The three vectors, each (D,): towards a smile, towards a woman, towards an old face."""
    age_cell = np.digitize(faces.age, AGE_EDGES)
    smile_cell = (faces.smile > 0).astype(int)
    smiling, neutral = faces.smile > SMILING, faces.smile < -SMILING
    woman = faces.gender == 1
    womanly = parted(read_linearly(mu, faces.gender), faces.gender)
    old, young = (((low <= faces.age) & (faces.age < high)) for low, high in (OLD, YOUNG))
    return {
        "smile": balanced_difference(mu, smiling, neutral, 10 * age_cell + womanly),
        "gender": balanced_difference(mu, woman, ~woman, 10 * age_cell + smile_cell),
        "age": balanced_difference(mu, old, young, 10 * faces.gender + smile_cell),
    }
