"""The museum of failures: every piece fails by its rule and is mended by one change, in real trainings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.gan.lab import Settings
from models.gan.lab_training import Run
from models.gan.museum import EVERY, MUSEUM, follow
from models.gan.vocabulary import PIECES


def test_every_piece_is_there_and_its_mending_changes_exactly_one_thing() -> None:
    assert tuple(MUSEUM) == PIECES
    for piece in MUSEUM.values():
        changed = [name for name, value in vars(piece.mending).items() if value != getattr(piece.settings, name)]
        assert changed == list(piece.change) and len(changed) == 1
        assert piece.settings.seed == 0 and piece.pairs % EVERY == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_fails_and_is_mended(name: str) -> None:
    """With the seed that a visitor gets; python -m benchmarks.museum does it for five."""
    piece = MUSEUM[name]
    broken, mended = follow(piece.settings, piece.pairs), follow(piece.mending, piece.pairs)
    assert piece.failed(broken) and not piece.mended(broken)
    assert piece.mended(mended) and not piece.failed(mended)


def test_a_run_of_the_museum_is_the_one_that_is_tested_and_says_how_it_ended() -> None:
    piece = MUSEUM["oscillation"]
    run = Run(piece.settings, piece="oscillation")
    for _ in range(3):
        run.go_on("both", 0)
        run.seen(True)
    assert run.verdict == "", "before its end nothing is known"
    while not run.done:
        run.go_on("run", 0.5)
    run.seen(True)
    assert run.lab.pairs == piece.pairs and run.verdict == "failed"
    norms = [moment.norm for moment in follow(piece.settings, piece.pairs).moments]
    assert [moment.norm for moment in run.recorder.moments] == norms  # type: ignore[union-attr]


def test_other_settings_are_no_failure() -> None:
    piece = MUSEUM["vanishing"]
    trace = follow(replace(Settings(), seed=1), 300)
    assert not piece.failed(trace) and not MUSEUM["smoothing"].failed(trace) and not MUSEUM["clipping"].failed(trace)
