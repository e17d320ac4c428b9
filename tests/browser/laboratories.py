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
