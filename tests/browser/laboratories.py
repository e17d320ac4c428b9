"""What tests of both laboratories ask of a page on which networks are trained."""

from __future__ import annotations

from playwright.sync_api import Page

PATIENCE = 60_000


def until(page: Page, act: str, steps: int) -> None:
    """Wait until G has taken so many steps."""
    page.wait_for_function(
        "([told, n]) => parseInt(document.querySelector(told).textContent.replace(/[^0-9·]/g, '')) >= n",
        arg=[f"{act} .v-lab-count", steps],
        timeout=PATIENCE,
    )


def stands_on_one_page(page: Page, act: str, height: int) -> None:
    """No word is left out, nothing scrolls, and the button that trains is in sight."""
    empty = "[...document.querySelectorAll('.v-act:not([hidden]) [data-t]')].filter(e => !e.textContent).length"
    assert page.evaluate(empty) == 0
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    play = page.locator(f"{act} .v-lab-play").bounding_box()
    assert play and play["y"] + play["height"] <= height
