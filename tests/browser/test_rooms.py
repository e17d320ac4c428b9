"""Rooms come one by one: what is fetched when, however late; twelve in one header; and a thirteenth, by one line."""

from __future__ import annotations

import gzip
import json
import re
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.bench import drawn
from tests.browser.conftest import Visit, Witness
from tests.browser.copies import TWELVE

pytestmark = pytest.mark.browser

INDEX, INDEX_RAW = 40_000, 420_000
"""Bytes of the page itself, gzipped and raw."""
ACT, ACT_RAW = 3_000, 36_000
"""Bytes that one act more may add to it."""
FIRST = 90_000
"""Bytes, gzipped, of all scripts, styles and words before the first act can be used."""


def packed(url: str) -> bytes:
    """What comes over the wire."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["content-encoding"] == "gzip", url
        return bytes(answer.read())


def told(page: str) -> dict[str, Any]:
    """What house.js is told."""
    found = re.search(r'<script type="application/json" id="v-house">(.*?)</script>', page)
    assert found
    return dict(json.loads(found[1]))


def own(request: Request) -> str:
    """The name of one of our files, "" for another's."""
    return urlsplit(request.url).path.partition("/gallery/")[2]


def files(visit: Visit, address: str, **options: object) -> tuple[Page, list[str]]:
    """An opened page, and a list that goes on growing: our files that were asked for."""
    asked: list[str] = []
    page = visit("about:blank", shown=False, fresh=True, **options)
    page.on("request", lambda request: asked.append(own(request)) if own(request) else None)
    page.goto(address)
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    return page, asked


def rooms_in(names: list[str]) -> set[str]:
    return {match[1] for name in names if (match := re.match(r"rooms/([\w-]+)/|words/([\w-]+)\.", name)) and match[1]}


# ---- what is fetched when ------------------------------------------------------------------------------------
def test_a_rooms_files_are_fetched_when_it_is_opened_and_only_once(visit: Visit, twelve: str) -> None:
    page, asked = files(visit, f"{twelve}/?room=flow&lang=en")
    page.wait_for_function("document.querySelector('#act-flow-walk .v-w-picture').dataset.frames > 0")
    assert rooms_in(asked) == {"flow"}
    assert {name for name in asked if name.startswith("words/")} == {"words/shell.en.json", "words/flow.en.json"}
    before = len(asked)
    page.click("[data-room-tab=gan]")
    page.wait_for_function("document.querySelector('#act-gan-walk .v-w-picture')?.dataset.frames > 0")
    new = asked[before:]
    assert rooms_in(new) == {"gan"} and "words/gan.en.json" in new
    assert not [name for name in new if name.startswith("widgets/")], "the widgets are there already"
    page.click("[data-room-tab=flow]")
    expect(page.locator("#act-flow-walk h2")).to_be_visible()
    assert len(asked) == before + len(new) and len(set(asked)) == len(asked)


def test_another_language_brings_the_words_of_the_open_rooms(visit: Visit, twelve: str) -> None:
    page, asked = files(visit, f"{twelve}/?room=flow&lang=en")
    before = len(asked)
    page.click("[data-do=lang]")
    expect(page.locator("#act-flow-walk h2")).to_have_text("Пятно на плоскости")
    assert sorted(asked[before:]) == ["words/flow.ru.json", "words/shell.ru.json"]
    page.click("[data-do=lang]")
    expect(page.locator("#act-flow-walk h2")).to_have_text("A spot on the plane")
    assert len(asked) == before + 2
    page.click("[data-room-tab=gan]")
    expect(page.locator("#act-gan-walk h2")).to_have_text("A spot on the plane")


def test_a_language_that_cannot_be_had_leaves_the_old_one(visit: Visit, twelve: str, witness: Witness) -> None:
    witness.forgiven.append("net::ERR_FAILED")
    page = visit(f"{twelve}/?room=flow&lang=en")
    page.route("**/words/*.ru.json*", lambda route: route.abort())
    page.click("[data-do=lang]")
    expect(page.locator(".v-notice")).to_contain_text("does not answer")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.unroute("**/words/*.ru.json*")
    page.click("[data-do=lang]")
    expect(page.locator("#act-flow-walk h2")).to_have_text("Пятно на плоскости")


