"""The act "training": the film and the losses of what ships, of files made here, and what is refused."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gallery.rooms.cyclegan import training as act
from gallery.rooms.cyclegan import training_ask as asks
from gallery.shell.words import all_words
from gallery.widgets.courses import Course, Term, course
from models.cyclegan import record
from models.cyclegan.film import ACROSS, BANDS, EVERY, LOSSES
from models.cyclegan.vocabulary import FILMED, ROWS, TERMS
from models.pictures.recorded import Losses, change, losses_of, running
from models.weights import cards
from models.weights.cards import WEIGHTS, Card, Shelf, load_card, load_tensors, save_card
from training.gan import film as films

KNOBS: dict[str, Any] = {name: knob.default for name, knob in act.KNOBS.items()}
SIDE = 8


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What was read of other files is read anew."""
    for kept in (record.filmed, asks.shown):
        kept.cache_clear()
    yield
    for kept in (record.filmed, asks.shown):
        kept.cache_clear()


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))).astype(int)


def test_the_film_is_that_of_the_file_and_the_curves_are_its_losses() -> None:
    answer, tensors = asks.film([KNOBS]), load_tensors(load_card("cyclegan-smile"))
    marks = sorted(int(name.removeprefix("film.")) for name in tensors if name.startswith("film."))
    assert answer["values"] == marks and answer["n"] == len(marks) >= 5
    sprite = pixels(answer["sprite"])
    for i in (0, len(marks) - 1):
        frame = np.asarray(Image.open(io.BytesIO(tensors[f"film.{marks[i]:07d}"].numpy().tobytes()))).astype(int)
        assert np.abs(sprite[:, i * answer["w"] : (i + 1) * answer["w"]] - frame).mean() < 5
    bands = sprite.reshape(BANDS, -1, *sprite.shape[1:])
    first, last = (bands[:, :, i * answer["w"] : (i + 1) * answer["w"]] for i in (0, -1 + answer["n"]))
    x, gx, fgx = (last[ROWS.index(row)] for row in ("x", "gx", "fgx"))
    assert np.abs(first[0] - x).mean() < 5, "x stays as it is"
    assert np.abs(fgx - x).mean() < 0.7 * np.abs(gx - x).mean(), "the way back restores what G changed"
    raw = tensors["losses"].numpy()
    assert answer["course"]["images"] == tensors["losses.images"].tolist()
    for i, name in enumerate(LOSSES):
        assert answer["course"]["terms"][name]["raw"] == pytest.approx(raw[:, i].tolist(), rel=1e-3)


def test_the_sentence_fits_what_was_recorded() -> None:
    answer = asks.film([KNOBS])
    terms = answer["course"]["terms"]
    fell = {name: terms[name]["change"][0] / terms[name]["change"][1] for name in answer["asked"]}
    assert answer["asked"] == ["adversarial", "cycle", "identity"] and answer["still"] == "adversarial"
    assert fell["adversarial"] < 1.1 < 1.2 < fell["cycle"] and fell["identity"] > 4


@pytest.mark.parametrize("name", TERMS)
def test_every_term_has_a_name_and_a_reason(name: str) -> None:
    assert {f"cyclegan.training.{part}.{name}" for part in ("term", "why")} <= all_words().keys()


def test_every_pair_has_its_words() -> None:
    wanted = {f"cyclegan.training.pair_of.{pair}" for pair in FILMED}
    wanted |= {f"cyclegan.training.{side}.{pair.split('-')[0]}" for pair in FILMED for side in ("x", "y")}
    assert wanted <= all_words().keys()


def made(folder: Path, pair: str, terms: tuple[str, ...], filmed: bool = True) -> None:
    """A file as the recipe writes one, with these terms in its loss."""
    film, losses = films.Film(rows=BANDS), films.Losses(LOSSES, every=EVERY)
    for count in (1, 2, 3, 4):
        losses.hear(EVERY * count, {name: 1 / count if name == "cycle" else 2.0 for name in terms})
    for mark in films.MARKS[:2]:
        film.shoot(mark, lambda: torch.zeros(BANDS * ACROSS, 3, SIDE, SIDE))
    card = load_card("cyclegan-smile", WEIGHTS)
    tensors = losses.tensors() | (film.tensors() if filmed else {})
    sha256 = cards.save_weights(tensors, folder / f"cyclegan-{pair}.safetensors", half=True)
    name = f"cyclegan-{pair}"
    kept = Card(name, name, 1, f"{name}.safetensors", sha256, network=card.network)
    save_card(kept, folder / f"{name}.toml")


def test_a_pair_is_offered_once_its_file_has_a_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "shelf", lambda: Shelf(tmp_path, tmp_path / "cache"))
    monkeypatch.setattr(record, "shelf", cards.shelf)
    made(tmp_path, "emoji-full", TERMS)
    made(tmp_path, "emoji-nocycle", ("adversarial", "identity", "judges"))
    made(tmp_path, "smile", TERMS, filmed=False)
    whole, without = (asks.film([KNOBS | {"filmed": pair}]) for pair in ("emoji-full", "emoji-nocycle"))
    assert whole["offered"] == without["offered"] == ["emoji-full", "emoji-nocycle"]
    assert whole["values"] == list(films.MARKS[:2]) and (whole["w"], whole["h"]) == (ACROSS * SIDE, BANDS * SIDE)
    assert whole["asked"] == ["adversarial", "cycle", "identity"]
    assert without["asked"] == ["adversarial", "identity", "judges"], "what the loss has not is not asked"
    assert "cycle" not in without["course"]["terms"]
    for pair in ("smile", "emoji-whole"):
        told = asks.film([KNOBS | {"filmed": pair}])["error"]
        assert told["key"] == "cyclegan.training.no_film" and told["args"] == {"pair": pair}


@pytest.mark.parametrize("pair", [float("nan"), ["smile"], 2**63, "monet", None])
def test_a_pair_that_there_is_not_is_refused(pair: Any) -> None:
    assert asks.film([KNOBS | {"filmed": pair}])["error"]["key"] == "input.choice"


def test_a_running_mean_keeps_a_line_and_smooths_what_jumps() -> None:
    line = [0.5 + 3 * i for i in range(12)]
    assert running(line, 3) == pytest.approx(line)
    jumps = [float(i % 2) for i in range(40)]
    assert np.ptp(running(jumps, 4)[4:-4]) < 0.2 and running(jumps, 0) == jumps
    assert change([4.0] * 3 + [2.0] * 24 + [1.0] * 3) == (4.0, 1.0) and change([7.0]) == (7.0, 7.0)


def test_what_was_left_out_is_no_term() -> None:
    rows = torch.tensor([[1.0, 0.0, float("nan"), 4.0], [2.0, 0.0, 1.0, 0.0]])
    found = losses_of({"losses": rows, "losses.images": torch.tensor([500, 1000])}, LOSSES)
    assert found == Losses((500, 1000), {"adversarial": (1.0, 2.0), "judges": (4.0, 0.0)})
    assert losses_of({}, LOSSES) is None
    drawn = course(Losses((1, 2), {"cycle": (0.123456, 0.25)}))
    assert drawn.terms["cycle"].raw == [0.1235, 0.25]


def test_what_rises_has_fallen_least() -> None:
    def term(before: float, after: float) -> Term:
        return Term([], [], [before, after])

    terms = {"adversarial": term(1, 0.9), "cycle": term(0.01, 0.02), "identity": term(5, 0.1)}
    assert asks.least_fallen(Course([], terms), list(terms)) == "cycle"
