"""What the computer around the gallery may be like: its proxies, its addresses, its temporary folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest

from gallery.shell import options, serve, sweep
from gallery.shell.page import ROOMS
from tests.browser.conftest import free_port, wait_for

ROOT = Path(__file__).parents[2]
PROXIES = [
    {"ALL_PROXY": "socks5://127.0.0.1:1080", "NO_PROXY": "localhost,[::1]"},
    {"ALL_PROXY": "socks://127.0.0.1:1080/", "http_proxy": "http://127.0.0.1:9", "NO_PROXY": "fe80::/10"},
]
"""Each of these kept a gallery from starting, alone; a start takes seconds, so several are tried at once."""
NOBODY = 2**22 + 1
"""Above the largest number that Linux gives to a process."""


def app(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "app.py", "--offline", "--device", "cpu", *arguments]
    return subprocess.Popen(command, cwd=cwd, env=os.environ | environment, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> str:
    """What a gallery that cannot start says."""
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1 and b"Traceback" not in said
    return said.decode()


@pytest.mark.parametrize(("setting", "host"), [(PROXIES[0], "127.0.0.1"), (PROXIES[1], "::1")])
def test_it_starts_whatever_the_proxies_are_and_listens_on_ipv6_too(setting: dict[str, str], host: str) -> None:
    port = free_port()
    process = app("--port", str(port), "--host", host, cwd=ROOT, **setting)
    try:
        wait_for(f"http://{f'[{host}]' if ':' in host else host}:{port}", process)
    finally:
        process.terminate()
        assert b"Traceback" not in process.communicate(timeout=20)[1]


def test_the_proxies_are_there_again_for_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:8080")
    with options.direct():
        assert "HTTPS_PROXY" not in os.environ
    assert os.environ["HTTPS_PROXY"] == "http://proxy:8080"
    with pytest.raises(ZeroDivisionError), options.direct():
        1 / 0  # noqa: B018
    assert os.environ["HTTPS_PROXY"] == "http://proxy:8080"


def test_behind_a_proxy_that_keeps_its_prefix_the_whole_page_is_there() -> None:
    port = free_port()
    process = app("--port", str(port), GRADIO_ROOT_PATH="/lecture/")
    try:
        wait_for(f"http://127.0.0.1:{port}/lecture/", process)
        for address in ("lecture/", "lecture"):  # without its slash it leads to the one with it
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{address}") as answer:
                page = answer.read().decode()
            assert answer.url.endswith("/lecture/") and 'class="v-header"' in page
        script = next(iter(re.findall(r'"\./(gallery/shell/page\.js\?v=\w+)"', page)))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/lecture/{script}") as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("root", ["/lecture", "http://lecture.example/lecture"])
def test_behind_a_proxy_that_takes_its_prefix_off_every_address_has_it(root: str) -> None:
    """Such a proxy asks for "/", whether its visitor wrote the last slash or not: the page says where it stands."""
    port = free_port()
    process = app("--port", str(port), GRADIO_ROOT_PATH=root)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        proxied = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-Host": "lecture.example"})
        with urllib.request.urlopen(proxied) as answer:
            page = answer.read().decode()
        base = next(iter(re.findall(r'<base href="([^"]*)"', page)))
        for address in ("http://lecture.example/lecture", "http://lecture.example/lecture/?room=vae"):
            scripts = [
                urljoin(urljoin(address, base), name) for name in re.findall(r'"(\./gallery/[^"]*\.js[^"]*)"', page)
            ]
            assert scripts and all(url.startswith("http://lecture.example/lecture/gallery/") for url in scripts)
        assert '"root":"http://lecture.example/lecture"' in page
        for path in (scripts[0].partition("/lecture/")[2], "config", "healthz", "gradio_api/info"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                assert answer.status == 200
    finally:
        process.terminate()
        assert b"Traceback" not in process.communicate(timeout=20)[1]


@pytest.mark.parametrize("home", [None, "/dev/null"])
def test_it_starts_without_a_home(home: str | None) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    environment |= {"HOME": home} if home else {}
    code = "import os, runpy; os.path.expanduser = lambda path: path; runpy.run_path('app.py', run_name='__main__')"
    arguments = [sys.executable, "-c", code, "--offline", "--device", "cpu", "--port", str(port)]
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        assert ready(port)["vae"] == "ready"
    finally:
        process.terminate()
        assert b"Traceback" not in process.communicate(timeout=20)[1]


def ready(port: int) -> dict[str, object]:
    """What /readyz says once nothing is waited for any more."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                told = answer.read()
        except urllib.error.HTTPError as error:
            told = error.read()
        parts: dict[str, object] = json.loads(told)
        if "waiting" not in parts.values():
            return parts
        time.sleep(0.1)
    raise AssertionError(parts)


