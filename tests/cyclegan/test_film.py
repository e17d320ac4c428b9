"""What a run of CycleGAN records of itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
from torch import nn

from models.cyclegan.film import ACROSS, BANDS, EVERY, LOSSES
from models.cyclegan.networks import Local
from models.pictures.recorded import film_of
from models.weights.cards import take
from training.cyclegan.film import Record, bands, shown
from training.cyclegan.pairs import PAIRS


def generators() -> nn.ModuleDict:
    pair = dataclasses.replace(PAIRS["smile"], outer=8, inner=8, blocks=1)
    torch.manual_seed(0)
    return nn.ModuleDict({"there": pair.generator(), "back": pair.generator()})


def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    x, y = torch.rand(2, ACROSS, 3, 32, 32) * 2 - 1
    return x, y


def test_bands_are_both_journeys() -> None:
    nets, (x, y) = generators(), pictures()
    rows = bands(nets.eval(), x, y).split(ACROSS)
    there, back = nets["there"], nets["back"]
    assert isinstance(there, Local) and isinstance(back, Local) and len(rows) == BANDS
    with torch.no_grad():
        for row, wanted in zip(rows, (x, there(x), back(there(x)), y, back(y), there(back(y))), strict=True):
            torch.testing.assert_close(row, wanted)


def test_losses_are_means_and_outlive_a_checkpoint_and_a_file_in_half_precision() -> None:
    record = Record(None, {})
    for step in range(1, 3 * EVERY // 4 + 1):
        terms = {"adversarial": 1.0 * step, "cycle": 0.5, "judges": 0.25}
        record.hear(4 * step, terms | ({"identity": 0.125} if step % 2 == 0 else {}))
    assert [row[0] for row in record.losses.rows] == [EVERY, 2 * EVERY, 3 * EVERY]
    first = sum(range(1, EVERY // 4 + 1)) / (EVERY // 4)
    assert record.losses.rows[0][1:] == [first, 0.5, 0.125, 0.25] and len(record.losses.rows[0]) == 1 + len(LOSSES)
    kept = {k: v.half() if v.is_floating_point() else v for k, v in record.tensors().items()}
    kept["losses.images"] = kept["losses.images"] + 200_000
    later = Record(None, kept, images=200_000 + 3 * EVERY)
    assert later.losses.rows[-1][0] == 200_000 + 3 * EVERY, "half precision ends at 65,504"
    later.hear(EVERY, {"cycle": 0.5})
    assert later.losses.rows[-1][0] == 200_000 + 4 * EVERY and later.losses.rows[-1][1:] == [0, 0.5, 0, 0]
    again = Record(None, {})
    again.load_state_dict(later.state_dict())
    assert str(again.losses.rows) == str(later.losses.rows)


def test_a_frame_at_every_mark() -> None:
    nets, record = generators(), Record(pictures(), {})
    for images in (0, 4, 2_000, 2_004, 6_000):
        record.shoot(images, lambda: nets)
    film = film_of(take(record.tensors(), "film."))
    assert film and film.images == (0, 2_000, 5_000) and film.strip.shape == (32 * BANDS, 3 * 32 * ACROSS, 3)


def test_photographs_for_research_are_in_no_film() -> None:
    assert shown("monet", Path("nowhere")) is None