@pytest.mark.parametrize(
    "slow", ["shell/mount.js", "shell/words.js", "widgets/plane.js", "widgets/_kit.js", "words/shell.en.json", "flow/"]
)
def test_gradios_components_find_their_code_however_late_it_comes(visit: Visit, twelve: str, slow: str) -> None:
    page = visit("about:blank", shown=False, fresh=True)

    def late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route(f"**/gallery/*{slow}*" if slow != "flow/" else "**/gallery/rooms/flow/**", late)
    page.goto(f"{twelve}/?room=flow&lang=en")
    page.wait_for_function("document.querySelector('#act-flow-walk .v-w-picture')?.dataset.frames > 0")
    assert page.locator("#act-flow-walk .v-widget:empty").count() == 0
    assert page.locator("[data-t]:visible").evaluate_all("all => all.filter(n => !n.textContent).length") == 0
    expect(page.locator("#act-flow-walk .v-plane-field")).to_be_visible()


def test_a_room_that_cannot_be_had_says_so_and_is_sent_for_again(visit: Visit, twelve: str, witness: Witness) -> None:
    witness.forgiven += ["net::ERR_FAILED", "Failed to fetch dynamically imported module"]
    page = visit(f"{twelve}/?room=flow&lang=en")
    page.route("**/gallery/rooms/gan/walk.js*", lambda route: route.abort())
    page.click("[data-room-tab=gan]")
    expect(page.locator(".v-notice")).to_contain_text("did not load")
    expect(page.locator("#act-gan-walk .v-plane-field")).to_be_visible()


def test_what_the_server_says_of_a_room_has_words(visit: Visit, twelve: str) -> None:
    page = visit(f"{twelve}/?room=energy&lang=en&u=3")
    expect(page.locator(".v-notice")).to_contain_text("There is no spot at u = 3.")


# ---- budgets -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["gallery", "twelve"])
def test_the_page_itself_stays_small(name: str, request: pytest.FixtureRequest) -> None:
    body = packed(request.getfixturevalue(name))
    print(name, len(body), len(gzip.decompress(body)))
    assert len(body) <= INDEX and len(gzip.decompress(body)) <= INDEX_RAW


@pytest.mark.parametrize("name", ["gallery", "twelve"])
def test_an_act_adds_little_to_the_page(name: str, request: pytest.FixtureRequest) -> None:
    address, smallest = request.getfixturevalue(name), packed(request.getfixturevalue("one"))
    page = gzip.decompress(packed(address))
    acts = len(set(re.findall(rb'"act-[\w-]+"', page))) - 1
    assert acts >= 6
    assert len(packed(address)) - len(smallest) <= acts * ACT
    assert len(page) - len(gzip.decompress(smallest)) <= acts * ACT_RAW


