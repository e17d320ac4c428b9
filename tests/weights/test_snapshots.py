"""Pipelines pulled from a Hub in this process with the real client: pinned, verified, shared, cancelled."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest
import torch

from models.diffusion.bigger import opened
from models.diffusion.diffusion import Wish
from models.weights.cardfile import WeightsError
from models.weights.desk import Desk, Standing
from models.weights.pull import Budget, Follower, HubError
from models.weights.snapshots import Snapshots
from tests.diffusion.small_pipeline import files, network
from tests.weights.conftest import REPO, SIZE, House
from tests.weights.hub_standin import Repo


@pytest.mark.parametrize("at_root", [True, False])
def test_a_pull_is_heard_and_leaves_a_folder_that_diffusers_opens(house: House, at_root: bool) -> None:
    house.hub.repos[REPO] = Repo(files(SIZE, at_root=at_root))
    heard: list[int] = []
    folder = house.bring(heard.append)
    pin = house.snapshots.resolve(house.loose)
    assert sum(heard) == pin.size == sum(path.stat().st_size for path in folder.rglob("*.*"))
    assert {path.suffix for path in folder.rglob("*.*")} == {".json", ".safetensors"}
    assert not any("README" in request or ".bin" in request for request in house.hub.requests)
    assert not any("model_index" in request for request in house.hub.requests), (
        "nothing is asked for but what is offered"
    )
    torch.testing.assert_close(dict(opened(folder).state_dict()), dict(network(SIZE).state_dict()), rtol=0, atol=0)


def test_the_commit_of_the_first_pull_stays(house: House) -> None:
    before = house.bring()
    house.repo.change(files(SIZE, seed=1))
    house.hub.requests.clear()
    again = Snapshots(budget=Budget(2.0, 20.0))
    pin = again.resolve(house.loose)
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
        house.snapshots.resolve(house.loose)
    assert told.value.why == FAILURES.get(mode, "timeout") and time.monotonic() - start < 4


@pytest.mark.parametrize(
    ("mode", "why"),
    [("flipped", "wrong-hash"), ("wrong", "wrong-hash"), ("stall", "cut"), ("hang", "timeout"), ("404", "not-found")],
)
def test_a_pull_that_fails_leaves_nothing(house: House, mode: str, why: str) -> None:
    pin = house.snapshots.resolve(house.loose)
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


def test_a_pinned_commit_is_asked_for_and_held(house: House) -> None:
    wanted, before = house.pinned, house.repo.commit
    house.repo.change(files(SIZE, seed=1))
    folder = house.bring(wanted=wanted)
    assert folder.name == before != house.repo.commit
    torch.testing.assert_close(dict(opened(folder).state_dict()), dict(network(SIZE).state_dict()), rtol=0, atol=0)
    newer = house.bring(wanted=house.pinned)
    assert newer.name == house.repo.commit, "what was pulled before does not stand in the way of another pin"
    del house.repo.past[before]
    house.hub.requests.clear()
    with pytest.raises(HubError) as told:
        house.snapshots.resolve(wanted)
    assert told.value.why == "not-found" and "main" not in str(house.hub.requests)


@pytest.mark.parametrize(
    "kept", ["", "[]", "{", '{"REPO": 5}', '{"REPO": {"commit": 5, "items": []}}', '{"REPO": {"commit": "main"}}']
)
def test_pins_that_cannot_be_read_are_asked_for_anew(house: House, kept: str) -> None:
    folder = house.bring(wanted=house.pinned)
    pins = house.snapshots.root / "pins.json"
    before = pins.read_text("utf-8")
    pins.write_text(kept.replace("REPO", REPO), "utf-8")
    house.hub.requests.clear()
    pin = house.snapshots.resolve(house.pinned)
    assert house.snapshots.here(pin) == folder and len(house.hub.requests) == 1
    house.snapshots.bring(pin, Follower(lambda n: None, threading.Event()))
    assert pins.read_text("utf-8") == before


def test_another_hash_is_refused_before_anything_is_fetched(house: House) -> None:
    wanted = house.pinned
    wrong = dataclasses.replace(wanted.files[-1], sha256="0" * 64)
    with pytest.raises(HubError) as told:
        house.bring(wanted=dataclasses.replace(wanted, files=(*wanted.files[:-1], wrong)))
    assert told.value.why == "wrong-hash" and house.left() == []
    assert not any("/resolve/" in request for request in house.hub.requests)
    settings = dataclasses.replace(wanted.files[0], sha256="0" * 64)  # whose sha256 the Hub does not tell
    with pytest.raises(HubError) as told:
        house.bring(wanted=dataclasses.replace(wanted, files=(settings, *wanted.files[1:])))
    assert told.value.why == "wrong-hash" and house.left() == []


def test_only_what_is_described_and_only_with_the_network(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = house.loose
    del house.repo.files["diffusion_pytorch_model.safetensors"]
    with pytest.raises(HubError) as told:
        house.bring(wanted=wanted)
    assert told.value.why == "other-files" and not any("/resolve/" in request for request in house.hub.requests)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubError) as told:
        house.snapshots.resolve(wanted)
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
    desk = Desk({"cat": house.loose}, house.snapshots)
    with pytest.raises(WeightsError) as told:
        desk.model("cat")
    assert told.value.key == "weights.bigger.first"
    absent = until(desk, "absent")
    assert absent.size > 100_000 and absent.got == 0 and house.left() == [] and not absent.why
    assert desk.order("cat", "me").waits
    ready = until(desk, "ready", "me")
    assert ready.seconds > 0 and ready.params > 100_000
    assert desk.model("cat").make([1], Wish(steps=4, schedule="linear")).shape == (1, SIZE, SIZE, 3)
    house.repo.mode = "404"
    assert until(Desk({"cat": house.loose}, Snapshots()), "ready").seconds > 0, "what is here is loaded without the Hub"


def test_the_last_to_leave_ends_the_download(house: House) -> None:
    desk = Desk({"cat": house.loose}, house.snapshots)
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
    desk = Desk({"cat": house.loose}, house.snapshots)
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
    desk = Desk({"cat": house.loose}, house.snapshots)
    assert until(desk, "absent").why == "weights.hub.failed"
    house.repo.mode = "normal"
    assert desk.standing("cat", again=True).stage == "asking"
    assert until(desk, "absent").size > 0
