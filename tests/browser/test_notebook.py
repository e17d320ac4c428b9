"""The button that takes a state home, in a real Chromium."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""


def test_the_notebook_is_of_what_is_on_the_screen(visit: Visit, gallery: str, tmp_path: Path) -> None:
    page = visit(f"{gallery}/?room=gan&act=laboratory&lang=ru")
    page.evaluate("vernissage.room('gan').set({lab_seed: 17})")
    page.click("#act-gan-laboratory .v-how")
    button = page.locator(".v-take button")
    expect(button).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as got:
        button.click()
    assert got.value.suggested_filename == "vernissage-gan-laboratory.ipynb"
    got.value.save_as(tmp_path / "taken.ipynb")
    document = json.loads((tmp_path / "taken.ipynb").read_text("utf-8"))
    said = "\n".join(cell["source"] for cell in document["cells"])
    assert "seed=17" in said and "lab_seed=17" in said and "Математика" in said
    page.evaluate("vernissage.room('gan').set({target: 'drawn'})")
    button.click()
    expect(page.locator(".v-notice")).to_contain_text("Нарисованное от руки", timeout=PATIENCE)
