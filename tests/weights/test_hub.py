"""Against a Hub that fails in every way it can, with the real client, each time in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from models.weights.cardfile import Card, HubSource, save_card
from tests.weights.hub_standin import Hub, Repo

ROOT = Path(__file__).resolve().parents[2]
SIZE = 200_000
OLD = save({"w": np.zeros(SIZE, np.float32)})
NEW = save({"w": np.ones(SIZE, np.float32)})
REPO = "lecturer/weights"
ANSWER = 2.0
"""s to wait for a Hub that does not answer."""
PATIENCE = 10.0
"""s for one that does: other work on the machine must not fail a test."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class House:
    """A folder of cards, two caches, and a Hub."""

    hub: Hub
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def weights(self) -> Path:
        return self.folder / "weights"

    def card(self, name: str = "net", embedded: bytes = OLD, hub: bytes = NEW, repo: str = REPO) -> Card:
        """A card with an embedded file and another on the Hub, both written down; the Hub has the latter."""
        self.weights.mkdir(exist_ok=True)
        file = f"{name}.safetensors"
        (self.weights / file).write_bytes(embedded)
        there = self.hub.repos.setdefault(repo, Repo())
        there.files[file] = hub
        source = HubSource(repo, "main", file, sha(hub))
        card = Card(name=name, title=name, params=SIZE, file=file, sha256=sha(embedded), hub=source)
        save_card(card, self.weights / f"{name}.toml")
        return card

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        drop = ("HF_", "GALLERY_", "TRANSFORMERS_", "http", "HTTP", "all_proxy", "ALL_PROXY")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
        environment |= {
            "HF_ENDPOINT": self.hub.address,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HOME": str(self.folder / "hf"),
            "GALLERY_CACHE": str(self.folder / "cache"),
            **self.extra,
        }
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=50,
        )

    def visit(self, *names: str, answer: float = PATIENCE, total: float = 20) -> dict[str, Any]:
        """What a fresh process of the gallery does with these cards."""
        arguments = (str(self.weights), str(answer), str(total), *(names or ("net",)))
        done = self.run("tests.weights.hub_visitor", *arguments)
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        assert told["usable"] < 5, "the embedded weights answer at once"
        assert told["heavy"] == [], "neither torch nor the client is needed for them"
        used = {told["first"], *told["used"], told["last"]}
        assert used <= {sha(OLD), sha(NEW), "weights.broken_file"}, "nothing else is ever in use"
        return told


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Hub() as hub:
        yield House(hub, tmp_path)


def test_a_better_file_is_swapped_in_and_kept(house: House) -> None:
    house.card()
    told = house.visit()
    assert told["first"] == sha(OLD)
    assert told["last"] == sha(NEW) and told["swaps"] == [sha(NEW)]
    assert told["badges"][0] == {
        "source": "hub", "hub": "fresh", "why": "", "key": "weights.hub.fresh", "offline": False
    }  # fmt: skip
    house.hub.requests.clear()
    again = house.visit()
    assert again["first"] == sha(NEW) and again["badges"][0]["source"] == "cached"
    assert house.hub.requests == []


FAILURES = {
    "404": "not-found",
    "401": "not-allowed",
    "429": "too-many",
    "500": "failed",
    "hang": "timeout",
    "stall": "cut",
    "cut": "cut",
    "portal": "captive",
}


@pytest.mark.parametrize("mode", FAILURES)
def test_a_hub_that_fails_costs_nothing_and_is_named(house: House, mode: str) -> None:
    house.card()
    house.hub.repos[REPO].mode = mode
    told = house.visit(answer=ANSWER if mode in ("hang", "stall") else PATIENCE)
    badge = told["badges"][0]
    assert told["last"] == sha(OLD) and told["swaps"] == []
    assert (badge["source"], badge["hub"], badge["why"]) == ("embedded", "unreachable", FAILURES[mode])
    assert told["took"] < 4 * ANSWER + 3


@pytest.mark.parametrize("mode", ["flipped", "wrong"])
def test_a_wrong_hash_is_never_used(house: House, mode: str) -> None:
    house.card()
    house.hub.repos[REPO].mode = mode
    told = house.visit()
    assert told["last"] == sha(OLD) and told["swaps"] == []
    assert told["badges"][0]["hub"] == "wrong-hash" and told["badges"][0]["source"] == "embedded"
    house.hub.repos[REPO].mode = "normal"
    assert house.visit()["last"] == sha(NEW), "and what came before does not stand in the way"


@pytest.mark.parametrize("mode", ["slow", "cut-once"])
def test_a_bad_line_brings_it_in_the_end(house: House, mode: str) -> None:
    house.card()
    house.hub.repos[REPO].mode = mode
    told = house.visit()
    assert told["last"] == sha(NEW)
    assert "pulling" in told["seen"]


def test_a_line_that_is_too_slow_is_given_up(house: House) -> None:
    house.card()
    house.hub.repos[REPO].mode = "slow"
    told = house.visit(total=1.0)
    assert told["last"] == sha(OLD) and told["badges"][0]["why"] == "cut"


