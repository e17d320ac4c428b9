"""What a visitor is told of the weights: in his language, and nothing that is meant for those who train."""

from __future__ import annotations

import json

import pytest

from gallery.shell.frame import card_rows
from gallery.shell.words import LANGUAGES, all_words
from models.weights.cards import all_cards

CARDS = {card.name: card for card in all_cards() if not card.evaluation_only}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_card_speaks_to_a_visitor(name: str) -> None:
    card, words = CARDS[name], all_words()
    shown = card_rows(name)
    assert shown["title"] == {"key": f"shown.{name}.title"}
    for part in ("title", "data", "terms"):
        assert all(words[f"shown.{name}.{part}"][lang] for lang in LANGUAGES)
    texts = {value for _, values in shown["rows"] for value in values if isinstance(value, str)}
    assert texts <= {card.paper}, "everything else is a number or a sentence in both languages"
    told = json.dumps(shown)
    assert card.recipe not in told and "--minutes" not in told
    assert not card.early or card.early not in told


@pytest.mark.parametrize("name", sorted(CARDS))
def test_what_is_said_of_the_data_and_the_licence_is_what_the_card_says(name: str) -> None:
    card, words = CARDS[name], all_words()
    numbers = {part for part in card.data.replace(",", "").split() if part.isdigit() and len(part) > 3}
    for lang in LANGUAGES:
        said = words[f"shown.{name}.data"][lang].replace(",", "").replace("\u00a0", "").replace(" ", "")
        assert all(number in said for number in numbers), (name, lang)
    assert card.licence.split(",")[0].split(" (")[0].split(";")[0] in words[f"shown.{name}.terms"]["en"]
