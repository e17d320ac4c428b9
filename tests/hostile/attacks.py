"""Hostile requests of every address that can be posted to, and of many that can be read; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from tests.hostile.guest import JSON, Attack, Called, text_of
from tests.hostile.inputs import FILES, SECRET, bomb, file, mutated, value

CALLS = "/gradio_api/component_server"
GUESTS = 60
"""Visitors that the requests come from, in turn."""
PROPER: dict[str, Any] = {
    "data": "digits", "schedule": "cosine", "model": "faces", "sampler": "ddim", "lanes": "ddim:4,euler:4", "steps": 4,
    "label": "", "photo": None, "count": 1, "frames": 2, "preset": "default", "pair": "monet", "direction": "a2b",
    "network": "fast", "side": "a", "target": "moons", "points": [[0, 0]], "seconds": 0.5, "a": 0.5, "b": -2.5,
}  # fmt: skip
"""What an endpoint's parameters are by name; another is a number, for which 0 will do."""
ODD: list[dict[str, Any]] = [
    {}, {"trigger_id": 3}, {"trigger_id": 10**9}, {"batched": True}, {"event_data": [SECRET]}, {"event_id": SECRET},
    {"simple_format": True}, {"oauth_token": SECRET}, {"fn_index": 10**9}, {"fn_index": SECRET}, {"data": SECRET},
    {"data": None}, {"data": {}}, {"session_hash": None}, {"session_hash": [SECRET]}, {"session_hash": 7},
    {"x": SECRET},
]  # fmt: skip
"""What else a caller of the queue may send."""
FN_NAMES: list[Any] = ["__init__", "get_config", "constructor", "ask; ls", SECRET, "", None, 7, ["ask"], "A" * 10_000]
BODIES = [
    b"", b"{", b"null", b"[]", b"NaN", b"7", b'"x"', b"\xff\xfe{\0}\0", b"\xef\xbb\xbf{}", b"[" * 100_000,
    b'{"data":' + b"9" * 20_000 + b"}", b'{"data":[' + b"[" * 5000 + b"]" * 5000 + b"]}", b'{"data": ["\\ud800"]}',
    b'{"a":1,"a":2}', b"\0" * 1000, b'{"data": "' + b"A" * 16_000_000 + b'"}', b"data=1&data=2",
]  # fmt: skip
READ = [
    "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../../etc/passwd", "/gradio_api/file=%2e%2e/%2e%2e/etc/passwd",
    "/gradio_api/file=/proc/self/environ", "/gradio_api/file=app.py", "/gradio_api/file=README.md", "/static/../app.py",
    "/gradio_api/file=%00", "/gradio_api/file=", "/gradio_api/file=http://127.0.0.1:9/", "/gallery/..%2f..%2fapp.py",
    "/gallery/shell/page.js%00", "/assets/..%2f..%2f..%2fetc%2fpasswd", "/static/%2fetc%2fpasswd", "/gallery//", "//",
    "/gradio_api/queue/data?session_hash=", "/gradio_api/call/vae_plane/x", "/gradio_api/call/nothing/x", "/v/",
    "/v/%00", "/v/aaaaaa/events", "/gradio_api/queue/status", "/config/..", "/?room=%ff%fe&lang=<script>",
    "/?lesson=../..",
    "/gradio_api/info?serialize=x", "/theme.css?v=" + "9" * 5000, "/docs", "/gradio_api/openapi.json", "/.git/config",
]  # fmt: skip
NAMES = [
    "a.png",
    "../../../x.png",
    "/etc/passwd",
    "a" * 400 + ".jpg",
    "\0.png",
    "é🖼️.png",
    ".htaccess",
    "a.svg",
    "con.png",
]


def attacks(seed: int, count: int, widgets: Sequence[Called], endpoints: Sequence[Called]) -> list[Attack]:
    """So many requests, spread over everything that can be called."""
    rng = random.Random(seed)
    found: list[Attack] = []
    for place in range(count):
        lot = rng.random()
        if lot < 0.62:
            found.append(of_widget(rng, widgets[place % len(widgets)]))
        elif lot < 0.82:
            found.append(of_endpoint(rng, endpoints[place % len(endpoints)]))
        elif lot < 0.86:
            found.append(raw(rng))
        else:
            found.append(rng.choice(OTHERS)(rng))
    return found


def lang(rng: random.Random) -> str:
    """A visitor's."""
    return rng.choice(["ru", "en"])


def of_widget(rng: random.Random, called: Called) -> Attack:
    """A server function with hostile arguments, or in a hostile envelope."""
    args = mutated(rng, rng.choice(called.honest)) if rng.random() < 0.93 else value(rng)
    body: dict[str, Any] = {"data": args, "component_id": called.number, "fn_name": called.name}
    body["session_hash"] = f"guest{rng.randrange(GUESTS)}"
    if rng.random() < 0.08:
        name = rng.choice(list(body))
        body[name] = rng.choice(FN_NAMES) if name == "fn_name" else value(rng)
    if rng.random() < 0.03:
        del body[rng.choice(list(body))]
    return Attack("widget", f"{called.room} {called.name} {args!r:.300}", "POST", CALLS, text_of(body), JSON, lang(rng))


