"""Profiles of a browser that are kept from test to test, forgetful: a page in one opens in a third of the work.

What is kept is what makes a page dear: a process that has compiled its scripts already. Nothing that a visitor could
find again is: whatever the gallery has stored, was allowed or has been told about the mouse is taken back.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, ViewportSize

SCREEN: ViewportSize = {"width": 1280, "height": 720}
FORGET = """async () => {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) await new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = resolve;
    asked.onerror = reject;
  });
}"""


class Profiles:
    """Lends pages, each alone in a profile that holds nothing; one that comes back is cleaned and lent again."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: list[Page] = []

    def lend(self, viewport: ViewportSize = SCREEN, fresh: bool = False, **options: object) -> Page:
        """A page that shows nothing of the gallery.

        options: of the browser's context; with any of them, or fresh, the profile is new and has no cache either.
        """
        if options or fresh or not self.kept:
            told = {"locale": "en-US", "viewport": viewport} | options
            return self.browser.new_context(**told).new_page()  # type: ignore[arg-type]
        page = self.kept.pop()
        page.set_viewport_size(viewport)
        return page

    def take_back(self, page: Page, keep: bool) -> None:
        """Clean the page for the next, or close its profile where it was a special one or cannot be cleaned."""
        if keep and cleaned(page):
            self.kept.append(page)
        else:
            page.context.close()


def cleaned(page: Page) -> bool:
    """Leave the gallery and forget what it stored; False where it no longer answers, or the page was closed."""
    try:
        page.unroute_all(behavior="ignoreErrors")
        page.mouse.move(-1, -1)
        here = urlsplit(page.url)
        page.goto(f"{here.scheme}://{here.netloc}/healthz")
        page.evaluate(FORGET)
        page.context.clear_permissions()
        page.context.clear_cookies()
    except Error:
        return False
    return True
