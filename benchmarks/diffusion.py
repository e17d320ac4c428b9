"""A step and the 20-step film of a 64x64 face against diffusers' CIFAR-10 network: network time, one thread.

    python -m benchmarks.diffusion [--runs 9]
    python -m benchmarks.diffusion --gpu [--runs 9]     # the film on a GPU, replayed as a CUDA graph against eager

The other side is `UNet2DModel` in the configuration of google/ddpm-cifar10-32 (35.7M parameters) at 64x64, as a user
would run it: eager, fp32, torch's own layout, under no_grad; its weights are random, which changes no time. Ours is the
same eager fp32, first in torch's layout, then as the room places it (channels last, inference mode), then in bf16.
Runs alternate; medians and their ratios are printed. The long films of the other side are not waited for: DDIM-50 and
DDPM-1000 are 50 and 1,000 times the measured step with its scheduler's arithmetic. Our film is run in full.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from diffusers import DDIMScheduler, UNet2DModel
from torch import Tensor

from models.diffusion.diffusion import FACES, Denoiser, faces
from models.diffusion.samplers import dpm, times
from models.diffusion.schedules import cosine
from models.networks.unet import UNet
from models.runtime import device
from models.runtime.graphs import Replayed
from models.weights.cards import WEIGHTS
from training.diffusion.recipe import RECIPES

STEPS = 20
Way = Callable[[], object]


def reference() -> Any:
    """The network of google/ddpm-cifar10-32 at 64x64."""
    network: Any = UNet2DModel(
        sample_size=64,
        block_out_channels=(128, 256, 256, 256),
        layers_per_block=2,
        down_block_types=("DownBlock2D", "AttnDownBlock2D", "DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
    )
    return network.eval()


def own() -> UNet:
    """The faces' network, with the weights that ship where there are any: the time is the same."""
    if (WEIGHTS / "diffusion-faces.toml").exists():
        return copy.deepcopy(faces().network)
    return device.place(UNet(**RECIPES["faces"].network))


def reference_step() -> Way:
    """One step of DDIM with the other network."""
    network = reference()
    scheduler: Any = DDIMScheduler()
    scheduler.set_timesteps(50)
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))

    def step() -> Tensor:
        with torch.no_grad():
            return scheduler.step(network(x, 500).sample, 500, x).prev_sample

    return step


def own_ways() -> dict[str, Way]:
    """One step in each of our ways, and the whole film, without and with guidance."""
    placed = own()
    plain = copy.deepcopy(placed).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    asked = torch.tensor([FACES.codes("smile")])

    def step(network: UNet, half: bool = False) -> Way:
        def run() -> object:
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
                return Denoiser(network, cosine(), asked)(x, 500)

        return run

    def film(network: UNet, w: float) -> Way:
        def run() -> object:
            with torch.inference_mode():
                return list(dpm(Denoiser(network, cosine(), asked, w), cosine(), times(cosine(), STEPS), x))

        return run

    return {
        "ours, eager": step(plain),
        "ours, placed": step(placed),
        "ours, placed, bf16": step(placed, half=True),
        "film, eager": film(plain, 1.0),
        "film, placed": film(placed, 1.0),
        "film, placed, guided": film(placed, FACES.guidance),
    }


def gpu_ways() -> dict[str, Way]:
    """The film of one face on a GPU: the network eager, and replayed as the room does."""
    device.set_device("cuda")
    network = faces().network
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)).cuda()
    asked = torch.tensor([FACES.codes("smile")]).cuda()

    def film(fn: Any) -> Way:
        def run() -> object:
            with torch.inference_mode():
                states = list(dpm(Denoiser(fn, cosine(), asked), cosine(), times(cosine(), STEPS), x))
            torch.cuda.synchronize()
            return states

        return run

    return {"eager": film(network), "replayed": film(Replayed(network))}


def compare(ways: dict[str, Way], runs: int) -> dict[str, float]:
    """Time all in turn; returns the medians in ms."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if run:
                spent[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--gpu", action="store_true", help="the film on a GPU instead")
    args = parser.parse_args()
    runs = args.runs
    if args.gpu:
        ms = compare(gpu_ways(), runs)
        print(f"film of {STEPS} steps, 64x64, batch 1, {device.describe()}: eager {ms['eager']:.1f} ms, ", end="")
        print(f"CUDA graph {ms['replayed']:.1f} ms, {ms['eager'] / ms['replayed']:.1f}x")
        return
    device.set_device("cpu")
    ways = {"diffusers' 35.7M": reference_step()} | own_ways()
    torch.set_num_threads(1)
    ms = compare(ways, runs)
    other, eager, placed = ms["diffusers' 35.7M"], ms["ours, eager"], ms["ours, placed"]
    print("one step, 64x64, batch 1, one thread")
    for name in ("diffusers' 35.7M", "ours, eager", "ours, placed", "ours, placed, bf16"):
        print(f"  {name:22} {ms[name]:8.1f} ms   {other / ms[name]:6.1f}x")
    print(f"film of {STEPS} steps (measured) against 50 and 1,000 steps of the other (extrapolated from its step)")
    print(f"  diffusers' 35.7M       DDIM-50 {50 * other / 1000:.1f} s, DDPM-1000 {other:.0f} s")
    for name in ("film, eager", "film, placed", "film, placed, guided"):
        print(f"  {name:22} {ms[name]:8.1f} ms   {50 * other / ms[name]:6.0f}x   {1000 * other / ms[name]:7.0f}x")
    print(
        f"of it: size {other / eager:.1f}x, steps {50 / STEPS:.1f}x (DDIM-50) or {1000 / STEPS:.0f}x (DDPM-1000), "
        f"layout {eager / placed:.2f}x; precision: fp32 on both sides (bf16 would make it "
        f"{placed / ms['ours, placed, bf16']:.2f}x)"
    )


if __name__ == "__main__":
    main()