def of_endpoint(rng: random.Random, called: Called) -> Attack:
    """An endpoint, called as programs call it or as gradio's own clients do."""
    data: Any = mutated(rng, called.honest[0])
    if isinstance(data, list) and rng.random() < 0.15:
        data = rng.choice([data[:-1], [*data, SECRET], [], data * 2])
    what = f"{called.name} {data!r:.300}"
    if rng.random() < 0.7:
        body = text_of({"data": data, "session_hash": f"guest{rng.randrange(10**9)}"})
        path = f"/gradio_api/call/{called.name}"
        return Attack("endpoint", what, "POST", path, body, JSON, lang(rng), path + "/{}")
    session = f"guest{rng.randrange(10**9)}"
    more = rng.choice(ODD)
    body = text_of({"data": data, "fn_index": called.number, "session_hash": session, **more})
    stream = "" if "session_hash" in more else f"/gradio_api/queue/data?session_hash={session}"
    return Attack("queue", f"{what} {more}", "POST", "/gradio_api/queue/join", body, JSON, lang(rng), stream)


def raw(rng: random.Random) -> Attack:
    """A body that is no JSON, or JSON that nobody would write."""
    path = rng.choice([CALLS, "/gradio_api/queue/join", "/gradio_api/call/vae_plane", "/gallery/hall", "/v/aaaaaa",
                       "/gradio_api/cancel", "/gradio_api/reset"])  # fmt: skip
    body = rng.choice(BODIES)
    return Attack("raw", f"{path} {body[:60]!r}", "POST", path, body, JSON, lang(rng))


def upload(rng: random.Random) -> Attack:
    """Files under hostile names, with hostile content, in a form that may be broken."""
    parts = []
    for _ in range(rng.choice([1, 1, 2, 60])):
        content = rng.choice([b"", SECRET.encode(), file(64, "PNG"), bomb(9000, 9000), b"\0" * 5000])
        name = rng.choice(NAMES)
        field = rng.choice(["files", "files", "file", SECRET])
        parts.append(
            f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'.encode() + content
        )
    form = b"\r\n".join(parts) + rng.choice([b"\r\n--x--\r\n", b"\r\n--x--\r\n", b"", b"\r\n--x"])
    boundary = rng.choice(["x", "x", "x", "y", "", "x" * 300])
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    return Attack("upload", f"{len(parts)} files {form[:80]!r}", "POST", "/gradio_api/upload", form, kind, lang(rng))


def hall(rng: random.Random) -> Attack:
    """A lecturer's call."""
    do = rng.choice(["ask", "count", "close", "again", "table", "code"])
    honest = {"key": f"lecturer-{rng.randrange(40):016d}", "do": do, "ask": "Which?", "answers": ["a", "b"]}
    body = mutated(rng, honest | {"base": "http://127.0.0.1/"})
    return Attack("hall", f"{body!r:.300}", "POST", "/gallery/hall", text_of(body), JSON, lang(rng))


def vote(rng: random.Random) -> Attack:
    """A phone's answer."""
    body = mutated(rng, {"number": 1, "answer": 0})
    code = rng.choice(["aaaaaa", "AAAAAA", "77777", "zzzzzzzzzzzz", "______"])
    headers = {**JSON, "cookie": f"vernissage-hall={rng.choice(['', SECRET, 'A' * 3000, 'abcdefghijkl'])}"}
    return Attack("vote", f"{code} {body!r:.200}", "POST", f"/v/{code}", text_of(body), headers, lang(rng))


def left(rng: random.Random) -> Attack:
    """A beacon."""
    body = rng.choice([b"", SECRET.encode(), b"\xff" * 900, b"\0", b"A" * 5000])
    return Attack("left", f"{body[:30]!r}", "POST", "/gallery/left", body, {"content-type": "text/plain"}, lang(rng))


def read(rng: random.Random) -> Attack:
    """An address."""
    odd = "/" + quote(str(value(rng))[:3000], errors="replace")
    path = rng.choice([*READ, f"/gradio_api/file={quote(str(rng.choice(FILES)))}", odd])
    headers = rng.choice([{}, {}, {"range": "bytes=0-99999999999"}, {"range": "bytes=-1"}, {"accept-encoding": SECRET},
                          {"cookie": SECRET * 90}, {"x-forwarded-host": f"{SECRET}.example"}])  # fmt: skip
    return Attack("read", path[:300], rng.choice(["GET", "GET", "HEAD", "OPTIONS"]), path, b"", headers, lang(rng))


def method(rng: random.Random) -> Attack:
    """A known address by another method."""
    path = rng.choice([CALLS, "/", "/config", "/gallery/hall", "/gradio_api/upload", "/v/aaaaaa", "/healthz"])
    verb = rng.choice(["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "POST"])
    return Attack("read", f"{verb} {path}", verb, path, b"{}", JSON, lang(rng))


OTHERS: list[Callable[[random.Random], Attack]] = [upload, hall, vote, left, read, read, method]
