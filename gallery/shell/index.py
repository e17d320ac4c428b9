"""gradio's page and its config, made once and sent compressed.

gradio makes both anew for every request and writes into them the address that it was asked at. Here they are made once,
under a stand-in's name; what another address costs is putting it in.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import OrderedDict

from gradio.route_utils import get_root_url
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gallery.shell.border import Refused
from gallery.shell.web import Head

STANDIN = "vernissage.invalid"
KINDS = {"": "text/html", "/config": "application/json"}
ROOT = re.compile(r"https?://(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d+)?(?:/[\w.~/-]*)?", re.ASCII)
"""An address that may be written into a page."""


class Index:
    """Middleware that answers for gradio's page, with our head and header in it, and for its config."""

    KEPT = 16
    """Addresses whose pages are kept; the one that was asked for longest ago goes first."""

    def __init__(self, app: ASGIApp, head: Head) -> None:
        self.app, self.head = app, head
        self.made: dict[str, str] = {}
        self.making = asyncio.Lock()
        self.pages: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for what is kept; pass everything else on. A query changes nothing: it is read in the browser."""
        path = scope.get("path", "").rstrip("/")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or path not in KINDS:
            return await self.app(scope, receive, send)
        root = root_of(scope)
        if (path, root) not in self.pages:
            page = (await self._page(path, scope, receive)).replace(root_of(standing_in(scope, path)), root).encode()
            self.pages[path, root] = page, gzip.compress(page, 6)
            while len(self.pages) > self.KEPT:
                self.pages.popitem(last=False)
        self.pages.move_to_end((path, root))
        plain, packed = self.pages[path, root]
        zipped = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        headers = {"cache-control": "no-cache", "vary": "Accept-Encoding"}
        headers |= {"content-encoding": "gzip"} if zipped else {}
        response = Response(packed if zipped else plain, media_type=KINDS[path], headers=headers)
        await response(scope, receive, send)

    async def _page(self, path: str, scope: Scope, receive: Receive) -> str:
        """What gradio answers to the stand-in. Raises Refused where it cannot."""
        async with self.making:
            if path not in self.made:
                status, _, body = await answered(self.app, standing_in(scope, path), receive)
                if status != 200:
                    raise Refused(status, "page.failed")
                page = body.decode()
                self.made[path] = page if path else self.head.finish(page)
            return self.made[path]


async def answered(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, Headers, bytes]:
    """What an app answers to a request: status, headers, body."""
    parts: list[bytes] = []
    status, headers = 500, Headers()

    async def collect(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], Headers(raw=message.get("headers", []))
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, collect)
    return status, headers, b"".join(parts)


def standing_in(scope: Scope, path: str) -> Scope:
    """A request of nobody's for the same page."""
    asked = {"scheme": "http", "method": "GET", "path": path or "/", "query_string": b""}
    return {**scope, **asked, "headers": [(b"host", STANDIN.encode())]}


def root_of(scope: Scope) -> str:
    """The address that gradio takes a request to have been asked at. Raises Refused for one that is none."""
    try:
        root = get_root_url(Request(scope), scope["path"], scope.get("root_path"))
    except Exception as error:  # httpx's, for a Host that is no name
        raise Refused(400, "refused.call") from error
    if not ROOT.fullmatch(root):
        raise Refused(400, "refused.call")
    return root
