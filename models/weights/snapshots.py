"""Pipelines of the Hub as verified folders, each pinned to the commit that it was first pulled at.

A repository's commit, and its files with their sizes and hashes, are asked of the Hub once, before the first pull;
after it they stand in `pins.json` beside the folders, and the Hub is asked for nothing else. Only configurations and
safetensors are taken; a folder appears in one step, with every file verified, or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import threading
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.weights.cardfile import HubSource
from models.weights.hub import cache_folder, offline, sha256_of
from models.weights.pull import Budget, Follower, HubError, Watch, incoming, local_copy, pull

WHOLE = 7200.0
"""Seconds that one large file may take."""
LARGEST = 4_000_000_000
"""Bytes of a repository's files."""
_NETWORK = re.compile(r"(?:unet/)?diffusion_pytorch_model\.safetensors")
_SETTINGS = re.compile(r"model_index\.json|(?:unet/)?config\.json|(?:scheduler/)?scheduler_config\.json")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Item:
    """A file of a repository. digest: the sha256 of a large file, the git object's sha1 of a small one."""

    name: str
    size: int
    digest: str

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds this very file."""
        path = folder / self.name
        try:
            if path.stat().st_size != self.size:
                return False
            return (sha256_of(path) if len(self.digest) == 64 else _git_digest(path)) == self.digest
        except OSError:
            return False


@dataclass(frozen=True)
class Pin:
    """A repository at one commit, and those of its files that make the pipeline."""

    repo: str
    commit: str
    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(item.size for item in self.items)


def _git_digest(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class Snapshots:
    """The folders of one cache. All methods may be called from any thread."""

    def __init__(self, cache: Path | None = None, budget: Budget | None = None) -> None:
        self.cache = cache
        self.budget = budget or Budget(Budget.from_environment().answer, WHOLE)
        self._lock = threading.Lock()

    @property
    def root(self) -> Path:
        """Where the folders lie, and `pins.json` beside them."""
        return (self.cache or cache_folder()) / "pipelines"

    def folder(self, pin: Pin) -> Path:
        """The folder of a repository at its commit."""
        return self.root / pin.repo.replace("/", "--") / pin.commit

    def resolve(self, repo: str) -> Pin:
        """The pinned commit; before the first pull, the repository's present one. Raises HubError."""
        pin = self._pins().get(repo)
        if pin is not None:
            return pin
        if offline():
            raise HubError("offline", "the network is switched off")
        return Watch(self.budget, lambda watch: _asked(repo, watch)).run(f"ask-{repo}")

    def here(self, pin: Pin) -> Path | None:
        """The folder, if it is complete and every file in it is right. Reads all of it."""
        folder = self.folder(pin)
        return folder if all(item.is_in(folder) for item in pin.items) else None

    def bring(self, pin: Pin, follower: Follower) -> Path:
        """Download what a pin names, and pin it. Raises HubError, and leaves nothing behind then."""
        with incoming(self.cache or cache_folder()) as lobby:
            if shutil.disk_usage(lobby).free < pin.size:
                raise HubError("disk", "there is not enough space for the download")
            room = lobby / uuid.uuid4().hex
            for item in pin.items:
                _place(self._fetch(pin, item, lobby, follower), room / item.name)
                if not item.is_in(room):
                    raise HubError("wrong-hash", f"{item.name} of {pin.repo} is not what the Hub describes")
            if follower.cancel.is_set():
                raise HubError("cancelled", "nobody waits for it any more")
            self._settle(pin, room)
        return self.folder(pin)

    def _fetch(self, pin: Pin, item: Item, lobby: Path, follower: Follower) -> Path:
        """One file, unverified: what the client has cached at this commit, else what the Hub sends."""
        source = HubSource(pin.repo, pin.commit, item.name, item.digest)
        kept = local_copy(source)
        if kept is not None and kept.stat().st_size == item.size:
            follower.heard(item.size)
            return kept
        if offline():
            raise HubError("offline", "the network is switched off")
        return pull(source, lobby, self.budget, follower=follower)

    def _settle(self, pin: Pin, room: Path) -> None:
        """Let the folder appear in one step, then the pin."""
        target = self.folder(pin)
        try:
            with self._lock:
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():  # damaged, or it would not have been fetched
                    shutil.rmtree(target)
                os.replace(room, target)
                self._write({**self._pins(), pin.repo: pin})
        except OSError as error:
            raise HubError("disk", f"the cache could not be written: {error}") from error

    def _write(self, pins: dict[str, Pin]) -> None:
        temporary = self.root / f".{uuid.uuid4().hex}.json"
        try:
            temporary.write_text(json.dumps({repo: asdict(pin) for repo, pin in pins.items()}, indent=1), "utf-8")
            os.replace(temporary, self.root / "pins.json")
        finally:
            temporary.unlink(missing_ok=True)

    def _pins(self) -> dict[str, Pin]:
        """What was pinned; an entry that cannot be read counts as none."""
        found: dict[str, Pin] = {}
        with contextlib.suppress(OSError, ValueError, AttributeError):
            for repo, entry in json.loads((self.root / "pins.json").read_text("utf-8")).items():
                with contextlib.suppress(KeyError, TypeError, HubError):
                    found[repo] = checked(repo, entry["commit"], [Item(**item) for item in entry["items"]])
        return found


def checked(repo: str, commit: Any, items: list[Item]) -> Pin:
    """The files of a repository that make the pipeline, pinned. Raises HubError where it is none that we take."""
    wanted = [item for item in items if _NETWORK.fullmatch(item.name) or _SETTINGS.fullmatch(item.name)]
    if not any(_NETWORK.fullmatch(item.name) and len(item.digest) == 64 for item in wanted):
        raise HubError("no-safetensors", f"{repo} has no safetensors")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit) or not all(item.digest for item in wanted):
        raise HubError("captive", "what answers is not the Hub")
    if not any(item.name == "model_index.json" for item in wanted):
        raise HubError("not-found", f"{repo} holds no pipeline")
    if sum(item.size for item in wanted) > LARGEST:
        raise HubError("disk", f"{repo} is too large")
    return Pin(repo, commit, tuple(sorted(wanted, key=lambda item: item.size)))


def _asked(repo: str, watch: Watch[Pin]) -> Pin:
    """Commit, files, sizes and hashes of a repository, from the Hub."""
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(repo, files_metadata=True, timeout=watch.budget.answer)
    except json.JSONDecodeError as error:
        raise HubError("captive", "what answers is not the Hub") from error
    watch.answered = True
    siblings = info.siblings or []
    items = [Item(s.rfilename, s.size or 0, s.lfs.sha256 if s.lfs else s.blob_id or "") for s in siblings]
    return checked(repo, info.sha, items)


def _place(path: Path, target: Path) -> None:
    """A copy that costs no space where the file system can do it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path.resolve(), target)
        except OSError:
            shutil.copyfile(path, target)
    except OSError as error:
        raise HubError("disk", f"the cache could not be written: {error}") from error
