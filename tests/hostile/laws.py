"""What holds for every answer, whatever was asked; and for the server afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from gallery.shell.words import all_words, sentence
from tests.hostile.guest import Attack, Reply
from tests.hostile.inputs import SECRET

SLOWEST = 10.0
"""Seconds."""
REFUSED = (400, 403, 404, 405, 413, 415, 429, 503)
"""What a refusal may answer with; and nothing above 499 but 503, which says that the hall is full."""
LEAK = re.compile(
    r'Traceback|File "|site-packages|\w\.py\b|(?:^|[\s"\'(:])/(?:\w+/)+\w|line \d+|\bat 0x[0-9a-f]|Error\b:'
)
"""What a sentence for a visitor never holds: a path, a place in the code, an object's address."""


def late(reply: Reply) -> list[str]:
    """The law that an answer breaks by its time."""
    return [f"took {reply.seconds:.1f} s"] if reply.seconds > SLOWEST else []


def broken(attack: Attack, reply: Reply) -> list[str]:
    """The laws that an answer breaks by what it is."""
    return list(_broken(attack, reply))


def _broken(attack: Attack, reply: Reply) -> Iterator[str]:
    if reply.status == 0:
        yield f"no answer: {reply.body}"
    elif reply.status >= 400:
        yield from refusal(attack, reply)
    elif reply.streamed:
        yield from stream(attack, reply.body)
    elif attack.kind in ("widget", "raw", "hall", "vote"):
        yield from answer(attack, reply.body)


def refusal(attack: Attack, reply: Reply) -> Iterator[str]:
    """Of a request that got no further."""
    if reply.status not in REFUSED:
        yield f"status {reply.status}"
    if attack.method == "HEAD":
        return
    try:
        said = json.loads(reply.body)["error"]
    except (ValueError, KeyError, TypeError):
        yield f"no sentence: {reply.body!r:.200}"
    else:
        yield from spoken(said, attack.lang)


def stream(attack: Attack, body: str) -> Iterator[str]:
    """Of what an endpoint answers."""
    ended = "event: complete" in body or "event: error" in body or '"process_completed"' in body
    if not ended:
        yield f"an event that does not end: {body!r:.200}"
    for line in re.findall(r"^data: (.*)$", body, flags=re.MULTILINE):
        data = strict(line)
        if data is BAD:
            yield f"no JSON: {line!r:.200}"
            continue
        output = data.get("output", data) if isinstance(data, dict) else data
        if isinstance(output, dict) and "error" in output:
            yield from spoken(output["error"], attack.lang)
        elif "event: error" in body:
            yield f"an empty error: {body!r:.200}"


def answer(attack: Attack, body: str) -> Iterator[str]:
    """Of what a widget's function answers, or the hall."""
    data = strict(body)
    if data is BAD:
        yield f"no JSON: {body!r:.200}"
    if not isinstance(data, dict) or "error" not in data:
        return
    error = data["error"]
    if not isinstance(error, dict):
        yield from spoken(error, attack.lang)
    elif error.get("key") not in all_words():
        yield f"no words for {error!r:.200}"
    else:
        try:
            yield from spoken(sentence(error["key"], attack.lang, **error["args"]), attack.lang)
        except (KeyError, TypeError, ValueError) as wrong:
            yield f"cannot be said: {error!r:.200} ({wrong!r})"


def spoken(said: Any, lang: str) -> Iterator[str]:
    """Of a sentence that a visitor reads."""
    if not isinstance(said, str) or not said.strip():
        yield f"an empty error: {said!r}"
        return
    if not said.endswith((".", "!", "?")) or "\n" in said or "{" in said:
        yield f"not one sentence: {said!r:.200}"
    if bool(re.search("[а-яё]", said)) != (lang == "ru"):
        yield f"in another language: {said!r:.200}"
    if SECRET in said:
        yield f"repeats what was sent: {said!r:.200}"
    if LEAK.search(said):
        yield f"leaks: {said!r:.200}"
    if said == sentence("page.failed", lang):
        yield "an unknown error"


BAD = object()
"""No JSON."""


def strict(text: str) -> Any:
    """JSON as a browser reads it: NaN and infinities are none. BAD where it is none."""

    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return BAD


def logged(text: str) -> list[str]:
    """The laws that a server's log breaks: it holds one line, the gallery's address."""
    found = [f"logged a value: {line!r:.200}" for line in text.splitlines() if SECRET in line or "A" * 200 in line]
    found += ["logged a traceback"] * ("Traceback" in text)
    lines = [line for line in text.splitlines() if not line.startswith("Vernissage: http")]
    return [*found, *(f"logged {len(lines)} lines, first {line!r:.300}" for line in lines[:1])]