def test_damaged_weights_are_said_in_a_sentence_and_it_is_not_ready(tmp_path: Path) -> None:
    for name in ("gallery", "models", "training", "weights"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "app.py", tmp_path)
    weights = tmp_path / "weights" / "vae-digits.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    port = free_port()
    process = app("--port", str(port), cwd=tmp_path, GALLERY_CACHE=str(tmp_path / "cache"))
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        assert ready(port) == {
            **dict.fromkeys(("page", *(room.split(".")[-2] for room in ROOMS)), "ready"),
            **{"ready": False, "vae": "failed"},
        }
        call = f"http://127.0.0.1:{port}/gradio_api/call/vae_plane"
        body = json.dumps({"data": ["digits", 1, 0, 0]}).encode()
        post = urllib.request.Request(call, body, {"Content-Type": "application/json"})
        event = json.load(urllib.request.urlopen(post))["event_id"]
        answer = urllib.request.urlopen(f"{call}/{event}").read().decode()
        assert "event: error" in answer and "vae-digits.safetensors" in answer
    finally:
        process.terminate()
        said = process.communicate(timeout=20)[1].decode()
    assert "vae could not be prepared: The file" in said and "Traceback" not in said and "File " not in said


def test_an_address_that_cannot_be_had_is_said_in_a_sentence() -> None:
    assert "192.0.2.7 is no address of this machine" in ended(app("--host", "192.0.2.7", "--port", str(free_port())))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use") as error:
            serve.probe("127.0.0.1", port)
        asked = options.Options("127.0.0.1", port, None, True, "cpu")
        assert serve.refused(error.value, asked) == f"Port {port} is taken; choose another with --port."
    with pytest.raises(OSError) as unknown:
        serve.probe("nothing.invalid", port)
    assert "no address" in serve.refused(unknown.value, options.Options("nothing.invalid", port, None, True, "cpu"))


def test_a_temporary_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = ended(app("--port", str(free_port()), GRADIO_TEMP_DIR=str(tmp_path / "file")))
    assert "GRADIO_TEMP_DIR" in said and str(tmp_path) in said


# ---- the temporary folder ----------------------------------------------------------------------------------
def old_file(path: Path, age: float = 3600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age,) * 2)
    return path


def aged(*folders: Path) -> None:
    for folder in folders:
        if folder.exists():  # what was emptied a moment ago counts as young
            os.utime(folder, (time.time() - 3600,) * 2)


def test_a_folder_of_ones_own_is_never_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    kept = old_file(tmp_path / "kept" / "a.txt")
    aged(kept.parent)
    folder = sweep.private_folder()
    ours = old_file(folder / "picture.webp")
    assert Path(os.environ["GRADIO_TEMP_DIR"]) == folder and tmp_path in folder.parents
    assert sweep.sweep(folder.parent) == 1
    assert kept.exists() and not ours.exists()
    assert folder.parent.stat().st_mode & 0o777 == 0o700 == folder.stat().st_mode & 0o777


def test_what_a_killed_gallery_left_behind_is_gone_when_the_next_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container the next one may even have its number."""
    base = tmp_path / f"vernissage-{os.getuid()}"
    gone = [old_file(base / name / "a" / "face.png", 1) for name in (str(NOBODY), str(os.getpid()))]
    stay = [old_file(base / name / "b.png", 1) for name in (str(os.getppid()), "mine", "1")]
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    assert list(sweep.private_folder().iterdir()) == []
    assert not any(path.exists() for path in gone) and all(path.exists() for path in stay)


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    base = sweep.private_folder().parent
    for folder in (*base.iterdir(), base):
        folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    base.symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with pytest.raises(PermissionError):
        sweep.private_folder()


def test_old_pictures_are_swept_and_young_ones_kept(tmp_path: Path) -> None:
    old, young = old_file(tmp_path / str(NOBODY) / "a" / "old.webp"), old_file(tmp_path / "7" / "young.webp", 30)
    assert sweep.sweep(tmp_path) == 1
    assert not old.exists() and young.exists()
    for _ in range(2):
        aged(old.parent, old.parent.parent)
        sweep.sweep(tmp_path)
    assert not old.parent.parent.exists() and young.exists()


def test_the_empty_folder_of_a_gallery_that_runs_stays(tmp_path: Path) -> None:
    mine, gone = tmp_path / str(os.getpid()), tmp_path / str(NOBODY)
    for folder in (mine, gone):
        folder.mkdir()
    aged(mine, gone)
    assert sweep.sweep(tmp_path) == 0
    assert mine.exists() and not gone.exists()
