"""A diffusers pipeline that is small and random, as files of a repository on the Hub."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel
from safetensors.torch import load

from models.weights.offers import File, Offer

SAFE, PICKLE = "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin"
OLD = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value.", ".to_out.0.": ".proj_attn."}
"""What the parts of an attention are called in the files of 2022."""


def network(size: int = 16, seed: int = 0) -> Any:
    """A UNet with attention that can be asked in a moment."""
    torch.manual_seed(seed)
    made: Any = UNet2DModel(
        sample_size=size,
        block_out_channels=(32, 64),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        freq_shift=1,
        flip_sin_to_cos=False,
        downsample_padding=0,
    )
    return made.eval()


def files(size: int = 16, seed: int = 0, at_root: bool = True, **scheduler: Any) -> dict[str, bytes]:
    """The pipeline's files. at_root: side by side, as in the repositories of google; else in folders."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pipeline: Any = DDPMPipeline(unet=network(size, seed), scheduler=DDPMScheduler(**scheduler))
        pipeline.save_pretrained(folder, safe_serialization=True)
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    found |= {"README.md": b"# A model", "diffusion_pytorch_model.bin": b"never asked for", ".gitattributes": b"*"}
    return {name.rpartition("/")[2]: data for name, data in found.items()} if at_root else found


def old(safe: dict[str, bytes]) -> dict[str, bytes]:
    """The same repository as it was in 2022: weights as a pickle only, attentions by their old names."""
    tensors = load(safe[SAFE])
    for new, name in OLD.items():
        tensors = {key.replace(new, name): tensor for key, tensor in tensors.items()}
    written = io.BytesIO()
    torch.save(tensors, written)
    return {name: data for name, data in safe.items() if name != SAFE} | {PICKLE: written.getvalue()}


def offer(repo: str, held: Mapping[str, bytes], commit: str = "", name: str = "cat") -> Offer:
    """What a room would declare of a repository that holds these files; with a commit, pinned by all hashes."""
    weights = next(file for file in held if file.endswith(SAFE)) if any(map(_is_safe, held)) else PICKLE
    names = [file for file in held if file.endswith("config.json")] + [weights]
    files = tuple(File(file, hashlib.sha256(held[file]).hexdigest() if commit else "") for file in names)
    return Offer("diffusion", name, repo, "models.diffusion.bigger:Bigger", files, commit)


def _is_safe(file: str) -> bool:
    return file.endswith(SAFE)
