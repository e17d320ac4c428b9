"""Inside a Hugging Face Space the page lives in a frame of another origin: links and their state work there too."""

from __future__ import annotations

from urllib.parse import parse_qs

from playwright.sync_api import Browser, Page

SPACE = "https://huggingface.co/spaces/someone/vernissage"
SHELL = """<title>A Space</title><iframe src="{}" allow="camera; clipboard-write" width="1280" height="720"></iframe>
<script>window.told = []; addEventListener("message", e => told.push(e.data))</script>"""


def framed(browser: Browser, address: str) -> Page:
    """A stand-in for the Hub's page, under its real origin, with the gallery in its frame."""
    # The stand-in is here, under a name of the public network: Chromium wants that allowed.
    context = browser.new_context(viewport={"width": 1300, "height": 760}, permissions=["local-network-access"])
    page = context.new_page()
    page.route(SPACE, lambda route: route.fulfill(body=SHELL.format(address), content_type="text/html"))
    page.goto(SPACE)
    return page


def last_query(page: Page) -> dict[str, list[str]]:
    told = page.evaluate("told.filter(m => m && m.queryString !== undefined).map(m => m.queryString)")
    return parse_qs(told[-1]) if told else {}


def test_a_space_restores_a_link_and_hears_of_every_change(browser: Browser, example: str) -> None:
    page = framed(browser, f"{example}/?lang=en")
    inside = page.frames[1]
    inside.wait_for_selector('[data-do="lang"]')
    inside.wait_for_function("window.vernissage?.room && document.querySelector('.v-act')")
    room = inside.evaluate("vernissage.house.rooms[0].name")
    name, spec = inside.evaluate("Object.entries(vernissage.house.rooms[0].knobs).find(([, k]) => k.max !== undefined)")
    inside.evaluate("([r, n, v]) => vernissage.room(r).set({ [n]: v })", [room, name, spec["max"]])
    page.wait_for_function(
        "part => told.some(m => m && m.queryString && m.queryString.includes(part))", arg=f"{name}={spec['max']}"
    )
    query = last_query(page)
    assert query["room"] == [room] and float(query[name][0]) == spec["max"]
    # The Hub hands the query of its own address to the frame when the link is opened again.
    other = framed(browser, f"{example}/?{'&'.join(f'{k}={v[0]}' for k, v in query.items())}")
    again = other.frames[1]
    again.wait_for_function("window.vernissage?.room && document.querySelector('.v-act')")
    assert float(again.evaluate("([r, n]) => vernissage.room(r).knobs[n]", [room, name])) == spec["max"]
    for each in (page, other):
        each.context.close()
