"""What a request must be to be let in, how much of it is read, and what every answer carries."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from gallery.shell import border, options
from tests.shell.started import started

JSON = {"Content-Type": "application/json"}
FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
]
CHANGING = ["gradio_api/call/noise", "gradio_api/queue/join", "gradio_api/component_server", "gradio_api/upload",
            "gradio_api/cancel", "gradio_api/reset", "gallery/left"]  # fmt: skip
CLOSED = [
    "openapi.json", "docs", "redoc", "gradio_api/openapi.json", "gradio_api/run/noise", "gradio_api/run/noise/",
    "gradio_api/api/noise", "api/noise", "run/noise", "gradio_api/process_recording", "gradio_api/vibe-edit", "login",
    "gradio_api/deep_link", "gradio_api/proxy=http://127.0.0.1", "gradio_api/file=http://127.0.0.1/", "monitoring",
    "gradio_api/stream/x", "gradio_api/runs", "gradio_api/upload_progress?upload_id=1", "gradio_api/token", "nothing",
]  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A gallery with the example room. process: its number; said: where it logs."""

    port: int
    process: int
    said: Path

    def open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """An answer; its body is to be read. Of one header's name _ stands for -."""
        connection = self.open()
        connection.request(method, f"/{path}", body, {name.replace("_", "-"): each for name, each in headers.items()})
        return connection.getresponse()

    def refused(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """The status and the sentence of a refusal."""
        answer = self.ask(method, path, body, **headers)
        return answer.status, str(json.loads(answer.read())["error"])

    def megabytes(self) -> float:
        """The most memory that it has had so far."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    said = tmp_path_factory.mktemp("server") / "said"
    with started(said, "-m", "tests.browser.app", "bench", "--offline") as (port, process):
        yield Server(port, process, said)
    logged = said.read_text("utf-8", "replace")
    assert logged.count("\n") == 1, logged


def widget(server: Server) -> int:
    """The number of a plane, which draws what lies at a point."""
    config = json.loads(server.ask("GET", "config").read())
    return next(int(each["id"]) for each in config["components"] if each["props"].get("elem_id") == "plane")


def called(component: int) -> bytes:
    asked = {"data": [{"model": "vae"}, 0, 0], "component_id": component, "session_hash": "s", "fn_name": "ask"}
    return json.dumps(asked).encode()


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_goes_beside_the_queue_is_closed(server: Server, method: str, path: str) -> None:
    status, said = server.refused(method, path, b'{"data": []}' if method == "POST" else None, **JSON)
    assert status == 404 and said == "There is nothing at this address."


@pytest.mark.parametrize("path", CHANGING)
def test_another_sites_page_changes_nothing(server: Server, path: str) -> None:
    kind = border.KINDS.get(f"/{path}", "application/json")
    for headers in FOREIGN:
        status, said = server.refused("POST", path, b"{}", Content_Type=kind, **headers)
        assert status == 403 and "another site" in said
    for wrong in {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json", ""}:
        if wrong != kind:
            assert server.refused("POST", path, b"{}", Content_Type=wrong)[0] == 415


def test_our_own_page_and_programs_are_let_in(server: Server) -> None:
    here = f"127.0.0.1:{server.port}"
    let_in = [
        {}, {"Origin": f"http://{here}"}, {"Sec-Fetch-Site": "same-origin", "Origin": "https://lecture.example"},
        {"Origin": "http://lecture.example", "X-Forwarded-Host": "lecture.example"},
    ]  # fmt: skip
    body = called(widget(server))
    for headers in let_in:
        answer = server.ask("POST", "gradio_api/component_server", body, **JSON, **headers)
        assert answer.status == 200 and "error" not in json.loads(answer.read())


def test_an_unknown_component_is_refused_and_its_connection_goes_on(server: Server) -> None:
    connection = server.open()
    known = widget(server)
    for component, status in ((10**9, 404), (known, 200), (-1, 404), (known, 200)):
        connection.request("POST", "/gradio_api/component_server", called(component), JSON)
        answer = connection.getresponse()
        assert answer.status == status
        assert ("error" in json.loads(answer.read())) == (status != 200)


@pytest.mark.parametrize("path", ["gradio_api/component_server", "gradio_api/call/noise", "gradio_api/upload"])
def test_a_large_body_is_refused_before_it_is_read(server: Server, path: str) -> None:
    kind = border.KINDS.get(f"/{path}", "application/json") + "; boundary=x"
    before = server.megabytes()
    connection = server.open()
    connection.putrequest("POST", f"/{path}")
    for name, value in {"Content-Type": kind, "Content-Length": str(100_000_000)}.items():
        connection.putheader(name, value)
    connection.endheaders(b"{")  # the rest never comes: the answer does not wait for it
    assert connection.getresponse().status == 413
    assert server.megabytes() - before < 20


@pytest.mark.parametrize("path", ["gradio_api/component_server", "gallery/left"])
def test_a_large_body_without_a_length_is_refused_while_it_streams(server: Server, path: str) -> None:
    before = server.megabytes()
    connection = server.open()
    connection.putrequest("POST", f"/{path}")
    kind = border.KINDS.get(f"/{path}", "application/json")
    for name, value in {"Content-Type": kind, "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    piece = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    with pytest.raises(OSError):  # it answers, and hangs up
        for _ in range(100):
            connection.send(piece)
    assert server.megabytes() - before < 60


def test_an_upload_of_many_files_is_measured_as_a_whole(server: Server) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n' + b"a" * 9_000_000 + b"\r\n"
    connection = server.open()
    connection.putrequest("POST", "/gradio_api/upload")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    try:
        for _ in range(4):
            connection.send(b"%x\r\n" % len(part) + part + b"\r\n")
        connection.send(b"0\r\n\r\n")
        assert connection.getresponse().status == 413
    except OSError:
        pass
    folder = Path(os.environ.get("GRADIO_TEMP_DIR") or "/tmp") / f"vernissage-{os.getuid()}" / str(server.process)
    time.sleep(0.2)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_broken_upload_is_refused_and_nothing_of_it_is_logged(server: Server) -> None:
    for body in (b"{}", b"--x\r\n\r\n", b"--y\r\nhello"):  # what is logged is looked at when the server ends
        for boundary in ("x", "x" * 300, ""):
            kind = f"multipart/form-data; boundary={boundary}"
            assert server.refused("POST", "gradio_api/upload", body, Content_Type=kind)[0] == 400


def test_a_call_of_the_queue_in_another_form_is_the_callers_fault_and_nothing_of_it_is_logged(server: Server) -> None:
    for body in (b'{"fn_index": "x", "data": NaN}', b'{"fn_index": [], "data": [Infinity]}', b"[" * 5000, b"null"):
        for path in ("queue/join", "cancel", "reset"):
            assert server.refused("POST", f"gradio_api/{path}", body, **JSON)[0] == 400


@pytest.mark.parametrize(
    "path", ["call/noise/nobody", "call/v2/noise/nobody", "queue/data?session_hash=nobody", "queue/data"]
)
def test_answers_to_what_nobody_asked_are_not_there(server: Server, path: str) -> None:
    for lang, said in (("en", "There is nothing at this address."), ("ru", "По этому адресу ничего нет.")):
        assert server.refused("GET", f"gradio_api/{path}", Accept_Language=lang) == (404, said)


def test_who_else_may_frame_the_page_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def empty(scope: Scope, receive: Receive, send: Send) -> None:
        await Response()(scope, receive, send)

    def framers(*argv: str) -> str:
        client = TestClient(border.Border(empty, framers=options.parse(argv).frame_from))
        told = [client.get(path).headers["content-security-policy"] for path in ("/", "/nothing")]
        assert told[0] == told[1] and told[0].startswith("frame-ancestors 'self' https://huggingface.co")
        return told[0].partition("https://*.hf.space")[2]

    assert framers() == ""
    assert framers("--frame-from", "https://*.example.edu, http://localhost:8000,file:") == (
        " https://*.example.edu http://localhost:8000 file:"
    )
    monkeypatch.setenv("GALLERY_FRAME_FROM", "http://localhost:8888 *")
    assert framers() == " http://localhost:8888 *"
    for wrong in ("a;script-src", "https://a/b", "'none'", "javascript", "https://a b c"):
        with pytest.raises(SystemExit):
            options.parse(["--frame-from", wrong])


def test_every_answer_has_the_houses_headers(server: Server) -> None:
    upload = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    answers = [
        *(server.ask("GET", path) for path in ("", "config", "theme.css", "gradio_api/info", "nothing", "healthz")),
        server.ask("POST", "gradio_api/upload", upload, Content_Type="multipart/form-data; boundary=x"),
        server.ask("POST", "gradio_api/component_server", called(widget(server)), **JSON),
        server.ask("POST", "gradio_api/component_server", called(10**9), **JSON),
        server.ask("HEAD", ""),
    ]
    uploaded = json.loads(answers[6].read())[0]
    answers.append(server.ask("GET", f"gradio_api/file={uploaded}"))
    assert [answer.status for answer in answers] == [200] * 4 + [404] + [200] * 3 + [404] + [200] * 2
    for answer in answers:
        assert {name: answer.headers[name] for name in border.HEADERS} == border.HEADERS


def test_a_space_may_frame_the_page_and_the_webcam_is_allowed_and_strangers_may_not(server: Server) -> None:
    headers = server.ask("GET", "").headers
    framers = headers["content-security-policy"].partition("frame-ancestors ")[2].split(";")[0].split()
    assert {"'self'", "https://huggingface.co", "https://*.hf.space"} <= set(framers)
    assert not {"*", "http:", "https:", "http://*", "https://*"} & set(framers)
    assert "camera=(self)" in headers["permissions-policy"] and "x-frame-options" not in headers


def test_what_is_uploaded_is_its_users_alone(server: Server) -> None:
    upload = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    answer = server.ask("POST", "gradio_api/upload", upload, Content_Type="multipart/form-data; boundary=x")
    path = Path(json.loads(answer.read())[0])
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    path.parent.rmdir()
    path.parent.parent.rmdir()  # as if something had swept the server's own folder: gradio makes it anew
    server.ask("POST", "gradio_api/upload", upload, Content_Type="multipart/form-data; boundary=x").read()
    assert [folder.stat().st_mode & 0o777 for folder in (path, path.parent, path.parent.parent)] == [
        0o600,
        0o700,
        0o700,
    ]


def test_alive_at_once_and_ready_when_the_rooms_are(server: Server) -> None:
    assert json.loads(server.ask("GET", "healthz").read()) == {"alive": True}
    for _ in range(200):
        answer = server.ask("GET", "readyz")
        told = json.loads(answer.read())
        assert answer.status == (200 if told["ready"] else 503)
        if told["ready"]:
            break
        time.sleep(0.1)
    assert told == {"ready": True, "page": "ready", "bench": "ready"}


def test_a_refusal_is_in_the_callers_language(server: Server) -> None:
    assert (
        server.refused("GET", "nothing", Accept_Language="ru-RU,ru;q=0.9,en;q=0.8")[1] == "По этому адресу ничего нет."
    )


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Gradio-Server"])
@pytest.mark.parametrize("host", ['a"b', "a<b", "<b>evil", "[::1", "a:b:c", "a.b/\u00e9", "javascript:a"])
def test_an_address_that_is_none_is_not_in_the_page(server: Server, name: str, host: str) -> None:
    for path in ("", "config"):
        answer = server.ask("GET", path, None, **{name: host})
        assert answer.status == 400 or host not in answer.read().decode()


def test_an_address_finds_itself_in_the_page_and_no_other(server: Server) -> None:
    def page(path: str = "", **headers: str) -> str:
        return server.ask("GET", path, None, **headers).read().decode()

    names = ["127.0.0.1:1", "lecture.example", *(f"stranger-{i}.example" for i in range(40)), "127.0.0.1:1"]
    pages = [page(Host=name) for name in names]
    for name, each in zip(names, pages, strict=True):
        assert f'"root":"http://{name}"' in each and "vernissage.invalid" not in each
    assert len({each.replace(name, "") for name, each in zip(names, pages, strict=True)}) == 1
    behind = page(Host="127.0.0.1", X_Forwarded_Host="lecture.example", X_Forwarded_Proto="https")
    assert '"root":"https://lecture.example"' in behind
    assert '"root":"http://lecture.example"' in page("config", Host="lecture.example")


def test_one_address_puts_few_jobs_into_the_queue_at_once_and_others_pass() -> None:
    """Its door is its own, and holds up nothing but jobs."""
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        who = f"{scope['client'][0]} {scope['path']}"
        inside[who] += 1
        most[who] = max(most[who], inside[who])
        await go_on.wait()
        inside[who] -= 1
        await PlainTextResponse("")(scope, receive, send)

    async def ask(outer: border.Border, who: str, path: str) -> None:
        async def body() -> Message:
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def nowhere(message: Message) -> None:
            return None

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "client": (who, 1)}
        await outer({**scope, "query_string": b""}, body, nowhere)

    async def crowd() -> None:
        outer = border.Border(app)
        join, widget = "/gradio_api/call/vae_plane", "/gradio_api/component_server"
        asked = [("8.8.8.8", join)] * 100 + [("9.9.9.9", join), ("8.8.8.8", widget)] * 20
        work = asyncio.gather(*[ask(outer, *each) for each in asked])
        for _ in range(10):
            await asyncio.sleep(0)
        assert dict(inside) == {f"8.8.8.8 {join}": 16, f"9.9.9.9 {join}": 16, f"8.8.8.8 {widget}": 20}
        go_on.set()
        await work
        assert not outer.doors

    go_on = asyncio.Event()
    asyncio.run(crowd())
    assert max(most.values()) == 20 and not +inside
