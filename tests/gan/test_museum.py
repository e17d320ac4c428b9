"""The museum of failures: every piece fails by its rule and is mended by one change, in real trainings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.gan import museum_films
from models.gan.lab import Lab, Settings
from models.gan.lab_training import Run
from models.gan.museum import EVERY, MUSEUM, follow
from models.gan.vocabulary import PIECES
from models.plane import films


def test_every_piece_is_there_and_its_mending_changes_exactly_one_thing() -> None:
    assert tuple(MUSEUM) == PIECES
    for piece in MUSEUM.values():
        changed = [name for name, value in vars(piece.mending).items() if value != getattr(piece.settings, name)]
        assert changed == list(piece.change) and len(changed) == 1
        assert piece.settings.seed == 0 and piece.steps % EVERY == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_fails_and_is_mended(name: str) -> None:
    """With the seed that a visitor gets; python -m benchmarks.museum does it for five."""
    piece = MUSEUM[name]
    broken, mended = follow(piece.settings, piece.steps), follow(piece.mending, piece.steps)
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
    assert run.lab.pairs == piece.steps and run.verdict == "failed"
    norms = [moment.norm for moment in follow(piece.settings, piece.steps).moments]
    assert [moment.norm for moment in run.recorder.moments] == norms  # type: ignore[union-attr]


def test_other_settings_are_no_failure() -> None:
    piece = MUSEUM["vanishing"]
    trace = follow(replace(Settings(), seed=1), 300)
    assert not piece.failed(trace) and not MUSEUM["smoothing"].failed(trace) and not MUSEUM["clipping"].failed(trace)


@pytest.mark.parametrize("name", PIECES)
def test_a_recorded_film_is_of_a_real_run_and_small(name: str) -> None:
    piece, runs = MUSEUM[name], museum_films.film(name)
    assert museum_films.path_of(name).stat().st_size < 60_000
    for kind, settings in zip(films.RUNS, (piece.settings, piece.mending), strict=True):
        run, lab = runs[kind], Lab(settings)
        assert run.points.shape == (museum_films.FRAMES, museum_films.POINTS, 2)
        assert run.figures["pairs"][0] == 0 and run.figures["pairs"][-1] == piece.steps
        begun = (lab.points(museum_films.POINTS) * films.UNIT).round().clamp(-127, 127).numpy()
        assert np.abs(run.points[0] - begun).max() <= 1
    # The end of the film shows what the rules tell apart.
    broken, mended = (runs[kind].figures for kind in films.RUNS)
    end = slice(-8, None)
    if name in ("vanishing", "clipping"):
        assert np.median(mended["norm"][end]) > 10 * np.median(broken["norm"][end])
    if name in ("vanishing", "smoothing", "collapse", "oscillation"):
        assert np.median(mended["w1"][end]) < np.median(broken["w1"][end])
    if name == "collapse":
        assert np.median(broken["modes"][end]) <= 4 and np.median(mended["modes"][end]) >= 7


def test_a_film_is_recorded_as_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(museum_films, "FRAMES", 3)
    monkeypatch.setattr(museum_films, "FOLDER", tmp_path)
    monkeypatch.setitem(MUSEUM, "oscillation", replace(MUSEUM["oscillation"], steps=40))
    museum_films.film.cache_clear()
    museum_films.save("oscillation")
    kept, made = museum_films.film("oscillation")["mended"], museum_films.record(MUSEUM["oscillation"].mending, 40)
    museum_films.film.cache_clear()
    assert (kept.points == made.points).all() and (kept.verdicts == made.verdicts).all()
    assert all((kept.figures[name] == made.figures[name]).all() for name in museum_films.FIGURES)
    assert made.figures["pairs"].tolist() == [0, 20, 40]
