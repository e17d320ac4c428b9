"""Bigger diffusion models from the Hub, with diffusers' own networks and our samplers.

Ho, Jain & Abbeel 2020: a UNet of 36 or 114 million parameters that predicts epsilon under the linear schedule. It knows
no labels, so there is nothing to guide. diffusers is imported when the first of them is loaded.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.diffusion.diffusion import Denoiser, Diffusion, Task, Wish, clipped
from models.diffusion.schedules import T, linear
from models.runtime import device, graphs
from models.runtime.batching import survive
from models.runtime.gate import Gate, wanted
from models.weights.cardfile import WeightsError

log = logging.getLogger("vernissage.weights")


OWN = "linear"
"""The schedule that all of them were trained with."""
SCHEDULE: dict[str, Any] = {
    "num_train_timesteps": T,
    "beta_start": 1e-4,
    "beta_end": 0.02,
    "beta_schedule": "linear",
    "trained_betas": None,
    "prediction_type": "epsilon",
}
"""What `linear` and `EpsilonDenoiser` take for granted."""

slow = Gate()
"""On a CPU a step takes seconds: the big models take turns among themselves, and the small ones need not wait."""

Epsilon = Callable[[Tensor, Tensor], Tensor]
"""x_t (B, C, S, S) and the time as the network counts it, 0 ... T - 1, (B,) float, to epsilon-hat like x_t."""


@dataclass(frozen=True)
class EpsilonDenoiser(Denoiser):
    """A network that predicts epsilon, told the time: `network` is an Epsilon. It is not guided."""

    network: Any

    def __call__(self, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """x0-hat = (x_t - b epsilon-hat) / a and epsilon-hat; a = sqrt(alpha-bar_t), b = sqrt(1 - alpha-bar_t).

        Under another schedule the network is told the time at which its own has the same noise level.
        """
        times = torch.full((len(x_t),), self.time(t), dtype=torch.float32)
        epsilon = self.network(x_t, times)
        signal, noise = self.schedule.signal(t, x_t), self.schedule.noise(t, x_t)
        x0 = (x_t - noise * epsilon) / signal
        return clipped(x_t, x0, signal, noise) if self.clip else (x0, epsilon)

    def time(self, t: int) -> float:
        """Our t = 1 ... T is the network's 0 ... T - 1."""
        level = float(self.schedule.level[t])
        return max(0.0, float(np.interp(level, linear().level.numpy(), np.arange(T + 1.0))) - 1)


class Bigger(Diffusion):
    """A pipeline of the Hub, loaded from its verified folder. seconds: what one pass takes here, measured.

    Raises WeightsError where the folder holds something that we cannot run.
    """

    def __init__(self, name: str, folder: Path) -> None:
        network = opened(folder)
        config = network.config
        self.task = Task(name, config.in_channels, config.sample_size, (), guidance=1.0, schedule=OWN)
        self.params = sum(p.numel() for p in network.parameters())
        self.quality: dict[str, float | str] = {}
        self.network = placed(network)
        self.gate = slow if device.device().type == "cpu" else device.gate
        self._pass = Pass(self.network)
        self._replayed = graphs.Replayed(self._pass)
        self.seconds = self._measured()

    def denoiser(self, wish: Wish, count: int) -> Denoiser:
        """x0-hat and epsilon-hat of `count` pictures, a turn at the gate for each of them."""
        return EpsilonDenoiser(self.epsilon, wish.noising, self.labels("", count), 1.0, wish.clip)

    def epsilon(self, x: Tensor, times: Tensor) -> Tensor:
        """The Epsilon, its answer on the CPU. Raises DeviceBusy, DeviceFull, Abandoned.

        Each picture passes alone: a batch would gain nothing at this size, others would wait for all of it, and bf16's
        rounding would depend on its company.
        """
        return torch.cat([self._turn(*row) for row in zip(x.split(1), times.split(1), strict=True)])

    def _turn(self, x: Tensor, times: Tensor) -> Tensor:
        """One picture in its turn at the gate, (1, C, S, S) and (1,)."""
        wanted()
        here = device.device()
        with self.gate.turn(), torch.inference_mode(), device.exactly():
            found = survive(self._replayed, x.to(here), times.to(here))
            assert isinstance(found, Tensor)
            return found.cpu()

    def _measured(self) -> float:
        """Seconds that a pass takes once it is warm: the second one."""
        x, middle = self.noise([0])(), torch.tensor([T / 2])
        for _ in range(2):
            start = time.perf_counter()
            self.epsilon(x, middle)
        return time.perf_counter() - start


class Pass:
    """One picture through the network: in bf16 on a GPU and on a CPU that computes it, else in full precision."""

    def __init__(self, network: nn.Module, half: bool | None = None) -> None:
        self.network = network
        self.half = device.half_here() if half is None else half
        if not graphs.here():  # a pass of seconds is left at its next layer once nobody waits for it
            for layer in network.modules():
                if isinstance(layer, nn.Conv2d):
                    layer.register_forward_pre_hook(lambda layer, inputs: wanted())

    def __call__(self, x: Tensor, times: Tensor) -> Tensor:
        """(1, C, S, S) and (1,) on the device -> (1, C, S, S) float32."""
        kind = next(self.network.parameters()).dtype
        x = x.to(kind).contiguous(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.half):
            found: Tensor = self.network(x, times).sample
        return found.float()


def placed(network: Any) -> Any:
    """On the device, channels last; on a GPU with its weights in bf16."""
    network = device.place(network)
    return network.to(torch.bfloat16) if device.device().type == "cuda" else network


def opened(folder: Path) -> Any:
    """The UNet2DModel of a folder, complete and trained as we take for granted. Raises WeightsError."""
    from diffusers import UNet2DModel
    from diffusers.utils import logging as told

    told.disable_progress_bar()
    plain: dict[str, Any] = {"use_safetensors": True, "local_files_only": True, "low_cpu_mem_usage": False}
    try:
        network, found = UNet2DModel.from_pretrained(_place(folder, "unet"), output_loading_info=True, **plain)
        # read as it stands: a pipeline would import whatever classes its model_index.json names
        settings = json.loads((_place(folder, "scheduler") / "scheduler_config.json").read_text("utf-8"))
        wrong = [name for name, value in SCHEDULE.items() if settings.get(name, value) != value]
    except Exception as error:  # the boundary to diffusers, which raises whatever it meets
        log.warning("%s: %s: %s", folder, type(error).__name__, str(error).splitlines()[:1])
        raise _unusable("it cannot be read") from error
    if any(found.values()) or not all(bool(torch.isfinite(p).all()) for p in network.parameters()):
        raise _unusable("its weights belong to another network")
    if type(network.config.sample_size) is not int:
        raise _unusable("it does not say how large its pictures are")
    if wrong or network.config.in_channels != network.config.out_channels:
        raise WeightsError(
            "diffusion.hub.other_schedule", f"It was not trained for epsilon with the linear schedule ({wrong})."
        )
    return network


def _place(folder: Path, part: str) -> Path:
    """Where a part's files are: in a folder of their own, or side by side as in google's repositories."""
    return folder / part if (folder / part).is_dir() else folder


def _unusable(why: str) -> WeightsError:
    return WeightsError("weights.bigger.unusable", f"The pipeline cannot be used: {why}.")
