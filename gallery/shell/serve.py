"""Builds the page, serves it, and ends cleanly."""

from __future__ import annotations

import importlib
import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from gallery.shell import house, page, pulls, sweep, theme, web
from gallery.shell.contracts import Room
from gallery.shell.later import first, later, prepare
from gallery.shell.options import Options, parse

cards = later("models.weights.cards")
log = logging.getLogger("vernissage")

MOST_WAITING = 128  # calls in gradio's queue; beyond it a caller gets an honest 503


def launch(demo: gr.Blocks, rooms: Sequence[Room], options: Options) -> None:
    """Serve the page without blocking. Raises OSError when the port is taken."""
    assets = house.collect(rooms)
    head = house.head(assets, house.house(demo, rooms, assets, options.lang), page.header(rooms))
    head.check()
    app_kwargs: dict[str, Any] = {
        "routes": [pulls.route(), assets.route()],
        "middleware": [Middleware(web.Index, head=head)],
    }
    demo.queue(max_size=MOST_WAITING)
    demo.launch(
        server_name=options.host,
        server_port=options.port,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size="10mb",
        theme=theme.Vernissage(),
        app_kwargs=app_kwargs,
        pwa=False,
        _frontend=False,  # only whether gradio asks itself for the page, and gives up where a busy machine takes 3 s
    )


def choose_device(name: str) -> None:
    """Import torch and settle where everything is computed. Raises ValueError for a device that is not here."""
    importlib.import_module("models.runtime.device").set_device(name)


def warm(rooms: Sequence[Room]) -> None:
    """Load what the rooms will need, one after the other, while the first visitors read.

    Raises ValueError for a --device that is not here; a room that cannot warm up says so when it is used.
    """
    prepare()
    for room in rooms:
        try:
            room.warm()
        except Exception:
            log.exception("%s could not be prepared", room.NAME)


def serve(options: Options, names: Sequence[str] = page.ROOMS) -> int:
    """Run the gallery until SIGTERM or Ctrl-C; the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    done = threading.Event()
    code = 0

    def stop(_signal: int, _frame: FrameType | None) -> None:
        done.set()

    def load() -> None:
        nonlocal code
        try:
            warm(rooms)
            cards.refresh_in_background()
        except ValueError as error:
            print(error, file=sys.stderr)
            code = 2
            done.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    folder = sweep.private_folder()
    sweep.keep_sweeping(folder.parent)
    first(lambda: choose_device(options.device))
    rooms = page.load(names)
    demo = page.build(rooms)
    try:
        launch(demo, rooms, options)
    except OSError:
        print(f"Port {options.port} is taken; choose another with --port.", file=sys.stderr)
        return 1
    shown = "127.0.0.1" if options.host == "0.0.0.0" else options.host
    print(f"Vernissage: http://{shown}:{options.port}/   (Ctrl-C ends it)", flush=True)
    threading.Thread(target=load, name="warm", daemon=True).start()
    done.wait()
    # What is being answered may finish; open event streams would never.
    demo.server.should_exit = True
    demo.server.thread.join(1)
    shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread inside torch's import or a forward pass cannot be ended; leave without waiting for it.
    os._exit(code)


def alone(name: str) -> None:
    """Serve one room by itself: `python -m gallery.rooms.vae.room`."""
    sys.exit(serve(parse(), [name]))
