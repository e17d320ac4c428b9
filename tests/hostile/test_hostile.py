"""A hostile guest: some of the requests of `python -m benchmarks.hostile`, and the laws that judge all of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gallery.shell.words import sentence
from tests.hostile.attacks import attacks
from tests.hostile.guest import Attack, Called, Reply
from tests.hostile.inputs import SECRET, mutated
from tests.hostile.laws import broken, late, logged
from tests.hostile.run import report, run
from tests.shell.started import started

COUNT = 150
WIDGETS = [Called("vae", 11, "ask", [[{"act": "plane", "u": 0.5}, 0.1, 0.2]])]
ENDPOINTS = [Called("", 3, "vae_plane", [["digits", 1, 0, 0]])]


def test_the_laws_hold_for_every_answer_and_nothing_is_logged(tmp_path: Path) -> None:
    """Without a clock; what never answers is no answer."""
    with started(tmp_path / "said", "app.py", "--offline", "--device", "cpu") as (port, _):
        found = run(f"http://127.0.0.1:{port}", COUNT)
    assert found.called > 150 and sum(found.statuses.values()) == COUNT
    found.log = logged((tmp_path / "said").read_text("utf-8", "replace"))
    found.late = []
    assert not found.wrong and not found.log, report(found)


def test_a_seed_names_its_requests_and_every_kind_is_among_them() -> None:
    first, again, other = (attacks(seed, 600, WIDGETS, ENDPOINTS) for seed in (1, 1, 2))
    assert first == again and first != other
    assert {each.kind for each in first} == {
        "widget", "endpoint", "queue", "raw", "upload", "hall", "vote", "left", "read"
    }  # fmt: skip
    assert {each.lang for each in first} == {"ru", "en"}


def test_an_honest_call_stays_as_it_is() -> None:
    honest = [{"act": "plane", "nested": [1, [2, 3]]}, None]
    copies = [mutated(random.Random(seed), honest) for seed in range(300)]
    assert honest == [{"act": "plane", "nested": [1, [2, 3]]}, None]
    assert len({repr(each) for each in copies}) > 200


GOOD = [
    ("widget", 200, '{"u": 1.0}'),
    ("widget", 200, '{"error": {"key": "input.list", "args": {}}}'),
    ("widget", 404, f'{{"error": "{sentence("refused.nothing", "en")}"}}'),
    ("hall", 200, f'{{"error": "{sentence("refused.call", "en")}"}}'),
]
BAD = [
    ("widget", 500, '{"error": "Something is wrong."}'),
    ("widget", 0, "ReadTimeout"),
    ("widget", 200, '{"u": NaN}'),
    ("widget", 200, "<html>"),
    ("widget", 200, '{"error": {"key": "no.such", "args": {}}}'),
    ("widget", 200, '{"error": {"key": "input.range", "args": {}}}'),
    ("widget", 200, '{"error": {"key": "page.failed", "args": {}}}'),
    ("widget", 200, f'{{"error": {{"key": "input.number", "args": {{"name": "{SECRET}"}}}}}}'),
    ("widget", 404, '{"error": ""}'),
    ("widget", 404, '{"detail": "Not found."}'),
    ("widget", 400, '{"error": "Здесь ничего нет."}'),
    ("widget", 400, '{"error": "No such file: /work/gallery/app.toml."}'),
    ("widget", 400, '{"error": "Failed at app.py."}'),
    ("widget", 400, '{"error": "One\\nTwo."}'),
    ("hall", 200, '{"error": null}'),
    ("vote", 200, '{"error": {}}'),
]


@pytest.mark.parametrize(("kind", "status", "body"), GOOD)
def test_an_answer_and_a_sentence_keep_the_laws(kind: str, status: int, body: str) -> None:
    assert broken(Attack(kind, "", "POST", "/"), Reply(status, 0.1, body)) == []


@pytest.mark.parametrize(("kind", "status", "body"), BAD)
def test_a_broken_law_is_seen(kind: str, status: int, body: str) -> None:
    assert broken(Attack(kind, "", "POST", "/"), Reply(status, 0.1, body))


@pytest.mark.parametrize(
    "body",
    [
        "event: error\ndata: null\n\n",
        'event: error\ndata: {"error": ""}\n\n',
        'event: error\ndata: {"error": null}\n\n',
        "event: heartbeat\ndata: null\n\n",
        "event: complete\ndata: [NaN]\n\n",
    ],
)
def test_an_event_that_says_nothing_is_seen(body: str) -> None:
    assert broken(Attack("endpoint", "", "POST", "/"), Reply(200, 0.1, body, {}, True))
    fine = 'event: error\ndata: {"error": "“u” must be a number."}\n\n'
    assert broken(Attack("endpoint", "", "POST", "/"), Reply(200, 0.1, fine, {}, True)) == []


def test_what_is_late_and_what_is_logged_is_seen() -> None:
    assert late(Reply(200, 10.5, "")) and not late(Reply(200, 9.5, ""))
    address = "Vernissage: http://127.0.0.1:7860/   (Ctrl-C ends it)\n"
    assert logged(address) == []
    assert logged(address + f"ERROR {SECRET}\n") and logged(address + "Traceback (most recent call last):\n")
