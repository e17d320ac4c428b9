"""From a card to a verified file: what is here already, and what the Hub has, fetched in the background.

The Hub's own client retries for 23 s when it cannot be reached, over 60 s when a server hangs, and calls a
flipped byte fine. So: local files answer at once; one background thread asks the Hub, within a budget of
wall-clock time; nothing is used whose sha256 is not the card's; a dead Hub is remembered for the process.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from models.weights.cardfile import WEIGHTS, Card, HubSource, WeightsError, load_card
from models.weights.pull import Budget, HubError, incoming, local_copy, pull
from models.weights.sources import Badge, HubState, Source

log = logging.getLogger("vernissage.weights")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.cache
def homeless() -> Path:
    """The cache of a user without a home: a temporary folder that no other user can have put anything into."""
    return Path(tempfile.mkdtemp(prefix="vernissage-cache-"))


def cache_folder() -> Path:
    """GALLERY_CACHE, else ~/.cache/vernissage; without a home (a container's user) it lasts as long as the process."""
    named = os.environ.get("GALLERY_CACHE")
    try:
        return Path(named).expanduser() if named else Path.home() / ".cache" / "vernissage"
    except RuntimeError:
        return homeless()


def offline() -> bool:
    """Whether the environment forbids the network (`--offline` sets HF_HUB_OFFLINE)."""
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in names)


def hub_source(card: Card) -> HubSource | None:
    """Where the Hub has this card's file, and with which hash.

    GALLERY_HUB_REPO=user/repo[@revision] says so for our own weights, which are those with an embedded file;
    else the card does. Their hash is the one the card names for the Hub, else the embedded file's own.
    """
    named = os.environ.get("GALLERY_HUB_REPO", "").strip()
    if not named or not card.file:
        return card.hub
    repo, _, revision = named.partition("@")
    file, sha256 = (card.hub.file, card.hub.sha256) if card.hub else (card.file, card.sha256)
    return HubSource(repo, revision or "main", file, sha256)


