"""The museum of the plane: every piece fails as it says and is mended by its one change; what shipped pairs hide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from gallery.rooms.cyclegan.plane_films import recorded
from models.cyclegan import museum_films
from models.cyclegan.hidden import HIDDEN, SIGMA, ask, asked, noised
from models.cyclegan.museum import MUSEUM, follow
from models.cyclegan.plane import Plane
from models.cyclegan.vocabulary import ASKED, BATCHES, CYCLES, IDENTITIES, PENALTIES, PIECES, RATES, SHAKES
from models.plane import films


def test_the_vocabulary_names_what_there_is() -> None:
    assert tuple(MUSEUM) == PIECES
    for choices in (CYCLES, IDENTITIES, SHAKES, RATES, PENALTIES, BATCHES):
        assert len(set(map(float, choices))) == len(choices)


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_fails_and_one_change_mends_it(name: str) -> None:
    piece = MUSEUM[name]
    failed, mended = follow(piece.settings, piece.steps), follow(piece.mending, piece.steps)
    assert piece.verdict(piece.settings, failed) == "failed"
    assert piece.verdict(piece.mending, mended) == "mended"
    assert piece.verdict(piece.settings, mended) == piece.verdict(piece.mending, failed) == ""


class Careful:
    """Translates by inverting; the way back is exact, or reads the last bit and throws everything else away."""

    def __init__(self, hides: bool) -> None:
        self.hides = hides

    def translate(self, direction: str, picture: np.ndarray) -> np.ndarray:
        if not self.hides:
            return 255 - picture
        return 128 + (picture > 127) if direction == "there" else 255 * (picture % 2)


def test_what_is_hidden_breaks_and_what_is_not_does_not() -> None:
    pictures = [np.where(np.random.default_rng(i).random((8, 8, 3)) > 0.5, 255, 0).astype(np.uint8) for i in range(4)]
    hides, plain = (ask(Careful(hides), "there", pictures) for hides in (True, False))  # type: ignore[arg-type]
    assert hides.plain == plain.plain == 0 and hides.noisy > 0.3
    assert 0 < plain.noisy < 2 * SIGMA / 255 and plain.count == 4
    with pytest.raises(ValueError, match="at least one"):
        ask(Careful(True), "there", [])  # type: ignore[arg-type]


def test_the_noise_is_of_its_size_and_the_same_again() -> None:
    grey = np.full((64, 64, 3), 128, np.uint8)
    assert np.array_equal(noised(grey, 1), noised(grey, 1)) and not np.array_equal(noised(grey, 1), noised(grey, 2))
    assert float((noised(grey, 1).astype(float) - 128).std()) == pytest.approx(SIGMA, rel=0.05)


@pytest.mark.parametrize("name", ASKED)
def test_what_was_found_is_kept_with_its_command(name: str) -> None:
    found = asked(name)
    assert 0 < found.plain < 0.2 and 0 < found.noisy < 0.2 and found.count >= 30
    assert "training.cyclegan.hidden" in HIDDEN.read_text("utf-8")


@pytest.mark.parametrize("name", PIECES)
def test_a_recorded_film_begins_and_ends_as_its_run(name: str) -> None:
    piece, runs = MUSEUM[name], museum_films.film(name)
    assert museum_films.path_of(name).stat().st_size < 80_000
    told: dict[str, float] = {}
    for kind, settings in zip(films.RUNS, (piece.settings, piece.mending), strict=True):
        run, plane = runs[kind], Plane(settings)
        assert run.places.shape == (museum_films.FRAMES, 4, museum_films.POINTS, 2)
        with torch.no_grad():
            begun = museum_films.seen(plane)
        assert np.abs(run.places[0].astype(int) - begun).max() <= 1
        x, y = (films.small(cloud[: museum_films.POINTS]) for cloud in (plane.x, plane.y))
        assert (run.clouds == np.stack([x, y])).all()
        figures = dict(zip(museum_films.FIGURES, run.figures.T, strict=True))
        assert figures["pairs"][0] == 0 and figures["pairs"][-1] == piece.steps
        apart = (run.places[:, 1].astype(float) - run.clouds[0]) / films.UNIT
        seen = np.hypot(*apart.transpose(2, 0, 1)).mean(axis=1)
        assert seen[-1] == pytest.approx(figures["closed"][-1], rel=0.4, abs=0.05), "what is drawn is what is measured"
        told[kind] = {
            "nocycle": figures["cycle"],
            "lambda": figures["to_y"],
            "noidentity": figures["moved"],
            "hidden": figures["noisy"] / figures["closed"],
        }[name][-1]
    assert told["mended"] < 0.6 * told["failed"], "the end of the film shows what the rules tell apart"


def test_a_film_is_recorded_as_it_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(museum_films, "FRAMES", 3)
    monkeypatch.setattr(museum_films, "FOLDER", tmp_path)
    piece = replace(MUSEUM["nocycle"], steps=40, failed=lambda _: True, mended=lambda _: True)
    monkeypatch.setitem(MUSEUM, "nocycle", piece)
    museum_films.film.cache_clear()
    museum_films.save("nocycle")
    kept, (made, _) = museum_films.film("nocycle")["mended"], museum_films.record(piece.mending, 40)
    museum_films.film.cache_clear()
    assert all(
        np.array_equal(getattr(kept, part), getattr(made, part), equal_nan=True) for part in museum_films.PARTS[2:]
    )
    assert (kept.places == made.places).all() and made.figures[:, 0].tolist() == [0, 20, 40]
    monkeypatch.setitem(MUSEUM, "nocycle", replace(piece, mended=lambda _: False))
    with pytest.raises(ValueError, match="mended"):
        museum_films.save("nocycle")


def test_a_film_travels_whole_and_says_nothing_where_nothing_is_known() -> None:
    told = recorded(["nocycle"])
    for kind in films.RUNS:
        figures = told[kind]["figures"]
        assert {len(row) for row in figures.values()} == {told["frames"]}
        assert all(value is None or np.isfinite(value) for row in figures.values() for value in row)
    assert recorded(["no"])["error"]["key"] == "input.choice"
