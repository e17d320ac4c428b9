"""What the command line and the environment say, before anything heavy is imported."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from models.runtime import threads

FRAMER = re.compile(r"\*|[a-z][a-z0-9+.-]*:|https?://(\*\.)?[\w.-]+(:(\d{1,5}|\*))?", re.ASCII)
"""Who may frame the page: an origin, a scheme ("file:": a deck that is opened from a disk), or anybody."""
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True)
class Options:
    """How the gallery is started."""

    host: str
    port: int
    lang: str | None
    offline: bool
    device: str
    command: str = "serve"
    """ "serve", or "check" before a lecture."""
    pull: bool = False
    """Before the check, fetch what the Hub has."""
    frame_from: tuple[str, ...] = ()
    """Who may show the page in a frame, besides itself and a Space's page."""
    root: str = ""
    """The path of the address that a proxy gives us, "/lecture", as GRADIO_ROOT_PATH says it."""


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError
    return port


def _framers(text: str) -> tuple[str, ...]:
    found = tuple(text.replace(",", " ").split())
    wrong = [each for each in found if not FRAMER.fullmatch(each)]
    if wrong:
        raise argparse.ArgumentTypeError(f"{wrong[0]} is no origin: https://slides.example, file: or * are")
    return found


def parser() -> argparse.ArgumentParser:
    """The command line; defaults come from the environment, as a Hugging Face Space sets it."""
    env = os.environ
    host = env.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if env.get("SPACE_ID") else "127.0.0.1")
    made = argparse.ArgumentParser(
        prog="python app.py",
        description="Vernissage: a gallery of generative models for lectures.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = made.add_argument
    add(
        "command",
        nargs="?",
        choices=("serve", "check"),
        default="serve",
        help="serve: open the gallery; check: load every model and run every act once, before a lecture",
    )
    add("--pull", action="store_true", help="with check: fetch first what the Hub has")
    add("--host", default=host, help="address to listen on; 0.0.0.0 lets other machines in")
    add("--port", type=_port, default=env.get("GRADIO_SERVER_PORT", "7860"), help="port to listen on")
    add("--lang", choices=("ru", "en"), help="language for visitors who chose none (default: the browser's)")
    add(
        "--offline",
        action="store_true",
        default=env.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"),
        help="never ask the Hugging Face Hub; use the weights that are here",
    )
    add(
        "--frame-from",
        type=_framers,
        metavar="ORIGINS",
        default=env.get("GALLERY_FRAME_FROM", ""),
        help="who may show acts in a frame (?embed=1): origins with commas between, file: for a deck on this disk, *",
    )
    add("--device", default="auto", help="where to compute: auto, cpu, cuda, cuda:1 or mps")
    return made


def parse(argv: Sequence[str] | None = None) -> Options:
    """Read the command line, and tell the libraries by environment what they only read at import."""
    address = os.environ.get("GRADIO_ROOT_PATH", "").rstrip("/")
    root = urlsplit(address).path
    if address:
        os.environ["GRADIO_ROOT_PATH"] = address  # with a slash at its end nothing below it is found
    given = parser()
    options = Options(**vars(given.parse_args(argv)), root=root)
    if options.pull and options.command != "check":
        given.error("--pull belongs to check: python app.py check --pull")
    threads.prepare()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"  # jobs whose names and times gradio keeps, for a page of its own
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if options.offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    return options


@contextmanager
def direct() -> Iterator[None]:
    """Without the computer's proxy settings, which are for the Hub alone.

    gradio makes HTTP clients when it is imported and asks itself for a page when it starts; a SOCKS proxy, a proxy that
    also stands before 127.0.0.1, or an IPv6 address in NO_PROXY ended both in a traceback.
    """
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.lower() in PROXIES}
    try:
        yield
    finally:
        os.environ.update(kept)
