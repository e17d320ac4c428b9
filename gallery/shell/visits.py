"""Who calls, and whether he still waits: what gradio knows of a call, handed to the gate in models.

A visitor is a session of the page or of a client; a program that names none is the address that it comes from.
"""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from collections import Counter
from typing import Any, cast

from anyio import CapacityLimiter, to_thread
from gradio.context import LocalContext
from starlette.requests import Request

from gallery.shell.calls import Answer, ServerFunction, call
from models.runtime import gate
from models.runtime.gate import DeviceBusy, leaving, visitor

LONGEST = 64
"""Characters of a session's name that count."""
THREADS = 512
"""Widget calls that may wait for their turn: two of each visitor of a full hall. gradio's own threads, which the
endpoints use, and those in which its files are read stay free."""
MOST_EACH = 32
"""Widget calls of one visitor that may be under way."""
LOOK = 0.25
"""Seconds after which it is looked whether the caller is still there."""

threads = CapacityLimiter(THREADS)
under_way: Counter[str] = Counter()
"""Widget calls by visitor; only the event loop touches it."""


def name_of(session: object, request: Request) -> str:
    """The visitor behind a request."""
    return session[:LONGEST] if isinstance(session, str) and session else f"@{address(request)}"


def address(request: Request) -> str:
    """Where a request comes from; behind a proxy in our own network, as on a Space, what the proxy says last."""
    peer = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return named[:LONGEST] if named and _near(peer) else peer


def _near(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False


async def answered(fn: ServerFunction, args: list[Any]) -> Answer:
    """What a server function of a widget answers, computed in a thread on behalf of its visitor.

    It is called by gradio, whose request says who asks; once he is gone, `wanted` tells so to what is being computed.
    """
    request = cast("Request | None", LocalContext.request.get(None))
    if request is None:  # whoever calls it without a browser waits for it himself
        return fn(args)
    who = name_of(await _session(request), request)
    if under_way[who] >= MOST_EACH:
        return full(args)
    under_way[who] += 1
    try:
        return await _in_thread(fn, args, who, request)
    finally:
        under_way[who] -= 1
        if not under_way[who]:
            del under_way[who]


@call
def full(args: list[Any]) -> Answer:
    """The sentence for a visitor who has too many calls under way."""
    raise DeviceBusy


async def _session(request: Request) -> object:
    try:
        return (await request.json()).get("session_hash")  # gradio has read it: it is kept
    except (RuntimeError, ValueError):  # a form, whose stream is at its end
        return None


async def _in_thread(fn: ServerFunction, args: list[Any], who: str, request: Request) -> Answer:
    gone = threading.Event()
    visitor.set(who)
    gate.address.set(address(request))
    leaving.set((gone,))
    work = asyncio.ensure_future(to_thread.run_sync(fn, args, limiter=threads))
    while not (await asyncio.wait({work}, timeout=LOOK))[0]:
        if await request.is_disconnected():
            gone.set()
    return work.result()