def test_a_renamed_repository(house: House) -> None:
    house.card()
    house.hub.repos["lecturer/new-name"] = house.hub.repos[REPO]
    house.hub.repos[REPO] = Repo(moved_to="lecturer/new-name")
    assert house.visit()["last"] == sha(NEW), "the redirect is followed"
    house.hub.repos.clear()
    house.hub.requests.clear()
    assert house.visit()["first"] == sha(NEW) and house.hub.requests == [], "it is kept under its hash"


@pytest.mark.parametrize("right", [True, False])
def test_what_the_client_has_cached_is_used_if_it_is_right(house: House, right: bool) -> None:
    house.card()
    if not right:
        house.hub.repos[REPO].mode = "wrong"
    done = house.run("huggingface_hub.cli.hf", "download", REPO, "net.safetensors")
    assert done.returncode == 0, done.stderr
    house.hub.repos[REPO] = Repo(moved_to="lecturer/nowhere")
    house.hub.requests.clear()
    told = house.visit()
    assert told["last"] == (sha(NEW) if right else sha(OLD))
    assert bool(house.hub.requests) is not right
    assert list((house.folder / "hf").rglob("net.safetensors")), "the client's cache is not ours to clear"


def test_a_dead_hub_is_asked_once(house: House) -> None:
    house.card("net")
    house.card("other")
    house.hub.repos[REPO].mode = "hang"
    told = house.visit("net", "other", answer=ANSWER)
    assert [badge["why"] for badge in told["badges"]] == ["timeout", "timeout"]
    assert told["took"] < 2 * ANSWER + 2
    assert not any("other" in request for request in house.hub.requests)


def test_no_network(house: House) -> None:
    house.card()
    house.extra = {"HF_ENDPOINT": "http://127.0.0.1:9"}
    told = house.visit()
    assert told["last"] == sha(OLD) and told["badges"][0]["why"] == "network"
    house.extra = {"HF_HUB_OFFLINE": "1"}
    told = house.visit()
    assert told["last"] == sha(OLD) and told["badges"][0]["key"] == "weights.hub.offline"
    assert house.hub.requests == []


def test_our_own_weights_from_a_repository_of_the_environment(house: House) -> None:
    card = house.card(hub=OLD)
    (house.weights / "net.toml").unlink()
    save_card(
        Card(name="net", title="net", params=SIZE, file=card.file, sha256=sha(OLD)),
        house.weights / "net.toml",
    )
    house.extra = {"GALLERY_HUB_REPO": REPO}
    told = house.visit()
    assert told["badges"][0]["hub"] == "fresh" and house.hub.requests == [], "it is the embedded file"
    (house.weights / card.file).write_bytes(OLD[:-1] + b"!")
    commit = house.hub.repos[REPO].commit
    house.extra = {"GALLERY_HUB_REPO": f"{REPO}@{commit}"}
    told = house.visit()
    assert told["first"] == "weights.broken_file", "a broken file is an error, not a fallback"
    assert told["last"] == sha(OLD) and told["badges"][0]["source"] == "hub"
    assert f"HEAD /{REPO}/resolve/{commit}/{card.file}" in house.hub.requests, "the revision is pinned"


def test_pull_and_verify_on_the_command_line(house: House) -> None:
    house.card()
    house.extra = {"TQDM_POSITION": "-1"}  # the client's way to ask for a bar where there is no terminal
    done = house.run("models.weights", "--weights", str(house.weights), "pull")
    assert done.returncode == 0 and "net: here (hub)" in done.stdout, done.stderr
    assert "net.safetensors" in done.stderr, "there is a progress bar"
    house.hub.repos[REPO].mode = "404"
    house.card("other", hub=save({"w": np.full(SIZE, 2, np.float32)}))
    done = house.run("models.weights", "--weights", str(house.weights), "pull")
    assert done.returncode == 1 and "other: not here, the Hub has no such file" in done.stdout
    done = house.run("models.weights", "--weights", str(house.weights), "verify")
    assert done.returncode == 0 and "net: right (cached, 1 tensors" in done.stdout, done.stdout + done.stderr


def test_what_is_published_can_be_pulled(house: House) -> None:
    card = house.card()
    house.hub.repos.clear()
    without = house.run("models.weights", "--weights", str(house.weights), "publish", REPO)
    assert without.returncode == 1 and "hf auth login" in without.stderr and "Traceback" not in without.stderr
    house.extra = {"HF_TOKEN": "hf_of_the_test"}
    done = house.run("models.weights", "--weights", str(house.weights), "publish", REPO, "--pin")
    assert done.returncode == 0, done.stderr
    files = house.hub.repos[REPO].files
    assert sorted(files) == ["README.md", "net.safetensors", "net.toml"]
    assert files["net.safetensors"] == (house.weights / card.file).read_bytes()
    assert "license: other\n" in files["README.md"].decode().split("---\n")[1]
    assert f'revision = "{house.hub.repos[REPO].commit}"' in (house.weights / "net.toml").read_text()
