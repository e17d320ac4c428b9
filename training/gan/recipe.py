"""Recipe of the GAN room: `python -m training.gan faces|fashion|film|dcgan --data DIR --minutes M`."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import torch

from models.gan.stylegan import Generator, Shape
from models.weights.cards import WEIGHTS, Card, read_tensors, save_card, save_weights, take
from training.cards import blank_card, card_beside, command, spent
from training.data import data_folder, load_digits, load_faces
from training.gan.dcgan import curves_on, train_dcgan
from training.gan.film import DCGAN, OURS, show_beside
from training.gan.steps import Recipe, Trainer, mean_styles, train
from training.recipe import Run, arguments

SHAPES = {
    "faces": Shape(64, 3, widths=(192, 192, 128, 64), critic=(64, 96, 160, 224), soft=True),
    "fashion": Shape(28, 1, widths=(96, 64), critic=(48, 96, 128), latent=64, labels=10),
}
FILMED = Recipe()
"""Of the film and its curves: the game as the lecture has it, and a generator that ends with its last layer."""
RECIPES = {
    "faces": Recipe(gamma=(1.0, 0.1), paired=True),
    "fashion": Recipe(batch=64, gamma=(0.3, 0.3), mirror=False, paired=True),
}
PAPERS = (
    "Goodfellow et al. 2014, arXiv:1406.2661; Karras et al. 2019, arXiv:1812.04948; Karras et al. 2020,"
    " arXiv:1912.04958; Mescheder et al. 2018, arXiv:1801.04406; Shen et al. 2021, arXiv:2103.00430; Huang et al. 2024,"
    " arXiv:2501.05441"
)
CONDITIONED = "Miyato & Koyama 2018, arXiv:1802.05637"


def card_of(name: str) -> Card:
    """What is known of a GAN before it is trained."""
    faces = name == "faces"
    return blank_card(
        name=f"gan-{name}",
        title="GAN, faces" if faces else "GAN, Fashion-MNIST",
        network=dataclasses.asdict(SHAPES[name]),
        data="UTKFace, 16,638 aligned faces of adults, 64x64" if faces else "Fashion-MNIST, 60,000 training images",
        data_terms="non-commercial research only (UTKFace, Zhang, Song, Qi 2017)" if faces else "MIT",
        licence="non-commercial research only, as the data" if faces else "MIT",
        paper=PAPERS if faces else f"{PAPERS}; {CONDITIONED}",
    )


def pictures_of(name: str, folder: Path) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Training pictures (N, H, W, C) uint8, and labels (N,) of clothes."""
    if name == "faces":
        return torch.from_numpy(load_faces(folder, "train").images), None
    digits = load_digits(folder, name, "train")
    return torch.tensor(digits.images)[..., None], torch.tensor(digits.labels).long()


def trainer_of(args: argparse.Namespace, run: Run) -> tuple[Trainer, Card]:
    """A trainer that starts anew or goes on from weights, and the card with what was spent before."""
    card, shape = card_of(args.name), SHAPES[args.name]
    if not args.start:
        return Trainer(run, shape, RECIPES[args.name]), card
    old, tensors = card_beside(args.start), read_tensors(args.start)
    trainer = Trainer(run, shape, RECIPES[args.name], old.trained.images, tensors)
    trainer.start_from(take(tensors, "generator."), take(tensors, "discriminator."))
    return trainer, dataclasses.replace(card, trained=old.trained, quality=curves_on(old))


def write(trainer: Trainer, card: Card, recipe: str, minutes: float) -> Card:
    """The averaged generator, the discriminator and the film to weights/, with their card."""
    generator = Generator(trainer.shape)
    generator.load_state_dict({k: v.cpu() for k, v in trainer.average.weights.items()})
    generator.mean = mean_styles(generator)
    networks = {"generator": generator, "discriminator": trainer.discriminator}
    tensors = {f"{part}.{k}": v for part, network in networks.items() for k, v in network.state_dict().items()}
    tensors |= trainer.tensors()
    if trainer.shape == SHAPES["faces"]:
        tensors |= OURS.tensors(WEIGHTS / card.file) | DCGAN.tensors(WEIGHTS / card.file)
    card = dataclasses.replace(
        card,
        params=sum(p.numel() for p in generator.parameters()),
        sha256=save_weights(tensors, WEIGHTS / card.file, half=True),
        recipe=recipe,
        trained=spent(card.trained, minutes, trainer.run.images, trainer.run.machine),
    )
    save_card(card, WEIGHTS / f"{card.name}.toml")
    return card


def train_stylegan(args: argparse.Namespace, folder: Path) -> None:
    """Faces or clothes, from nothing or from weights."""
    run = Run.of(f"gan-{args.name}", args)
    trainer, card = trainer_of(args, run)
    images, labels = pictures_of(args.name, folder)
    train(trainer, images, labels)
    if trainer.recipe.paired:
        trainer.set_zero(images, labels)
    card = write(trainer, card, command("gan", args), args.minutes)
    run.finish()
    print(f"\n{card.name}: {card.trained.images:,} images; measure it: python -m training.evaluate {card.name}")


def train_film(args: argparse.Namespace, folder: Path) -> None:
    """Faces from the beginning, by the lecture's losses: the film, its losses, and the generators for the curve."""
    run = Run.of(OURS.run, args)
    trainer = Trainer(run, dataclasses.replace(SHAPES["faces"], soft=False), FILMED)
    if args.fresh:
        OURS.clear()
    train(trainer, *pictures_of("faces", folder), shelf=OURS)
    save_weights(trainer.tensors(), OURS.file)
    run.finish()
    show_beside("gan-faces")
    print(f"\n{OURS.run}: {run.images:,} images; measure it: python -m training.evaluate gan-faces")


def main() -> None:
    parser = arguments("Train the GANs.", [*SHAPES, "film", "dcgan"], minutes=60)
    args = parser.parse_args()
    if args.name in ("film", "dcgan") and args.start:
        parser.error(f"{args.name} has no weights to go on from; it goes on from its checkpoint")
    folder = data_folder(args.data)
    if args.name == "dcgan":
        train_dcgan(args, folder)
    elif args.name == "film":
        train_film(args, folder)
    else:
        train_stylegan(args, folder)
