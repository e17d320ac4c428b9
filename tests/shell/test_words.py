"""Every word that a visitor reads is there in both languages, is used, and every key that is used exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gallery.shell.words import (
    LANGUAGES,
    PLACEHOLDER,
    WordsError,
    all_words,
    load,
    number,
    plural,
    preferred,
    sentence,
)

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("gallery", "models")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".js", ".html"}
]
# Keys that are put together: by the header and the frame for each room and act (the last word says which),
# and by the theme button and the help for a fixed few.
COMPUTED = [
    re.compile(r"\w+\.name"),
    re.compile(r"\w+\.\w+\.(name|title|idea)"),
    re.compile(r"page\.theme\.(system|light|dark)"),
    re.compile(
        r"page\.keys\.(rooms|more|present|clicker|acts|turn|leave|arrows|tab|help|full|blank|lesson|speaker|vote|lead)"
    ),
    re.compile(r"page\.(clamped|ignored)"),
    re.compile(
        r"lecture\.(spot\.\w+|ready|empty|add|up|down|remove|title|text|notes|spotlight|update|updated|look|ask)"
    ),
    re.compile(r"lecture\.vote\.(close|again|reveal|table)|lecture\.phone\.\w+"),  # by the wall's `way`, and the phones
    re.compile(r"lecture\.(lead\.begin|follow\.\w+)"),  # by the editor's `say`, and the bar of a phone that follows
    re.compile(r"lecture\.(answer|right|why|give|copy|copied|save|load)"),  # by the editor's `say`
    re.compile(r"widgets\.garment\.\d"),
    re.compile(r"figure\.\w+"),
    re.compile(r"cyclegan\.plane\.(cloud_x|cloud_y|knob)\.\w+"),
    re.compile(r"cyclegan\.losses\.(net|row|beside)\.\w+"),
    re.compile(r"cyclegan\.lost\.\w+\.\w+"),
    re.compile(r"cyclegan\.training\.(term|why|pair_of|x|y)\.[\w-]+"),
    re.compile(r"gan\.laboratory\.(target|loss|z|optimiser|knob|reading)\.\w+"),
    re.compile(r"(gan|cyclegan|flow)\.piece\.\w+\.(name|question|a|b|c|why|change|failed|mended)"),
    re.compile(r"flow\.line\.(form|sample|question)\.\w+"),
    re.compile(r"flow\.plane\.(flow_target|flow_model|flow_masks|flow_points|knob|term|show_\w+)(\.\w+)?"),
    re.compile(r"flow\.matching\.(pairs|show|told|apart|question)\.\w+"),
    re.compile(r"flow\.line\.fit\.(nll|unseen|beside)"),
    re.compile(r"flow\.plane\.mixture\.(centre|axis|share)"),
    re.compile(r"flow\.glow\.(view|question|of|legend)\.\w+"),
    re.compile(r"shown\.[\w-]+\.(title|data|terms)"),
]
TEXT = "\n".join(path.read_text("utf-8") for path in SOURCES)
QUOTED = set(re.findall(r"""["'`]([a-z][\w-]*(?:\.[\w-]+)+)["'`]""", TEXT))
FILES = (".js", ".css", ".py", ".toml", ".safetensors", ".json", ".md", ".png", ".jpg")


def used_keys() -> set[str]:
    """Quoted dotted names whose first word is a table of words: keys, and what only looks like one.

    An event like "walk.frame" is one too as soon as a room is called walk: such a room needs another NAME.
    """
    tables = {key.partition(".")[0] for key in all_words()}
    called = set(re.findall(r"""\b(?:t|sentence|tell)\(\s*["']([\w.-]+)["']|data-t(?:-\w+)?=\\?["']([\w.-]+)""", TEXT))
    raised = set(re.findall(r"""(?:Error|Refusal)\(\s*["']([a-z][\w-]*\.[\w.-]+)["']""", TEXT))
    named = {key for key in QUOTED if key.partition(".")[0] in tables and "." in key}
    whole = {key for pair in called for key in pair if "." in key and not key.endswith(".")}
    return whole | raised | named


def test_there_are_words_in_both_languages() -> None:
    assert len(all_words()) > 40
    assert all(set(texts) == set(LANGUAGES) for texts in all_words().values())


def test_no_dash_begins_a_line_and_no_number_is_parted_from_what_it_counts() -> None:
    assert "разность двух средних\u00a0— это" in all_words()["vae.smile.idea"]["ru"]
    assert sentence("diffusion.plaque.lane", "en", title="DDIM", steps=4, passes=4, seconds=1).count("4\u00a0") == 2
    parted = re.compile(r" — | \{\w+:")
    assert [key for key, texts in all_words().items() if any(map(parted.search, texts.values()))] == []


@pytest.mark.parametrize(
    "body", ['key = { ru = "а" }', 'key = { ru = "а", en = "" }', 'key = "a"', "key = {ru=1, en=2}"]
)
def test_a_missing_translation_is_an_error(tmp_path: Path, body: str) -> None:
    (tmp_path / "room.toml").write_text(f"[room]\n{body}\n", "utf-8")
    with pytest.raises(WordsError, match=r"room\.key"):
        load(tmp_path)


def test_placeholders_are_the_same_in_both_languages() -> None:
    for key, texts in all_words().items():
        names = {lang: {name for name, _ in PLACEHOLDER.findall(text)} for lang, text in texts.items()}
        assert names["ru"] == names["en"], key


def test_forms_of_a_word_are_complete() -> None:
    for key, texts in all_words().items():
        for lang, count in (("ru", 3), ("en", 2)):
            for _, forms in PLACEHOLDER.findall(texts[lang]):
                assert not forms or forms.count("|") == count - 1, key


def test_russian_is_russian_and_english_is_not() -> None:
    for key, texts in all_words().items():
        if key != "page.lang":  # the language switch speaks to those who cannot read the page
            assert not re.search("[а-яё]", texts["en"].replace(texts["ru"], ""), re.IGNORECASE), key


def test_no_word_is_unused() -> None:
    """A key is used where it stands whole: "vae.smile" in "vae.smile.title" is no use of it."""
    written = set(re.findall(r"[\w-]+(?:\.[\w-]+)+", TEXT))
    unused = [key for key in all_words() if not any(pattern.fullmatch(key) for pattern in COMPUTED)]
    assert [key for key in unused if key not in written] == []


def test_every_used_key_exists() -> None:
    words = all_words()
    missing = {
        key
        for key in used_keys()
        if key not in words and not key.endswith(FILES) and not any(known.startswith(f"{key}.") for known in words)
    }
    assert missing == set(), "no words for these; or a room bears the first word of an event: give it another NAME"


@pytest.mark.parametrize(
    ("x", "digits", "ru", "en"),
    [
        (0.62, None, "0,62", "0.62"),
        (-0.31, 2, "−0,31", "−0.31"),
        (-137.42, 1, "−137,4", "−137.4"),
        (3.0, None, "3", "3"),
        (100, None, "100", "100"),
        (3.0, 2, "3,00", "3.00"),
        (1000, 0, "1000", "1000"),
        (10000, 0, "10\u00a0000", "10,000"),
        (1234567.891, 1, "1\u00a0234\u00a0567,9", "1,234,567.9"),
        (-0.001, 2, "0,00", "0.00"),
        (9999.6, 0, "10\u00a0000", "10,000"),
        (2.5, 0, "3", "3"),
        (-0.5, 0, "−1", "−1"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(x: float, digits: int | None, ru: str, en: str) -> None:
    assert (number(x, "ru", digits), number(x, "en", digits)) == (ru, en)


@pytest.mark.parametrize(
    ("n", "ru"),
    [
        (0, "строк"),
        (1, "строка"),
        (2, "строки"),
        (5, "строк"),
        (11, "строк"),
        (12, "строк"),
        (21, "строка"),
        (104, "строки"),
    ],
)
def test_russian_counts_in_three_forms(n: int, ru: str) -> None:
    assert plural(n, "ru", ["строка", "строки", "строк"]) == ru
    assert plural(n, "en", ["line", "lines"]) == ("line" if n == 1 else "lines")


def test_a_sentence_is_filled_in_the_readers_way() -> None:
    assert sentence("frame.lines", "ru-RU", n=22) == "22\u00a0строки"
    assert sentence("frame.lines", "en", n=1) == "1\u00a0line"
    assert sentence("input.range", "ru", name="u", lo=-2.5, hi=3) == "«u»: нужно число от −2,5 до 3."
    with pytest.raises(KeyError):
        sentence("no.such.key", "en")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.3,en;q=0.7", "en"),
        ("de, ru;q=0.3", "ru"),
        ("", "en"),
        ("*;q=x", "en"),
        ("ru;q=nonsense,en;q=0.1", "en"),
    ],
)
def test_the_visitors_language_is_read_from_the_header(header: str, lang: str) -> None:
    assert preferred(header) == lang
