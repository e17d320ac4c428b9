"""What every recipe needs: a seed, a time budget, checkpoints to go on from, a progress bar, a device."""

from __future__ import annotations

import argparse
import dataclasses
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import torch
from torch import Tensor, nn
from tqdm import tqdm

from models.runtime.device import cpu_has_bf16
from models.weights.cards import WEIGHTS, Card, save_card, save_weights
from training.cards import card_beside, command, earlier, spent

CHECKPOINTS = Path("checkpoints")
"""An ignored folder: what surely outlives a machine is what is committed, so recipes also take --from."""


PRECISIONS = ("auto", "float32", "bfloat16")


def precision_here(asked: str, device: torch.device) -> torch.dtype:
    """What networks are trained in: where the device computes bf16 itself that, else float32; or what is asked for.

    A CPU without it takes 5 to 12 times as long in bf16 as in float32 (measured with AVX2).
    """
    if asked != "auto":
        return getattr(torch, asked)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    return torch.bfloat16 if device.type == "cpu" and cpu_has_bf16() else torch.float32


def weights_file(text: str) -> Path:
    """A file of weights that has its card beside it. Raises ArgumentTypeError."""
    path = Path(text)
    if path.suffix != ".safetensors" or not path.is_file() or not path.with_suffix(".toml").is_file():
        raise argparse.ArgumentTypeError(f"{text} is no .safetensors file with its card beside it")
    return path


def above_zero(text: str) -> float:
    """A time budget above 0. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no number of minutes above 0")
    return value


def arguments(description: str, names: list[str], minutes: float) -> argparse.ArgumentParser:
    """The command line that all recipes share: NAME --data --minutes --from --seed --device --fresh."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("name", choices=names)
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    parser.add_argument("--minutes", type=above_zero, default=minutes, help="time budget (default: %(default)s)")
    parser.add_argument("--from", dest="start", type=weights_file, help="go on from these weights (.safetensors)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=PRECISIONS, default="auto", help="auto: bf16 where the device has it")
    parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint of an earlier run")
    return parser


M = TypeVar("M", bound=nn.Module)


def channels_last(module: M, device: torch.device) -> M:
    """The network on the device, its weights laid out so that convolutions are fastest."""
    return module.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


class Stateful(Protocol):
    """What a checkpoint can hold: a network, an optimizer, an average."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


@dataclass
class Run:
    """One training run of `minutes`, that a checkpoint can continue.

    `progress` goes from 0 to 1 over the budget, whatever the machine's speed, and drives every schedule, so the
    same command anneals properly on a laptop and on a GPU.
    """

    name: str
    minutes: float
    device: torch.device
    seed: int = 0
    fresh: bool = False
    start: Path | None = None
    """The weights that it goes on from."""
    precision: str = "auto"
    """One of PRECISIONS."""
    images: int = 0
    spent: float = 0.0
    """Seconds of training before this process."""
    _started: float = field(default_factory=time.monotonic)
    _saved: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.dtype = precision_here(self.precision, self.device)
        self._before = earlier(self.start).images
        self._origin = card_beside(self.start).sha256 if self.start else ""
        self.reseed()
        print(f"{self.name}: on {self.device} in {str(self.dtype).removeprefix('torch.')}")
        self._bar = tqdm(total=100.0, desc=self.name, bar_format="{l_bar}{bar}| {postfix}", mininterval=5)

    @classmethod
    def of(cls, name: str, args: argparse.Namespace, **more: Any) -> Self:
        """The run that a recipe's command line asks for, as `arguments` parses it."""
        device = torch.device(args.device)
        return cls(name, args.minutes, device, args.seed, args.fresh, args.start, args.precision, **more)

    def autocast(self) -> AbstractContextManager[Any]:
        """The precision of the run."""
        return torch.autocast(self.device.type, self.dtype) if self.dtype != torch.float32 else nullcontext()

    def reseed(self) -> None:
        """Chance depends on what has been seen, so that what goes on does not see the same once more."""
        torch.manual_seed(self.seed + self._before + self.images)

    @property
    def seconds(self) -> float:
        return self.spent + time.monotonic() - self._started

    @property
    def machine(self) -> str:
        """For the card: "cpu, 2 threads, float32, 25.3 pictures a second"."""
        threads = f", {torch.get_num_threads()} threads" if self.device.type == "cpu" else ""
        kind = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else f"{self.device}{threads}"
        speed = self.images / max(self.seconds, 1e-9)
        return f"{kind}, {str(self.dtype).removeprefix('torch.')}, {speed:.3g} pictures a second"

    @property
    def progress(self) -> float:
        return min(1.0, self.seconds / (60 * self.minutes))

    def batches(self, count: int, size: int) -> Iterator[Tensor]:
        """Indices (size,) into `count` items, a new permutation each epoch, until the budget is spent.

        Raises ValueError for fewer items than one batch.
        """
        if count < size:
            raise ValueError(f"{count} items do not fill a batch of {size}.")
        while self.progress < 1:
            for chunk in torch.randperm(count).split(size):
                if len(chunk) < size or self.progress >= 1:
                    break
                self.images += size
                yield chunk

    def say(self, **figures: float) -> None:
        self._bar.n = round(100 * self.progress, 1)
        self._bar.set_postfix({"images": f"{self.images:,}"} | {k: f"{v:.4g}" for k, v in figures.items()})

    def cosine(self, peak: float, warm: float = 0.02, floor: float = 0.01) -> float:
        """A learning rate: linear warm-up over the first `warm` of the budget, then a cosine down to floor * peak."""
        t = self.progress
        if t < warm:
            return peak * max(t / warm, 0.01)
        return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (t - warm) / (1 - warm))))

    @property
    def checkpoint(self) -> Path:
        return CHECKPOINTS / f"{self.name}.pt"

    def save(self, parts: Mapping[str, Stateful], every: float = 60.0) -> None:
        """Write a checkpoint, at most once in `every` seconds, so that a run that is cut off goes on later."""
        if time.monotonic() - self._saved < every and self.progress < 1:
            return
        self._saved = time.monotonic()
        CHECKPOINTS.mkdir(exist_ok=True)
        state = {key: part.state_dict() for key, part in parts.items()}
        state["run"] = {"images": self.images, "spent": self.seconds, "origin": self._origin}
        temporary = self.checkpoint.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(self.checkpoint)

    def resume(self, parts: Mapping[str, Stateful]) -> bool:
        """Load the checkpoint of an earlier run of this name that was cut off; `finish` leaves none. The budget begins.

        Raises SystemExit, with words, where that run began elsewhere or trained another network.
        """
        self._started = time.monotonic()
        if self.fresh or not self.checkpoint.exists():
            return False
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if state["run"].get("origin", "") != self._origin:
            raise SystemExit(f"{self.checkpoint} is of a run that began with other weights; --fresh leaves it aside.")
        try:
            for key, part in parts.items():
                part.load_state_dict(state[key])
        except (KeyError, RuntimeError, ValueError) as error:
            raise SystemExit(f"{self.checkpoint} is of another network; --fresh leaves it aside.") from error
        self.images, self.spent = state["run"]["images"], state["run"]["spent"]
        self.reseed()
        return True

    def finish(self) -> None:
        """The run has come to its end: what it made is in weights/, and the next run starts anew or --from there."""
        self.checkpoint.unlink(missing_ok=True)


