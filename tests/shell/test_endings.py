"""A gallery that is told to end finishes what it computes; one that was killed leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from gallery.shell import serve, visits
from tests.browser.conftest import free_port, wait_for
from tests.hostile.inputs import file, url

ROOT = Path(__file__).parents[2]
UPLOAD = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nface\r\n--x--\r\n'
KIND = {"Content-Type": "multipart/form-data; boundary=x"}


def started(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """The gallery, once it answers. folder: for what is uploaded."""
    command = [sys.executable, "app.py", "--port", str(port), "--offline", "--device", "cpu"]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
    except AssertionError:
        process.kill()
        raise
    return process


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_after_a_kill_it_is_ready_again_with_nothing_left_and_then_it_finishes_what_it_computes(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = started(port, tmp_path)
    upload = urllib.request.Request(f"{address}/gradio_api/upload", UPLOAD, KIND)
    assert urllib.request.urlopen(upload).status == 200 and len(files(tmp_path)) == 1
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    assert len(files(tmp_path)) == 1

    process = started(port, tmp_path)
    try:
        assert files(tmp_path) == []
        call = f"{address}/gradio_api/call/gan_find"
        photo = {"url": url(file(64, "PNG"))}
        body = json.dumps({"data": [photo, 3]}).encode()
        post = urllib.request.Request(call, body, {"Content-Type": "application/json"})
        event = json.load(urllib.request.urlopen(post))["event_id"]
        stream = urllib.request.urlopen(f"{call}/{event}", timeout=60)
        time.sleep(1)  # it computes for 3 s
        process.send_signal(signal.SIGTERM)
        assert "event: complete" in stream.read().decode()
        assert process.wait(30) == 0 and files(tmp_path) == []
    finally:
        process.kill()


@pytest.fixture
def server() -> Any:
    """What `drain` needs of the page: a server, and a queue that computes nothing."""
    thread = threading.Thread(target=lambda: None)
    thread.start()
    queue = SimpleNamespace(running=list)
    return SimpleNamespace(server=SimpleNamespace(should_exit=False, thread=thread), _queue=queue)


def test_nothing_under_way_is_not_waited_for(server: Any) -> None:
    serve.drain(server, SimpleQueue(), 3600)
    assert server.server.should_exit


def test_what_never_ends_is_given_up_and_a_second_word_ends_it_at_once(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(visits.under_way, "somebody", 1)
    serve.drain(server, SimpleQueue(), 0.3)
    again: SimpleQueue[int] = SimpleQueue()
    again.put(0)
    serve.drain(server, again, 3600)


def test_a_call_of_a_widget_and_a_job_of_the_queue_are_waited_for(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = [[1], [1], []]
    server._queue.running = lambda: waits.pop(0)
    serve.drain(server, SimpleQueue(), 3600)
    assert waits == []
    looked: list[int] = []

    def sleep(_: float) -> None:
        looked.append(1)
        del visits.under_way["somebody"]

    monkeypatch.setitem(visits.under_way, "somebody", 1)
    monkeypatch.setattr(time, "sleep", sleep)
    server._queue.running = list
    serve.drain(server, SimpleQueue(), 3600)
    assert looked == [1] and serve.DRAINS <= 10
    monkeypatch.setitem(visits.under_way, "somebody", 1)  # so that it can be taken back
