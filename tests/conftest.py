"""Before the first test imports torch: threads that sleep while they wait, as in the gallery itself."""

from pathlib import Path

import pytest

from models.runtime.threads import prepare

prepare()

BROWSER = Path(__file__).parent / "browser"
LONG = ["test_recovery", "test_accessibility", "test_whole_lesson", "test_layouts"]
"""Of the browser's files those that take minutes, the longest first."""


def place(item: pytest.Item) -> tuple[bool, int]:
    """When a test comes: those in the browser last, since its driver keeps an event loop running, beside which nobody
    can start another; of them the longest first, so that at the end no process waits for one that has just begun."""
    name = item.path.stem
    return BROWSER in item.path.parents, LONG.index(name) if name in LONG else len(LONG)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`place`, and otherwise as they stand."""
    items.sort(key=place)
