"""The command, the server around the page, and what it sends."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from gallery.shell import options, source
from gallery.shell.knobs import choice, real, whole
from tests.browser.conftest import free_port, wait_for

ROOT = Path(__file__).parents[2]


GRADIO = '<script type="module" crossorigin'


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body, as they come over the wire."""
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def started() -> Iterator[str]:
    """The address of a gallery with the example rooms."""
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.app", "example,second", "--port", str(port), "--offline"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    wait_for(f"http://127.0.0.1:{port}", process)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


OWN = ("gallery", "models", "tests")
HEAVY = {"torch", "diffusers", "transformers", "safetensors", "cv2", "scipy"}


def imported(report: str) -> set[str]:
    """The modules that `python -X importtime` reports."""
    return set(re.findall(r"^import time:.*\| +(\S+)$", report, flags=re.MULTILINE))


def test_the_first_page_waits_for_nothing_but_gradio(tmp_path: Path) -> None:
    """What makes a page late is work before it; so the work is counted, which says the same on a busy machine.

    Beyond what gradio itself imports there is little, and none of what computes.
    """
    port, report = free_port(), tmp_path / "imports"
    python = [sys.executable, "-X", "importtime"]
    command = [*python, "-m", "tests.browser.app", "example,second", "--port", str(port), "--offline"]
    with report.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        wait_for(f"http://127.0.0.1:{port}", process)
        # What computes is loaded as soon as the page is served, after this line.
        while "Vernissage: http" not in (said := report.read_text("utf-8", "replace")):
            assert process.poll() is None
            time.sleep(0.1)
        process.kill()
        process.wait()
    ours = imported(said.partition("Vernissage: http")[0])
    alone = subprocess.run([*python, "-c", "import gradio"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    more = {name for name in ours - imported(alone.stderr) if not name.startswith(OWN)}
    assert "gradio" in ours and {name.partition(".")[0] for name in more} & HEAVY == set()
    assert len(more) < 120, sorted(more)  # 79 when this was written


def test_the_index_is_compressed_and_ready_before_gradio(
    started: str,
) -> None:
    status, headers, body = get(started, accept_encoding="gzip")
    page = gzip.decompress(body).decode()
    assert status == 200 and headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding"
    assert len(body) < 30_000
    # The import map stands before every module, gradio's module after our own script, its styles before ours.
    modules = [found.start() for found in re.finditer(r'<script type="module"|rel="modulepreload"', page)]
    assert page.index("<base") < page.index('<script type="importmap">') < min(modules)
    assert modules[-2:] == [page.index('<script type="module" src="./gallery/shell/main.js'), page.index(GRADIO)]
    assert (
        page.index(GRADIO) < page.index('<link rel="stylesheet" href="./gallery/shell/page.css') < page.index("</head>")
    )
    assert page.index("v-header") < page.index("<gradio-app")
    assert "raw.githubusercontent" not in page and "https://gradio.app" not in page
    assert get(started)[2].decode() == page


def test_a_space_may_frame_the_page_and_use_the_camera(
    started: str,
) -> None:
    headers = get(started)[1]
    assert "https://huggingface.co" in headers["content-security-policy"]
    assert "https://*.hf.space" in headers["content-security-policy"]
    assert "camera=(self)" in headers["permissions-policy"]


def test_static_files_are_hashed_cached_and_compressed(
    started: str,
) -> None:
    page = get(started)[2].decode()
    names = set(re.findall(r'"\./(gallery/[^"]+)"', page))
    assert len(names) > 40
    for name in names:
        status, headers, body = get(f"{started}/{name}", accept_encoding="gzip")
        assert status == 200 and "immutable" in headers["cache-control"], name
        assert headers["content-encoding"] == "gzip" and headers["vary"] == "Accept-Encoding", name
        assert gzip.decompress(body) == get(f"{started}/{name}")[2], name
    assert get(f"{started}/gallery/shell/page.js?v=old")[1]["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["shell/page.py", "shell/page.toml", "../app.py", "%2e%2e/app.py", "nothing.js", ""])
def test_nothing_else_is_served(started: str, name: str) -> None:
    assert get(f"{started}/gallery/{name}")[0] == 404


def test_a_connection_may_rest_for_longer_than_uvicorns_five_seconds(started: str) -> None:
    """A proxy keeps its own open for a minute; what it sends while the server closes one is lost."""
    kept = http.client.HTTPConnection(started.removeprefix("http://"), timeout=10)
    kept.connect()
    kept.auto_open = 0  # a closed one is an error, not opened anew
    for wait in (0, 5.5):
        time.sleep(wait)
        kept.request("GET", "/healthz")
        answer = kept.getresponse()
        assert answer.status == 200 and answer.read()
    kept.close()


def test_the_page_of_the_endpoints_leads_to_the_gallery(started: str) -> None:
    assert get(f"{started}/endpoints")[2] == get(started)[2]


def test_one_visitors_query_is_not_kept_for_another(started: str) -> None:
    assert get(f"{started}/?deep_link=secret-of-a-visitor")[2] == get(started)[2]


def test_the_house_says_which_rooms_there_are_and_their_knobs(
    started: str,
) -> None:
    page = get(started)[2].decode()
    found = re.search(r'<script type="application/json" id="v-house">(.*?)</script>', page)
    assert found
    house = json.loads(found[1])
    assert [room["name"] for room in house["rooms"]] == ["example", "second"]
    assert house["rooms"][0]["knobs"]["u"] == {
        "default": 0, "kind": "number", "min": -3, "max": 3, "digits": 2, "act": "plane",
    }  # fmt: skip


def test_sigterm_ends_it_cleanly() -> None:
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.app", "example,second", "--port", str(port), "--offline"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    wait_for(f"http://127.0.0.1:{port}", process)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0 and time.monotonic() - start < 10
    assert b"Traceback" not in said, said.decode()


def test_a_taken_port_is_said_in_a_sentence(started: str) -> None:
    port = started.rpartition(":")[2]
    command = [sys.executable, "-m", "tests.browser.app", "example,second", "--port", port, "--offline"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"Port {port} is taken" in done.stderr and "Traceback" not in done.stderr


def test_help_explains_every_option() -> None:
    done = subprocess.run([sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0
    for action in options.parser()._actions:
        assert action.help and len(action.help) > 10
        assert all(flag in done.stdout for flag in action.option_strings)


def test_a_space_is_recognised_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    assert options.parser().parse_args([]).host == "127.0.0.1"
    monkeypatch.setenv("SPACE_ID", "someone/vernissage")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "7999")
    assert vars(options.parser().parse_args([])) | {"host": "0.0.0.0", "port": 7999} == vars(
        options.parser().parse_args([])
    )
    assert options.parser().parse_args(["--host", "::1"]).host == "::1"


@pytest.mark.parametrize("argv", [["--port", "0"], ["--port", "99999"], ["--port", "x"], ["--lang", "de"]])
def test_wrong_options_are_refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options.parser().parse_args(argv)
    assert ended.value.code == 2 and argv[0] in capsys.readouterr().err


def test_knobs_are_declared_alike_for_browser_and_server() -> None:
    assert real(0.5, -1, 1, digits=3).spec() == {"default": 0.5, "kind": "number", "min": -1, "max": 1, "digits": 3}
    assert whole(2, 0, 9, act="film").spec() == {
        "default": 2, "kind": "int", "min": 0, "max": 9, "digits": 0, "act": "film",
    }  # fmt: skip
    assert choice("a", "b").spec() == {"default": "a", "kind": "choice", "choices": ["a", "b"]}


def test_code_is_shown_as_it_stands_without_its_docstring() -> None:
    shown = source.listing(source.Code("gallery/shell/knobs.py", "Knob.spec"))
    lines = (ROOT / shown.file).read_text("utf-8").splitlines()
    assert shown.text.startswith("def spec(self)") and '"""' not in shown.text
    assert lines[shown.line - 1].strip() == shown.text.splitlines()[0]
    assert re.sub(r"<[^>]+>", "", shown.html()).count("\n") >= shown.count
    for missing in (source.Code("gallery/shell/knobs.py", "Knob.nothing"), source.Code("gallery/nothing.py", "x")):
        with pytest.raises(source.SourceError):
            source.listing(missing)
