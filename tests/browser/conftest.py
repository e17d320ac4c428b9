"""Chromium, and the gallery to point it at. Locally a missing browser skips these tests; in CI it fails them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from gallery.shell import page
from tests.browser.copies import copy
from tests.browser.profiles import Profiles

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(*command: str, hub: dict[str, str] | None = None, path: Path | None = None) -> Iterator[str]:
    """Start a gallery on a free port, yield its address, end it with SIGTERM.

    hub: environment variables that lead to a Hub; without them the gallery is offline. path: a folder of rooms.
    """
    port = free_port()
    arguments = [sys.executable, *command, "--port", str(port), "--device", "cpu", *([] if hub else ["--offline"])]
    found = {"PYTHONPATH": str(path)} if path else {}
    process = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, **(hub or {}), **found})
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> float:
    """Wait for the first HTTP 200; returns the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        assert process.poll() is None, f"the gallery ended with {process.returncode}"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return time.monotonic() - start
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the gallery did not start")


def chromium() -> str | None:
    """The browser to drive: $CHROMIUM, else what is installed."""
    names = (os.environ.get("CHROMIUM"), "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Chromium: the page would go untested")
        pytest.skip("no Chromium here (set $CHROMIUM)")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    """The profiles that tests open pages in."""
    return Profiles(browser)


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of the real gallery."""
    yield from serve("app.py")


@pytest.fixture(scope="session")
def example() -> Iterator[str]:
    """The address of a gallery with the example rooms, which need no model."""
    yield from serve("-m", "tests.browser.app", "example,second")


@pytest.fixture(scope="session")
def bench() -> Iterator[str]:
    """The address of a gallery whose only room mounts every widget."""
    yield from serve("-m", "tests.browser.app", "bench")


@pytest.fixture(scope="session")
def twelve() -> Iterator[str]:
    """The address of a gallery with twelve small rooms."""
    yield from serve("-m", "tests.browser.copies")


@pytest.fixture(scope="session")
def one() -> Iterator[str]:
    """The address of a gallery with the smallest room alone."""
    yield from serve("-m", "tests.browser.app", "second")


@pytest.fixture(scope="session")
def thirteenth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real gallery with one room more, which stands in a folder of its own."""
    folder = tmp_path_factory.mktemp("rooms")
    line = copy(folder, "atelier", "Мастерская", "Atelier")
    yield from serve("-m", "tests.browser.app", ",".join([*page.ROOMS, line]), path=folder)


@dataclass
class Witness:
    """What a page must never do, seen over the whole test: errors, and requests to other hosts.

    A test that provokes an error names a part of its text in `forgiven`.
    """

    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything that the page says and asks for."""
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("request", self._request)

    def leave(self, page: Page) -> None:
        """Listen no longer: another test may get the page."""
        page.remove_listener("console", self._console)
        page.remove_listener("pageerror", self._error)
        page.remove_listener("request", self._request)

    def _error(self, error: Error) -> None:
        self.errors.append(str(error))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)


Visit = Callable[..., Page]


@pytest.fixture
def witness() -> Witness:
    """Collects the errors of a test's pages."""
    return Witness()


@pytest.fixture
def visit(profiles: Profiles, witness: Witness) -> Iterator[Visit]:
    """Open an address in a profile of its own; at the end no error and no request to another host is allowed.

    shown: wait for the room. Other keyword arguments choose the profile (viewport, fresh, locale, color_scheme, ...).
    """
    lent: list[tuple[Page, bool]] = []

    def opened(address: str, shown: bool = True, **options: object) -> Page:
        page = profiles.lend(**options)  # type: ignore[arg-type]
        lent.append((page, options.keys() <= {"viewport"}))
        witness.watch(page)
        page.goto(address)
        if shown:
            page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
        return page

    yield opened
    for each, keep in lent:
        witness.leave(each)
        profiles.take_back(each, keep)
    assert [error for error in witness.errors if not any(part in error for part in witness.forgiven)] == []
    assert witness.foreign == []
