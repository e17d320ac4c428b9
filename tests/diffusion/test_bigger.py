"""Bigger models: our samplers with diffusers' networks, held against diffusers' own samplers."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DDPMPipeline, DDPMScheduler
from safetensors.torch import load, save

from models.diffusion import denoising
from models.diffusion.bigger import Bigger
from models.diffusion.diffusion import Wish
from models.diffusion.schedules import cosine, linear
from models.runtime import device
from models.runtime.gate import Abandoned, leaving
from models.weights.cardfile import WeightsError
from tests.diffusion.small_pipeline import files

SIZE = 16


@pytest.fixture(scope="module")
def small() -> dict[str, bytes]:
    return files(SIZE)


@pytest.fixture(scope="module")
def bigger(tmp_path_factory: pytest.TempPathFactory, small: dict[str, bytes]) -> Bigger:
    """The small pipeline in full precision, to be held against diffusers."""
    folder = tmp_path_factory.mktemp("pipeline")
    for name, data in small.items():
        (folder / name).write_bytes(data)
    model = Bigger("cat", folder)
    model._pass.half = False
    return model


def test_our_ddim_is_diffusers_own(bigger: Bigger) -> None:
    scheduler: Any = DDIMScheduler(timestep_spacing="trailing")
    scheduler.set_timesteps(20)
    x = bigger.noise([3])()
    ours = list(bigger.states([3], Wish(sampler="ddim", steps=20, schedule="linear", even=True)))
    with torch.no_grad():
        for state, t in zip(ours, scheduler.timesteps, strict=False):
            torch.testing.assert_close(state.x, x, atol=1e-4, rtol=1e-4)
            epsilon = bigger.network(x, t).sample
            x = scheduler.step(epsilon, t, x, use_clipped_model_output=True).prev_sample
    torch.testing.assert_close(ours[-1].x, x, atol=1e-4, rtol=1e-4)


def test_our_ddpm_is_their_pipeline(bigger: Bigger) -> None:
    scheduler = DDPMScheduler(timestep_spacing="trailing")
    pipeline: Any = DDPMPipeline(unet=bigger.network, scheduler=scheduler)
    pipeline.set_progress_bar_config(disable=True)
    theirs = pipeline(num_inference_steps=25, generator=torch.Generator().manual_seed(4), output_type="np").images
    *_, last = bigger.states([4], Wish(sampler="ddpm", steps=25, schedule="linear", even=True))
    ours = ((last.x.clamp(-1, 1) + 1) / 2).permute(0, 2, 3, 1).numpy()
    assert theirs.std() > 0.1
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_network_is_told_the_time_of_the_same_noise(bigger: Bigger) -> None:
    own = bigger.denoiser(Wish(schedule="linear"), 1)
    other = bigger.denoiser(Wish(schedule="cosine"), 1)
    assert [own.time(t) for t in (1, 500, 1000)] == [0, 499, 999]  # type: ignore[attr-defined]
    for t in (50, 400, 800):
        told = other.time(t) + 1  # type: ignore[attr-defined]
        assert float(linear().level[round(told)]) == pytest.approx(float(cosine().level[t]), abs=2e-3)
    x0, epsilon = own(bigger.noise([1])(), 700)
    rebuilt = linear().closed_form(x0, 700, epsilon)
    torch.testing.assert_close(rebuilt, bigger.noise([1])(), atol=1e-4, rtol=1e-4)


def test_a_picture_does_not_depend_on_its_company(bigger: Bigger) -> None:
    wish = Wish(sampler="dpm++", steps=4, schedule="linear")
    for half in (False, device.half_here()):
        bigger._pass.half = half
        alone = bigger.make([5], wish)
        assert np.array_equal(alone[0], bigger.make([4, 5, 6], wish)[1])
        assert alone.shape == (1, SIZE, SIZE, 3) and alone.std() > 20
    bigger._pass.half = False


@pytest.mark.parametrize("name", ["ddpm", "ddim", "dpm++", "euler", "heun"])
def test_films_and_races_run(bigger: Bigger, name: str) -> None:
    wish = Wish(sampler=name, steps=6, schedule="linear")
    shoots = [denoising.Shoot(bigger, [1], wish, slip, most=24) for slip in (denoising.RIGHT, denoising.Slip("cosine"))]
    denoising.race(shoots, 60)
    right, wrong = (shoot.final for shoot in shoots)
    assert right is not None and wrong is not None
    assert np.array_equal(right, bigger.make([1], wish)) and not np.array_equal(right, wrong)
    assert shoots[0].frames[0].t == denoising.plan(wish)[0]


def test_a_round_of_long_steps_is_left_and_gone_on_with(bigger: Bigger, monkeypatch: pytest.MonkeyPatch) -> None:
    shoots = [denoising.Shoot(bigger, [1], Wish(steps=4, schedule="linear")) for _ in range(3)]
    monkeypatch.setattr(denoising, "LONG", 0.0)
    for taken in ([1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 1, 1]):
        denoising.race(shoots, 0)
        assert [shoot.taken for shoot in shoots] == taken


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"beta_schedule": "squaredcos_cap_v2"}, "other_schedule"),
        ({"num_train_timesteps": 500}, "other_schedule"),
        ({"prediction_type": "v_prediction"}, "other_schedule"),
    ],
)
def test_another_schedule_is_refused(tmp_path: Path, changed: dict[str, Any], key: str) -> None:
    for name, data in files(SIZE, **changed).items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(WeightsError) as told:
        Bigger("cat", tmp_path)
    assert told.value.key == f"diffusion.hub.{key}"


def test_weights_that_lack_something_are_refused(tmp_path: Path, small: dict[str, bytes]) -> None:
    tensors = load(small["diffusion_pytorch_model.safetensors"])
    lost = {name: tensor for name, tensor in tensors.items() if name != "conv_out.weight"}
    for broken in (save(lost), b"nonsense", save({**tensors, "conv_out.weight": torch.full((3, 32, 3, 3), torch.nan)})):
        for name, data in (small | {"diffusion_pytorch_model.safetensors": broken}).items():
            (tmp_path / name).write_bytes(data)
        with pytest.raises(WeightsError) as told:
            Bigger("cat", tmp_path)
        assert told.value.key == "weights.bigger.unusable"


def test_a_pass_that_nobody_waits_for_is_left_at_its_next_layer(bigger: Bigger) -> None:
    left, layers = threading.Event(), []

    def at_a_layer(layer: torch.nn.Module, inputs: Any) -> None:
        layers.append(layer)
        if len(layers) == 3:
            left.set()

    hooks = [
        m.register_forward_pre_hook(at_a_layer) for m in bigger.network.modules() if isinstance(m, torch.nn.Conv2d)
    ]
    x, times = bigger.noise([1, 2])(), torch.tensor([300.0, 300.0])
    token = leaving.set((left,))
    try:
        with pytest.raises(Abandoned):
            bigger.epsilon(x, times)
        assert len(layers) == 3 < len(hooks)
        left.clear()
        bigger.epsilon(x, times)  # the next one's turn is free
        assert len(layers) == 3 + 2 * len(hooks)
    finally:
        leaving.reset(token)
        for hook in hooks:
            hook.remove()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_recorded_pass_is_the_eager_one(tmp_path: Path, small: dict[str, bytes]) -> None:
    for name, data in small.items():
        (tmp_path / name).write_bytes(data)
    device.set_device("cuda")
    try:
        model = Bigger("cat", tmp_path)
        x, times = model.noise([1])(), torch.tensor([300.0])
        eager = model._pass(x.cuda(), times.cuda()).cpu()
        for _ in range(2):
            torch.testing.assert_close(model.epsilon(x, times), eager, atol=2e-2, rtol=2e-2)
    finally:
        device.set_device("cpu")
