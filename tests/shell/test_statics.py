"""gradio's own files: the same bytes, compressed once, kept by browsers."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gallery.shell.statics import Statics

SCRIPT, FONT = b"let x = 1; // a script\n" * 200, bytes(range(256)) * 40


class Site:
    """An app with two files; asked: how often it was asked for each path."""

    def __init__(self, folder: Path) -> None:
        (folder / "index.js").write_bytes(SCRIPT)
        (folder / "sans.woff2").write_bytes(FONT)
        self.asked: list[str] = []

        async def file(request: Request) -> Response:
            self.asked.append(request.url.path)
            path = folder / request.path_params["name"]
            return FileResponse(path) if path.exists() else PlainTextResponse("none", 404)

        routes = [Route("/assets/{name}", file), Route("/static/{name}", file), Route("/other/{name}", file)]
        self.app = Starlette(routes=routes, middleware=[Middleware(Statics)])
        self.web = TestClient(self.app)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_file_is_read_once_and_comes_as_it_is(site: Site) -> None:
    for accepted in ("identity", "gzip, deflate", "gzip, deflate, br, zstd", "br"):
        answer = site.web.get("/assets/index.js", headers={"accept-encoding": accepted})
        assert answer.content == SCRIPT and "javascript" in answer.headers["content-type"]
        assert answer.headers.get("content-encoding", "identity") in accepted
        assert ("br" in accepted) == (answer.headers.get("content-encoding") == "br")
        assert "immutable" in answer.headers["cache-control"] and answer.headers["vary"] == "Accept-Encoding"
    assert site.asked == ["/assets/index.js"]
    assert len(brotli.compress(SCRIPT)) < len(gzip.compress(SCRIPT)) < len(SCRIPT)


def test_a_font_is_not_compressed_again_and_holds_for_a_day(site: Site) -> None:
    answer = site.web.get("/static/sans.woff2", headers={"accept-encoding": "br, gzip"})
    assert answer.content == FONT and "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=86400"


def test_who_has_it_already_gets_no_body_and_who_wants_a_part_gets_it(site: Site) -> None:
    first = site.web.get("/static/sans.woff2")
    again = site.web.get("/static/sans.woff2", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = site.web.get("/static/sans.woff2", headers={"range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, FONT[2:5])
    head = site.web.head("/static/sans.woff2")
    assert head.content == b"" and head.headers["content-length"] == str(len(FONT))


def test_what_is_not_there_is_asked_for_each_time_and_other_paths_pass(site: Site) -> None:
    for _ in range(2):
        assert site.web.get("/assets/none.js").status_code == 404
        assert "cache-control" not in site.web.get("/other/index.js").headers
    assert site.asked.count("/other/index.js") == 2 and "/assets/none.js" in site.asked


def test_beyond_what_may_be_kept_files_still_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Statics, "MOST", 1)
    for name in ("/assets/index.js", "/static/sans.woff2", "/static/sans.woff2"):
        assert site.web.get(name).status_code == 200
    assert site.asked == ["/assets/index.js", "/static/sans.woff2", "/static/sans.woff2"]


def test_a_visitor_who_leaves_at_once_does_not_cut_the_file_for_others(site: Site) -> None:
    """The connection of the first is closed before anything has been read."""

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def nowhere(message: object) -> None:
        return None

    scope = {"type": "http", "method": "GET", "path": "/assets/index.js", "headers": [], "query_string": b""}
    asyncio.run(site.app({**scope, "app": site.app}, gone, nowhere))
    assert site.web.get("/assets/index.js").content == SCRIPT and site.asked == ["/assets/index.js"]


def test_what_is_no_request_passes(site: Site) -> None:
    """The server tells an app that it begins and ends in a scope without headers."""
    with TestClient(site.app) as web:
        assert web.get("/assets/index.js").content == SCRIPT