LONG = 1_000_000
"""Steps after which an average is as long as it will be."""


class Average:
    """An exponential moving average of a network's weights, which is what ships.

    It forgets its random beginning, being short at first: (1 + n) / (10 + n) after n steps. trained: of a network that
    goes on from trained weights, which need not be forgotten; in a run of 3,800 steps 0.998 and 0.9995 were the same.
    """

    def __init__(self, module: nn.Module, decay: float = 0.999, trained: bool = False) -> None:
        self.decay = decay
        self.steps = LONG if trained else 0
        self.weights = {name: value.detach().clone().float() for name, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in module.state_dict().items():
            self.weights[name].lerp_(value.float(), 1 - decay)

    def state_dict(self) -> dict[str, Tensor]:
        return self.weights

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> None:
        self.weights = {name: value.clone() for name, value in state_dict.items()}
        self.steps = LONG


def finish(run: Run, card: Card, weights: Mapping[str, Tensor], args: argparse.Namespace, module: str) -> None:
    """End a run of one network: its weights in half precision and its card to weights/, and what to do next.

    card: what was known before; weights: the averaged ones; module: the recipe's, for its command.
    """
    card = dataclasses.replace(
        card,
        sha256=save_weights(weights, WEIGHTS / card.file, half=True),
        recipe=command(module, args),
        trained=spent(earlier(args.start), args.minutes, run.images, run.machine),
    )
    save_card(card, WEIGHTS / f"{card.name}.toml")
    run.finish()
    print(f"\n{card.name}: {card.trained.images:,} pictures; measure it: python -m training.evaluate {card.name}")
