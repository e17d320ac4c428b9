"""Recipe of the encoder: `python -m training.gan.encoder faces --data DIR --minutes M`.

Half of every batch are real faces, found again by what the generator makes of the guess: pixels, and what the
discriminator's first stages see. The other half the generator made itself, so that their styles are known.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
from torch import Tensor

from models.gan.encoding import Encoder, Sizes
from models.gan.finding import STAGES, seen_by
from models.gan.gan import Gan, gan
from models.gan.stylegan import mix_styles
from models.weights.cards import Card, load_card, load_into
from training.cards import blank_card
from training.data import data_folder, load_faces
from training.gan.steps import batch_of
from training.recipe import Average, Run, Stateful, arguments, channels_last, finish

NAME = "gan-encoder"
BATCH = 16
"""Faces of each half."""
PEAK = 2e-3
KNOWN, SEEN, NEAR = 0.2, 0.5, 0.005
"""What a known style, the discriminator's stages and the distance to E[w] count beside the pixels' squared error."""


def card_of() -> Card:
    """What is known of the encoder before it is trained."""
    network = dataclasses.asdict(Sizes()) | {"generator": gan("faces").generator_known_by}
    paper = (
        "Richardson et al. 2021, arXiv:2008.00951; Tov et al. 2021, arXiv:2102.02766; Abdal et al. 2019,"
        " arXiv:1904.03189"
    )
    return blank_card(NAME, "GAN, faces: encoder", network, paper, like="gan-faces")


def begun(model: Gan, start: Path | None) -> Encoder:
    """An encoder with the discriminator's trunk and no opinion, or with the weights that a run goes on from."""
    encoder = Encoder(Sizes())
    if start:
        load_into(encoder, load_card(NAME, start.parent))
        return encoder
    encoder.first.load_state_dict(model.discriminator.first.state_dict())
    encoder.blocks.load_state_dict(model.discriminator.blocks.state_dict())
    torch.nn.init.zeros_(encoder.away.weight)
    encoder.mean.data.copy_(model.generator.mean[0])
    return encoder


def loss_of(model: Gan, encoder: Encoder, x: Tensor) -> dict[str, Tensor]:
    """The terms for real faces x (B, 3, 64, 64) in [-1, 1] and as many of the generator's own."""
    with torch.no_grad():
        z = torch.randn(2, len(x), model.shape.latent, device=x.device)
        crossover = int(torch.randint(1, model.shape.layers + 1, ()))
        known = mix_styles(model.generator.styles(z[0]), model.generator.styles(z[1]), crossover)
        own = model.generator.synthesize(known).clamp(-1, 1)
    found = encoder(torch.cat([x, own]))
    w, guessed = found.chunk(2)
    made = model.generator.synthesize(w)
    stages = zip(seen_by(model.discriminator, x), seen_by(model.discriminator, made), strict=True)
    return {
        "pixels": (made.float() - x).square().mean(),
        "seen": SEEN * sum((a.float() - b.float()).square().mean() for a, b in stages) / STAGES,
        "known": KNOWN * (guessed - known).square().mean(),
        "near": NEAR * (w - encoder.mean).square().mean(),
    }


def train(run: Run, model: Gan, encoder: Encoder, images: Tensor) -> Average:
    """Train for the run's budget; returns the averaged weights.  images: (N, 64, 64, 3) uint8."""
    trained = [each for each in encoder.parameters() if each.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=PEAK, betas=(0.9, 0.99))
    average = Average(encoder, decay=0.998)
    parts: dict[str, Stateful] = {"encoder": encoder, "optimizer": optimizer, "average": average}
    run.resume(parts)
    for chosen in run.batches(len(images), BATCH):
        optimizer.param_groups[0]["lr"] = run.cosine(PEAK)
        with run.autocast():
            terms = loss_of(model, encoder, batch_of(images[chosen].to(run.device), mirror=True))
        optimizer.zero_grad(set_to_none=True)
        sum(terms.values(), torch.zeros((), device=run.device)).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        average.update(encoder)
        if average.steps % 25 == 0:
            run.say(**{key: float(value.detach()) for key, value in terms.items()})
        run.save(parts)
    return average


def main() -> None:
    args = arguments("Train the encoder of the faces' generator.", ["faces"], minutes=25).parse_args()
    run, model = Run.of(NAME, args), gan("faces")
    model.generator.to(run.device)
    encoder = channels_last(begun(model, args.start), run.device)
    images = torch.from_numpy(load_faces(data_folder(args.data), "train").images)
    average = train(run, model, encoder, images)
    card = dataclasses.replace(card_of(), params=sum(each.numel() for each in encoder.parameters()))
    finish(run, card, average.weights, args, "gan.encoder")


if __name__ == "__main__":
    main()
