"""Diffusion networks that are small, random and quick, in the place of those that ship."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from gallery.rooms.diffusion import room as diffusion
from gallery.widgets.answers import Facts
from models.diffusion.diffusion import FACES, FASHION, MODELS, Diffusion, Task
from models.networks.unet import UNet
from models.weights.cards import Held

SMALL: dict[str, Any] = {"fold": 4, "widths": (16, 24), "blocks": (1, 1), "heads": 2}


def small(task: Task) -> Diffusion:
    """A network of the task with random weights, quick to ask."""
    torch.manual_seed(3)
    conditions = tuple(len(answers) for answers in task.questions)
    made = Diffusion.__new__(Diffusion)
    network = UNet(channels=task.channels, conditions=conditions, **SMALL).eval().requires_grad_(False)
    for p in network.parameters():
        p.add_(0.05 * torch.randn(p.shape))
    made.task, made.params, made.quality, made.network = task, 1, {}, network
    made.velocity = network  # type: ignore[assignment]
    return made


class Counted:
    """Stands before a model's network and counts how often it is asked."""

    def __init__(self, model: Diffusion) -> None:
        self.network, self.calls = model.network, 0
        model.velocity = self  # type: ignore[assignment]

    def __call__(self, *inputs: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return self.network(*inputs)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The room's default knobs, with small random networks in the place of those that ship."""
    for task in (FACES, FASHION):
        held: Held[Diffusion] = Held(f"diffusion-{task.name}", lambda card: small(FACES))
        held._made = (small(task),)
        monkeypatch.setitem(MODELS, task.name, held)
    monkeypatch.setattr("gallery.rooms.diffusion.ask.about", lambda name: Facts(params=0, source="", device="CPU"))
    yield {name: knob.default for name, knob in diffusion.KNOBS.items()}
