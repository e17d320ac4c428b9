"""A Hub with one small model, and an empty cache, for the tests of the bigger models."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import huggingface_hub
import pytest

from models.weights.offers import Offer
from models.weights.pull import Budget, Follower
from models.weights.snapshots import Snapshots
from tests.diffusion.small_pipeline import files, offer
from tests.weights.hub_standin import Hub, Repo

REPO = "google/ddpm-cat-256"
SIZE = 16


@pytest.fixture(scope="session")
def small() -> dict[str, bytes]:
    return files(SIZE)


@dataclass
class House:
    """A Hub with one small pipeline, and an empty cache."""

    hub: Hub
    cache: Path
    snapshots: Snapshots

    @property
    def repo(self) -> Repo:
        return self.hub.repos[REPO]

    @property
    def loose(self) -> Offer:
        """What is there now, not pinned."""
        return offer(REPO, self.repo.files)

    @property
    def pinned(self) -> Offer:
        """What is there now, pinned."""
        return offer(REPO, self.repo.files, self.repo.commit)

    def bring(
        self,
        heard: Callable[[int], None] = lambda n: None,
        cancel: threading.Event | None = None,
        wanted: Offer | None = None,
    ) -> Path:
        follower = Follower(heard, cancel or threading.Event())
        return self.snapshots.bring(self.snapshots.resolve(wanted or self.loose), follower)

    def left(self) -> list[str]:
        """Every file of the cache; `walk` bears that a folder vanishes meanwhile."""
        found = [Path(folder, name) for folder, _, names in os.walk(self.cache) for name in names]
        return sorted(path.relative_to(self.cache).as_posix() for path in found)


@pytest.fixture
def house(tmp_path: Path, small: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with Hub() as hub:
        hub.repos[REPO] = Repo(dict(small))
        constants = huggingface_hub.constants
        for name, value in {"ENDPOINT": hub.address, "HF_HUB_CACHE": str(tmp_path / "hf")}.items():
            monkeypatch.setattr(constants, name, value)
        template = hub.address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("GALLERY_CACHE", str(tmp_path / "cache"))
        yield House(hub, tmp_path / "cache", Snapshots(budget=Budget(2.0, 20.0)))
