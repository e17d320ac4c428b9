"""A repository that holds only a pickle: checked, read as plain tensors, rewritten once, or refused with a sentence."""

from __future__ import annotations

import collections
import dataclasses
import io
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from models.diffusion.bigger import Bigger, opened
from models.diffusion.diffusion import Wish
from models.weights import snapshots as snapshots_module
from models.weights.cardfile import WeightsError
from models.weights.desk import Desk
from models.weights.pull import Budget, Follower, HubError
from models.weights.rewrite import rewrite
from models.weights.snapshots import Snapshots
from tests.diffusion.small_pipeline import PICKLE, SAFE, files, network, old
from tests.weights.conftest import SIZE, House


@pytest.fixture
def only_bin(house: House, small: dict[str, bytes]) -> House:
    """The house, where the repository has no safetensors."""
    house.repo.files = old(small)
    return house


class Bomb:
    """What a malicious pickle holds: a call, made when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def saved(thing: object) -> bytes:
    written = io.BytesIO()
    torch.save(thing, written)
    return written.getvalue()


def test_a_pickle_becomes_the_same_network(only_bin: House) -> None:
    heard: list[int] = []
    folder = only_bin.bring(heard.append, wanted=only_bin.pinned)
    pin = only_bin.snapshots.resolve(only_bin.pinned)
    assert sum(heard) == pin.size > 100_000, "the size that was agreed to is that of the .bin"
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", SAFE, "scheduler_config.json"]
    torch.testing.assert_close(dict(opened(folder).state_dict()), dict(network(SIZE).state_dict()), rtol=0, atol=0)
    assert Bigger("cat", folder).make([1], Wish(steps=4, schedule="linear")).std() > 20


def test_it_is_rewritten_once_and_held_by_a_hash_of_its_own(only_bin: House) -> None:
    folder = only_bin.bring(wanted=only_bin.pinned)
    only_bin.hub.requests.clear()
    again = Snapshots(budget=Budget(2.0, 20.0))
    pin = again.resolve(only_bin.pinned)
    assert again.here(pin) == folder and only_bin.hub.requests == []
    assert {item.name for item in pin.items} ^ {item.name for item in pin.kept} == {PICKLE, SAFE}
    data = (folder / SAFE).read_bytes()
    (folder / SAFE).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert again.here(pin) is None, "a flipped bit is no model"
    again.bring(pin, Follower(lambda n: None, threading.Event()))
    assert again.here(pin) == folder and (folder / SAFE).read_bytes() == data


def test_a_malicious_pickle_is_one_sentence_and_runs_nothing(only_bin: House, tmp_path: Path) -> None:
    struck = tmp_path / "struck"
    only_bin.repo.files[PICKLE] = pickle.dumps(Bomb(struck), protocol=2)
    for data in (saved({"conv_in.weight": Bomb(struck)}), pickle.dumps(Bomb(struck), protocol=2)):
        only_bin.repo.files[PICKLE] = data
        with pytest.raises(WeightsError) as told:
            only_bin.bring(wanted=only_bin.pinned)
        assert told.value.key == "weights.bigger.pickle" and only_bin.left() == []
    assert not struck.exists()
    torch.load(io.BytesIO(saved(Bomb(struck))), weights_only=False)
    assert struck.exists(), "the pickle was a real one"


@pytest.mark.parametrize(
    "thing",
    [[torch.zeros(3)], {}, {1: torch.zeros(3)}, {"a": {"b": torch.zeros(3)}}, {"a": 1.0}, torch.zeros(3)],
)
def test_only_tensors_by_name_are_weights(tmp_path: Path, thing: object) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(saved(thing))
    with pytest.raises(WeightsError) as told:
        rewrite(path)
    assert told.value.key == "weights.bigger.pickle"


def test_views_and_shared_tensors_are_written_as_what_they_show(tmp_path: Path) -> None:
    base = torch.arange(12.0).reshape(3, 4)
    state = collections.OrderedDict(base=base, turned=base.T, row=base[1], half=base.bfloat16())
    path = tmp_path / "model.bin"
    path.write_bytes(saved(state))
    made = rewrite(path)
    assert made == tmp_path / "model.safetensors" and not path.exists()
    torch.testing.assert_close(load_file(made), dict(state), rtol=0, atol=0)


def test_another_hash_is_refused_before_it_is_read(only_bin: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(path: Path) -> Path:
        raise AssertionError("read before it was checked")

    monkeypatch.setattr(snapshots_module, "rewrite", never)
    pin = only_bin.snapshots.resolve(only_bin.pinned)
    for mode in ("flipped", "wrong"):
        only_bin.repo.mode = mode
        with pytest.raises(HubError) as told:
            only_bin.snapshots.bring(pin, Follower(lambda n: None, threading.Event()))
        assert told.value.why == "wrong-hash" and only_bin.left() == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "no space left")])
def test_an_interrupted_rewriting_leaves_nothing(
    only_bin: House, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def broken(tensors: Any, path: Path, metadata: Any) -> None:
        path.write_bytes(b"half of it")
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("safetensors.torch.save_file", broken)
        with pytest.raises((HubError, KeyboardInterrupt)) as told:
            only_bin.bring(wanted=only_bin.pinned)
    assert not isinstance(told.value, HubError) or told.value.why == "disk"
    assert only_bin.left() == []
    assert (only_bin.bring(wanted=only_bin.pinned) / SAFE).is_file()


def test_the_disk_has_to_hold_both_files(only_bin: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pin = only_bin.snapshots.resolve(only_bin.pinned)
    usage = type("Usage", (), {"free": pin.size + 1000})
    monkeypatch.setattr("models.weights.snapshots.shutil.disk_usage", lambda _: usage)
    with pytest.raises(HubError) as told:
        only_bin.bring(wanted=only_bin.pinned)
    assert told.value.why == "disk"


def test_visitors_share_one_download_and_one_rewriting(only_bin: House, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Path] = []

    def counted(path: Path) -> Path:
        calls.append(path)
        return rewrite(path)

    monkeypatch.setattr(snapshots_module, "rewrite", counted)
    desk = Desk({"cat": only_bin.pinned}, only_bin.snapshots)
    threads = [threading.Thread(target=desk.order, args=("cat", str(i))) for i in range(8)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 20
    while (now := desk.standing("cat", "0")).stage != "ready":
        assert time.monotonic() < end and not now.why, now
        time.sleep(0.02)
    assert len(calls) == 1
    assert sum(request.startswith("GET /cdn/") and PICKLE in request for request in only_bin.hub.requests) == 1


def test_the_desk_says_what_it_does_not_open(only_bin: House, tmp_path: Path) -> None:
    only_bin.repo.files[PICKLE] = saved({"a": Bomb(tmp_path / "struck")})
    desk = Desk({"cat": only_bin.pinned}, only_bin.snapshots)
    desk.order("cat", "me")
    end = time.monotonic() + 20
    while (now := desk.standing("cat", "me")).stage != "absent" or not now.why:
        assert time.monotonic() < end, now
        time.sleep(0.02)
    assert now.why == "weights.bigger.pickle" and only_bin.left() == []


def test_a_pin_tells_a_safetensors_from_a_pickle(house: House) -> None:
    safe = house.pinned
    assert not safe.rewritten and safe.pinned and not house.loose.pinned
    house.repo.files = old(files(SIZE))
    assert house.pinned.rewritten and dataclasses.replace(house.pinned, commit="").pinned is False
