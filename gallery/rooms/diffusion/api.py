"""The diffusion room's endpoints for programs: `gradio_client` and /gradio_api/call/*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gallery.rooms.diffusion import ask
from gallery.rooms.diffusion import lanes as lanes_of
from gallery.shell.calls import Refusal, choice, endpoint, integer, number, text
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.answers import sheet
from gallery.widgets.endpoints import LAST_SEED, image, numeral, photo, word
from gallery.widgets.faces import api_face
from models.diffusion.vocabulary import MODELS, SAMPLERS, SCHEDULES, T
from models.runtime.gate import film

if TYPE_CHECKING:
    from models.diffusion import denoising, diffusion, forward, schedules
    from models.pictures import pictures
else:
    denoising = later("models.diffusion.denoising")
    diffusion = later("models.diffusion.diffusion")
    forward = later("models.diffusion.forward")
    schedules = later("models.diffusion.schedules")
    pictures = later("models.pictures.pictures")

FRAMES = 16
"""Frames of a returned strip."""


def label_of(model: str, label: object) -> str:
    """A label that the model knows, "" for none. Raises Refusal."""
    asked = text("" if label is None else label, 20, "label")
    try:
        diffusion.TASKS[model].codes(asked)
    except ValueError:
        raise Refusal("diffusion.label", choices=", ".join(diffusion.TASKS[model].words)) from None
    return asked


def filmed(shoot: denoising.Shoot) -> list[np.ndarray]:
    """The frames of a film as single pictures, made to its end. Raises Abandoned once its caller has left."""
    with film():
        while not shoot.done:
            shoot.step()
    return [ask.cell(frame.x) for frame in shoot.frames]


def pictured(rows: Sequence[Sequence[np.ndarray]]) -> Image.Image:
    """Rows of pictures of one size as one image."""
    return pictures.to_image(sheet(rows))


@endpoint
def diffusion_noise(photo: str, t: int, schedule: str, seed: int) -> Any:
    """x_t of a face by the closed form, 64x64 PNG.

    t: 0 ... 1000; schedule: linear or cosine; seed: of epsilon, 0 ... 2^31 - 1.
    """
    place, number_of = integer(t, 0, T, "t"), integer(seed, 0, LAST_SEED, "seed")
    chosen = schedules.SCHEDULES[choice(schedule, SCHEDULES, "schedule")]()
    x_0 = forward.to_start(api_face(photo))
    x = chosen.closed_form(x_0, place, forward.seeded(number_of, x_0.shape))
    return pictures.to_image(pictures.to_uint8(x.clamp(-1, 1)))


@endpoint
def diffusion_denoise(model: str, seed: int, steps: int, sampler: str, guidance: float, label: str) -> tuple[Any, Any]:
    """A picture made from the noise of a seed, and the strip of frames on the way: two PNG.

    model: faces (64x64) or fashion (28x28); seed: 0 ... 2^31 - 1; steps: 4 ... 1000; sampler: ddpm, ddim, dpm++, euler
    or heun; guidance: w, 0 ... 8; label: faces "", "smile", "neutral", each also with ",man" or ",woman"; fashion ""
    or "0" ... "9".
    """
    kind, number_of = choice(model, MODELS, "model"), integer(seed, 0, LAST_SEED, "seed")
    wish = diffusion.Wish(
        label=label_of(kind, label),
        sampler=choice(sampler, SAMPLERS, "sampler"),
        steps=integer(steps, ask.FEWEST, ask.MOST, "steps"),
        w=number(guidance, 0.0, ask.STRONGEST, "guidance"),
    )
    frames = filmed(denoising.Shoot(diffusion.MODELS[kind](), [number_of], wish, most=FRAMES))
    return pictured([frames[-1:]]), pictured([frames])


@endpoint
def diffusion_lanes(model: str, seed: int, lanes: str) -> tuple[Any, Any, list[dict[str, Any]]]:
    """Several samplers from one noise: their pictures side by side, a strip with a row for each, and their times.

    lanes: two to four of sampler:steps, like "ddpm:1000,ddim:50,dpm++:20". Times: [{sampler, steps, passes, seconds}].
    """
    kind, number_of = choice(model, MODELS, "model"), integer(seed, 0, LAST_SEED, "seed")
    asked, base = lanes_of.parse(lanes), diffusion.Wish(w=1.0)
    network = diffusion.MODELS[kind]()
    made, times = [], []
    for name, steps in asked:
        wish = replace(base, sampler=name, steps=steps)
        shoot = denoising.Shoot(network, [number_of], wish, most=FRAMES)
        made.append(filmed(shoot))
        passes = denoising.evaluations(wish)
        times.append({"sampler": name, "steps": steps, "passes": passes, "seconds": round(shoot.seconds, 3)})
    rows = [[frames[i] for i in denoising.spread(len(frames), FRAMES)] for frames in made]
    return pictured([[frames[-1] for frames in made]]), pictured(rows), times


def publish() -> None:
    """The three endpoints."""
    noise = [photo("photo"), numeral("t"), word("schedule"), numeral("seed")]
    endpoints.publish(diffusion_noise, noise, [image("noised")])
    knobs = [word("model"), numeral("seed"), numeral("steps"), word("sampler"), numeral("guidance"), word("label")]
    endpoints.publish(diffusion_denoise, knobs, [image("picture"), image("strip")])
    raced = [word("model"), numeral("seed"), word("lanes")]
    shown = [image("pictures"), image("strip"), endpoints.data("times")]
    endpoints.publish(diffusion_lanes, raced, shown)
