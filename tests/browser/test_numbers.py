"""Numbers and counts are written alike by Python, for plaques and the API, and by JavaScript, for everything else.

The page's functions are asked in the page, by way of its words: a sentence is given, its values are filled in.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from gallery.shell.words import LANGUAGES, number, sentence
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

NUMBERS = [
    *(0, 1, -1, 5, 12, 100, 999, 1000, -1000, 9999, 10_000, -10_000, 123_456, 1_234_567.891, 0.5, 0.62, -0.31, 2.5),
    *(0.004, -0.004, 0.006, -0.001, 3.14159, -137.42, 9999.5, 99.996, 0.1 + 0.2, 1e-9, 123.4),
]
DIGITS = [None, 0, 1, 2, 4]
COUNTS = [*range(26), 100, 101, 102, 111, 112, 121, 1000, 1001, 1_000_001, 0.5, 1.5, 2.0]

ASK = """async ([numbers, digits, counts]) => {
  const words = window.vernissage.t ? window.vernissage : await import("gallery/shell/words.js");
  const written = words.number ?? words.written, sentence = words.t ?? words.sentence;
  return [
    numbers.map((x) => digits.map((d) => written(x, d ?? undefined))),
    counts.map((n) => sentence("frame.lines", { n })),
  ];
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_python_and_javascript_write_numbers_and_counts_alike(visit: Visit, example: str, lang: str) -> None:
    page: Page = visit(f"{example}/?lang={lang}")
    numbers, counts = page.evaluate(ASK, [NUMBERS, DIGITS, COUNTS])
    ours = [[number(x, lang, digits) for digits in DIGITS] for x in NUMBERS]
    assert dict(zip(map(str, NUMBERS), numbers, strict=True)) == dict(zip(map(str, NUMBERS), ours, strict=True))
    assert counts == [sentence("frame.lines", lang, n=n) for n in COUNTS]
