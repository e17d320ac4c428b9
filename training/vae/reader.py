"""The frozen reader that tells a recipe what its faces look like: a classifier of its own, never the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from models.judges.judges import Judge
from models.weights.cards import read_tensors, save_weights
from training.judges.recipe import train
from training.recipe import CHECKPOINTS, Run

READER: dict[str, Any] = {"channels": 3, "outputs": 3, "widths": (16, 32, 64, 80), "fold": 2}
MINUTES = 5.0


def face_reader(folder: Path, device: torch.device, minutes: float = MINUTES) -> Judge:
    """Logits of a smile and of a woman, and (age - 35) / 14, of faces (B, 3, 64, 64) in [-1, 1]; it learns no more.

    What an edit term is trained against must not be what measures it, so this network has other widths than the judge
    and starts from another seed. Trained once on the training faces, then kept beside the checkpoints.
    """
    path = CHECKPOINTS / "reader-faces.safetensors"
    if path.exists():
        reader = Judge(**READER)
        reader.load_state_dict(read_tensors(path))
    else:
        reader, quality = train("faces", Run("reader-faces", minutes, device, seed=1), folder, READER)
        save_weights(reader.state_dict(), path)
        print(f"\nreader-faces: {quality}")
    return reader.to(device).eval().requires_grad_(False)
