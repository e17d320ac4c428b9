"""Recipe of the VQ-VAE: `python -m training.vqvae faces|dead --data DIR --minutes M`.

The loss is the paper's, its three terms with their gradients; codes that nobody says for a while are put where the
encoder speaks. "dead" is the same without that, its codebook far from where the encoder begins: a piece for a museum.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.vqvae.vqvae import VQVAE, Coded
from models.weights.cards import Card
from training.cards import blank_card
from training.data import data_folder, load_faces
from training.fitting import begun
from training.gan.steps import batch_of
from training.recipe import Average, Run, Stateful, arguments, channels_last, finish

NETWORK: dict[str, Any] = {"codes": 512, "dim": 32, "widths": (48, 96), "blocks": 2}
BATCH, PEAK = 32, 1e-3
COMMITMENT = 0.25
"""beta of the paper."""
SILENT = 100
"""Steps after which a code that was never said is put elsewhere."""
SETTLED = 0.8
"""Share of the budget after which none is moved any more."""


class Said:
    """When each code was last said, and what becomes of those that fell silent."""

    def __init__(self, network: VQVAE) -> None:
        self.network = network
        self.last = torch.zeros(len(network.codebook), dtype=torch.long)

    def hear(self, coded: Coded, step: int) -> int:
        """Notes what was said; returns how many of the codes were said of late."""
        self.last[coded.codes.unique().cpu()] = step
        return int((self.last > step - SILENT).sum())

    @torch.no_grad()
    def revive(self, coded: Coded, step: int) -> None:
        """Puts each silent code where the encoder has just spoken, at places of chance."""
        silent = (self.last <= step - SILENT).nonzero()[:, 0].to(self.network.codebook.device)
        if len(silent):
            spoken = coded.z.movedim(1, -1).flatten(0, 2)
            at = torch.randint(len(spoken), (len(silent),), device=spoken.device)
            self.network.codebook[silent] = spoken[at].to(self.network.codebook)
            self.last[silent.cpu()] = step

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {"last": self.last}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """From a checkpoint."""
        self.last = state_dict["last"].cpu()


def loss_of(coded: Coded, x: Tensor) -> Tensor:
    """|x - x_hat|^2 + |sg[z] - e|^2 + beta |z - sg[e]|^2, means over all numbers."""
    return (coded.x_hat - x).square().mean() + coded.codebook_term + COMMITMENT * coded.commitment_term


def train(run: Run, network: VQVAE, images: Tensor, revived: bool) -> Average:
    """Train for the run's budget; returns the averaged weights.  images: (N, 64, 64, 3) uint8; revived: whether silent
    codes are."""
    optimizer = torch.optim.Adam(network.parameters(), lr=PEAK, fused=True)
    average, said = Average(network, decay=0.998), Said(network)
    parts: dict[str, Stateful] = {"network": network, "optimizer": optimizer, "average": average, "said": said}
    run.resume(parts)
    first = average.steps
    for chosen in run.batches(len(images), BATCH):
        optimizer.param_groups[0]["lr"] = run.cosine(PEAK)
        x = batch_of(images[chosen].to(run.device), mirror=True)
        with run.autocast():
            coded = network(x)
        loss = loss_of(coded, x)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average.update(network)
        step = average.steps - first
        alive = said.hear(coded, step)
        if revived and step % SILENT == 0 and run.progress < SETTLED:
            said.revive(coded, step)
        if step % 25 == 0:
            run.say(mse=float((coded.x_hat.detach() - x).square().mean()) / 4, alive=alive)
        run.save(parts)
    return average


def card_of(name: str, network: VQVAE) -> Card:
    """What is known of the network before it is written."""
    title = {"faces": "VQ-VAE, faces", "dead": "VQ-VAE, faces, codes that died"}[name]
    paper = "van den Oord, Vinyals, Kavukcuoglu 2017, arXiv:1711.00937"
    params = sum(each.numel() for each in network.parameters())
    return blank_card(f"vqvae-{name}", title, NETWORK, paper, like="gan-faces", params=params)


def network_of(name: str, start: Path | None) -> VQVAE:
    """A network of chance, or with the weights that a run goes on from. Codes of the living begin where an encoder of
    chance speaks, those that will die far from it."""
    network = VQVAE(**NETWORK)
    if name == "faces":
        network.codebook.data.mul_(0.1)
    return begun(network, start)


def main() -> None:
    args = arguments("Train the VQ-VAE.", ["faces", "dead"], minutes=30).parse_args()
    run = Run.of(f"vqvae-{args.name}", args)
    network = channels_last(network_of(args.name, args.start), run.device)
    images = torch.from_numpy(load_faces(data_folder(args.data), "train").images)
    average = train(run, network, images, revived=args.name == "faces")
    finish(run, card_of(args.name, network), average.weights, args, "vqvae")
