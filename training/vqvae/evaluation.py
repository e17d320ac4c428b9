"""How well faces are said in codes, and how well the prior says new ones."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from models.vqvae.prior import prior
from models.vqvae.vqvae import vqvae
from training.data import load_faces
from training.vqvae.prior import nats

Figures = dict[str, float | str]


def mse(made: np.ndarray, real: np.ndarray) -> float:
    """The mean squared error of pictures (N, H, W, 3) uint8, values in [0, 1]."""
    return float(np.mean(np.square((made.astype(np.float32) - real) / 255)))


def webp(picture: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """A picture (H, W, 3) uint8 as the best WebP of at most `size` bytes, else the smallest: what it shows, bytes."""
    best = b""
    for quality in range(0, 101, 2):
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "WEBP", quality=quality, method=6)
        if best and out.tell() > size:
            break
        best = out.getvalue()
    return np.asarray(Image.open(io.BytesIO(best)).convert("RGB")), len(best)


def evaluate_codes(name: str, folder: Path) -> tuple[Figures, str]:
    """Held-out faces said in codes and shown again: error, how many of the codes are ever said, and how evenly.

    perplexity: exp of the entropy of how often each is said; as many codes said alike would give as much. Beside it
    WebP, in about as many bytes.
    """
    real, model = load_faces(folder, "validation").images, vqvae[name]()
    codes = model.encode(real)
    words = model.card.network["codes"]
    count = np.bincount(codes.ravel(), minlength=words)
    share = count[count > 0] / count.sum()
    size = codes[0].size * math.log2(words) / 8
    shown = [webp(picture, int(size)) for picture in real]
    figures: Figures = {
        "mse": mse(model.decode(codes), real),
        "codes_used": float((count > 0).mean()),
        "perplexity": float(np.exp(-(share * np.log(share)).sum())),
        "bytes": size,
        "mse_webp": mse(np.stack([picture for picture, _ in shown]), real),
        "bytes_webp": float(np.mean([length for _, length in shown])),
    }
    return figures, f"1,000 held-out faces, 16x16 codes of {words}; squared error of values in [0, 1]"


@torch.no_grad()
def evaluate_prior(folder: Path) -> tuple[Figures, str]:
    """Bits a code for held-out faces; beside a prior that knows how often each is said and nothing of neighbours."""
    model, coder = prior(), vqvae["faces"]()
    learned, held_out = (
        torch.from_numpy(coder.encode(load_faces(folder, split).images)) for split in ("train", "validation")
    )
    often = torch.bincount(learned.flatten(), minlength=model.network.codes).double() + 1
    alone = F.nll_loss((often / often.sum()).log().expand(held_out.numel(), -1), held_out.flatten())
    seen = [float(nats(model.network, part)) * len(part) for part in held_out.split(50)]
    learned = learned[torch.randperm(len(learned), generator=torch.Generator().manual_seed(0))[: len(held_out)]]
    trained = [float(nats(model.network, part)) * len(part) for part in learned.split(50)]
    figures: Figures = {
        "bits_per_code": sum(seen) / len(held_out) / math.log(2),
        "bits_per_code_training": sum(trained) / len(learned) / math.log(2),
        "bits_per_code_alone": float(alone) / math.log(2),
        "bits_per_code_uniform": math.log2(model.network.codes),
    }
    return figures, "the codes of 1,000 held-out faces, and of as many training ones; alone: by how often each is said"
