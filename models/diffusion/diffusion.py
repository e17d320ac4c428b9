"""The diffusion room: networks that remove noise, what can be asked of them, and pictures made with any sampler.

Ho, Jain & Abbeel 2020 (DDPM); Salimans & Ho 2022 for v; Ho & Salimans 2022 for classifier-free guidance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.diffusion.samplers import Predict, State, sampler
from models.diffusion.schedules import SCHEDULES, Schedule
from models.diffusion.vocabulary import GARMENTS, MOODS, PEOPLE
from models.networks.unet import UNet
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.runtime.batching import Batcher
from models.runtime.graphs import Replayed
from models.runtime.noise import Noise, seeded_noise
from models.weights.cards import Card, Held, load_into

UNSURE = "unsure"
"""The answer for training faces that are neither; nobody asks for it. It keeps "not asked" the whole of the data."""


ROWS, ROWS_CPU = 64, 16
"""Pictures in one pass for several visitors. A CPU gains nothing from more, and a quick call waits for all of them."""


@dataclass(frozen=True)
class Task:
    """What a model draws. questions: for each its answers, the first of which, "", stands for "not asked"."""

    name: str
    channels: int
    size: int
    questions: tuple[tuple[str, ...], ...]
    guidance: float
    """The default w."""
    border: int = 0
    """Pixels on each side that only the network sees."""
    schedule: str = "cosine"
    """What it was trained with."""

    @property
    def shown(self) -> int:
        """Pixels of a side that are shown."""
        return self.size - 2 * self.border

    def codes(self, label: str) -> list[int]:
        """The answer to each question: "smile,man" to [2, 1], "" to [0, 0]. Raises ValueError for other words."""
        codes = [0] * len(self.questions)
        for word in filter(None, label.split(",")):
            found = [i for i, answers in enumerate(self.questions) if word in answers and word != UNSURE]
            if not found or codes[found[0]]:
                raise ValueError(f"“{label}” is no label of {self.name}; there are {', '.join(self.words)}.")
            codes[found[0]] = self.questions[found[0]].index(word)
        return codes

    @property
    def words(self) -> list[str]:
        """All words that a label can hold."""
        return [word for answers in self.questions for word in answers if word not in ("", UNSURE)]


FACES = Task("faces", 3, 64, (("", *MOODS, UNSURE), ("", *PEOPLE)), guidance=1.5)
FASHION = Task("fashion", 1, 32, (("", *GARMENTS),), guidance=1.5, border=2)
TASKS = {task.name: task for task in (FACES, FASHION)}

Network = Callable[[Tensor, Tensor, Tensor], Tensor]
"""x_t (B, C, S, S), level (B,), labels (B, questions) to v in the shape of x_t: a UNet, or a Batcher around one."""


def guided(network: Network, x: Tensor, level: Tensor, labels: Tensor, w: float) -> Tensor:
    """v_uncond + w (v_cond - v_uncond), eq. 6 of Ho & Salimans 2022 with their w + 1 as w.

    At one x_t, v and epsilon differ by the same x_t term, so this guides epsilon in the same way. One pass for w = 1,
    for w = 0 and where nothing is asked; else both in one batch.
    """
    nothing = torch.zeros_like(labels)
    if w == 1 or not labels.any():
        return network(x, level, labels)
    if w == 0:
        return network(x, level, nothing)
    both = network(torch.cat([x, x]), torch.cat([level, level]), torch.cat([nothing, labels]))
    free, asked = both.chunk(2)
    return torch.lerp(free, asked, w)


@dataclass(frozen=True)
class Denoiser:
    """What a network makes of x_t: x0-hat and epsilon-hat, for fixed labels and guidance; what samplers ask.

    labels: (B, questions) int64. clip: x0-hat is held within [-1, 1], and epsilon-hat is what then explains x_t.
    """

    network: Network
    schedule: Schedule
    labels: Tensor
    w: float = 1.0
    clip: bool = True

    def __call__(self, x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        """x0-hat and epsilon-hat at x_t (B, C, S, S), 1 <= t <= T; each (B, C, S, S).

        With a = sqrt(alpha-bar_t) and b = sqrt(1 - alpha-bar_t), v = a epsilon - b x_0 gives x_0 = a x_t - b v and
        epsilon = b x_t + a v: nothing is divided, also where nearly all is noise.
        """
        level = self.schedule.level[t].to(x_t).expand(len(x_t))
        v = guided(self.network, x_t, level, self.labels, self.w)
        signal, noise = self.schedule.signal(t, x_t), self.schedule.noise(t, x_t)
        x0, epsilon = signal * x_t - noise * v, noise * x_t + signal * v
        return clipped(x_t, x0, signal, noise) if self.clip else (x0, epsilon)


def clipped(x_t: Tensor, x0: Tensor, signal: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """x0-hat within [-1, 1] and the epsilon-hat with which it makes x_t."""
    x0 = x0.clamp(-1, 1)
    return x0, (x_t - signal * x0) / noise


def keeping(predict: Predict, schedule: Schedule, picture: Tensor, mask: Tensor) -> Predict:
    """Inpainting: x0-hat is the given picture where mask is 1, the network's where it is 0; epsilon-hat follows.

    picture: (B, C, S, S) in [-1, 1]; mask: (B, 1, S, S) in [0, 1].
    """

    def kept(x_t: Tensor, t: int) -> tuple[Tensor, Tensor]:
        x0 = torch.lerp(predict(x_t, t)[0], picture, mask)
        return x0, (x_t - schedule.signal(t, x_t) * x0) / schedule.noise(t, x_t)

    return kept


@dataclass(frozen=True)
class Wish:
    """What is to be made, and how. steps: 4 ... 1000; w: 0 ... 8, by default the task's; eta: DDIM's; even: the times
    at even distances, which makes pictures grey."""

    label: str = ""
    sampler: str = "dpm++"
    steps: int = 20
    w: float | None = None
    eta: float = 0.0
    schedule: str | Schedule = "cosine"
    clip: bool = True
    even: bool = False

    @property
    def noising(self) -> Schedule:
        """The schedule itself."""
        return SCHEDULES[self.schedule]() if isinstance(self.schedule, str) else self.schedule


class Diffusion:
    """One trained network."""

    def __init__(self, task: Task, card: Card) -> None:
        network = UNet(**card.network)
        load_into(network, card)
        self.task, self.params, self.quality = task, card.params, card.quality
        self.network = device.place(network)
        self.velocity = Batcher(Replayed(self.network), max_batch=ROWS_CPU if device.device().type == "cpu" else ROWS)

    def labels(self, label: str, count: int) -> Tensor:
        """The label for each of `count` pictures, (count, questions). Raises ValueError for an unknown label."""
        return torch.tensor([self.task.codes(label)]).expand(count, -1)

    def noise(self, seeds: Sequence[int]) -> Noise:
        """Noise of these seeds; the first call is their x_T, (B, C, S, S)."""
        return seeded_noise(seeds, (self.task.channels, self.task.size, self.task.size))

    def denoiser(self, wish: Wish, count: int) -> Denoiser:
        """x0-hat and epsilon-hat of `count` pictures at once, one turn at the gate for each call."""
        w = self.task.guidance if wish.w is None else wish.w
        return Denoiser(self.velocity, wish.noising, self.labels(wish.label, count), w, wish.clip)

    def states(self, seeds: Sequence[int], wish: Wish) -> Iterator[State]:
        """From the noise of the seeds to pictures, a state for each step; it can be left between any two.

        One seed and one wish give one picture, whatever else is made beside it. Raises ValueError for an unknown label
        or sampler, DeviceBusy, DeviceFull.
        """
        noise = self.noise(seeds)
        predict = self.denoiser(wish, len(seeds))
        return sampler(wish.sampler, predict, wish.noising, wish.steps, noise(), noise, wish.eta, even=wish.even)

    def make(self, seeds: Sequence[int], wish: Wish) -> np.ndarray:
        """The pictures at the end, as `pictures` gives them."""
        for state in self.states(seeds, wish):
            x = state.x
        return self.pictures(x)

    def pictures(self, x: Tensor) -> np.ndarray:
        """x in about [-1, 1] to uint8: faces (B, 64, 64, 3); clothes (B, 28, 28), dark on white."""
        return to_pictures(x, self.task)


def to_pictures(x: Tensor, task: Task) -> np.ndarray:
    """(B, C, S, S) in about [-1, 1] to uint8 without the border: (B, H, W, 3), or (B, H, W) dark on white.

    Raises ValueError for NaN or an infinity.
    """
    b, s = task.border, task.size - task.border
    pictures = to_uint8(x[..., b:s, b:s])
    return 255 - pictures[..., 0] if task.channels == 1 else pictures


def to_input(pictures: np.ndarray, task: Task) -> Tensor:
    """The way back: uint8 (B, H, W, 3), or (B, H, W) dark on white, to (B, C, S, S) in [-1, 1]."""
    x = from_uint8(255 - pictures[..., None] if task.channels == 1 else pictures)
    return torch.nn.functional.pad(x, (task.border,) * 4, value=-1.0)


faces = Held("diffusion-faces", lambda card: Diffusion(FACES, card))
"""faces() is the model, loaded on first use. Raises WeightsError."""
fashion = Held("diffusion-fashion", lambda card: Diffusion(FASHION, card))
MODELS = {"faces": faces, "fashion": fashion}
