"""What the server adds to gradio's page: our static files, and our styles, scripts and header before its own code runs.

Static files are addressed with the hash of their content and may be kept for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gradio.routes
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

KINDS = {".js", ".css", ".svg", ".png", ".jpg", ".webp", ".woff2"}
PACKED = {".js", ".css", ".svg", ".json"}
"""Sent compressed; the others are already."""
FONTS = ("IBMPlexSans-Regular", "IBMPlexSans-Bold")
COMMENTS = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*$", re.MULTILINE | re.DOTALL)
"""Those that fill whole lines."""


def lean(source: str) -> str:
    """JavaScript or CSS without comments that fill lines, and without indentation; every line keeps its number."""
    without = COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), source)
    return re.sub(r"^[ \t]+", "", without, flags=re.MULTILINE)


@dataclass
class Assets:
    """The gallery's static files in memory, each with the hash of its content, and compressed once."""

    files: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, bytes] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def collect(cls, folders: Mapping[str, Path]) -> Assets:
        """Every .js, .css and picture below the folders, named by the folder's name and the path in it."""
        assets = cls()
        for prefix, folder in folders.items():
            for path in sorted(folder.rglob("*")):
                if path.suffix in KINDS and path.is_file():
                    assets.add(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return assets

    def add(self, name: str, content: bytes) -> None:
        """Keep a file under a name; scripts and styles travel without their comments and indentation."""
        self.files[name] = lean(content.decode()).encode() if Path(name).suffix in {".js", ".css"} else content
        self.versions[name] = hashlib.sha256(self.files[name]).hexdigest()[:12]
        if Path(name).suffix in PACKED:
            self.packed[name] = gzip.compress(self.files[name], 9, mtime=0)

    def version(self, name: str) -> str:
        """Twelve hex digits of the file's sha256."""
        return self.versions[name]

    def url(self, name: str) -> str:
        """The address, relative to the page, so that it also holds behind a proxy's path."""
        return f"./gallery/{name}?v={self.version(name)}"

    async def serve(self, request: Request) -> Response:
        """One file; kept for a year under its hash, checked every time without it."""
        name = request.path_params["name"]
        if name not in self.files:
            return PlainTextResponse("Not found", 404)
        known = request.query_params.get("v") == self.version(name)
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if known else "no-cache",
            "vary": "Accept-Encoding",
        }
        content = self.files[name]
        if name in self.packed and "gzip" in request.headers.get("accept-encoding", ""):
            content = self.packed[name]
            headers["content-encoding"] = "gzip"
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        return Response(content, media_type=kind, headers=headers)

    def route(self) -> Route:
        """To be given to gradio's app before its own routes."""
        return Route("/gallery/{name:path}", self.serve)


def away(page: str) -> Route:
    """A page of gradio's own that is there for its endpoints only: who opens it comes to the gallery."""

    async def lead(request: Request) -> Response:
        return RedirectResponse("./")

    return Route(f"/{page}", lead)


def preloads() -> str:
    """The two fonts that the first paint needs, from gradio's own static files."""
    tag = '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}/{}.woff2">'
    return "\n".join(tag.format("./static/fonts/IBMPlexSans", name) for name in FONTS)


class GradioChanged(Exception):
    """gradio's page is not made of the pieces that we replace; the message names the first that is missing."""


PIECES = {
    "metadata of its own": r'<meta\s+(?:property="og:|name="twitter:)[^>]*?>\s*',
    "<base>": r"<base\s[^>]*>",
    "configuration in window.gradio_config": r"window\.gradio_config\s*=",
    "module script": r'<script type="module" crossorigin',
    "<gradio-app>": r"<gradio-app",
    "end of its head": r"</head>",
}
"""What of gradio's page is replaced or added to, as patterns."""


@dataclass(frozen=True)
class Head:
    """What is put into gradio's page: first (before everything that loads), styles and scripts; body is our header.

    base: the path that the page's addresses begin with, "/lecture/": one that a proxy serves us below may be asked for
    without its last slash, and the proxy that takes it off does not say so.
    """

    first: str
    styles: str
    scripts: str
    body: str
    base: str = "./"

    def finish(self, page: str) -> str:
        """gradio's page with our head and header, and without its own name in the metadata.

        Raises GradioChanged where a piece that we build on is not there.
        """
        for name, piece in PIECES.items():
            if not re.search(piece, page):
                raise GradioChanged(f"gradio's page has no {name} any more: gallery/shell/web.py builds on it")
        page = re.sub(PIECES["metadata of its own"], "", page)
        page = re.sub(PIECES["<base>"], lambda _: f'<base href="{self.base}">{self.first}', page, count=1)
        page = page.replace("<gradio-app", f"{self.body}\n<gradio-app", 1)
        # Our script comes before gradio's module: both are deferred, and run in the order of the page.
        page = re.sub(PIECES["module script"], lambda found: f"{self.scripts}\n{found[0]}", page, count=1)
        # Our styles come after gradio's, so that of two rules of equal weight ours holds.
        return page.replace("</head>", f"{self.styles}\n</head>", 1)

    def check(self) -> None:
        """Finish gradio's template once, before anybody asks. Raises GradioChanged."""
        env = gradio.routes.templates.env
        self.finish(env.loader.get_source(env, "frontend/index.html")[0])
