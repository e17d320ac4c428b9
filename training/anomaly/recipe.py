"""Recipe of the anomalies: `python -m training.anomaly digits|faces --data DIR --minutes M`.

Ten of digits, each without one of the classes, side by side on the same batches; one of faces. The squared error is all
that they are asked for, and all that is asked of them later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from models.anomaly.anomaly import CLASSES, FaceAutoencoder, GreyAutoencoder, foreignness
from models.pictures.pictures import UNIT, from_bytes
from models.weights.cards import read_tensors, take
from training.cards import blank_card
from training.data import data_folder, load_digits, load_faces
from training.recipe import Average, Run, Stateful, arguments, finish

NETWORKS: dict[str, dict[str, Any]] = {
    "digits": {"latent": 8, "width": 96},
    "faces": {"latent": 48, "widths": (32, 64, 96)},
}
LIKE = {"digits": "vae-digits", "faces": "gan-faces"}
"""Whose data it is."""
TITLES = {"digits": "Anomaly, MNIST: ten times nine classes", "faces": "Anomaly, faces"}
BATCH, PEAK = 128, 2e-3


class Learner:
    """One autoencoder in training: its network, its optimizer, the average that ships."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network
        self.optimizer = torch.optim.Adam(network.parameters(), lr=PEAK, fused=True)
        self.average = Average(network, decay=0.998)

    def parts(self) -> dict[str, Stateful]:
        """What a checkpoint holds of it."""
        return {"network": self.network, "optimizer": self.optimizer, "average": self.average}

    def step(self, x: Tensor, rate: float) -> float:
        """One step on x (B, C, H, W) in [0, 1]; returns the mean squared error."""
        self.optimizer.param_groups[0]["lr"] = rate
        loss = foreignness(x, self.network(x)).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.average.update(self.network)
        return float(loss.detach())


def train(
    run: Run, learners: Mapping[str, Learner], count: int, batch: Callable[[Tensor], Mapping[str, Tensor]]
) -> dict[str, Tensor]:
    """Train all for the run's budget, side by side; returns their averaged weights, each under its name.

    count: of the training pictures; batch: what each learner is shown of those that were chosen (B,).
    """
    parts = {f"{name}{key}": part for name, one in learners.items() for key, part in one.parts().items()}
    run.resume(parts)
    for chosen in run.batches(count, BATCH):
        shown, rate = batch(chosen), run.cosine(PEAK)
        errors = [one.step(shown[name], rate) for name, one in learners.items()]
        if run.images % (BATCH * 50) == 0:
            run.say(mse=sum(errors) / len(errors))
        run.save(parts)
    return {f"{name}{key}": value for name, one in learners.items() for key, value in one.average.weights.items()}


def begun(run: Run, make: Callable[[], nn.Module], names: list[str]) -> dict[str, Learner]:
    """Learners under these prefixes, from chance or with the weights that the run goes on from."""
    given = read_tensors(run.start) if run.start else {}
    learners = {}
    for name in names:
        network = make()
        if given:
            network.load_state_dict(take(given, name))
        learners[name] = Learner(network.to(run.device))
    return learners


def train_digits(run: Run, folder: Path) -> dict[str, Tensor]:
    """Ten autoencoders; each is shown of every batch what is not of the class that it shall not know."""
    digits = load_digits(folder, "digits", "train")
    images, labels = torch.from_numpy(digits.images.copy())[:, None], torch.from_numpy(digits.labels.copy())
    names = [f"without{missing}." for missing in range(CLASSES)]
    learners = begun(run, lambda: GreyAutoencoder(**NETWORKS["digits"]), names)

    def batch(chosen: Tensor) -> dict[str, Tensor]:
        x, is_of = from_bytes(images[chosen], UNIT).to(run.device), labels[chosen]
        return {name: x[is_of != missing] for missing, name in enumerate(names)}

    return train(run, learners, len(images), batch)


def train_faces(run: Run, folder: Path) -> dict[str, Tensor]:
    """One autoencoder of faces and of their mirror images."""
    images = torch.from_numpy(load_faces(folder, "train").images).permute(0, 3, 1, 2)

    def batch(chosen: Tensor) -> dict[str, Tensor]:
        x = from_bytes(images[chosen], UNIT).to(run.device)
        mirrored = torch.rand(len(x), device=x.device) < 0.5
        return {"": torch.where(mirrored[:, None, None, None], x.flip(3), x)}

    learners = begun(run, lambda: FaceAutoencoder(**NETWORKS["faces"]), [""])
    return train(run, learners, len(images), batch)


PAPER = "Hawkins et al. 2002 (replicator neural networks); Sakurada & Yairi 2014"


def main() -> None:
    args = arguments("Train autoencoders that find what is foreign.", list(NETWORKS), minutes=10).parse_args()
    run, folder = Run.of(f"anomaly-{args.name}", args), data_folder(args.data)
    weights = (train_digits if args.name == "digits" else train_faces)(run, folder)
    params = sum(value.numel() for value in weights.values())
    name, network = f"anomaly-{args.name}", NETWORKS[args.name]
    card = blank_card(name, TITLES[args.name], network, PAPER, LIKE[args.name], params=params)
    finish(run, card, weights, args, "anomaly")
