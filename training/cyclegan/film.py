"""What a run shows of itself afterwards: the same pictures there and back at a dozen image counts, and its losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from models.cyclegan.film import ACROSS, BANDS, EVERY, LOSSES
from models.gan.gan import gan
from models.pictures.pictures import from_uint8
from training.cyclegan.pairs import load_domains
from training.gan.film import Film
from training.judges.recipe import SMILE, load_judge, verdicts

SURE = 2.0
"""The logit from which on a face is surely smiling, or from its negative on surely not."""
DRAWN = 256
"""Faces among which the film's are looked for."""


def shown(name: str, folder: Path) -> tuple[Tensor, Tensor] | None:
    """Pictures of X and of Y for the film, (ACROSS, 3, 64, 64) in [-1, 1]; None where none may be shown to everybody.

    Emoji are held out by name. Faces are nobody's: our GAN's, surely neutral or surely smiling.
    """
    if name.startswith("emoji"):
        noto, twemoji = (each.images[:ACROSS] for each in load_domains(name, folder, "validation"))
        return from_uint8(noto), from_uint8(twemoji)
    if name != "smile":
        return None
    model = gan("faces")
    faces = torch.from_numpy(model.pictures(model.of_seeds(range(DRAWN), psi=0.7)))
    smiles = verdicts(load_judge("faces"), faces.permute(0, 3, 1, 2))[:, SMILE]
    x, y = (from_uint8(faces[side][:ACROSS]) for side in (smiles < -SURE, smiles > SURE))
    return x, y


class Record:
    """The film and the losses so far; a run that goes on from weights goes on with theirs.

    tensors: of the file that it goes on from.  images: what that run had seen.
    """

    def __init__(self, pictures: tuple[Tensor, Tensor] | None, tensors: Mapping[str, Tensor], images: int = 0) -> None:
        self.pictures, self.images = pictures, images
        self.film = Film(dict(tensors), rows=BANDS)
        self.rows = rows_of(tensors) if "losses" in tensors else []
        self._heard: dict[str, list[float]] = {name: [] for name in LOSSES}

    def hear(self, images: int, terms: Mapping[str, float]) -> None:
        """The terms of one step; every EVERY images their means become a row, 0 for a term that the loss has not."""
        for name in LOSSES:
            self._heard[name] += [terms[name]] if name in terms else []
        images += self.images
        if images < EVERY * (1 + images_of(self.rows) // EVERY):
            return
        means = [sum(values) / max(len(values), 1) for values in self._heard.values()]
        self.rows.append([float(images), *means])
        self._heard = {name: [] for name in LOSSES}

    def shoot(self, images: int, generators: Callable[[], nn.ModuleDict]) -> None:
        """A frame, where one is due, of what generators() gives: "there" and "back"."""
        if self.pictures is not None:
            x, y = self.pictures
            self.film.shoot(images + self.images, lambda: bands(generators(), x, y))

    def tensors(self) -> dict[str, Tensor]:
        """What ships: "film.NNNNNNN" (bytes,) uint8; "losses.images" (rows,) int32 and "losses" (rows, LOSSES)."""
        rows = torch.tensor(self.rows).reshape(-1, 1 + len(LOSSES))
        return self.film.tensors() | {"losses.images": rows[:, 0].int(), "losses": rows[:, 1:].contiguous()}

    def state_dict(self) -> dict[str, Tensor]:
        return self.tensors()

    def load_state_dict(self, state_dict: Mapping[str, Tensor]) -> None:
        self.film = Film(dict(state_dict), rows=BANDS)
        self.rows = rows_of(state_dict)


def rows_of(tensors: Mapping[str, Tensor]) -> list[list[float]]:
    """Images, and the terms' means."""
    pairs = zip(tensors["losses.images"].tolist(), tensors["losses"].float().tolist(), strict=True)
    return [[float(images), *means] for images, means in pairs]


def images_of(rows: list[list[float]]) -> int:
    """The images that had been seen at the last row."""
    return int(rows[-1][0]) if rows else 0


@torch.no_grad()
def bands(generators: nn.ModuleDict, x: Tensor, y: Tensor) -> Tensor:
    """x, G(x), F(G(x)), then y, F(y), G(F(y)): (BANDS * ACROSS, 3, S, S)."""
    device = next(generators.parameters()).device
    there, back = generators.values()
    rows = []
    for pictures, first, second in ((x, there, back), (y, back, there)):
        inputs = pictures.to(device)
        outputs = first(inputs)
        rows += [inputs, outputs, second(outputs)]
    return torch.cat(rows).float().cpu()