@pytest.mark.parametrize(("name", "lang"), [("gallery", "ru"), ("twelve", "en")])
def test_the_first_act_can_be_used_after_few_bytes(
    visit: Visit, name: str, lang: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(name)
    page_itself = gzip.decompress(packed(address)).decode()
    for room in told(page_itself)["rooms"]:
        page, asked = files(visit, f"{address}/?room={room['name']}&lang={lang}")
        page.wait_for_function("!document.querySelector('.v-act:not([hidden]) .v-widget:empty:not(.v-w-ask)')")
        urls = {
            url.removeprefix("./gallery/").partition("?")[0]: url
            for url in re.findall(r"\./gallery/[^\"\s]+", page_itself)
        }
        total = sum(len(packed(f"{address}/{urls[file].removeprefix('./')}")) for file in set(asked) if file in urls)
        print(name, room["name"], lang, total)
        assert 20_000 < total <= FIRST
        page.context.close()
        if name == "twelve":
            break


# ---- the header ----------------------------------------------------------------------------------------------
def rows(page: Page) -> int:
    """Rows of tabs that are seen."""
    tops = page.locator(".v-tab:visible").evaluate_all(
        "all => all.map(n => Math.round(n.getBoundingClientRect().top / 8))"
    )
    return len(set(tops))


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("room", ["vae", "energy", "prompts"])
def test_twelve_rooms_stand_in_one_row_on_a_projector(visit: Visit, twelve: str, lang: str, room: str) -> None:
    page = visit(f"{twelve}/?room={room}&lang={lang}")
    assert page.evaluate(
        "[document.documentElement.scrollHeight, document.querySelector('.v-header').offsetHeight]"
    ) == [720, 56]
    assert rows(page) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    bar = page.locator(".v-tabs").bounding_box()
    assert bar
    for tab in page.locator(".v-tab:visible").all():
        box = tab.bounding_box()
        assert box and bar["x"] <= box["x"] and box["x"] + box["width"] <= bar["x"] + bar["width"] + 1
    expect(page.locator(f"[data-room-tab={room}]")).to_be_visible()
    expect(page.locator(f"[data-room-tab={room}]")).to_have_attribute("aria-selected", "true")
    shown = page.locator("[data-room-tab]:visible").count()
    page.click(".v-more summary")
    assert shown + page.locator(".v-more-room:visible").count() == len(TWELVE)
    page.keyboard.press("p")
    assert rows(page) == 1


def test_the_list_opens_rooms_and_closes_by_itself(visit: Visit, twelve: str) -> None:
    page = visit(f"{twelve}/?lang=en")
    page.click(".v-more summary")
    page.click("[data-room-go=latent]")
    expect(page.locator("#act-latent-walk h2")).to_be_visible()
    expect(page.locator("[data-room-tab=latent]")).to_be_focused()
    expect(page.locator(".v-more-list")).to_be_hidden()
    page.click(".v-more summary")
    page.mouse.click(600, 500)
    expect(page.locator(".v-more-list")).to_be_hidden()


def test_every_room_is_reached_by_keyboard(visit: Visit, twelve: str) -> None:
    page = visit(f"{twelve}/?lang=ru")
    page.focus("[data-room-tab=vae]")
    for name in [*list(TWELVE)[1:], "vae"]:
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"[data-room-tab={name}]")).to_be_focused()
        expect(page.locator(f"#act-{name}-walk")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("[data-room-tab=prompts]")).to_be_focused()
    page.keyboard.press("0")
    hidden = page.locator(".v-more-room")
    expect(hidden.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hidden.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".v-more summary")).to_be_focused()
    page.keyboard.press("ArrowDown")
    last = hidden.first.get_attribute("data-room-go")
    page.keyboard.press("Enter")
    expect(page.locator(f"#act-{last}-walk")).to_be_visible()


def test_every_room_is_reached_on_a_phone(visit: Visit, twelve: str) -> None:
    page = visit(f"{twelve}/?lang=ru", viewport={"width": 320, "height": 844}, has_touch=True)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        drawn(page)
        for name in TWELVE:
            if not page.locator(f"[data-room-tab={name}]").is_visible():
                page.tap(".v-more summary")
                edges = page.locator(".v-more-list").bounding_box()
                assert edges and edges["x"] >= 0 and edges["x"] + edges["width"] <= width
                page.tap(f"[data-room-go={name}]")
            else:
                page.tap(f"[data-room-tab={name}]")
            expect(page.locator(f"#act-{name}-walk")).to_be_visible()
            assert rows(page) == 1
            assert page.evaluate("document.body.scrollWidth") <= width


# ---- a thirteenth --------------------------------------------------------------------------------------------
def test_a_new_room_is_its_folder_and_one_line(visit: Visit, thirteenth: str) -> None:
    """Its name sorts before "diffusion", and its script extends the shared generator."""
    page = visit(f"{thirteenth}/?room=atelier&lang=en")
    expect(page.locator("[data-room-tab=atelier]")).to_contain_text("Atelier")
    act = page.locator("#act-atelier-walk")
    expect(act.locator("h2")).to_have_text("A spot on the plane")
    page.wait_for_function("document.querySelector('#act-atelier-walk .v-w-film').dataset.frames === '12'")
    act.locator(".v-plane-field").press("ArrowRight")
    expect(act.locator(".v-lines")).to_contain_text("z = (0.0")
    assert page.evaluate("vernissage.room('atelier').knobs.u") > 0
    act.locator(".v-generate-go").click()
    page.wait_for_function("document.querySelector('#act-atelier-walk .v-w-atelier-walk').dataset.runs >= 2")
    style = "getComputedStyle(document.querySelector('.v-w-atelier-walk')).getPropertyValue('--own')"
    assert page.evaluate(style).strip() == "1"
    page.click("[data-room-tab=vae]")
    expect(page.locator("#act-vae-plane h2")).to_be_visible()
