"""What the yardstick is laid on for every model that draws: its pictures, unseen real ones, and further real ones.

python -m training.evaluate gan-faces --yardstick           the yardstick alone
python -m training.evaluate gan-faces --sheet gan.png       and what a student sees
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models.cyclegan.cyclegan import PAIRS, translators
from models.diffusion.diffusion import FACES, FASHION, Task
from models.diffusion.diffusion import MODELS as DIFFUSION
from models.flow.portraits import middles, portraits, to_pictures
from models.gan.gan import gan
from models.judges.judges import load_judge
from models.pictures.pictures import grid
from models.vae.latent import planes
from models.vae.smile import faces as face_vae
from models.vae.vocabulary import BETAS
from models.vqvae.prior import prior
from models.vqvae.vqvae import vqvae
from training.cyclegan.evaluation import ColourTransfer, stacked
from training.cyclegan.pairs import load_domains
from training.data import load_digits, load_pictures
from training.diffusion import evaluation as diffusion
from training.diffusion.recipe import load as labelled
from training.gan.evaluation import drawn as drawn_by_gan
from training.judges.attacks import battery
from training.judges.floors import real_pictures
from training.judges.recipe import to_input
from training.judges.yardstick import Figures, beside, compared, spread_within

COUNT = 1000
"""Pictures of each kind, where there are as many."""
COLUMNS, ROWS = 8, 4
"""Of a contact sheet: pictures that are made from the first seeds, as large as a student sees them."""
SIDE = 128


@dataclass(frozen=True)
class Laid:
    """real: pictures that no recipe saw; other: further real ones, for the floor; made. (N, C, H, W) uint8 each.

    labels: of the real ones and of the made, (N,) each, where a model is told one; how: they were made, for the card.
    """

    real: Tensor
    other: Tensor
    made: Tensor
    judge: str
    labels: tuple[Tensor, Tensor] | None = None
    how: str = ""


def faces(folder: Path, made: Tensor, how: str = "") -> Laid:
    """1,000 held-out faces, and the floor from as many training faces of a fixed seed."""
    train = real_pictures("faces", folder, "train")
    chosen = torch.randperm(len(train), generator=torch.Generator().manual_seed(1))[:COUNT]
    return Laid(real_pictures("faces", folder, "validation"), train[chosen], made, "faces", how=how)


def digits(data: str, folder: Path, made: Tensor, labels: Tensor | None = None, how: str = "") -> Laid:
    """Test digits or clothes, light on black: the first thousand, and the next for the floor.

    labels: of the made ones, (N,), 0 to 9.
    """
    test = load_digits(folder, data, "test")
    images = torch.tensor(test.images)[:, None]
    both = None if labels is None else (torch.tensor(test.labels[:COUNT], dtype=torch.long), labels)
    return Laid(images[:COUNT], images[COUNT : 2 * COUNT], made, data, both, how)


def clothes_by_gan(folder: Path, count: int) -> Laid:
    """Labels in turn, as the room draws them."""
    model = gan("fashion")
    return digits("fashion", folder, drawn_by_gan(model, count), model.labels(range(count)))


def diffused(task: Task, folder: Path, count: int) -> Laid:
    """Labels as in the data (faces) or in turn (clothes), without guidance, 20 steps."""
    if task is FACES:
        labels = labelled(task, folder)[1]
        labels = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))[:count]]
    else:
        labels = torch.arange(count)[:, None] % 10 + 1
    made, how = diffusion.drawn(DIFFUSION[task.name](), labels, 20, 1.0), "20 steps, w = 1"
    return faces(folder, made, how) if task is FACES else digits("fashion", folder, made, labels[:, 0] - 1, how)


def by_plane(data: str, beta: int, count: int) -> Tensor:
    """What the decoder makes of z ~ N(0, I), light on black: (N, 1, 28, 28) uint8.  beta: over 0, so with a prior."""
    plane = planes(data)[beta]
    return torch.from_numpy(255 - np.stack([plane.draw(seed) for seed in range(count)]))[:, None]


def planed(data: str, folder: Path, count: int) -> Laid:
    """Samples of the prior at beta = 1, the bound of the likelihood itself."""
    return digits(data, folder, by_plane(data, 1, count), how="means of the pixels, beta = 1")


def by_glow(folder: Path, count: int) -> Laid:
    """Samples at temperature 1; the real faces as Glow knows them, 32x32 of 32 levels."""

    def seen(pictures: Tensor) -> Tensor:
        return torch.from_numpy(to_pictures(middles(pictures.permute(0, 2, 3, 1).numpy()))).permute(0, 3, 1, 2)

    model = portraits()
    made = [model.pictures(z) for z in model.draw(0, count, 1.0).split(64)]
    laid = faces(folder, torch.from_numpy(np.concatenate(made)).permute(0, 3, 1, 2), "temperature 1, 32x32 at 5 bits")
    return replace(laid, real=seen(laid.real), other=seen(laid.other))


def by_vae(count: int) -> Tensor:
    """Samples of the learned prior at temperature 1."""
    model = face_vae()
    return torch.from_numpy(model.pictures(model.draw(0, count, 1.0))).permute(0, 3, 1, 2)


def by_codes(count: int) -> Tensor:
    """Samples of the PixelCNN at temperature 1, as the VQ-VAE shows them."""
    made = [vqvae["faces"]().decode(prior().sample(range(i, min(i + 50, count)))) for i in range(0, count, 50)]
    return torch.from_numpy(np.concatenate(made)).permute(0, 3, 1, 2)


def translated(name: str, direction: str, pictures: Tensor) -> Tensor:
    """(N, H, W, 3) uint8, each translated by what the room calls: (N, 3, H, W) uint8."""
    model = translators(name)
    made = [model.translate(direction, picture) for picture in pictures.numpy()]
    return torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2).contiguous()


def crossed(name: str, folder: Path, count: int) -> Laid:
    """X translated to Y, beside Y. Of paintings only 30 are held out, so those that the critic saw are laid beside."""
    x, y = load_domains(name, folder, "validation")
    judge = name if name == "monet" else "faces" if name == "smile" else "emoji"
    if name == "monet":
        paintings = torch.from_numpy(load_pictures(folder, "monet", "train")).permute(0, 3, 1, 2)
        real, other = paintings[::2], paintings[1::2]
    else:
        real = y.images.permute(0, 3, 1, 2).contiguous()
        other = load_domains(name, folder, "train")[1].images[: len(real)].permute(0, 3, 1, 2).contiguous()
    return Laid(real, other, translated(name, "there", x.images[: min(count, len(real))]), judge)


DRAWN: dict[str, Callable[[Path, int], Laid]] = {
    "gan-faces": lambda folder, count: faces(folder, drawn_by_gan(gan("faces"), count)),
    "gan-fashion": clothes_by_gan,
    "vqvae-prior": lambda folder, count: faces(folder, by_codes(count)),
    "diffusion-faces": functools.partial(diffused, FACES),
    "diffusion-fashion": functools.partial(diffused, FASHION),
    "vae-faces": lambda folder, count: faces(folder, by_vae(count), "the learned prior"),
    "vae-digits": functools.partial(planed, "digits"),
    "vae-fashion": functools.partial(planed, "fashion"),
    "glow": by_glow,
    **{f"cyclegan-{pair}": functools.partial(crossed, pair) for pair in PAIRS},
}


@torch.no_grad()
def yardstick(name: str, folder: Path, count: int = COUNT) -> tuple[Figures, str]:
    """The yardstick's figures with their floors, and what they were measured on; for names in DRAWN."""
    laid = DRAWN[name](folder, count)
    n = min(len(laid.real), len(laid.other), len(laid.made))
    figures = beside(laid.real[:n], laid.other[:n], laid.made[:n], load_judge(laid.judge))
    if laid.labels is not None:
        figures["spread_within_label"] = spread_within(
            (laid.real[:n], laid.labels[0][:n]), (laid.made[:n], laid.labels[1][:n])
        )
    if name in ("vae-digits", "vae-fashion"):
        figures |= by_beta(laid)
    if name == "cyclegan-monet":
        figures |= against_colour_transfer(figures, laid.real[:n], folder)
    if name == "cyclegan-monet" or name.startswith("cyclegan-emoji"):
        figures |= attacks(laid.judge, folder)
    made = f"{n:,} pictures ({laid.how})" if laid.how else f"{n:,} pictures"
    return figures, f"yardstick: {made} beside as many real ones, floors of as many other real ones"