class Shelf:
    """The weights of one folder of cards, with one cache. All methods may be called from any thread."""

    def __init__(self, folder: Path = WEIGHTS, cache: Path | None = None, budget: Budget | None = None) -> None:
        self.folder = folder
        self.cache = cache
        self.budget = budget or Budget.from_environment()
        self._lock = threading.Lock()
        self._verified: dict[tuple[str, int, int, str], bool] = {}
        self._states: dict[str, tuple[HubState, str]] = {}
        self._pulled: set[str] = set()  # hashes that came from the Hub in this process
        self._callbacks: dict[str, list[Callable[[Source], None]]] = {}
        self._dead = ""  # why the Hub is given up for this process
        self._asked: list[str] = []
        self._thread: threading.Thread | None = None

    def verified(self, path: Path, sha256: str) -> bool:
        """Whether `path` has this hash; a file is read once, and again only when its size or time changes."""
        try:
            stat = path.stat()
            seal = (str(path), stat.st_size, stat.st_mtime_ns, sha256)
            if seal not in self._verified:
                self._verified[seal] = sha256_of(path) == sha256
                if not self._verified[seal]:
                    log.warning("%s does not have the checksum that its card names; it is not used", path)
            return self._verified[seal]
        except OSError:
            return False

    def stored(self, sha256: str) -> Path:
        """Where the cache keeps the file of this hash."""
        return (self.cache or cache_folder()) / "weights" / f"{sha256}.safetensors"

    def fetch(self, card: Card) -> tuple[Path, Source]:
        """The best verified file that is here now; never waits for the network.

        Raises WeightsError when there is none: the embedded file is broken, or nothing has arrived yet.
        """
        hub = hub_source(card)
        if hub and hub.sha256 != card.sha256 and self.verified(self.stored(hub.sha256), hub.sha256):
            return self.stored(hub.sha256), self._kept(card, hub.sha256)
        embedded = self.folder / card.file
        if card.file and self.verified(embedded, card.sha256):
            return embedded, Source("embedded", f"weights/{card.file}", card.sha256)
        if card.file and self.verified(self.stored(card.sha256), card.sha256):
            return self.stored(card.sha256), self._kept(card, card.sha256)
        raise self._nothing(card, broken=bool(card.file) and embedded.exists())

    def _kept(self, card: Card, sha256: str) -> Source:
        kind: Literal["hub", "cached"] = "hub" if sha256 in self._pulled else "cached"
        hub = hub_source(card)
        return Source(kind, f"{hub.repo}/{hub.file}" if hub else "cache", sha256)

    def _nothing(self, card: Card, broken: bool) -> WeightsError:
        if broken:
            return WeightsError(
                "weights.broken_file",
                f"The file {card.file} is not the one that its card describes: its checksum differs. It is not used.",
                file=card.file,
            )
        if self._states.get(card.name, ("", ""))[0] in ("waiting", "pulling") and not offline():
            return WeightsError(
                "weights.on_the_way", f"The weights of “{card.title}” are on their way.", title=card.title
            )
        return WeightsError("weights.missing", f"There are no weights for “{card.title}” here.", title=card.title)

    def on_swap(self, name: str, callback: Callable[[Source], None]) -> None:
        """Call `callback(source)`, in the background thread, when `fetch` has a better file for `name`."""
        with self._lock:
            self._callbacks.setdefault(name, []).append(callback)

    def badge(self, card: Card) -> Badge:
        """The truth about this card's file, for the plaque. Reads the file's hash on first use."""
        try:
            source = self.fetch(card)[1]
        except WeightsError:
            source = None
        hub = hub_source(card)
        if hub is None:
            return Badge(source, "off", offline())
        if source is not None and source.sha256 == hub.sha256:
            return Badge(source, "fresh", offline(), repo=hub.repo)
        state, why = self._states.get(card.name, ("waiting", ""))
        return Badge(source, state, offline(), why, hub.repo)

    def refresh(self, names: Iterable[str] | None = None) -> threading.Thread:
        """Ask the Hub in the background for what is not here yet; returns the thread at work.

        Without names: the cards with an embedded file. Those that live on the Hub only may be large, so they
        are asked for by name.
        """
        names = self._shipped() if names is None else list(names)
        with self._lock:
            self._asked += names
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="weights-refresh", daemon=True)
                self._thread.start()
            return self._thread

    def _shipped(self) -> list[str]:
        """The names of the cards with an embedded file; a bad card is left out, its room says why."""
        names = []
        for path in sorted(self.folder.glob("*.toml")):
            with contextlib.suppress(WeightsError):
                names += [path.stem] if load_card(path.stem, self.folder).file else []
        return names

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._thread = None
                    return
                name = self._asked.pop(0)
            try:
                self.bring(load_card(name, self.folder))
            except WeightsError as error:  # one bad card must not keep the others from the Hub
                log.warning("%s", error)

    def bring(self, card: Card, progress: bool = False) -> Badge:
        """Fetch the Hub's file of one card in this thread, within the budget; the badge tells how it went."""
        hub = hub_source(card)
        if hub is None or self.badge(card).hub == "fresh":
            return self.badge(card)
        try:
            self._bring(card, hub, progress)
        except HubError as error:
            state: HubState = "wrong-hash" if error.why == "wrong-hash" else "unreachable"
            self._states[card.name] = (state, "" if state == "wrong-hash" else error.why)
            self._dead = error.why if error.whole_hub else self._dead
            log.warning("%s: %s", card.name, error)
        return self.badge(card)

    def _bring(self, card: Card, hub: HubSource, progress: bool) -> None:
        self._states[card.name] = ("waiting", "")
        here = local_copy(hub)
        if here is not None and self._adopt(here, hub.sha256):
            return self._announce(card)
        if offline():
            return
        if self._dead:
            raise HubError(self._dead, "the Hub was given up earlier in this process")
        self._states[card.name] = ("pulling", "")
        with incoming(self.cache or cache_folder()) as folder:
            if not self._adopt(pull(hub, folder, self.budget, progress), hub.sha256):
                raise HubError("wrong-hash", f"{hub.file} of {hub.repo} is not what the card names; it is not used")
        self._pulled.add(hub.sha256)
        self._announce(card)

    def _adopt(self, path: Path, sha256: str) -> bool:
        """Put a verified copy of `path` on the shelf, in one step; False where its hash is another."""
        target = self.stored(sha256)
        temporary = target.with_name(f".{uuid.uuid4().hex}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path.resolve(), temporary)  # costs no space
            except OSError:
                shutil.copyfile(path, temporary)
            if sha256_of(temporary) != sha256:
                return False
            os.replace(temporary, target)
        except OSError as error:
            raise HubError("disk", f"the cache could not be written: {error}") from error
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def _announce(self, card: Card) -> None:
        source = self.fetch(card)[1]
        self._states[card.name] = ("fresh", "")
        with self._lock:
            callbacks = list(self._callbacks.get(card.name, ()))
        for callback in callbacks:
            try:
                callback(source)
            except Exception:
                log.exception("%s: the new weights could not be taken over; the old ones stay", card.name)
