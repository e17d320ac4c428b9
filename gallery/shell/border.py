"""What every request passes before gradio sees it, and what every answer gets.

Open is what the page and `gradio_client` need; gradio's other addresses (runs beside the queue, its schema, its
recorder, its proxies) are not there. What changes something comes from our own page, or from a program; a body is
measured before it is read. A request that fails, here or in gradio, is answered with one sentence.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from gradio.route_utils import FnIndexInferError
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gallery.shell.calls import reason
from gallery.shell.visits import address
from gallery.shell.words import preferred, sentence
from models.runtime.gate import told

FRAMERS = "'self' https://huggingface.co https://*.huggingface.co https://hf.co https://*.hf.co https://*.hf.space"
"""Who may show the page in a frame: ourselves, and a Space's page."""
HEADERS = {
    "content-security-policy": f"frame-ancestors {FRAMERS}",
    "permissions-policy": "camera=(self), clipboard-write=(self), microphone=(), geolocation=()",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
"""Of every answer. A frame may have the camera where the page around it allows it: allow="camera"."""

READ = re.compile(
    r"/?|/(config|endpoints|healthz|readyz|theme\.css|favicon\.ico|robots\.txt)/?|/(gallery|static|assets)/.+"
    r"|/gradio_api/(info|startup-events|theme\.css|queue/data|queue/status)/?|/gradio_api/heartbeat/[^/]+"
    r"|/[vf]/\w{1,12}(/events)?|/gradio_api/call/(v2/)?[^/]+/[^/]+|/gradio_api/file=(?!\w\w+:).+"
)
"""Addresses that are read. A file is one of this server's, never another's address."""
STREAM = re.compile(r"/gradio_api/(call/(v2/)?[^/]+/(?P<event>[^/]+)|queue/data)/?")
"""Addresses whose answers come as they are made."""
UPLOAD, LEFT, READY = "/gradio_api/upload", "/gallery/left", "/readyz"
HALL, LEAD = "/gallery/hall", "/gallery/lead"
CHANGED = re.compile(
    rf"{UPLOAD}|{LEFT}|{HALL}|{LEAD}|/v/\w{{1,12}}|/gradio_api/(call/(v2/)?[^/]+|component_server|queue/join|cancel|reset)/?"
)
"""Addresses that are posted to."""
FORMED = re.compile(rf"/gradio_api/((call|queue)/|cancel|reset)|{UPLOAD}")
"""Where gradio takes apart what arrives before it is anybody's call: what fails there is the caller's form."""

JOINED = re.compile(r"/gradio_api/(call/(v2/)?[^/]+|queue/join)/?")
"""Where a job is put into the queue."""
AT_ONCE = 16
"""Jobs of one address that are on their way into the queue at once: who sends thousands holds up nobody elsewhere."""

MOST = {UPLOAD: 24_000_000, LEFT: 1_000, HALL: 10_000, LEAD: 10_000}
MOST_JSON = 15_000_000
"""Bytes of a body; a photo of 10 MB travels as a data URL. Of an upload gradio measures each file besides."""
KINDS = {UPLOAD: "multipart/form-data", LEFT: "text/plain"}

SAID = {
    400: "refused.call",
    404: "refused.nothing",
    413: "refused.large",
    415: "refused.call",
    422: "refused.call",
    429: "page.share",
    503: "page.busy",
}
"""What is said where gradio answers with a status of its own; another 4xx says that there is nothing."""


class Refused(Exception):
    """A request that goes no further. status: of the answer; key: of its sentence."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status, self.key = status, key


class Border:
    """The outermost of our middleware. root: the path below which a proxy serves us, "/lecture"; framers: who else may
    show the page in a frame, as a content security policy names them."""

    def __init__(self, app: ASGIApp, root: str = "", framers: Sequence[str] = ()) -> None:
        self.app, self.root = app, root
        self.doors: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self.headers = HEADERS | {"content-security-policy": " ".join(["frame-ancestors", FRAMERS, *framers])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answer = Answer(scope, receive, send, self.headers)
        if self.root and scope["path"] == self.root:
            return await RedirectResponse(f"{self.root}/")(scope, receive, answer)
        scope = below(scope, self.root)
        try:
            refuse_foreign(scope)
            refuse_unasked(scope)
            if scope["method"] == "POST":
                receive = await measured(scope, receive)
            async with self.door(scope):
                await self.app(scope, receive, answer)
        except Refused as refused:
            await answer.refuse(refused.status, refused.key)
        except ClientDisconnect:
            return
        except Exception as error:
            await answer.fail(error)

    def door(self, scope: Scope) -> AbstractAsyncContextManager[object]:
        """Through which jobs of one address come in; everything else passes."""
        if scope["method"] != "POST" or not JOINED.fullmatch(scope["path"]):
            return nullcontext()
        return self.doors.setdefault(address(Request(scope)), asyncio.Semaphore(AT_ONCE))


def below(scope: Scope, root: str) -> Scope:
    """The same request where a proxy has left our path on it: gradio sees what it sees without a proxy."""
    path = scope["path"]
    return {**scope, "path": path.removeprefix(root)} if root and path.startswith(f"{root}/") else scope


def refuse_foreign(scope: Scope) -> None:
    """Raises Refused for an address that is not open, for another site's page, and for another kind of content."""
    method, path = scope["method"], scope["path"]
    if method in ("GET", "HEAD", "OPTIONS"):
        if not (READ.fullmatch(path) or (method == "OPTIONS" and CHANGED.fullmatch(path))):
            raise Refused(404, "refused.nothing")
        return
    if method != "POST" or not CHANGED.fullmatch(path):
        raise Refused(404, "refused.nothing")
    headers = Headers(scope=scope)
    if not from_here(headers):
        raise Refused(403, "refused.foreign")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != KINDS.get(path, "application/json"):
        raise Refused(415, "refused.call")


def refuse_unasked(scope: Scope) -> None:
    """Raises Refused for answers to what nobody has asked: gradio would begin them, and say "404" in their midst."""
    stream = STREAM.fullmatch(scope["path"]) if scope["method"] == "GET" else None
    if not stream:
        return
    event = stream["event"] or Request(scope).query_params.get("session_hash", "")
    if not scope["app"].get_blocks()._queue.knows(event):
        raise Refused(404, "refused.nothing")


def from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from our own page, or from no page at all.

    Browsers say so themselves on https and on this computer, whatever a proxy makes of Host; else the page's address is
    compared with ours. A program sends neither header.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    ours = {headers.get("host"), headers.get("x-forwarded-host", "").partition(",")[0].strip()}
    return origin is None or urlsplit(origin).netloc in ours - {""}


async def measured(scope: Scope, receive: Receive) -> Receive:
    """The body, which is read at once where it is JSON. Raises Refused for more than its address takes."""
    path = scope["path"]
    most = MOST.get(path, MOST_JSON)
    if int(Headers(scope=scope).get("content-length", 0)) > most:
        raise Refused(413, "refused.large")
    return counted(receive, most) if path == UPLOAD else await whole(receive, most)


async def whole(receive: Receive, most: int) -> Receive:
    """A body of at most that many bytes, in one message. Raises Refused, ClientDisconnect."""
    parts: list[bytes] = []
    more, size = True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more, size = message.get("more_body", False), size + len(parts[-1])
        if size > most:
            raise Refused(413, "refused.large")
    waiting: list[Message] = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def counted(receive: Receive, most: int) -> Receive:
    """An upload as it streams in. What gradio takes for too large a file ends it: it removes what it has written."""
    size = 0

    async def next_piece() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise MultiPartException("More than the maximum allowed size.")
        return message

    return next_piece


def soon(message: Message) -> int:
    """The seconds after which our queue says that one may come again, 0 where it says nothing."""
    return int(Headers(raw=message.get("headers", [])).get("retry-after", 0))


class Answer:
    """What is sent: with the house's headers, and a sentence in the place of whatever says that it failed."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] = HEADERS) -> None:
        self.scope, self.receive, self.send, self.headers = scope, receive, send, headers
        self.started = self.endless = self.replaced = False

    async def __call__(self, message: Message) -> None:
        """Send on a part of an answer."""
        if self.replaced:
            return
        if message["type"] == "http.response.start":
            status = message["status"]
            if status >= 400 and self.scope["path"] != READY:
                key = SAID.get(status, "page.failed" if status >= 500 else "refused.nothing")
                return await self.refuse(400 if status == 422 else status, key, soon(message))
            headers = MutableHeaders(scope=message)
            self.started, self.endless = True, "content-length" not in headers
            for name, value in self.headers.items():
                headers.setdefault(name, value)
        await self.send(message)

    async def refuse(self, status: int, key: str, seconds: int = 0) -> None:
        """One sentence in the caller's language; nothing where the answer has begun. seconds: when to come again."""
        self.replaced = True
        if self.started:
            # An event stream has told its caller already; its end must not cut the connection.
            if self.endless:
                await self.send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        lang = preferred(Headers(scope=self.scope).get("accept-language", ""))
        key, named = told(seconds) if seconds else (key, {})
        said = sentence(key, lang, **named)
        body = json.dumps({"error": said}, ensure_ascii=False)
        headers = {**self.headers, "vary": "Accept-Language", "cache-control": "no-store"}
        headers |= {"retry-after": str(seconds)} if seconds else {}
        if status == 413:  # else the rest of the body would still be received
            headers["connection"] = "close"
        response = Response(body, status, headers, media_type="application/json")
        await response(self.scope, self.receive, self.send)

    async def fail(self, error: Exception) -> None:
        """What gradio raised: an unknown name is the caller's; of anything else the place is logged, never a value."""
        if isinstance(error, LookupError | FnIndexInferError):
            return await self.refuse(404, "refused.nothing")
        if isinstance(error, TypeError | ValueError) and FORMED.match(self.scope["path"]):
            return await self.refuse(400, "refused.call")
        if not self.started:
            reason(error, "a request")
        await self.refuse(500, "page.failed")