def by_beta(laid: Laid) -> Figures:
    """`compared` at the other betas that have a prior: "auc_random_beta4" and so on."""
    figures, judge = Figures(), load_judge(laid.judge)
    for beta in BETAS:
        if beta > 1:
            seen = compared(laid.real, by_plane(laid.judge, beta, len(laid.made)), judge)
            figures |= {f"{key}_beta{beta}": value for key, value in seen.items()}
    return figures


def against_colour_transfer(figures: Figures, paintings: Tensor, folder: Path) -> Figures:
    """The translations' Frechet distances over those of photographs that only took the paintings' colours."""
    transfer = ColourTransfer(load_pictures(folder, "monet", "train"))
    photos = load_pictures(folder, "photos", "validation")[: len(paintings)]
    plain = compared(paintings, stacked([transfer(photo) for photo in photos]), load_judge("monet"))
    return {
        f"{key}_over_colour_transfer": float(figures[key]) / float(plain[key])
        for key in ("frechet_random", "frechet_stages")
    }


def attacks(style: str, folder: Path) -> Figures:
    """What the judge of a style takes for it that is not: see training/judges/attacks.py."""
    x, y = (part.images.permute(0, 3, 1, 2).contiguous() for part in load_domains(style, folder, "validation"))
    return Figures(battery(load_judge(style), to_input(x), to_input(y), 1))


def contact_sheet(name: str, folder: Path) -> Image.Image:
    """What the model draws from the first seeds, or makes of the first held-out pictures, each 128 pixels a side."""
    made = DRAWN[name](folder, COLUMNS * ROWS).made[: COLUMNS * ROWS].permute(0, 2, 3, 1)
    tiles = np.stack([np.asarray(_tile(picture)) for picture in made.numpy()])
    return Image.fromarray(grid(tiles, COLUMNS))


def _tile(picture: np.ndarray) -> Image.Image:
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture).convert("RGB")
    return image.resize((SIDE, SIDE), Image.Resampling.NEAREST if image.width < SIDE else Image.Resampling.BOX)
