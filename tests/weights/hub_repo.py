"""A repository of the stand-in Hub: what is in it, at which commits, and how it behaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Repo:
    """A repository: its files at one commit, how it behaves, and where it has moved to."""

    files: dict[str, bytes] = field(default_factory=dict)
    mode: str = "normal"
    moved_to: str = ""
    past: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Earlier commits that can still be asked for, with their files."""

    @property
    def commit(self) -> str:
        """40 hexadecimal digits that depend on what is in it."""
        every = hashlib.sha1()
        for name in sorted(self.files):
            every.update(name.encode() + self.files[name])
        return every.hexdigest()

    def change(self, files: dict[str, bytes]) -> None:
        """A new commit; the present one can still be asked for."""
        self.past[self.commit] = self.files
        self.files = files

    def at(self, revision: str) -> tuple[str, dict[str, bytes]] | None:
        """The commit and the files that a revision names."""
        if revision in ("main", self.commit):
            return self.commit, self.files
        return (revision, self.past[revision]) if revision in self.past else None


def sibling(file: str, data: bytes, described: bool) -> dict[str, Any]:
    """What the Hub says of a file; with sizes and hashes where they are asked for. Weights are large files."""
    if not described:
        return {"rfilename": file}
    large = file.endswith((".safetensors", ".bin"))
    digest = hashlib.sha256(data).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n".encode()
    blob = pointer if large else data
    lfs = {"lfs": {"sha256": digest, "size": len(data), "pointerSize": len(pointer)}} if large else {}
    git = hashlib.sha1(b"blob %d\0" % len(blob) + blob).hexdigest()
    return {"rfilename": file, "size": len(data), "blobId": git, **lfs}
