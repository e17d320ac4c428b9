"""Hostile calls of every endpoint, as programs send them: each is answered with one sentence, and nothing is logged."""

from __future__ import annotations

import json
import math
import random
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gallery.shell import page
from gallery.shell.words import sentence
from tests.shell.started import started

SECRET = "Nobody-may-read-this"
PROPER: dict[str, Any] = {
    "data": "digits",
    "schedule": "cosine",
    "model": "faces",
    "sampler": "ddim",
    "lanes": "ddim:4,euler:4",
}
PROPER |= {"steps": 4, "label": "", "photo": None, "count": 1, "frames": 2}
"""What an endpoint's parameters are by name; another is a number, for which 0 will do."""
VALUES: list[Any] = [
    math.nan, math.inf, 2**63, -1, True, None, "", SECRET, [SECRET], {"path": SECRET}, {"secret": SECRET}, [[[]]],
    f"/etc/{SECRET}", {"path": f"/etc/{SECRET}"}, {"path": "/etc/passwd"}, {"path": [SECRET]}, {"path": math.nan},
    {"path": f"/etc/{SECRET}", "meta": {"_type": "gradio.FileData"}}, {"url": f"http://127.0.0.1:9/{SECRET}"},
    {"path": "x", "url": f"data:image/png;base64,{SECRET}"}, {"meta": {"_type": "gradio.FileData"}}, "\0", "\ud800",
    {"path": f"\0{SECRET}", "meta": {"_type": "gradio.FileData"}}, {"path": SECRET * 500, "url": None},
]  # fmt: skip
ODD: list[dict[str, Any]] = [
    {}, {"trigger_id": 3}, {"trigger_id": 10**9}, {"batched": True}, {"event_data": [SECRET]}, {"event_id": SECRET},
    {"simple_format": True}, {"oauth_token": SECRET}, {"fn_index": 10**9}, {"fn_index": SECRET}, {"data": SECRET},
]  # fmt: skip
"""What else a caller of the queue may send."""


@dataclass(frozen=True)
class Endpoint:
    name: str
    index: int
    values: tuple[Any, ...]


def endpoints() -> list[Endpoint]:
    """Every endpoint, with proper values but for photos."""
    return [
        Endpoint(str(fn.api_name), index, tuple(PROPER.get(str(each.label), 0) for each in fn.inputs))
        for index, fn in page.build(page.load()).fns.items()
        if fn.api_name and fn.api_visibility == "public"
    ]


@dataclass(frozen=True)
class Asked:
    """One call; by_queue: as gradio's own clients send it."""

    endpoint: Endpoint
    data: Any
    lang: str
    by_queue: bool
    more: dict[str, Any]


def generated(seed: int, count: int) -> list[Asked]:
    """Calls in which something is wrong more often than not."""
    rng = random.Random(seed)
    found = []
    for place in range(count):
        endpoint = ENDPOINTS[place % len(ENDPOINTS)]
        data = list(endpoint.values)
        for _ in range(rng.randint(1, 2)):
            data[rng.randrange(len(data))] = rng.choice(VALUES)
        if rng.random() < 0.25:
            data = rng.choice([data[:-1], [*data, SECRET], [], data * 2])
        by_queue = rng.random() < 0.3
        more = rng.choice(ODD) if by_queue else {}
        found.append(Asked(endpoint, data, rng.choice(["ru", "en"]), by_queue, more))
    return found


ENDPOINTS = endpoints()
CALLS = generated(seed=11, count=45 * len(ENDPOINTS))


@dataclass(frozen=True)
class Server:
    address: str
    said: Path

    def ask(self, asked: Asked) -> tuple[int, str]:
        """Status and body of what refuses a call at once, else 200 and what the event stream says."""
        name, session = asked.endpoint.name, f"test{id(asked)}"
        body: dict[str, Any] = {"data": asked.data}
        if asked.by_queue:
            body = {**body, "fn_index": asked.endpoint.index, "session_hash": session, **asked.more}
        call = f"{self.address}/gradio_api/" + ("queue/join" if asked.by_queue else f"call/{name}")
        headers = {"content-type": "application/json", "accept-language": asked.lang}
        try:
            post = urllib.request.Request(call, json.dumps(body).encode(), headers)
            event = json.load(urllib.request.urlopen(post, timeout=20))["event_id"]
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        stream = f"{self.address}/gradio_api/queue/data?session_hash={session}" if asked.by_queue else f"{call}/{event}"
        return 200, urllib.request.urlopen(stream, timeout=30).read().decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The gallery; what it logs goes to a file."""
    said = tmp_path_factory.mktemp("server") / "said"
    with started(said, "app.py", "--offline", "--device", "cpu") as (port, _):
        yield Server(f"http://127.0.0.1:{port}", said)


def refusal(status: int, body: str) -> str | None:
    """What a failed call was told; None where it came through. Fails for an answer that is neither."""
    if status != 200:
        assert status in (400, 404), body
        return str(json.loads(body)["error"])
    for line in re.findall(r"^data: (.*)$", body, flags=re.MULTILINE):
        data = json.loads(line)
        output = data.get("output", data) if isinstance(data, dict) else data
        if isinstance(output, dict) and "error" in output:
            assert isinstance(output["error"], str), body
            return output["error"]
    assert "event: complete" in body or '"success":true' in body, body
    return None


def test_every_endpoint_is_tried_in_both_ways_and_languages() -> None:
    assert min(Counter(asked.endpoint.name for asked in CALLS).values()) >= 40
    assert {(asked.by_queue, asked.lang) for asked in CALLS} == {(a, b) for a in (True, False) for b in ("ru", "en")}


def test_a_hostile_call_is_answered_in_one_sentence_and_nothing_of_it_is_logged(server: Server) -> None:
    answers = [(asked, refusal(*server.ask(asked))) for asked in CALLS]
    told = [(asked, said) for asked, said in answers if said is not None]
    assert len(told) > 0.8 * len(CALLS)
    for asked, said in told:
        assert said.endswith(".") and "\n" not in said, (asked, said)
        assert bool(re.search("[а-яё]", said)) == (asked.lang == "ru"), (asked, said)
        assert SECRET not in said and "/" not in said.replace("multipart/form-data", ""), (asked, said)
        assert said != sentence("page.failed", asked.lang), (asked, said)
    logged = server.said.read_text("utf-8", "replace")
    assert "Vernissage: http" in logged and logged.count("\n") == 1, logged


def test_the_wrong_number_of_values_is_answered_with_their_names(server: Server) -> None:
    fns = page.build(page.load()).fns
    for endpoint in ENDPOINTS:
        fn = fns[endpoint.index]
        for data in (endpoint.values[:-1], (*endpoint.values, 0)):
            said = refusal(*server.ask(Asked(endpoint, data, "en", False, {})))
            assert said and all(str(each.label) in said for each in fn.inputs)
