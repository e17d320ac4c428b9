"""What a run shows of itself in the room: the same seeds at a dozen image counts, small, and its losses all along."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.pictures.pictures import grid, to_uint8
from models.weights.cards import WEIGHTS, load_card, read_tensors, save_card, save_weights
from training import recipe

MARKS = (0, 2_000, 5_000, 10_000, 20_000, 40_000, 70_000, 120_000, 200_000, 300_000, 500_000, 800_000)
"""Image counts after which a snapshot is taken: denser early, where more happens."""
ROWS = 3
CURVE = (50_000, *range(100_000, 1_000_001, 100_000))
"""Image counts at which a filmed run keeps its generator, to be measured by `python -m training.evaluate gan-faces`."""
EVERY = 2_000
"""Images from one row of the losses to the next."""


def webp(pictures: Tensor, rows: int = ROWS) -> Tensor:
    """Pictures (N, C, H, W) in [-1, 1], in so many rows, as the bytes of one WebP picture: (bytes,) uint8."""
    pixels = grid(to_uint8(pictures), len(pictures) // rows)
    colour = np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(colour)).save(buffer, "WEBP", quality=50, method=6)
    return torch.frombuffer(bytearray(buffer.getvalue()), dtype=torch.uint8)


class Film:
    """The snapshots so far, by image count. A run that goes on from weights goes on with their film."""

    def __init__(self, tensors: dict[str, Tensor] | None = None, prefix: str = "film.", rows: int = ROWS) -> None:
        self.prefix, self.rows = prefix, rows
        self.frames = {int(k.removeprefix(prefix)): v for k, v in (tensors or {}).items() if k.startswith(prefix)}

    def due(self, images: int) -> int | None:
        """The latest mark that was reached and has no snapshot yet."""
        marks = [mark for mark in MARKS if mark <= images]
        return marks[-1] if marks[-1] not in self.frames else None

    def shoot(self, images: int, draw: Callable[[], Tensor]) -> None:
        """Take a snapshot if one is due; draw() gives (N, C, H, W) in [-1, 1]."""
        mark = self.due(images)
        if mark is not None:
            self.frames[mark] = webp(draw(), self.rows)

    def tensors(self) -> dict[str, Tensor]:
        return {f"{self.prefix}{mark:07d}": frame for mark, frame in sorted(self.frames.items())}

    def state_dict(self) -> dict[str, Tensor]:
        return self.tensors()

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> None:
        self.frames = {int(str(k).removeprefix(self.prefix)): v for k, v in state_dict.items()}


class Losses:
    """The terms of a loss all along: their means over every so many images. A run that goes on from weights goes on
    with theirs.

    names: of the terms, in the file's order; tensors: of the file that it goes on from.
    """

    def __init__(
        self,
        names: Sequence[str],
        tensors: Mapping[str, Tensor] | None = None,
        prefix: str = "losses",
        every: int = EVERY,
    ) -> None:
        self.names, self.prefix, self.every = tuple(names), prefix, every
        self.rows: list[list[float]] = []
        self._heard: dict[str, list[float]] = {name: [] for name in self.names}
        if tensors and prefix in tensors:
            self.load_state_dict(tensors)

    def hear(self, images: int, terms: Mapping[str, float]) -> None:
        """The terms of one step; where a row is due it is written, 0 for a term that the loss has not."""
        for name in self.names:
            self._heard[name] += [float(terms[name])] if name in terms else []
        seen = int(self.rows[-1][0]) if self.rows else 0
        if images < self.every * (1 + seen // self.every):
            return
        means = [sum(values) / max(len(values), 1) for values in self._heard.values()]
        self.rows.append([float(images), *means])
        self._heard = {name: [] for name in self.names}

    def tensors(self) -> dict[str, Tensor]:
        """PREFIX.images (rows,) int32, since half precision ends at 65,504, and PREFIX (rows, names)."""
        rows = torch.tensor(self.rows).reshape(-1, 1 + len(self.names))
        return {f"{self.prefix}.images": rows[:, 0].int(), self.prefix: rows[:, 1:].contiguous()}

    def state_dict(self) -> dict[str, Tensor]:
        return self.tensors()

    def load_state_dict(self, state_dict: Mapping[str, Tensor]) -> None:
        images, means = state_dict[f"{self.prefix}.images"].tolist(), state_dict[self.prefix].float().tolist()
        self.rows = [[float(count), *row] for count, row in zip(images, means, strict=True)]


@dataclass(frozen=True)
class Shelf:
    """What a run that is filmed leaves in checkpoints/.

    run: its name; film, losses: how the names of their tensors begin in a file of weights.
    """

    run: str
    film: str
    losses: str

    def at(self, images: int) -> Path:
        """Where the generator of a mark of the curve lies, if the run has come so far."""
        return recipe.CHECKPOINTS / f"{self.run}-{images:07d}.safetensors"

    @property
    def file(self) -> Path:
        """Film and losses."""
        return recipe.CHECKPOINTS / f"{self.run}-film.safetensors"

    def clear(self) -> None:
        """For a run that begins anew."""
        for old in recipe.CHECKPOINTS.glob(f"{self.run}-*.safetensors"):
            old.unlink()

    def keep(
        self, images: int, batch: int, generator: Mapping[str, Tensor], told: Callable[[], dict[str, Tensor]]
    ) -> None:
        """After every step: where it passed a mark of the curve, the generator; told() gives film and losses so far."""
        seen = images // batch * batch
        for mark in CURVE:
            if seen - batch < mark <= seen:
                save_weights(dict(generator), self.at(mark), half=True)
                save_weights(told(), self.file)

    def tensors(self, weights: Path) -> dict[str, Tensor]:
        """Film and losses: of the run that is here, else those in a file of weights, else none."""
        source = self.file if self.file.exists() else weights
        found = read_tensors(source) if source.exists() else {}
        return {name: each for name, each in found.items() if self.holds(name)}

    def holds(self, name: str) -> bool:
        """Whether a tensor of that name is film or losses of this run."""
        return name.startswith((self.film, f"{self.losses}.")) or name == self.losses


OURS = Shelf("gan-film", "film.", "losses")
"""Of `python -m training.gan film`: our recipe once more, from the beginning, beside DCGAN."""
DCGAN = Shelf("dcgan-faces", "dcgan_film.", "dcgan_losses")


def show_beside(name: str) -> None:
    """Put both films into the file of the GAN that the room shows, if it has been trained."""
    if not (WEIGHTS / f"{name}.toml").exists():
        return
    card = load_card(name)
    path = WEIGHTS / card.file
    tensors = {k: v for k, v in read_tensors(path, half=True).items() if not OURS.holds(k) and not DCGAN.holds(k)}
    tensors |= OURS.tensors(path) | DCGAN.tensors(path)
    save_card(dataclasses.replace(card, sha256=save_weights(tensors, path)), WEIGHTS / f"{name}.toml")
