"""A recipe of many small networks: what is finished is kept beside, so that a run that was cut off goes on there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from models.weights.cards import Trained, read_tensors, save_weights
from training.cards import spent
from training.recipe import CHECKPOINTS, Run

COST = "cost"
"""In the file of what is finished: the minutes and points that it has taken."""


class Pieces:
    """The finished networks of one command, by prefix: done, and cost, what they have taken together."""

    def __init__(self, name: str, command: str, fresh: bool = False) -> None:
        """command: all that what is trained depends on. fresh: leave an earlier run's aside."""
        digest = hashlib.sha256(command.encode()).hexdigest()
        self.path: Path = CHECKPOINTS / f"{name}-{digest[:8]}.safetensors"
        self.done: dict[str, Tensor] = read_tensors(self.path) if self.path.exists() and not fresh else {}
        minutes, points = self.done.pop(COST, torch.zeros(2, dtype=torch.float64)).tolist()
        self.cost = Trained(minutes, int(points))

    def has(self, prefix: str) -> bool:
        """Whether the network of this prefix is finished."""
        return any(key.startswith(prefix) for key in self.done)

    def add(self, tensors: dict[str, Tensor], run: Run) -> None:
        """One more is finished."""
        self.done |= tensors
        self.cost = spent(self.cost, run.seconds / 60, run.images, run.machine)
        cost = torch.tensor([self.cost.minutes, self.cost.images], dtype=torch.float64)
        save_weights(self.done | {COST: cost}, self.path)

    def finish(self) -> None:
        """Everything is in weights/."""
        self.path.unlink(missing_ok=True)
