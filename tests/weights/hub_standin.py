"""A Hugging Face Hub in one process: the protocol that the real client speaks, and the ways it can fail.

A repository's `mode` says how it behaves: normal, 404, 401, 429, 500, hang, slow, stall, cut, cut-once,
flipped, wrong, portal. Large files answer as on the Hub: with a redirect to another host (localhost here).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.weights.hub_repo import Repo, sibling

__all__ = ["Hub", "Repo"]

PORTAL = b"<!DOCTYPE html><html><body>Welcome to Hotel Wi-Fi. Please log in.</body></html>"

SMALL = 4096
"""Bytes below which a line that is bad still carries a file."""


class Hub:
    """`with Hub() as hub:` a server at `hub.address`; `hub.requests` lists what it was asked."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.lfs: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.hub = self

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Hub:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    hub: Hub
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is for the test."""

    def do_HEAD(self) -> None:
        self._get()

    def do_GET(self) -> None:
        self._get()

    def do_POST(self) -> None:
        self._change()

    def do_PUT(self) -> None:
        self._change()

    @property
    def hub(self) -> Hub:
        return self.server.hub

    # What is read

    def _get(self) -> None:
        self.hub.requests.append(f"{self.command} {self.path}")
        path = self.path.split("?")[0]
        if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self._resolve(*found.groups())
        elif found := re.fullmatch(r"/cdn/([^/]+/[^/]+)/([0-9a-f]{40})/(.+)", path):
            self._file(found[1], found[2], found[3])
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            self._info(found[1], found[2] or "main")
        else:
            self._answer(404, b"{}")

    def _info(self, name: str, revision: str) -> None:
        repo = self.hub.repos.get(name, Repo(mode="404"))
        if self._refused(repo):
            return
        if (found := repo.at(revision)) is None:
            self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return
        siblings = [sibling(file, data, "blobs=" in self.path) for file, data in sorted(found[1].items())]
        self._json({"id": name, "modelId": name, "sha": found[0], "siblings": siblings, "tags": []})

    def _refused(self, repo: Repo) -> bool:
        """Answer in a repository's way of failing, if it has one."""
        if repo.mode == "hang":
            self.hub.closing.wait(90)
            self.close_connection = True
        elif repo.mode == "portal":
            self._answer(200, PORTAL, {"Content-Type": "text/html"})
        elif repo.mode in ("401", "429", "500"):
            self._answer(int(repo.mode), b"{}", {"X-Error-Message": "refused"})
        elif repo.mode == "404":
            self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        else:
            return False
        return True

    def _resolve(self, name: str, revision: str, file: str) -> None:
        repo = self.hub.repos.get(name, Repo(mode="404"))
        if repo.moved_to:
            self._answer(307, b"", {"Location": f"/{repo.moved_to}/resolve/{revision}/{file}"})
        elif self._refused(repo):
            return
        elif (found := repo.at(revision)) is None:
            self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound", "X-Repo-Commit": repo.commit})
        elif file not in found[1]:
            self._answer(404, b"{}", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": found[0]})
        else:
            self._point_to(name, repo, found[0], found[1][file], file)

    def _point_to(self, name: str, repo: Repo, commit: str, data: bytes, file: str) -> None:
        """The answer for a large file: what it is, and another host to fetch it from."""
        data = _wrong(data) if repo.mode == "wrong" else data
        headers = {
            "X-Repo-Commit": commit,
            "X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"',
            "X-Linked-Size": str(len(data)),
            "Location": f"http://localhost:{self.hub.port}/cdn/{name}/{commit}/{file}",
        }
        self._answer(302, b"", headers)

    def _file(self, name: str, commit: str, file: str) -> None:
        repo = self.hub.repos[name]
        found = repo.at(commit)
        assert found is not None
        data = found[1][file]
        if repo.mode == "wrong":
            data = _wrong(data)
        if repo.mode == "flipped":
            data = data[:-1] + bytes([data[-1] ^ 1])
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(data) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self._body(repo.mode, data, start)

    def _body(self, mode: str, data: bytes, start: int) -> None:
        half = len(data) // 2
        if len(data) < SMALL:
            self._write(data[start:])
        elif mode == "slow":
            for at in range(start, len(data), max(1, len(data) // 20)):
                self._write(data[at : min(len(data), at + max(1, len(data) // 20))])
                self.hub.closing.wait(0.1)
        elif mode == "stall":
            self._write(data[start:half])
            self.hub.closing.wait(90)
            self.close_connection = True
        elif mode == "cut" or (mode == "cut-once" and not start):
            self._write(data[start:half])
            self.close_connection = True
        else:
            self._write(data[start:])

    def _write(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:  # the client has given up
            self.close_connection = True

    # What changes

    def _change(self) -> None:
        self.hub.requests.append(f"{self.command} {self.path}")
        body = self._received()
        path = self.path.split("?")[0]
        if path.startswith("/lfs/") and self.command == "PUT":
            self.hub.lfs[path.removeprefix("/lfs/")] = body
            self._answer(200, b"")
        elif not self.headers.get("Authorization", "").startswith("Bearer hf_"):
            self._answer(401, b'{"error": "Invalid username or password."}')
        elif path == "/api/repos/create":
            self._create(json.loads(body))
        elif path == "/api/validate-yaml":
            self._json({"errors": [], "warnings": []})
        elif found := re.fullmatch(r"/api/models/(.+)/preupload/main", path):
            modes = [(f["path"], f["path"].endswith(".safetensors")) for f in json.loads(body)["files"]]
            files = [
                {"path": p, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False} for p, large in modes
            ]
            self._json({"files": files})
        elif path.endswith(".git/info/lfs/objects/batch"):
            self._json({"transfer": "basic", "objects": [self._slot(o) for o in json.loads(body)["objects"]]})
        elif found := re.fullmatch(r"/api/models/(.+)/commit/main", path):
            self._commit(found[1], [json.loads(line) for line in body.splitlines()])
        else:
            self._answer(404, b"{}")

    def _create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.hub.repos:
            self._json({"error": "You already created this model repo", "url": f"{self.hub.address}/{name}"}, 409)
            return
        self.hub.repos[name] = Repo()
        self._json({"url": f"{self.hub.address}/{name}", "id": name})

    def _slot(self, thing: dict[str, Any]) -> dict[str, Any]:
        """Where the client shall put one large file."""
        place = {"upload": {"href": f"{self.hub.address}/lfs/{thing['oid']}"}}
        return {"oid": thing["oid"], "size": thing["size"], "actions": place}

    def _commit(self, name: str, lines: list[dict[str, Any]]) -> None:
        files = self.hub.repos[name].files
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.hub.lfs[value["oid"]]
        commit = self.hub.repos[name].commit
        self._json({"commitUrl": f"{self.hub.address}/{name}/commit/{commit}", "commitOid": commit})

    def _received(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    # How it is said

    def _json(self, thing: object, status: int = 200) -> None:
        self._answer(status, json.dumps(thing).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self._write(body)


def _wrong(data: bytes) -> bytes:
    """Another file of the same length, consistent in itself."""
    return bytes(len(data))
