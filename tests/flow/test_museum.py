"""The museum of the flow room: every piece fails as it says and is mended by its one change, in real trainings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gallery.rooms.flow import plane_ask as asks
from models.flow.museum import MUSEUM, follow
from models.flow.plane_training import EVERY, Measures, Run
from models.flow.vocabulary import BOUNDS, PIECES


def test_every_piece_is_there_and_its_mending_changes_exactly_one_thing() -> None:
    assert tuple(MUSEUM) == PIECES == tuple(asks.RIGHT)
    assert len(set(map(float, BOUNDS))) == len(BOUNDS)
    for piece in MUSEUM.values():
        changed = [name for name, value in vars(piece.mending).items() if value != getattr(piece.settings, name)]
        assert changed == list(piece.change) and len(changed) == 1
        assert piece.settings.seed == 0 and piece.steps % EVERY == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_fails_and_one_change_mends_it(name: str) -> None:
    """With the seed that a visitor gets; python -m benchmarks.museum --room flow does it for five."""
    piece = MUSEUM[name]
    failed, mended = follow(piece.settings, piece.steps), follow(piece.mending, piece.steps)
    assert piece.verdict(piece.settings, failed) == "failed"
    assert piece.verdict(piece.mending, mended) == "mended"
    assert piece.verdict(piece.settings, mended) == piece.verdict(piece.mending, failed) == ""


def flat(gap: float, near: float, copied: float = 0.0) -> Sequence[Measures]:
    return [Measures(2.0, 2.0, gap, near, copied)] * 4


@pytest.mark.parametrize("name", PIECES)
def test_no_run_is_both(name: str) -> None:
    piece = MUSEUM[name]
    runs = [flat(gap, near, copied) for gap in (0.01, 0.5, 3) for near in (0.5, 0.999) for copied in (0.05, 0.9)]
    assert not any(piece.failed(run) and piece.mended(run) for run in runs)
    assert any(map(piece.failed, runs)) and any(map(piece.mended, runs))


def test_a_run_of_the_museum_is_the_one_that_is_tested_and_says_how_it_ended() -> None:
    piece = replace(MUSEUM["masks"], steps=4 * EVERY)
    run = Run(piece.settings, piece=piece)
    run.go_on("both", 0)
    run.looked()
    assert run.verdict == "", "before its end nothing is known"
    while not run.done:
        run.go_on("run", 0.5)
        run.looked()
    assert run.steps == piece.steps and run.verdict == "failed"
    assert run.moments == follow(piece.settings, piece.steps)
