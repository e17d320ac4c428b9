"""A diffusers pipeline that is small and random, as files of a repository on the Hub."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch
from diffusers import DDPMPipeline, DDPMScheduler, UNet2DModel


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
