"""What a run shows of itself afterwards: the same pictures there and back at a dozen image counts, and its losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from models.cyclegan.film import ACROSS, BANDS, EVERY, LOSSES
from models.gan.gan import gan
from models.judges.judges import load_judge, verdicts
from models.pictures.pictures import from_uint8
from training.cyclegan.pairs import load_domains
from training.gan.film import Film, Losses
from training.judges.recipe import SMILE

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
        self.losses = Losses(LOSSES, tensors, every=EVERY)

    def hear(self, images: int, terms: Mapping[str, float]) -> None:
        """The terms of one step of this run, after so many of its images."""
        self.losses.hear(images + self.images, terms)

    def shoot(self, images: int, generators: Callable[[], nn.ModuleDict]) -> None:
        """A frame, where one is due, of what generators() gives: "there" and "back"."""
        if self.pictures is not None:
            x, y = self.pictures
            self.film.shoot(images + self.images, lambda: bands(generators(), x, y))

    def tensors(self) -> dict[str, Tensor]:
        """What ships: "film.NNNNNNN" (bytes,) uint8, "losses.images" (rows,) and "losses" (rows, LOSSES)."""
        return self.film.tensors() | self.losses.tensors()

    def state_dict(self) -> dict[str, Tensor]:
        return self.tensors()

    def load_state_dict(self, state_dict: Mapping[str, Tensor]) -> None:
        self.film = Film(dict(state_dict), rows=BANDS)
        self.losses.load_state_dict(state_dict)


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
