"""What the tests of the widgets share: the room "bench" of rooms/bench, its knobs, events and pictures."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page


def knobs(page: Page) -> dict[str, Any]:
    return page.evaluate("({...vernissage.room('bench').knobs})")


def wait_knobs(page: Page, **wanted: object) -> None:
    page.wait_for_function(
        "w => Object.entries(w).every(([n, v]) => vernissage.room('bench').knobs[n] === v)", arg=wanted
    )


def record(page: Page, event: str) -> None:
    """Keep the room's events of a kind in window.heard."""
    page.evaluate("e => { window.heard = []; vernissage.room('bench').on(e, d => heard.push(d)) }", event)


def heard(page: Page, count: int = 1) -> list[dict[str, Any]]:
    """The recorded events, once there are `count`; canvases do not travel."""
    page.wait_for_function("n => window.heard.length >= n", arg=count)
    return page.evaluate("heard.map(({image, ...rest}) => typeof image === 'string' ? {image, ...rest} : rest)")


def drawn(page: Page) -> None:
    """Wait until what has changed is laid out and drawn: observers of sizes answer in a frame, and draw in the next."""
    page.evaluate(
        "new Promise(done => { let n = 3; const next = () => n-- ? requestAnimationFrame(next) : done(); next() })"
    )


def place(node: Locator) -> dict[str, float]:
    """Where an element is, in pixels of the page."""
    box = node.bounding_box()
    assert box
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def plane(page: Page) -> tuple[Locator, dict[str, float]]:
    field = page.locator("#plane .v-plane-field")
    page.wait_for_function("document.querySelector('#picture .v-widget').dataset.frames > 0")
    return field, place(field)


def darkest(page: Page, selector: str) -> tuple[float, float]:
    """Where the dark ink of a canvas lies: its centre of mass as fractions of width and height."""
    url = page.locator(selector).evaluate("c => c.toDataURL('image/png')")
    ink = 255.0 - np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"))
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]] + 0.5
    return float((x * ink).sum() / ink.sum() / ink.shape[1]), float((y * ink).sum() / ink.sum() / ink.shape[0])
