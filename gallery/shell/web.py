"""What the server adds around gradio: our static files, and an index page that is ready at once.

Static files are addressed with the hash of their content and may be kept for a year. The index gets our
styles, scripts and header before gradio's own code runs, is made once per address and sent compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GALLERY = Path(__file__).parents[1]
# page.js makes the global that all others hang on; the rest of the page comes before widgets and rooms.
FIRST = (
    "house.js",
    *(f"shell/{name}.js" for name in ("page", "mount", "rooms", "header", "frame")),
    *("widgets/_kit.js", "shell/page.css", "shell/frame.css", "widgets/_kit.css"),
)
KINDS = {".js", ".css", ".svg", ".png", ".jpg", ".webp", ".woff2"}
FONTS = ("IBMPlexSans-Regular", "IBMPlexSans-Bold")
FRAMERS = "'self' https://huggingface.co https://*.huggingface.co https://hf.co https://*.hf.co https://*.hf.space"
HEADERS = {
    "content-security-policy": f"frame-ancestors {FRAMERS}",
    "permissions-policy": "camera=(self), clipboard-write=(self), microphone=(), geolocation=()",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}


@dataclass
class Assets:
    """The gallery's static files in memory, each with the hash of its content."""

    files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def collect(cls, house: Mapping[str, Any], folder: Path = GALLERY) -> Assets:
        """Every .js, .css and picture below the folder, and house.js, which carries settings and words."""
        found = sorted(path for path in folder.rglob("*") if path.suffix in KINDS and path.is_file())
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
        script = f"window.vernissage={{house:{json.dumps(house, ensure_ascii=False)}}};"
        return cls({"house.js": script.encode(), **files})

    def version(self, name: str) -> str:
        """Twelve hex digits of the file's sha256."""
        return hashlib.sha256(self.files[name]).hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address, relative to the page, so that it also holds behind a proxy's path."""
        return f"./gallery/{name}?v={self.version(name)}"

    def tags(self) -> tuple[str, str]:
        """The <link> and the <script> tags of the page's head, in the order in which they must load."""
        rank = {name: place for place, name in enumerate(FIRST)}
        order = sorted(self.files, key=lambda name: (rank.get(name, len(rank)), name.startswith("rooms/"), name))
        styles = [f'<link rel="stylesheet" href="{self.url(n)}">' for n in order if n.endswith(".css")]
        scripts = [f'<script defer src="{self.url(n)}"></script>' for n in order if n.endswith(".js")]
        return "\n".join(styles), "\n".join(scripts)

    async def serve(self, request: Request) -> Response:
        """One file; kept for a year under its hash, checked every time without it."""
        name = request.path_params["name"]
        if name not in self.files:
            return PlainTextResponse("Not found", 404)
        known = request.query_params.get("v") == self.version(name)
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if known else "no-cache",
            "x-content-type-options": "nosniff",
        }
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        return Response(self.files[name], media_type=kind, headers=headers)

    def route(self) -> Route:
        """To be given to gradio's app before its own routes."""
        return Route("/gallery/{name:path}", self.serve)


def preloads() -> str:
    """The two fonts that the first paint needs, from gradio's own static files."""
    tag = '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}/{}.woff2">'
    return "\n".join(tag.format("./static/fonts/IBMPlexSans", name) for name in FONTS)


class Index:
    """Middleware that finishes gradio's index page: our head and header in, gradio's advertisement out.

    A page is kept per address it was asked at (gradio writes its root into it), so that a full lecture
    hall costs one rendering.
    """

    KEPT = 16

    def __init__(self, app: ASGIApp, styles: str, scripts: str, body: str) -> None:
        self.app, self.styles, self.scripts, self.body = app, styles, scripts, body
        self.pages: dict[tuple[str, ...], tuple[bytes, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET / from the kept page; pass everything else on."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in ("", "/"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        names = ("host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix")
        key = (scope.get("scheme", ""), scope.get("root_path", ""), *(headers.get(n, "") for n in names))
        if key not in self.pages:
            status, page = await self._render(scope, receive)
            if status != 200:
                return await Response(page, status, media_type="text/html")(scope, receive, send)
            if len(self.pages) >= self.KEPT:
                self.pages.clear()
            self.pages[key] = page, gzip.compress(page, 6)
        plain, packed = self.pages[key]
        zipped = "gzip" in headers.get("accept-encoding", "")
        extra = HEADERS | {"cache-control": "no-cache", "vary": "Accept-Encoding"}
        extra |= {"content-encoding": "gzip"} if zipped else {}
        response = Response(packed if zipped else plain, media_type="text/html", headers=extra)
        await response(scope, receive, send)

    async def _render(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        parts: list[bytes] = []
        status = 500

        async def collect(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        # Without a query, so that what one visitor asks for is never kept for another.
        await self.app({**scope, "query_string": b""}, receive, collect)
        page = b"".join(parts)
        return status, self.finish(page.decode()).encode() if status == 200 else page

    def finish(self, page: str) -> str:
        """gradio's page with our head and header, and without its own name in the metadata."""
        page = re.sub(r'<meta\s+(?:property="og:|name="twitter:)[^>]*?>\s*', "", page)
        page = page.replace("<head>", f"<head>{self.head_first()}", 1)
        page = page.replace("<gradio-app", f"{self.body}\n<gradio-app", 1)
        # Our scripts come before gradio's module: both are deferred, and run in the order of the page.
        page = page.replace('<script type="module"', f'{self.scripts}\n<script type="module"', 1)
        # Our styles come after gradio's, so that of two rules of equal weight ours holds.
        return page.replace("</head>", f"{self.styles}\n</head>", 1)

    def head_first(self) -> str:
        """What must come before anything is painted: the theme that this visitor chose."""
        return (
            "<script>(d=>{let t;try{t=localStorage.getItem('vernissage.theme')}catch{}"
            "const dark=t==='dark'||(t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches);"
            "d.classList.toggle('dark',dark);d.classList.toggle('v-framed',self!==top)"
            "})(document.documentElement)</script>"
        )
