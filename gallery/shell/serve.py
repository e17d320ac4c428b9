"""Builds the page, serves it, and ends cleanly."""

from __future__ import annotations

import errno
import http.client
import importlib
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from queue import SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Any

import gradio as gr
from PIL import Image
from starlette.middleware import Middleware

from gallery.shell import house, line, notebook, page, pulls, sweep, theme, visits, waits, web
from gallery.shell.blocks import OneForAll, remember_what_is_missing
from gallery.shell.border import Border
from gallery.shell.calls import reason
from gallery.shell.contracts import Room
from gallery.shell.health import Health
from gallery.shell.index import Index
from gallery.shell.later import first, later, prepare
from gallery.shell.options import Options, direct, parse
from gallery.shell.statics import Statics
from gallery.shell.words import sentence

if TYPE_CHECKING:
    from models.weights import cards
else:
    cards = later("models.weights.cards")
log = logging.getLogger("vernissage")

PRIVATE = 0o077
"""What is made here is for this user alone: gradio makes its folders and files anew whenever they are gone."""
HEARD = 0.2
"""Seconds after which a signal is heard at the latest."""
RESTS = 75
"""Seconds for which a connection may rest: longer than a proxy's 60. With uvicorn's 5 a question that is sent at the
moment of closing is lost."""
DRAINS = 10.0
"""Seconds for which what is being computed may go on once the gallery is told to end."""
THREADS = 256
"""In which the endpoints' jobs wait for their turn; what waits of widgets' calls waits elsewhere, see visits."""


def launch(demo: gr.Blocks, rooms: Sequence[Room], options: Options, health: Health) -> None:
    """Serve the page without blocking. Raises OSError when the address cannot be had."""
    probe(options.host, options.port)
    assets = house.collect(rooms)
    head = house.head(assets, house.house(demo, rooms, assets, options.lang), page.header(rooms), options.root)
    head.check()
    beside = [route for aside in page.asides() for route in aside.routes()]
    taken_home = notebook.route(rooms, options.root)
    app_kwargs: dict[str, Any] = {
        "routes": [
            *health.routes(),
            pulls.route(),
            waits.route(),
            *beside,
            taken_home,
            assets.route(),
            web.away(page.ENDPOINTS),
        ],
        "middleware": [
            Middleware(Border, root=options.root, framers=options.frame_from),
            Middleware(Index, head=head),
            Middleware(Statics),
        ],
        "openapi_url": None,
    }
    line.install(demo)
    remember_what_is_missing()
    with direct():
        demo.launch(
            server_name=bracketed(options.host),
            server_port=options.port,
            prevent_thread_lock=True,
            quiet=True,
            show_error=False,
            ssr_mode=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            max_file_size="10mb",
            max_threads=THREADS,
            theme=theme.Vernissage(),
            app_kwargs=app_kwargs,
            pwa=False,
            # Only whether gradio asks itself for the page, and gives up where a busy machine takes 3 s.
            _frontend=False,
        )
    demo.server.config.timeout_keep_alive = RESTS
    demo.app.state_holder = OneForAll(demo)


def probe(host: str, port: int) -> None:
    """Whether the address can be listened on. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(address)


def refused(error: OSError, options: Options) -> str:
    """Why the gallery cannot listen where it was told to."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{options.host} is no address of this machine; --host 127.0.0.1 or 0.0.0.0 is."
    if error.errno == errno.EACCES:
        return f"Port {options.port} may not be opened by this user; choose one above 1023 with --port."
    return f"Port {options.port} is taken; choose another with --port."


def choose_device(name: str) -> None:
    """Import torch and settle where everything is computed. Raises ValueError for a device that is not here."""
    importlib.import_module("models.runtime.device").set_device(name)


def bracketed(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


def shown(host: str) -> str:
    """The address by which this machine reaches what listens on an address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def make_page(options: Options, health: Health) -> None:
    """Ask for the page once, so that the first visitor does not wait for its making."""
    try:
        asked = http.client.HTTPConnection(shown(options.host), options.port, timeout=60)
        asked.request("GET", "/")
        health.parts["page"] = "ready" if asked.getresponse().status == 200 else "failed"
    except (OSError, http.client.HTTPException):
        health.parts["page"] = "failed"


def warm(rooms: Sequence[Room], health: Health) -> None:
    """Load what the rooms will need, one after the other, while the first visitors read.

    Raises ValueError for a --device that is not here; a room that cannot warm up says so when it is used.
    """
    prepare()
    for room in rooms:
        try:
            room.warm()
            health.parts[room.NAME] = "ready"
        except Exception as error:
            health.parts[room.NAME] = "failed"
            key, filled = reason(error, f"the preparation of {room.NAME}")
            log.error("%s could not be prepared: %s", room.NAME, sentence(key, "en", **filled))


def serve(options: Options, names: Sequence[str] = page.ROOMS) -> int:
    """Run the gallery until SIGTERM or Ctrl-C; the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it tells of the bytes of a broken upload
    # What a picture may cost, our own door says before it is decoded.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    # Not an Event: a signal that comes while the main thread is inside Event.wait() finds its lock taken, for ever.
    ended: SimpleQueue[int] = SimpleQueue()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        ended.put(0)

    def load() -> None:
        try:
            make_page(options, health)
            warm(rooms, health)
            cards.refresh_in_background()
        except ValueError as error:
            print(error, file=sys.stderr)
            ended.put(2)

    os.umask(PRIVATE)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        folder = sweep.private_folder()
    except OSError as error:
        print(
            f"{error.filename} cannot be written ({error.strerror}); set GRADIO_TEMP_DIR to a folder that can.",
            file=sys.stderr,
        )
        return 1
    sweep.keep_sweeping(folder.parent)
    first(lambda: choose_device(options.device))
    rooms = page.load(names)
    demo = page.build(rooms)
    health = Health([room.NAME for room in rooms])
    try:
        launch(demo, rooms, options, health)
    except OSError as error:
        print(refused(error, options), file=sys.stderr)
        return 1
    print(f"Vernissage: http://{bracketed(shown(options.host))}:{options.port}/   (Ctrl-C ends it)", flush=True)
    threading.Thread(target=load, name="warm", daemon=True).start()
    # In pieces: a signal that comes between Python's last look and the wait itself is heard when the wait is over.
    while ended.empty():
        time.sleep(HEARD)
    code = ended.get()
    drain(demo, ended)
    shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread inside torch's import or a forward pass cannot be ended; leave without waiting for it.
    os._exit(code)


def drain(demo: gr.Blocks, ended: SimpleQueue[int], seconds: float = DRAINS) -> None:
    """Take no more calls and let those that are being computed finish, unless it is said again or takes too long.

    Open event streams would never finish: they are not waited for.
    """
    end = time.monotonic() + seconds
    demo.server.should_exit = True
    while time.monotonic() < end and ended.empty() and (visits.under_way or demo._queue.running()):
        time.sleep(HEARD)
    demo.server.thread.join(max(0.0, min(1.0, end - time.monotonic())))


def alone(name: str) -> None:
    """Serve one room by itself: `python -m gallery.rooms.vae.room`."""
    sys.exit(serve(parse(), [name]))
