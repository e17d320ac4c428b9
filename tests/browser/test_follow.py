"""Phones follow the lecturer in Chromium: they see his state, go on alone, are called back, and outlive a restart."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Witness
from tests.browser.test_recovery import Server

pytestmark = pytest.mark.browser

PATIENCE = 90_000
ACT = ".v-act:not([hidden]) h2:visible"


def stands(page: Page, **knobs: object) -> None:
    """Wait until the example room's knobs stand like that."""
    for name, value in knobs.items():
        page.wait_for_function("([n, v]) => vernissage.room('example').knobs[n] === v", arg=[name, value])


def turn(page: Page, **knobs: object) -> None:
    page.evaluate("knobs => vernissage.room('example').set(knobs)", knobs)


def test_a_phone_follows_explores_is_called_back_and_outlives_a_restart(visit: Visit, witness: Witness) -> None:
    witness.forgiven += ["net::ERR_", "Failed to fetch", "EventSource's response"]
    server = Server(("-m", "tests.browser.app", "example,second"))
    server.start()
    try:
        lecturer = visit(f"{server.address}/?lang=en&room=example&u=1.5", fresh=True)
        lecturer.keyboard.press("t")
        wall, pill = lecturer.locator(".v-vote"), lecturer.locator(".v-lead")
        expect(wall.locator(".v-vote-qr svg")).to_be_visible()
        address = wall.locator(".v-vote-address").inner_text()
        assert re.fullmatch(r"127\.0\.0\.1:\d+/f/[a-z2-7]{6}", address)
        expect(wall).to_contain_text("--host 0.0.0.0")
        assert "follow" in str(wall.locator(".v-vote-qr").get_attribute("aria-label"))

        small = {"width": 390, "height": 844}
        phone = visit(f"http://{address}", shown=False, fresh=True, viewport=small, has_touch=True, is_mobile=True)
        bar = phone.locator(".v-follow")
        expect(bar).to_contain_text("Following the lecturer", timeout=PATIENCE)
        stands(phone, u=1.5)
        assert "room=example" in phone.url and "follow=" in phone.url
        expect(phone.locator(".v-tabs")).to_be_hidden()
        box = bar.bounding_box()
        assert box and box["y"] + box["height"] == 844 and box["height"] < 64
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        expect(wall.locator(".v-vote-count")).to_have_text("1 following")
        lecturer.keyboard.press("t")
        expect(wall).to_be_hidden()
        expect(pill).to_have_text("1 following")

        for k in range(40):  # a drag, and its last state
            turn(lecturer, v=k / 20)
        stands(phone, v=1.95, u=1.5)
        turn(lecturer, act="smile", k=2)
        stands(phone, act="smile", k=2)
        lecturer.keyboard.press("2")
        expect(phone.locator("#act-second-only h2")).to_be_visible()
        lecturer.keyboard.press("1")
        stands(phone, act="smile")

        phone.mouse.move(200, 100)
        phone.mouse.down()  # a finger that rests, or scrolls, lets nothing go
        turn(lecturer, k=1)
        stands(phone, k=1)
        phone.mouse.up()
        turn(lecturer, k=2)
        stands(phone, k=2)
        expect(bar).to_contain_text("Following")
        bar.get_by_role("button", name="Explore").tap()
        expect(bar).to_contain_text("On your own")
        turn(lecturer, k=-1)
        lecturer.wait_for_timeout(700)
        stands(phone, k=2)
        bar.get_by_role("button", name="Back to the lecturer").tap()
        stands(phone, k=-1)
        phone.locator(".v-act:not([hidden]) .v-switch [data-value=plane]").tap()  # who turns a knob lets go
        expect(bar).to_contain_text("On your own")
        lecturer.keyboard.press("t")
        wall.get_by_role("button", name="Call everybody back").click()
        expect(bar).to_contain_text("Following")
        stands(phone, act="smile", k=-1)

        server.kill()
        expect(bar).to_contain_text("No connection")
        turn(lecturer, k=3)
        server.start()
        stands(phone, k=3)
        expect(bar).to_contain_text("Following")
        lecturer.reload()
        expect(pill).to_have_text("1 following", timeout=PATIENCE)
        expect(wall).to_be_hidden()
        turn(lecturer, k=0)
        stands(phone, k=0)
        lecturer.keyboard.press("t")
        wall.get_by_role("button", name="End").click()
        expect(bar).to_contain_text("leads nobody")
        expect(phone.locator(".v-tabs")).to_be_visible()
        expect(pill).to_have_count(0)
        turn(lecturer, k=1)
        lecturer.wait_for_timeout(500)
        stands(phone, k=0)
    finally:
        server.kill()
