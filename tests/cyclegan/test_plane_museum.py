"""The museum of the plane: every piece fails as it says and is mended by its one change; what shipped pairs hide."""

from __future__ import annotations

import numpy as np
import pytest

from models.cyclegan.hidden import HIDDEN, SIGMA, ask, asked, noised
from models.cyclegan.museum import MUSEUM, follow
from models.cyclegan.vocabulary import ASKED, BATCHES, CYCLES, IDENTITIES, PENALTIES, PIECES, RATES, SHAKES


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
