"""Bigger models of the Hub as verified folders, each pinned to one commit.

An offer names the commit and the files, with the sha256 of its weights. The Hub is asked once, before the first pull,
for what the offer leaves open: sizes, a setting's hash, and where nothing is pinned yet also commit and hashes. What it
said then stands in `pins.json` beside the folders and is held from then on. A folder appears in one step, with every
file verified and a pickle rewritten, or not at all.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
import threading
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.weights.cardfile import HubSource
from models.weights.hub import cache_folder, offline, sha256_of
from models.weights.offers import PICKLE, Offer
from models.weights.pull import Budget, Follower, HubError, Watch, incoming, local_copy, pull
from models.weights.rewrite import rewrite

WHOLE = 7200.0
"""Seconds that one large file may take."""
LARGEST = 4_000_000_000
"""Bytes of a repository's files."""
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Item:
    """A file of a repository. digest: its sha256, or the git object's sha1 of a small one."""

    name: str
    size: int
    digest: str

    def is_in(self, folder: Path) -> bool:
        """Whether the folder holds this very file."""
        path = folder / self.name
        try:
            if path.stat().st_size != self.size:
                return False
            return (sha256_of(path) if len(self.digest) == 64 else git_digest(path)) == self.digest
        except OSError:
            return False


@dataclass(frozen=True)
class Pin:
    """A repository at one commit, and those of its files that are asked for.

    kept: what the folder holds, where that is not the same: a pickle's place is taken by what it was rewritten as.
    """

    repo: str
    commit: str
    items: tuple[Item, ...]
    kept: tuple[Item, ...] = ()

    @property
    def size(self) -> int:
        """Bytes to download in all."""
        return sum(item.size for item in self.items)

    @property
    def pickles(self) -> tuple[Item, ...]:
        """Those that will be rewritten."""
        return tuple(item for item in self.items if item.name.endswith(PICKLE))


def git_digest(path: Path) -> str:
    """The sha1 that git names a file's content by."""
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

    def resolve(self, offer: Offer) -> Pin:
        """What was pulled for this offer; before the first pull, what the Hub says of it. Raises HubError."""
        pin = self._pins().get(offer.repo)
        if pin is not None and _fits(pin, offer):
            return pin
        if offline():
            raise HubError("offline", "the network is switched off")
        return Watch(self.budget, lambda watch: _asked(offer, watch)).run(f"ask-{offer.repo}")

    def here(self, pin: Pin) -> Path | None:
        """The folder, if it is complete and every file in it is right. Reads all of it."""
        folder = self.folder(pin)
        return folder if all(item.is_in(folder) for item in pin.kept or pin.items) else None

    def bring(self, pin: Pin, follower: Follower) -> Path:
        """Download what a pin names, rewrite its pickles, and pin it.

        Raises HubError, and WeightsError for a pickle that holds more than weights; leaves nothing behind then.
        """
        with incoming(self.cache or cache_folder()) as lobby:
            if shutil.disk_usage(lobby).free < pin.size + sum(item.size for item in pin.pickles):
                raise HubError("disk", "there is not enough space for the download")
            room = lobby / uuid.uuid4().hex
            for item in pin.items:
                _place(self._fetch(pin, item, lobby, follower), room / item.name)
                if not item.is_in(room):
                    raise HubError("wrong-hash", f"{item.name} of {pin.repo} is not what the Hub describes")
            if follower.cancel.is_set():
                raise HubError("cancelled", "nobody waits for it any more")
            self._settle(_rewritten(pin, room), room)
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
                with contextlib.suppress(KeyError, TypeError, AttributeError):
                    items, kept = (tuple(Item(**item) for item in entry.get(k, ())) for k in ("items", "kept"))
                    found[repo] = Pin(repo, entry["commit"], items, kept)
        return found


def _fits(pin: Pin, offer: Offer) -> bool:
    """Whether the pin holds what is offered: no other commit, every file, no other hash."""
    digests = {item.name: item.digest for item in pin.items}
    return (
        _COMMIT.fullmatch(str(pin.commit)) is not None
        and offer.commit in ("", pin.commit)
        and all(digests.get(file.name) and file.sha256 in ("", digests[file.name]) for file in offer.files)
    )


def _rewritten(pin: Pin, room: Path) -> Pin:
    """The pin with what its pickles became in `room`. Raises WeightsError, HubError."""
    kept = [item for item in pin.items if item not in pin.pickles]
    try:
        for item in pin.pickles:
            path = rewrite(room / item.name)
            kept.append(Item(path.relative_to(room).as_posix(), path.stat().st_size, sha256_of(path)))
    except OSError as error:
        raise HubError("disk", f"the cache could not be written: {error}") from error
    return dataclasses.replace(pin, kept=tuple(kept) if pin.pickles else ())


def described(offer: Offer, commit: Any, listed: Iterable[Item]) -> Pin:
    """What the Hub says of an offer, pinned. Raises HubError where it is not what is offered."""
    there = {item.name: item for item in listed}
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit) or offer.commit not in ("", commit):
        raise HubError("captive", "what answers is not the Hub")
    items = []
    for file in offer.files:
        item = there.get(file.name)
        if item is None or (file.weights and len(item.digest) != 64):
            raise HubError("other-files", f"{offer.repo} has no such weights as {file.name}")
        if file.sha256 and len(item.digest) == 64 and item.digest != file.sha256:
            raise HubError("wrong-hash", f"{file.name} of {offer.repo} is not the file that is described")
        items.append(dataclasses.replace(item, digest=file.sha256 or item.digest))
    if not all(item.digest for item in items):
        raise HubError("captive", "what answers is not the Hub")
    if sum(item.size for item in items) > LARGEST:
        raise HubError("disk", f"{offer.repo} is too large")
    return Pin(offer.repo, commit, tuple(sorted(items, key=lambda item: item.size)))


def _asked(offer: Offer, watch: Watch[Pin]) -> Pin:
    """Commit, files, sizes and hashes of an offer, from the Hub."""
    commit, items = siblings(offer.repo, offer.commit, watch)
    return described(offer, commit, items)


def siblings(repo: str, revision: str, watch: Watch[Any]) -> tuple[Any, list[Item]]:
    """The commit that the Hub names for a revision ("" the newest), and all files there."""
    from huggingface_hub import HfApi

    try:
        api = HfApi()
        info = api.model_info(repo, revision=revision or None, files_metadata=True, timeout=watch.budget.answer)
    except json.JSONDecodeError as error:
        raise HubError("captive", "what answers is not the Hub") from error
    watch.answered = True
    found = info.siblings or []
    return info.sha, [Item(s.rfilename, s.size or 0, s.lfs.sha256 if s.lfs else s.blob_id or "") for s in found]


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
