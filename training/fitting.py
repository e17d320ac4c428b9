"""What most recipes are: one network, from chance or from weights, and one loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from models.weights.cards import read_tensors
from training.recipe import Average, M, Run, Stateful

HEARD = 25
"""Steps from one whose loss is shown to the next: to read it a GPU has to be waited for."""


def begun(network: M, start: Path | None) -> M:
    """The network as it is, or with the weights of a file that a run goes on from."""
    if start:
        network.load_state_dict(read_tensors(start))
    return network


def fit(
    run: Run,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    count: int,
    batch: int,
    loss_of: Callable[[Tensor], Tensor],
    clip: float = 1.0,
) -> Average:
    """Train one network on one loss for the run's budget; returns the averaged weights.

    optimizer: its rate is the highest; count: of the items; loss_of: the loss of a batch, given the places (batch,) of
    its items; clip: the longest gradient.
    """
    average = Average(network, decay=0.998, trained=run.start is not None)
    parts: dict[str, Stateful] = {"network": network, "optimizer": optimizer, "average": average}
    peak = optimizer.param_groups[0]["lr"]
    run.resume(parts)
    for step, chosen in enumerate(run.batches(count, batch)):
        optimizer.param_groups[0]["lr"] = run.cosine(peak)
        with run.autocast():
            loss = loss_of(chosen)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
        average.update(network)
        if step % HEARD == 0:
            run.say(loss=float(loss.detach()))
        run.save(parts)
    return average
