"""A model of the Hub as a visitor meets it: chosen, cancelled, downloaded, measured, played. The Hub is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from models.weights.offers import save_offers
from tests.browser.conftest import Visit, serve
from tests.diffusion.small_pipeline import files, offer, old
from tests.weights.hub_standin import Hub, Repo

pytestmark = pytest.mark.browser

REVERSE, LANES = "#act-diffusion-reverse", "#act-diffusion-lanes"
PATIENCE = 90_000
REPOS = {name: f"google/ddpm-{name}-256" for name in ("cat", "church", "celebahq")}


@dataclass
class Place:
    """A gallery with a Hub of its own."""

    address: str
    hub: Hub


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The real gallery; its Hub has small networks in the place of the large ones."""
    folder = tmp_path_factory.mktemp("hub")
    with Hub() as hub:
        for name, repo in REPOS.items():
            held = files(32)
            hub.repos[repo] = Repo(old(held) if name == "church" else held)
        made = {n: offer(r, hub.repos[r].files, hub.repos[r].commit, n) for n, r in REPOS.items() if n != "celebahq"}
        made["celebahq"] = offer(REPOS["celebahq"], hub.repos[REPOS["celebahq"]].files, name="celebahq")  # not pinned
        save_offers("diffusion", made, folder)
        environment = {
            "GALLERY_BIGGER": str(folder),
            "HF_ENDPOINT": hub.address,
            "HF_HUB_OFFLINE": "",
            "HF_HOME": str(folder / "hf"),
            "GALLERY_CACHE": str(folder / "cache"),
        }
        for address in serve("app.py", hub=environment):
            yield Place(address, hub)


def panel(page: Page, act: str = REVERSE) -> str:
    """The selector of an act's panel."""
    return f"{act} .v-w-diffusion-hub"


def stands(page: Page, stage: str, act: str = REVERSE) -> None:
    """Wait until the panel says so."""
    page.wait_for_selector(f"{panel(page, act)}[data-stage={stage}]", timeout=PATIENCE)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_link_shows_the_panel_and_downloads_nothing(visit: Visit, place: Place, lang: str) -> None:
    for act, root in (("reverse", REVERSE), ("lanes", LANES)):
        page = visit(f"{place.address}/?room=diffusion&act={act}&model=church&lang={lang}")
        stands(page, "absent", root)
        said = page.locator(panel(page, root))
        expect(said).to_contain_text(REPOS["church"])
        size = sum(
            len(data)
            for name, data in place.hub.repos[REPOS["church"]].files.items()
            if name.endswith(("config.json", ".bin"))
        )
        mb = f"{size / 1e6:.1f}".replace(".", "," if lang == "ru" else ".")
        expect(said.get_by_role("button")).to_have_text(f"Скачать, {mb} МБ" if lang == "ru" else f"Download, {mb} MB")
        expect(said).to_contain_text(".bin")
        page.locator(f"{root} .v-generate-go").click()
        sentence = "её надо скачать" if lang == "ru" else "it has to be downloaded"
        expect(page.locator(".v-notice")).to_contain_text(sentence)
        assert page.evaluate("document.documentElement.scrollHeight") <= 720
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert not any("/resolve/" in request and "church" in request for request in place.hub.requests)


def test_chosen_cancelled_downloaded_played(visit: Visit, place: Place) -> None:
    page = visit(f"{place.address}/?room=diffusion&sampler=ddim&steps=10&lang=en")
    repo = place.hub.repos[REPOS["cat"]]
    repo.mode = "stall"
    page.locator(f"{REVERSE} .v-w-menu select").first.select_option("cat")
    expect(page.locator(f"{REVERSE} .v-diff-faces")).to_be_hidden()
    stands(page, "absent")
    page.get_by_role("button", name="Download").click()
    stands(page, "pulling")
    page.wait_for_function(f"document.querySelector('{REVERSE} .v-hub-bar').value > 0.3", timeout=PATIENCE)
    expect(page.locator(f"{REVERSE} .v-hub-state")).to_contain_text("MB")
    page.get_by_role("button", name="Cancel").click()
    stands(page, "absent")
    repo.mode = "normal"
    page.get_by_role("button", name="Download").click()
    stands(page, "ready")
    expect(page.locator(f"{REVERSE} .v-hub-state")).to_contain_text("10 passes")
    before = int(page.evaluate("document.querySelector('.v-w-diffusion-reverse').dataset.runs ?? 0"))
    page.locator(f"{REVERSE} .v-generate-go").click()
    page.wait_for_function(
        "n => document.querySelector('.v-w-diffusion-reverse').dataset.runs > n", arg=before, timeout=PATIENCE
    )
    page.wait_for_selector(".v-w-diffusion-reverse[data-ended=done]")
    expect(page.locator(f"{REVERSE} .v-diff-plaque .v-w-plaque")).to_contain_text("LSUN Cat")
    expect(page.locator(f"{REVERSE} .v-diff-numbers .v-w-plaque")).to_contain_text("Done: t = 0", timeout=PATIENCE)
    page.locator(f"{REVERSE} .v-how").click()
    expect(page.locator(".v-dialog")).to_contain_text("Apache-2.0", timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.locator(f"{REVERSE} [data-knob=act] [data-value=lanes]").click()
    stands(page, "ready", LANES)
    page.locator(f"{LANES} .v-generate-go").click()
    page.wait_for_selector(".v-w-diffusion-lanes[data-ended=done]", timeout=PATIENCE)
    expect(page.locator(f"{LANES} .v-diff-time").first).to_contain_text("DDPM")


def test_a_pickle_is_rewritten_and_played(visit: Visit, place: Place) -> None:
    page = visit(f"{place.address}/?room=diffusion&model=church&sampler=ddim&steps=4&lang=en")
    stands(page, "absent")
    page.get_by_role("button", name="Download").click()
    stands(page, "ready")
    page.locator(f"{REVERSE} .v-generate-go").click()
    page.wait_for_selector(".v-w-diffusion-reverse[data-ended=done]", timeout=PATIENCE)
    expect(page.locator(f"{REVERSE} .v-diff-plaque .v-w-plaque")).to_contain_text("LSUN Church")
    page.locator(f"{REVERSE} .v-how").click()
    expect(page.locator(".v-dialog")).to_contain_text("rewritten as safetensors", timeout=PATIENCE)


def test_one_download_for_two_visitors(visit: Visit, place: Place) -> None:
    place.hub.repos[REPOS["celebahq"]].mode = "slow"
    address = f"{place.address}/?room=diffusion&model=celebahq&lang=en"
    first, second = visit(address), visit(address)
    for page in (first, second):
        stands(page, "absent")
        expect(page.locator(f"{REVERSE} .v-hub-state")).to_contain_text("not pinned yet")
    first.get_by_role("button", name="Download").click()
    stands(first, "pulling")
    second.get_by_role("button", name="Download").click()
    expect(second.get_by_role("button", name="Cancel")).to_be_visible()  # the server knows that it waits too
    first.get_by_role("button", name="Cancel").click()
    stands(second, "ready")
    pulls = [r for r in place.hub.requests if r.startswith("GET /cdn/google/ddpm-celebahq-256") and "safetensors" in r]
    assert len(pulls) == 1
