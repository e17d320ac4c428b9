"""Pipelines pulled from a Hub in this process with the real client: pinned, verified, shared, cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
import torch
from diffusers import DDPMPipeline

from models.diffusion.diffusion import Wish
from models.diffusion.orders import Desk, Standing
from models.weights.cardfile import WeightsError
from models.weights.pull import Budget, Follower, HubError
from models.weights.snapshots import Snapshots
from tests.diffusion.small_pipeline import files, network
from tests.weights.hub_standin import Hub, Repo

REPO = "google/ddpm-cat-256"
SIZE = 16


@pytest.fixture(scope="module")
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

    def bring(self, heard: Callable[[int], None] = lambda n: None, cancel: threading.Event | None = None) -> Path:
        follower = Follower(heard, cancel or threading.Event())
        return self.snapshots.bring(self.snapshots.resolve(REPO), follower)

    def left(self) -> list[str]:
        """Every file of the cache."""
        return sorted(path.relative_to(self.cache).as_posix() for path in self.cache.rglob("*") if path.is_file())


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


@pytest.mark.parametrize("at_root", [True, False])
def test_a_pull_is_heard_and_leaves_a_folder_that_diffusers_opens(house: House, at_root: bool) -> None:
    house.hub.repos[REPO] = Repo(files(SIZE, at_root=at_root))
    heard: list[int] = []
    folder = house.bring(heard.append)
    pin = house.snapshots.resolve(REPO)
    assert sum(heard) == pin.size == sum(path.stat().st_size for path in folder.rglob("*.*"))
    assert {path.suffix for path in folder.rglob("*.*")} == {".json", ".safetensors"}
    assert not any("README" in request or ".bin" in request for request in house.hub.requests)
    pipeline: Any = DDPMPipeline.from_pretrained(folder, use_safetensors=True, low_cpu_mem_usage=False)
    torch.testing.assert_close(dict(pipeline.unet.state_dict()), dict(network(SIZE).state_dict()), rtol=0, atol=0)


def test_the_commit_of_the_first_pull_stays(house: House) -> None:
    before = house.bring()
    house.repo.change(files(SIZE, seed=1))
    house.hub.requests.clear()
    again = Snapshots(budget=Budget(2.0, 20.0))
    pin = again.resolve(REPO)
    assert again.here(pin) == before and house.hub.requests == [], "what is here needs no Hub"
    (before / "diffusion_pytorch_model.safetensors").unlink()
    assert again.here(pin) is None
    again.bring(pin, Follower(lambda n: None, threading.Event()))
    assert again.here(pin) == before and before.name in list(house.repo.past)
    assert all(before.name in request for request in house.hub.requests if "/resolve/" in request)


FAILURES = {"404": "not-found", "401": "not-allowed", "429": "too-many", "500": "failed", "portal": "captive"}


@pytest.mark.parametrize("mode", [*FAILURES, "hang"])
def test_a_hub_that_fails_when_asked_is_named(house: House, mode: str) -> None:
    house.repo.mode = mode
    start = time.monotonic()
    with pytest.raises(HubError) as told:
        house.snapshots.resolve(REPO)
    assert told.value.why == FAILURES.get(mode, "timeout") and time.monotonic() - start < 4


@pytest.mark.parametrize(
    ("mode", "why"),
    [("flipped", "wrong-hash"), ("wrong", "wrong-hash"), ("stall", "cut"), ("hang", "timeout"), ("404", "not-found")],
)
def test_a_pull_that_fails_leaves_nothing(house: House, mode: str, why: str) -> None:
    pin = house.snapshots.resolve(REPO)
    house.repo.mode = mode
    with pytest.raises(HubError) as told:
        house.snapshots.bring(pin, Follower(lambda n: None, threading.Event()))
    assert told.value.why == why and house.left() == []


def test_a_full_disk_is_said_before_the_download(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("models.weights.snapshots.shutil.disk_usage", lambda _: usage)
    with pytest.raises(HubError) as told:
        house.bring()
    assert told.value.why == "disk" and house.left() == []
    assert not any("/resolve/" in request for request in house.hub.requests)


def test_only_safetensors_and_only_with_the_network(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    del house.repo.files["diffusion_pytorch_model.safetensors"]
    with pytest.raises(HubError) as told:
        house.bring()
    assert told.value.why == "no-safetensors"
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubError) as told:
        house.snapshots.resolve(REPO)
    assert told.value.why == "offline"


def test_a_cancelled_pull_ends_and_leaves_nothing(house: House) -> None:
    house.repo.mode = "slow"
    cancel, heard = threading.Event(), []

    def listen(count: int) -> None:
        heard.append(count)
        if sum(heard) > 50_000:
            cancel.set()

    start = time.monotonic()
    with pytest.raises(HubError) as told:
        house.bring(listen, cancel)
    assert told.value.why == "cancelled" and house.left() == [] and time.monotonic() - start < 3


# The desk


def until(desk: Desk, stage: str, who: str = "") -> Standing:
    """Look until the model stands so."""
    end = time.monotonic() + 20
    while (now := desk.standing("cat", who)).stage != stage:
        assert time.monotonic() < end, now
        time.sleep(0.02)
    return now


def test_from_the_first_look_to_a_picture(house: House) -> None:
    desk = Desk(house.snapshots)
    with pytest.raises(WeightsError) as told:
        desk.model("cat")
    assert told.value.key == "diffusion.hub.first"
    absent = until(desk, "absent")
    assert absent.size > 100_000 and absent.got == 0 and house.left() == [] and not absent.why
    assert desk.order("cat", "me").waits
    ready = until(desk, "ready", "me")
    assert ready.seconds > 0 and ready.params > 100_000
    assert desk.model("cat").make([1], Wish(steps=4, schedule="linear")).shape == (1, SIZE, SIZE, 3)
    house.repo.mode = "404"
    assert until(Desk(Snapshots()), "ready").seconds > 0, "what is here is loaded without the Hub"


def test_the_last_to_leave_ends_the_download(house: House) -> None:
    desk = Desk(house.snapshots)
    until(desk, "absent")
    house.repo.mode = "slow"
    assert desk.order("cat", "a").waits and desk.order("cat", "b").waits
    assert not desk.leave("cat", "a").waits
    time.sleep(0.5)
    assert desk.standing("cat", "b").stage == "pulling" and desk.standing("cat", "b").waits
    desk.leave("cat", "b")
    assert desk.order("cat", "c").waits, "who comes while it ends gets a download of his own"
    assert until(desk, "ready", "c").stage == "ready"


def test_a_cancel_leaves_nothing_and_a_failure_is_told(house: House) -> None:
    desk = Desk(house.snapshots)
    until(desk, "absent")
    house.repo.mode = "stall"
    desk.order("cat", "a")
    while desk.standing("cat", "a").got < 10_000:
        time.sleep(0.02)
    start = time.monotonic()
    desk.leave("cat", "a")
    after = until(desk, "absent")
    while house.left():
        assert time.monotonic() - start < 1
        time.sleep(0.02)
    assert not after.why and desk.standing("cat", "a").stage == "absent"
    house.repo.mode = "flipped"
    desk.order("cat", "a")
    assert until(desk, "absent").why == "weights.bigger.wrong_hash"
    house.repo.mode = "normal"
    desk.order("cat", "a")
    assert not until(desk, "ready").why


def test_a_hub_out_of_reach_is_told_and_can_be_asked_again(house: House) -> None:
    house.repo.mode = "500"
    desk = Desk(house.snapshots)
    assert until(desk, "absent").why == "weights.hub.failed"
    house.repo.mode = "normal"
    assert desk.standing("cat", again=True).stage == "asking"
    assert until(desk, "absent").size > 0
