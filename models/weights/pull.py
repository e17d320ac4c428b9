"""What the Hub has, fetched with its real client, within a budget of wall-clock time.

The client is imported on first use: it costs half a second of a start.
"""

from __future__ import annotations

import errno
import os
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.weights.cardfile import HubSource

T = TypeVar("T")

_CHUNK = 1 << 16
"""Bytes between two signs of life; the client's own 10 MB would look like a standstill on a slow line."""


@dataclass(frozen=True)
class Budget:
    """Seconds: until the Hub answers or between two signs of life, and for a whole file."""

    answer: float = 8.0
    total: float = 900.0

    @classmethod
    def from_environment(cls) -> Budget:
        """GALLERY_HUB_SECONDS sets the first; nonsense is ignored."""
        try:
            seconds = float(os.environ.get("GALLERY_HUB_SECONDS", ""))
        except ValueError:
            return cls()
        return cls(answer=seconds) if 0 < seconds < 3600 else cls()


class HubError(Exception):
    """Why the Hub's file is not here, as the last part of a words key in `weights.hub`."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why

    @property
    def whole_hub(self) -> bool:
        """Whether asking for another file is pointless as well."""
        return self.why in ("timeout", "network", "too-many", "failed", "captive")


def local_copy(source: HubSource) -> Path | None:
    """The client's cached file, if it has one (a Space's `preload_from_hub` puts them there); no network."""
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(source.repo, source.file, revision=source.revision, local_files_only=True))
    except Exception:  # "not cached", whichever way the client's version says it
        return None


@contextmanager
def incoming(cache: Path) -> Iterator[Path]:
    """A folder for one download, gone afterwards: what has not been verified lies in nobody else's cache."""
    rooms = cache / "incoming"
    try:
        rooms.mkdir(parents=True, exist_ok=True)
        for left in rooms.iterdir():  # by a process that was killed
            if time.time() - left.stat().st_mtime > 86_400:
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=rooms))
    except OSError as error:
        raise HubError("disk", f"the cache could not be written: {error}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Follower:
    """Who follows a download: `heard(n)` is told of every n bytes; once `cancel` is set, nobody waits for it."""

    heard: Callable[[int], None]
    cancel: threading.Event


def pull(
    source: HubSource, folder: Path, budget: Budget, progress: bool = False, follower: Follower | None = None
) -> Path:
    """Download one file into `folder`, unverified; returns its path.

    progress: show the client's own bar. Raises HubError, at the latest when the budget is spent or the follower
    cancels: the client is left in its own thread then, and stops at its next chunk.
    """

    def work(watch: Watch[Path]) -> Path:
        return _download(source, folder, watch, progress)

    return Watch(budget, work, follower).run(f"pull-{source.file}")


class _Abandoned(Exception):
    """Ends a download that nobody waits for."""


class Watch(Generic[T]):
    """The client at work in one thread, its signs of life counted in another.

    work(watch) is the client's part; it sets `watch.answered` and calls `watch.sign_of_life`.
    """

    def __init__(self, budget: Budget, work: Callable[[Watch[T]], T], follower: Follower | None = None) -> None:
        self.budget, self.work, self.follower = budget, work, follower
        self.started = self.alive = time.monotonic()
        self.answered = False
        self.abandoned = False
        self._result: queue.SimpleQueue[tuple[T] | HubError] = queue.SimpleQueue()

    def run(self, name: str) -> T:
        """What `work` returns. Raises HubError, at the latest when the budget is spent."""
        threading.Thread(target=self._work, name=name, daemon=True).start()
        while True:
            try:
                result = self._result.get(timeout=min(0.2, self.budget.answer / 4))
            except queue.Empty:
                self._look()
                continue
            if isinstance(result, HubError):
                raise result
            return result[0]

    def _look(self) -> None:
        now = time.monotonic()
        cancelled = self.follower is not None and self.follower.cancel.is_set()
        silent = now - self.alive > self.budget.answer
        if not cancelled and not silent and now - self.started < self.budget.total:
            return
        self.abandoned = True
        if cancelled:
            raise HubError("cancelled", "nobody waits for it any more")
        if not self.answered:
            raise HubError("timeout", f"the Hub did not answer within {self.budget.answer:g} s")
        raise HubError("cut", "the download stood still" if silent else "the download took too long")

    def sign_of_life(self, count: int = 0) -> None:
        """`count` more bytes are here; negative where the client has to fetch some anew."""
        if self.abandoned:
            raise _Abandoned
        self.alive = time.monotonic()
        if count and self.follower is not None:
            self.follower.heard(count)

    def _work(self) -> None:
        try:
            self._result.put((self.work(self),))
        except Exception as error:  # the boundary of a thread; a transport's own types are not named
            self._result.put(classify(error, self.answered))


def _download(s: HubSource, folder: Path, watch: Watch[Path], progress: bool) -> Path:
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url

    # asked once without retries, so that a refusal is known at once and by its true name
    address = hf_hub_url(s.repo, s.file, revision=s.revision)
    found = get_hf_file_metadata(address, timeout=watch.budget.answer)
    if not found.etag or not found.commit_hash:
        raise HubError("captive", "what answers is not the Hub")
    watch.answered = True
    watch.sign_of_life()
    constants.DOWNLOAD_CHUNK_SIZE = _CHUNK
    constants.HF_HUB_DISABLE_XET = True  # its transfer cannot be left at a chunk
    path = hf_hub_download(
        s.repo,
        s.file,
        revision=s.revision,
        cache_dir=folder,
        etag_timeout=watch.budget.answer,
        tqdm_class=_bar(watch, progress),
    )
    return Path(path)


def _bar(watch: Watch[Path], progress: bool) -> Any:
    """The client's progress bar, shown or not, that reports signs of life."""
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            if not progress:
                kwargs["disable"] = True
            super().__init__(*args, **kwargs)

        def update(self, n: float | None = 1) -> bool | None:
            watch.sign_of_life(int(n or 0))
            return super().update(n)

    return Bar


def classify(error: Exception, answered: bool = False) -> HubError:
    """The client's error, as one of a few reasons. `answered`: the Hub had already named the file."""
    if isinstance(error, HubError):
        return error
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__) is not None:
        chain.append(cause)
    for link in chain:
        status = getattr(getattr(link, "response", None), "status_code", None)
        if isinstance(status, int):
            return HubError(_of_status(status), f"the Hub answered {status}")
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    codes = {link.errno for link in chain if isinstance(link, OSError)}
    sentence = f"{type(error).__name__}: {error}".splitlines()[0]
    if "HFValidationError" in names:
        return HubError("not-found", sentence)
    if codes & {errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT}:
        return HubError("disk", sentence)
    if "FileMetadataError" in names:
        return HubError("captive", sentence)
    if answered:
        return HubError("cut", sentence)
    return HubError("timeout" if any("Timeout" in name for name in names) else "network", sentence)


def _of_status(status: int) -> str:
    if status in (401, 403):
        return "not-allowed"
    if status == 429:
        return "too-many"
    return "not-found" if status in (404, 410) else "failed"
