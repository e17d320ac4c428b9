"""gradio's own scripts, styles and fonts: read once, compressed once, and kept by a browser.

gradio reads and compresses them anew for each visitor, and says nothing of how long they hold.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gallery.shell.index import answered

PATH = re.compile(r"/(?P<folder>assets|static)/.+")
HOLDS = {"assets": "public, max-age=31536000, immutable", "static": "public, max-age=86400"}
"""By folder: the names of assets carry their hash."""
TEXT = re.compile(r"text/|application/(javascript|json)|image/svg")
"""Kinds that are worth compressing."""
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""By the name that a browser gives the encoding; the first that it takes is used."""


@dataclass
class File:
    """packed: by encoding, made when it is first asked for."""

    kind: str
    body: bytes
    headers: dict[str, str]
    packed: dict[str, bytes] = field(default_factory=dict)

    def response(self, taken: str) -> Response:
        """taken: the encodings that the browser takes."""
        name = next((name for name in PACKERS if name in taken), "") if TEXT.match(self.kind) else ""
        if name and name not in self.packed:
            self.packed[name] = PACKERS[name](self.body)
        encoding = {"content-encoding": name} if name else {}
        body = self.packed[name] if name else self.body
        return Response(body, media_type=self.kind, headers=self.headers | encoding)


class Statics:
    """Middleware that answers for gradio's own files."""

    MOST = 32_000_000
    """Bytes that are kept; what comes beyond is left to gradio."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files: dict[str, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for what is kept, and keep what gradio has; pass everything else on, parts of a file too."""
        found = PATH.fullmatch(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or found is None:
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if "range" in headers:
            return await self.app(scope, receive, send)
        file = self.files.get(scope["path"]) or await self._read(scope, HOLDS[found["folder"]])
        if file is None:
            return await self.app(scope, receive, send)
        if file.headers["etag"] in headers.get("if-none-match", ""):
            return await Response(status_code=304, headers=file.headers)(scope, receive, send)
        await file.response(headers.get("accept-encoding", ""))(scope, receive, send)

    async def _read(self, scope: Scope, holds: str) -> File | None:
        """None for what gradio does not have, and where no more may be kept."""
        if sum(len(file.body) for file in self.files.values()) >= self.MOST:
            return None
        asked = {**scope, "method": "GET", "headers": [], "extensions": {}}
        status, headers, body = await answered(self.app, asked, nobody_leaves)
        if status != 200 or "etag" not in headers:
            return None
        told = {"cache-control": holds, "vary": "Accept-Encoding", "etag": headers["etag"]}
        return self.files.setdefault(scope["path"], File(headers.get("content-type", ""), body, told))


async def nobody_leaves() -> Message:
    """What is read to be kept is read to its end, though the visitor who asked first may leave."""
    return await asyncio.get_running_loop().create_future()
